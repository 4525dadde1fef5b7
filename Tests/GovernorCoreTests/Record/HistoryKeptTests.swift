import GovernorCore
import GovernorTesting
import Testing

/// What a record may forget, and what it must not because a rule still remembers it.
@Suite struct HistoryKeptTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var rule: Rule
        var outcomes: [EventName] = []

        init(_ name: String, _ body: RuleBody, unless: [Exemption] = [], _ outcomes: EventName...) {
            self.name = name
            rule = Rule(id: "test/\(name)", unless: unless, body: body)
            self.outcomes = outcomes
        }

        var testDescription: String { name }
    }

    private static let cap = RuleBody.frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24))))

    static let rows: [Row] = [
        Row("a short window", cap),
        Row("500 days", .frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.days(500))))),
        Row("a gap for ever", .minGap(MinGap(gap: .forever))),
        Row("a short cool-off", .coolOff(CoolOff(after: ["refused"], wait: .elapsed(.days(30))))),
        Row(
            "a cool-off for ever", .coolOff(CoolOff(after: ["attorney", "deceased"], wait: .forever)), "attorney",
            "deceased"),
        Row("two years", .coolOff(CoolOff(after: ["refused"], wait: .steps(ISODuration(years: 2)))), "refused"),
        Row("401 days", .coolOff(CoolOff(after: ["refused"], wait: .elapsed(.days(401)))), "refused"),
        Row("exactly 400 days", .coolOff(CoolOff(after: ["refused"], wait: .elapsed(.days(400))))),
        Row(
            "a consent that is voided", .consent(ConsentRule(require: ["written"], voidOn: ["wrong_number"])),
            "wrong_number"),
        Row(
            "a consent that is over before",
            .consent(ConsentRule(require: ["written"], validFor: .elapsed(.days(90)), voidOn: ["wrong_number"]))),
        Row(
            "a consent that an outcome ends", cap,
            unless: [.consent("written", within: nil, endsOn: ["conversation"])], "conversation"),
        Row(
            "an exemption after a purchase", cap,
            unless: [.event("purchase", within: .steps(ISODuration(months: 18)))], "purchase"),
        Row("a recent purchase", cap, unless: [.event("purchase", within: .elapsed(.days(90)))]),
    ]

    @Test(arguments: rows) func whatARuleNeeds(_ row: Row) {
        let kept = PolicySet(rules: [row.rule]).history
        #expect(kept.outcomes == row.outcomes)
    }

    @Test func switchedOffRulesNeedNothing() {
        let body = RuleBody.coolOff(CoolOff(after: ["refused"], wait: .forever))
        #expect(PolicySet(rules: [Rule(id: "a/b", mode: .off, body: body)]).history.outcomes.isEmpty)
        #expect(PolicySet(rules: [Rule(id: "a/b", mode: .shadow, body: body)]).history.outcomes == ["refused"])
    }

    // MARK: Forgetting

    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func touch(_ id: UInt64, daysAgo: Int64, _ outcome: EventName = .none) -> Touch {
        let at = Self.now - .days(daysAgo)
        var touch = Touch(
            id: TouchID(bits: id), at: at, expiresAt: at, state: outcome.isNone ? .confirmed : .reported,
            channel: "voice", purpose: "marketing")
        touch.endpoint = Scenario.phone
        touch.outcome = outcome
        touch.outcomeAt = outcome.isNone ? .distantPast : at
        return touch
    }

    private func record(_ touches: [Touch]) -> PersonRecord {
        var record = PersonRecord(id: PersonID(high: 0, low: 1), createdAt: .distantPast)
        record.identifiers = [KnownIdentifier(hash: Scenario.phone, kind: .phone, addedAt: .distantPast)]
        record.touches = touches
        return record
    }

    private static let house = PolicySet(rules: [
        Rule(id: "house/deceased", body: .coolOff(CoolOff(after: ["deceased"], wait: .forever))),
        Rule(id: "house/refused", body: .coolOff(CoolOff(after: ["refused"], wait: .elapsed(.days(30))))),
    ])

    @Test(
        arguments: [
            ("nothing", [], nil), ("all of it recent", [399], nil), ("a little too old", [429], nil),
            ("at the edge", [430], nil), ("old", [431], 1), ("old beside recent", [431, 10], 1),
            ("only what is spared", [-900], nil), ("what is spared, then recent", [-900, 10], nil),
            ("what is spared, then old", [-900, 431], 1),
        ] as [(String, [Int64], Int?)])
    func whatARecordForgets(name: String, ages: [Int64], lost: Int?) throws {
        // A negative age: with an outcome that lasts.
        var record = record(
            ages.enumerated().map { touch(UInt64($0), daysAgo: abs($1), $1 < 0 ? "deceased" : "refused") })
        let change = Self.house.history.forgettable(record, at: Self.now)
        guard let lost else {
            #expect(change == nil)
            return
        }
        #expect(change == .forgetTouches(before: Self.now - .days(400), sparing: ["deceased"]))
        record.apply(try #require(change), names: Self.house.names, at: Self.now)
        #expect(record.touches.count == ages.count - lost)
        #expect(record.historyFrom == Self.now - .days(400))
        #expect(record.spared == [SparedOutcome("deceased", from: .distantPast)])
        #expect(Self.house.history.forgettable(record, at: Self.now) == nil)
    }

    @Test func sparedOutcomesRememberSinceWhen() {
        var record = record([touch(1, daysAgo: 900, "a"), touch(2, daysAgo: 500, "b"), touch(3, daysAgo: 1)])
        let (first, second) = (Self.now - .days(800), Self.now - .days(600))
        record.apply(.forgetTouches(before: first, sparing: ["a"]), names: NameTable(), at: Self.now)
        record.apply(.forgetTouches(before: second, sparing: ["b", "a"]), names: NameTable(), at: Self.now)
        #expect(record.spared == [SparedOutcome("b", from: first), SparedOutcome("a", from: .distantPast)])
        #expect(record.completeFrom(["a"]) == .distantPast)
        #expect(record.completeFrom(["b"]) == first)
        #expect(record.completeFrom(["a", "b"]) == first)
        #expect(record.completeFrom(["a", "c"]) == second)
        #expect(record.completeFrom([]) == second)
        #expect(record.touches.count == 3)
        // As a replay that begins too early does: the same changes again change nothing.
        let before = record
        record.apply(.forgetTouches(before: first, sparing: ["a"]), names: NameTable(), at: Self.now)
        record.apply(.forgetTouches(before: second, sparing: ["b", "a"]), names: NameTable(), at: Self.now)
        #expect(record == before)
        // What no rule remembers any more goes after all.
        record.apply(.forgetTouches(before: Self.now - .days(400)), names: NameTable(), at: Self.now)
        #expect(record.touches.map(\.id.bits) == [3])
        #expect(record.spared.isEmpty)
    }

    // MARK: Rules over what is left

    private func decide(_ record: PersonRecord, _ policies: PolicySet, at instant: Timestamp = now) throws -> Decision {
        let scenario = Scenario(.quietTimes)
        let plan = policies.plan(for: scenario.request, zones: try Scenario.atlas.get(), at: instant)
        return evaluate(plan, [record], at: instant, touchID: TouchID(bits: 9)).decision
    }

    @Test func aLongCoolOffBindsAfterPruning() throws {
        let history = [touch(1, daysAgo: 900), touch(2, daysAgo: 800, "deceased"), touch(3, daysAgo: 700, "refused")]
        var record = record(history + [touch(4, daysAgo: 10)])
        record.apply(
            try #require(Self.house.history.forgettable(record, at: Self.now)), names: NameTable(), at: Self.now)
        #expect(record.touches.map(\.id.bits) == [2, 4])
        let decision = try decide(record, Self.house)
        #expect(decision.reasons.map(\.code) == [.coolingOff])
        #expect(decision.nextBasis == .act)
    }

    @Test func nobodyIsDeniedForWhatIsComplete() throws {
        var record = record([touch(1, daysAgo: 900), touch(2, daysAgo: 10)])
        record.apply(
            try #require(Self.house.history.forgettable(record, at: Self.now)), names: NameTable(), at: Self.now)
        #expect(record.touches.count == 1)
        #expect(try decide(record, Self.house).verdict == .allow)
        // A rule that came after the pruning cannot know.
        let stricter = PolicySet(
            rules: Self.house.rules + [Rule(id: "new/one", body: .coolOff(CoolOff(after: ["refused"], wait: .forever)))]
        )
        #expect(try decide(record, stricter).reasons.map(\.code) == [.historyIncomplete])
    }

    @Test func aConsentThatAnOutcomeEndedStaysEnded() throws {
        let policies = PolicySet(rules: [
            Rule(
                id: "a/consent", body: .consent(ConsentRule(require: ["written"], voidOn: ["wrong_number"])))
        ])
        var record = record([touch(1, daysAgo: 800), touch(2, daysAgo: 700, "wrong_number")])
        record.facts = [
            Fact(
                id: FactID(high: 0, low: 1), at: Self.now - .days(900), receivedAt: Self.now - .days(900),
                body: .consent("written", endpoints: [], until: nil))
        ]
        #expect(try decide(record, policies).reasons.map(\.code) == [.consentMissing])
        record.apply(try #require(policies.history.forgettable(record, at: Self.now)), names: NameTable(), at: Self.now)
        #expect(record.touches.map(\.id.bits) == [2])
        #expect(try decide(record, policies).reasons.map(\.code) == [.consentMissing])
        // Pruned before anybody cared for that outcome, the consent may have been ended by it.
        record.touches = []
        record.spared = []
        #expect(try decide(record, policies).reasons.map(\.code) == [.consentMissing])
        record.facts[0].at = record.historyFrom
        #expect(try decide(record, policies).verdict == .allow)
    }

    // MARK: A full record

    @Test func aFullRecordOpensWhenTheOldestLeaves() throws {
        let policies = PolicySet(rules: [])
        var record = record((0..<1_000).map { touch(UInt64($0), daysAgo: 399 - Int64($0) / 4) })
        let denied = try decide(record, policies)
        #expect(denied.reasons.map(\.code) == [.recordFull])
        #expect(denied.reasons.first?.limit == 1_000)
        let opens = Self.now + .days(1) + Milliseconds(1)
        #expect(denied.nextAllowedAt == opens)
        #expect(try decide(record, policies, at: opens - Milliseconds(1)).verdict == .deny)
        #expect(try decide(record, policies, at: opens).verdict == .allow)
        // What is allowed then has its room: the four oldest leave.
        record.touches.append(touch(5_000, daysAgo: 0))
        record.apply(try #require(policies.history.forgettable(record, at: opens)), names: NameTable(), at: opens)
        #expect(record.touches.count == 997)
    }

    @Test func aRecordFullOfWhatLastsStaysFull() throws {
        let record = record((0..<1_000).map { touch(UInt64($0), daysAgo: 1_000, "deceased") })
        let decision = try decide(record, Self.house)
        #expect(decision.reasons.contains { $0.code == .recordFull && $0.until == nil })
        #expect(decision.nextBasis == .act)
        #expect(Self.house.history.forgettable(record, at: Self.now) == nil)
        #expect(Self.house.history.isFull(record, at: Self.now))
    }
}
