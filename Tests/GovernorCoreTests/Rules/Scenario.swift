import GovernorCore
import Testing

/// Some rules, one person and one request; `check` asks at instants and compares.
struct Scenario {
    var rules: [Rule]
    /// Where the person may be; times without a `Z` are read in the first.
    var zones = ["America/New_York"]
    var calendars: [HolidayCalendar] = []
    var families: [Product: Family] = [:]
    var touches: [Touch] = []
    var facts: [Fact] = []
    var historyFrom = Timestamp.distantPast
    var spared: [SparedOutcome] = []
    /// Records besides the person's own.
    var others: [PersonRecord] = []
    var request: ContactRequest
    /// What the guards have counted.
    var counters: [CounterRecord] = []

    static let phone = IdentifierHash(high: 1, low: 1)
    static let otherPhone = IdentifierHash(high: 1, low: 2)
    static let atlas: Result<ZoneAtlas, ZoneError> = TestZones.catalogue.map { ZoneAtlas($0) }

    init(_ bodies: RuleBody..., zones: [String] = ["America/New_York"]) {
        rules = bodies.enumerated().map { Rule(id: "test/\($0.offset)", body: $0.element) }
        self.zones = zones
        request = ContactRequest(
            identifiers: [RequestIdentifier(hash: Self.phone, kind: .phone)], endpoint: 0, channel: "voice",
            purpose: "marketing")
    }

    /// The same with something changed.
    func with(_ change: (inout Scenario) throws -> Void) rethrows -> Scenario {
        var copy = self
        try change(&copy)
        return copy
    }

    /// `2026-03-08T10:00`, read in the first zone, or `…Z`; seconds may follow, and ` -1ms` or ` +1ms`.
    func time(_ text: String) throws -> Timestamp {
        var text = text
        var delta: Int64 = 0
        for (suffix, milliseconds) in [(" -1ms", -1 as Int64), (" +1ms", 1)] where text.hasSuffix(suffix) {
            text.removeLast(suffix.count)
            delta = milliseconds
        }
        if text.hasSuffix("Z") {
            let full = text.count == 17 ? text.dropLast() + ":00Z" : Substring(text)
            return try Timestamp(parsing: String(full)) + Milliseconds(delta)
        }
        let zone = try #require(try Self.atlas.get()[ZoneKey(name: zones.first ?? "UTC")])
        return zone.instant(of: try wallClock(text)) + Milliseconds(delta)
    }

    // MARK: History

    @discardableResult
    mutating func touch(
        _ at: String, outcome: EventName = .none, outcomeAt: String? = nil, state: TouchState? = nil,
        direction: Direction = .outbound, change: (inout Touch) -> Void = { _ in }
    ) throws -> TouchID {
        let id = TouchID(bits: UInt64(touches.count + 1))
        let instant = try time(at)
        var touch = Touch(
            id: id, at: instant, expiresAt: instant + .minutes(2),
            state: state ?? (outcome.isNone ? .confirmed : .reported), direction: direction, channel: "voice",
            purpose: "marketing")
        touch.endpoint = Self.phone
        if !outcome.isNone {
            touch.outcome = outcome
            touch.outcomeAt = try outcomeAt.map { try time($0) } ?? instant
        }
        change(&touch)
        touches.append(touch)
        touches.sort { $0.at < $1.at }
        return id
    }

    mutating func fact(
        _ at: String, received: String? = nil, scope: FactScope = FactScope(), _ body: FactBody
    ) throws {
        let instant = try time(at)
        facts.append(
            Fact(
                id: FactID(high: 0, low: UInt64(facts.count + 1)), at: instant,
                receivedAt: try received.map { try time($0) } ?? instant, scope: scope, body: body))
        facts.sort { $0.at < $1.at }
    }

    var record: PersonRecord {
        var record = PersonRecord(id: PersonID(high: 0, low: 1), createdAt: .distantPast)
        record.identifiers = [
            KnownIdentifier(
                hash: Self.phone, kind: .phone, zones: zones.map { ZoneKey(name: $0) }, addedAt: .distantPast)
        ]
        record.touches = touches
        record.facts = facts
        record.historyFrom = historyFrom
        record.spared = spared
        return record
    }

    // MARK: Asking

    var policies: PolicySet { PolicySet(rules: rules, calendars: calendars, families: families) }

    func evaluation(at instant: Timestamp, excluding: TouchID? = nil, isHypothetical: Bool = false) throws -> Evaluation
    {
        let plan = policies.plan(
            for: request, zones: try Self.atlas.get(), at: instant, isHypothetical: isHypothetical)
        return evaluate(
            plan, [record] + others, counters: counters, at: instant, touchID: TouchID(bits: 999_999),
            excluding: excluding)
    }

    func decide(_ at: String, excluding: TouchID? = nil) throws -> Decision {
        try evaluation(at: try time(at), excluding: excluding).decision
    }

    /// The codes of the failing rules, in the order of the answer.
    func codes(_ at: String) throws -> [String] { try decide(at).reasons.map(\.code.name) }

    /// Asks at each row's instant. A denial until an instant is also asked again at it and a millisecond before.
    func check(_ rows: (String, Answer, String)..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        for (at, answer, why) in rows {
            let comment = Comment(rawValue: "\(at): \(why)")
            let decision = try decide(at)
            #expect(decision.isAllowed == (answer == .allow), comment, sourceLocation: sourceLocation)
            switch answer {
            case .allow:
                #expect(decision.nextAllowedAt == decision.evaluatedAt, comment, sourceLocation: sourceLocation)
            case .until(let text):
                let until = try time(text)
                #expect(decision.nextAllowedAt == until, comment, sourceLocation: sourceLocation)
                #expect(decision.nextBasis == .time, comment, sourceLocation: sourceLocation)
                #expect(try evaluation(at: until).decision.isAllowed, comment, sourceLocation: sourceLocation)
                let before = try evaluation(at: until - Milliseconds(1)).decision
                #expect(!before.isAllowed, comment, sourceLocation: sourceLocation)
                #expect(before.nextAllowedAt == until, comment, sourceLocation: sourceLocation)
            case .act, .never, .horizon:
                #expect(decision.nextAllowedAt == nil, comment, sourceLocation: sourceLocation)
                #expect(decision.nextBasis.name == "\(answer)", comment, sourceLocation: sourceLocation)
            }
        }
    }
}

enum Answer: Equatable {
    case allow
    /// Denied until a time, as `Scenario.time` reads it.
    case until(String)
    case act
    case never
    case horizon
}

extension Decision {
    var isAllowed: Bool { verdict == .allow }
}

extension FactScope {
    init(_ change: (inout FactScope) -> Void) {
        self.init()
        change(&self)
    }
}

extension ContactHours {
    /// The same spans every day, as `08:00-21:00`.
    static func daily(_ spans: String...) -> ContactHours {
        ContactHours(days: Array(repeating: spans.map { DaySpan($0) }, count: 7))
    }

    /// One list of spans for Monday to Friday, one for Saturday, one for Sunday.
    static func week(_ weekdays: [String], saturday: [String] = [], sunday: [String] = []) -> ContactHours {
        let days = Array(repeating: weekdays, count: 5) + [saturday, sunday]
        return ContactHours(days: days.map { $0.map { DaySpan($0) } })
    }

    func with(_ change: (inout ContactHours) -> Void) -> ContactHours {
        var copy = self
        change(&copy)
        return copy
    }
}

extension ContactHours.DaySpan {
    init(_ text: String) {
        let times = text.split(separator: "-").map { part in
            let numbers = part.split(separator: ":").map { Int32($0) ?? 0 }
            return (numbers[0] * 60 + numbers[1]) * 60_000
        }
        self.init(open: times[0], close: times[1])
    }
}

extension LocalDate {
    /// A date that a table of this suite writes.
    init(_ text: String) {
        do { self = try LocalDate(parsing: text) } catch { preconditionFailure("\(text): \(error)") }
    }
}
