import GovernorCore
import Testing

@Suite struct RegistryTests {
    private static let rule = RegistryRule(registry: "dnc", maxAge: .elapsed(.days(31)))

    /// A person, a rule, and a list of 1 March that she stands on since 1 January, if not told otherwise.
    private func scenario(
        _ rule: RegistryRule = Self.rule, snapshot: String? = "2026-03-01T00:00",
        listing: RegistryAnswer.Listing? = nil, _ change: (inout Scenario) throws -> Void = { _ in }
    ) throws -> Scenario {
        var scenario = Scenario(.registry(rule))
        if let snapshot {
            scenario.request.registryAnswers = [
                RegistryAnswer(
                    registry: "dnc", snapshotAt: try scenario.time(snapshot),
                    listing: try listing ?? .listed(since: scenario.time("2026-01-01T00:00")))
            ]
        }
        try change(&scenario)
        return scenario
    }

    @Test func whatTheListSays() throws {
        try scenario(listing: .notListed).check(("2026-03-02T10:00", .allow, "not on it"))
        try scenario().check(("2026-03-02T10:00", .act, "on it"))
        try scenario(listing: .listed(since: nil)).check(("2026-03-02T10:00", .act, "on it since nobody knows when"))
        try scenario(snapshot: nil).check(("2026-03-02T10:00", .act, "a list that nobody loaded"))
        let other = try scenario {
            $0.request.registryAnswers = [
                RegistryAnswer(registry: "tps", snapshotAt: try $0.time("2026-03-01T00:00"), listing: .notListed)
            ]
        }
        #expect(try other.codes("2026-03-02T10:00") == ["registry.not_loaded"], "another list says nothing of this one")
        #expect(try scenario().codes("2026-03-02T10:00") == ["registry.listed"])
    }

    @Test func freshness() throws {
        let fresh = try scenario(listing: .notListed)
        try fresh.check(
            ("2026-04-01T00:00 -1ms", .allow, "31 days old but for a millisecond"), ("2026-04-01T01:00", .act, "stale"))
        #expect(try fresh.codes("2026-04-01T01:00") == ["registry.stale"])
        try scenario(RegistryRule(registry: "dnc"), listing: .notListed).check(
            ("2036-03-02T10:00", .allow, "no limit of age"))
        // A reservation ends when the list becomes stale.
        var held = fresh
        held.request.holdFor = .minutes(10)
        let at = try held.time("2026-04-01T00:00") + .minutes(55)
        #expect(try held.evaluation(at: at).touch?.expiresAt == held.time("2026-04-01T01:00"))
    }

    @Test func activationDelay() throws {
        var rule = Self.rule
        rule.afterListing = .elapsed(.days(28))
        func listed(_ since: String) throws -> Scenario {
            try scenario(rule) {
                $0.request.registryAnswers[0].listing = .listed(since: try $0.time(since))
            }
        }
        try listed("2026-02-10T00:00").check(
            ("2026-03-10T01:00 -1ms", .allow, "28 days on the list but for a millisecond"),
            ("2026-03-10T01:00", .act, "28 days"))
        try scenario(rule, listing: .listed(since: nil)).check(
            ("2026-03-02T10:00", .act, "a listing without a date binds at once"))
        rule.afterListing = .localDays(1, firstDayCounted: false)
        let two = try listed("2026-03-02T10:00").with {
            $0.zones = ["America/New_York", "America/Los_Angeles"]
            $0.rules[0].body = .registry(rule)
        }
        try two.check(
            ("2026-03-04T00:00 -1ms", .allow, "the day after"),
            ("2026-03-04T00:00", .act, "it binds where the day is over first"))
    }

    @Test func overrides() throws {
        let rows: [(RegistryOverride.Given, consent: String, RegistryAnswer.Listing?, String?, Bool, String)] = [
            (.any, "2025-12-01T10:00", nil, "2026-03-01T00:00", true, "before it, any will do"),
            (.any, "2026-02-01T10:00", nil, "2026-03-01T00:00", true, "after it, any will do"),
            (.any, "2026-02-01T10:00", .listed(since: nil), "2026-03-01T00:00", true, "whenever the listing was"),
            (.any, "2026-02-01T10:00", nil, nil, true, "whatever a list that is not loaded says"),
            (.any, "2026-02-01T10:00", nil, "2025-03-01T00:00", true, "whatever a stale list says"),
            (.before, "2025-12-01T10:00", nil, "2026-03-01T00:00", true, "before it"),
            (.before, "2026-01-01T00:00", nil, "2026-03-01T00:00", false, "with it"),
            (.before, "2026-02-01T10:00", nil, "2026-03-01T00:00", false, "after it"),
            (.before, "2025-12-01T10:00", .listed(since: nil), "2026-03-01T00:00", false, "nobody knows"),
            (.after, "2025-12-01T10:00", nil, "2026-03-01T00:00", false, "the listing ended it"),
            (.after, "2026-01-01T00:00", nil, "2026-03-01T00:00", false, "a tie goes to the listing"),
            (.after, "2026-01-01T00:00 +1ms", nil, "2026-03-01T00:00", true, "given since"),
            (.after, "2026-02-01T10:00", .listed(since: nil), "2026-03-01T00:00", false, "nobody knows"),
            (.after, "2026-02-01T10:00", nil, nil, false, "a list that is not loaded may have it since yesterday"),
            (.after, "2026-02-01T10:00", nil, "2025-03-01T00:00", true, "given after the listing that is known"),
        ]
        for (given, consent, listing, snapshot, isLifted, why) in rows {
            var rule = Self.rule
            rule.overriddenBy = [RegistryOverride(ConsentTerms(names: ["express"]), given: given)]
            let scenario = try scenario(rule, snapshot: snapshot, listing: listing) {
                try $0.fact(consent, .consent("express", endpoints: [], until: nil))
            }
            try scenario.check(("2026-03-02T10:00", isLifted ? .allow : .act, "\(given): \(why)"))
        }
    }

    @Test func whatAConsentMustBe() throws {
        var terms = ConsentTerms(names: ["express"], isBoundToEndpoint: true, needsEvidence: true)
        terms.validFor = .steps(ISODuration(years: 1))
        terms.voidOn = ["reassigned"]
        var rule = Self.rule
        rule.overriddenBy = [RegistryOverride(terms)]
        func consented(
            _ name: ConsentName = "express", _ endpoints: [IdentifierHash] = [Scenario.phone], evidence: Bool = true,
            _ change: (inout Scenario) throws -> Void = { _ in }
        ) throws -> Scenario {
            try scenario(rule) {
                try $0.fact("2025-03-15T10:00", .consent(name, endpoints: endpoints, until: nil))
                $0.facts[0].hasEvidence = evidence
                try change(&$0)
            }
        }
        try consented().check(
            ("2026-03-15T10:00 -1ms", .allow, "for a year"), ("2026-03-15T10:00", .act, "and not longer"))
        try consented("implied").check(("2026-03-02T10:00", .act, "another name"))
        try consented("express", [Scenario.otherPhone]).check(("2026-03-02T10:00", .act, "another number"))
        try consented(evidence: false).check(("2026-03-02T10:00", .act, "without evidence"))
        try consented { try $0.fact("2025-06-01T10:00", .event("reassigned", endpoints: [Scenario.phone])) }.check(
            ("2026-03-02T10:00", .act, "the number is somebody else's since"))
        try consented { try $0.fact("2025-06-01T10:00", .withdrawal("express")) }.check(
            ("2026-03-02T10:00", .act, "withdrawn"))
        try consented { try $0.fact("2026-03-02T12:00", .consent("express", endpoints: [], until: nil)) }.check(
            ("2026-03-02T10:00", .allow, "the first one stands"))
    }

    @Test func aConsentThatBeginsLater() throws {
        var rule = Self.rule
        rule.overriddenBy = [RegistryOverride(ConsentTerms(names: ["express"]))]
        let scenario = try scenario(rule) {
            try $0.fact(
                "2026-03-02T10:03", received: "2026-03-02T10:00", .consent("express", endpoints: [], until: nil))
        }
        try scenario.check(("2026-03-02T10:00", .until("2026-03-02T10:03"), "what permits waits for its own time"))
    }

    @Test func relationships() throws {
        var rule = Self.rule
        rule.or = [.event("purchase", within: .steps(ISODuration(months: 18)))]
        let bought = try scenario(rule) { try $0.fact("2025-09-10T10:00", .event("purchase", endpoints: [])) }
        try bought.check(("2026-03-02T10:00", .allow, "within 18 months"))
        try scenario(rule) { try $0.fact("2024-09-02T09:00", .event("purchase", endpoints: [])) }.check(
            ("2026-03-02T10:00", .act, "longer ago"))
        let stopped = try bought.with {
            try $0.fact("2025-10-01T10:00", .optOut(reach: .person, endpoints: []))
            try $0.fact("2025-11-01T10:00", .optIn(reach: .person, endpoints: []))
        }
        #expect(try stopped.codes("2026-03-02T10:00") == ["registry.listed"], "a request to stop ends it for good")
    }

    @Test func exemptionsAndDates() throws {
        let scenario = try scenario {
            $0.rules[0].unless = [.purpose("service")]
            $0.rules[0].effective = EffectiveDates(until: LocalDate("2026-03-05"))
        }
        try scenario.check(("2026-03-02T10:00", .until("2026-03-05T00:00"), "until the rule ends"))
        try scenario.with { $0.request.purpose = "service" }.check(("2026-03-02T10:00", .allow, "lifted"))
    }

    @Test func aSharedNumberNeedsNoOverrideBesideAPersons() throws {
        var rule = Self.rule
        rule.overriddenBy = [RegistryOverride(ConsentTerms(names: ["express"]))]
        let scenario = try scenario(rule) {
            try $0.fact("2026-02-01T10:00", .consent("express", endpoints: [], until: nil))
            var shared = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
            var identifier = KnownIdentifier(hash: Scenario.phone, kind: .phone, addedAt: .distantPast)
            identifier.isShared = true
            shared.identifiers = [identifier]
            $0.others = [shared]
        }
        try scenario.check(("2026-03-02T10:00", .allow, "the person's own consent is enough"))
    }

    /// The answer travels with the reservation, so that its confirmation needs no number in clear.
    @Test func aConfirmationReadsTheSameAnswer() throws {
        let scenario = try scenario(listing: .notListed)
        let at = try scenario.time("2026-03-02T10:00")
        let evaluation = try scenario.evaluation(at: at)
        let touch = try #require(evaluation.touch)
        #expect(touch.registryAnswers == scenario.request.registryAnswers)
        var record = scenario.record
        record.touches = [touch]
        let atlas = try Scenario.atlas.get()
        let confirmed = scenario.policies.confirm(
            touch, on: [record], zones: atlas, at: at + .minutes(1), freshID: TouchID(bits: 5))
        #expect(confirmed.decision.verdict == .allow)
        var listed = touch
        listed.registryAnswers[0].listing = .listed(since: nil)
        record.touches = [listed]
        let denied = scenario.policies.confirm(
            listed, on: [record], zones: atlas, at: at + .minutes(1), freshID: TouchID(bits: 5))
        #expect(denied.touch?.state == .revoked)
        var reported = touch
        _ = reported.report("no_answer", at: at + .minutes(1), accounts: nil, isCorrection: false)
        #expect(reported.registryAnswers.isEmpty, "kept only as long as it may be confirmed")
    }
}
