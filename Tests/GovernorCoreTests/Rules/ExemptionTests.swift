import GovernorCore
import Testing

@Suite struct ExemptionTests {
    /// A rule that denies for good, and what lifts it.
    private func blocked(unless: Exemption..., change: (inout Scenario) throws -> Void = { _ in }) rethrows -> Scenario
    {
        try Scenario(.block(BlockRule())).with {
            $0.rules[0].unless = unless
            try change(&$0)
        }
    }

    @Test func liftsOnlyItsOwnRule() throws {
        var scenario = try blocked(unless: .purpose("transactional"))
        scenario.request.purpose = "transactional"
        try scenario.check(("2026-03-02T10:00", .allow, "lifted"))
        scenario.rules.append(Rule(id: "b", body: .block(BlockRule())))
        #expect(try scenario.decide("2026-03-02T10:00").reasons.map(\.rule) == [1])
        scenario.request.purpose = "marketing"
        #expect(try scenario.decide("2026-03-02T10:00").reasons.map(\.rule) == [0, 1])
    }

    @Test func byConsent() throws {
        let within = Wait.localDays(7, firstDayCounted: true)
        func consented(_ change: (inout Scenario) throws -> Void = { _ in }) throws -> Scenario {
            try blocked(unless: .consent("express", within: within, endsOn: ["conversation"])) {
                try $0.fact("2026-08-14T15:00", .consent("express", endpoints: [], until: nil))
                try change(&$0)
            }
        }
        try consented().check(
            ("2026-08-14T15:00 -1ms", .until("2026-08-14T15:00"), "not yet"), ("2026-08-14T15:00", .allow, "given"),
            ("2026-08-21T00:00 -1ms", .allow, "its last date"), ("2026-08-21T00:00", .act, "over"))
        try consented { try $0.fact("2026-08-15T10:00", .withdrawal("express")) }
            .check(("2026-08-15T10:00 -1ms", .allow, "before"), ("2026-08-15T10:00", .act, "withdrawn"))
        try consented { try $0.touch("2026-08-15T10:00", outcome: "conversation", outcomeAt: "2026-08-15T10:05") }
            .check(
                ("2026-08-15T10:05 -1ms", .act, "on record is known"),
                ("2026-08-15T10:05", .act, "ended by a conversation"))
        try consented { try $0.fact("2026-08-15T10:00", .event("conversation", endpoints: [])) }
            .check(("2026-08-15T10:00", .act, "or by the event"))
        try consented { try $0.fact("2026-08-13T10:00", .event("conversation", endpoints: [])) }
            .check(("2026-08-15T10:00", .allow, "an earlier one ends nothing"))
    }

    @Test func touchesUnderAConsentStayUncounted() throws {
        // Source: 12 CFR 1006.14(b)(3)(i).
        var scenario = Scenario(.frequencyCap(FrequencyCap(limit: 1, window: .localDays(7))))
        scenario.rules[0].unless = [
            .consent("direct", within: .localDays(7, firstDayCounted: true), endsOn: ["conversation"])
        ]
        try scenario.fact("2026-08-14T10:00", .consent("direct", endpoints: [], until: nil))
        try scenario.touch("2026-08-14T11:00", outcome: "no_answer")
        try scenario.touch("2026-08-14T12:00", outcome: "conversation", outcomeAt: "2026-08-14T12:05")
        try scenario.check(
            ("2026-08-14T13:00", .allow, "the conversation ended it, and what was made under it does not count"))
        #expect(try scenario.decide("2026-08-14T13:00").remaining.map(\.left) == [0])
        try scenario.touch("2026-08-14T12:30")
        try scenario.check(("2026-08-14T13:00", .until("2026-08-21T00:00"), "one made after its end counts"))

        var scoped = Scenario(.frequencyCap(FrequencyCap(limit: 1, window: .localDays(7))))
        scoped.rules[0].unless = [.consent("direct", within: .elapsed(.hours(1)), endsOn: [])]
        try scoped.fact(
            "2026-08-14T10:00", scope: FactScope { $0.accounts = ["a"] }, .consent("direct", endpoints: [], until: nil))
        try scoped.touch("2026-08-14T10:30") { $0.accounts = ["b"] }
        try scoped.check(("2026-08-14T13:00", .until("2026-08-21T00:00"), "it was not made under that consent"))
        scoped.touches[0].accounts = ["a"]
        try scoped.check(("2026-08-14T13:00", .allow, "it was"))
    }

    @Test func byEvent() throws {
        let scenario = try blocked(unless: .event("purchase", within: .steps(ISODuration(months: 18)))) {
            try $0.fact("2024-08-31T10:00", .event("purchase", endpoints: []))
        }
        try scenario.check(
            ("2024-08-31T10:00", .allow, "from it"), ("2026-02-28T10:00 -1ms", .allow, "eighteen months"),
            ("2026-02-28T10:00", .act, "over"))
        try scenario.with { try $0.touch("2025-08-31T10:00", outcome: "purchase") }
            .check(("2026-02-28T10:00", .allow, "a new one starts it again"))
    }

    @Test func byHolding() throws {
        let scenario = try blocked(unless: .holding(.sameProduct, status: [.active])) {
            $0.request.product = "term"
            try $0.fact(
                "2026-01-01T10:00",
                .holding(
                    Holding(
                        product: "term", status: .active, from: try $0.time("2026-02-01T00:00"),
                        to: try $0.time("2026-03-01T00:00"))))
        }
        try scenario.check(
            ("2026-01-15T10:00", .until("2026-02-01T00:00"), "when the contract begins"),
            ("2026-03-01T00:00 -1ms", .allow, "current"), ("2026-03-01T00:00", .act, "ended"))
    }

    // MARK: Once only

    private func stopped(_ change: (inout Scenario) throws -> Void = { _ in }) throws -> Scenario {
        var scenario = Scenario(.optOut(OptOutRule()))
        scenario.rules[0].unless = [.stopConfirmation]
        scenario.request.exemption = .stopConfirmation
        try scenario.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
        try change(&scenario)
        return scenario
    }

    @Test func stopConfirmation() throws {
        try stopped().check(
            ("2026-03-02T10:00", .allow, "at once"), ("2026-03-02T10:05 -1ms", .allow, "within five minutes"),
            ("2026-03-02T10:05", .act, "too late"))
        try stopped { $0.request.exemption = nil }.check(("2026-03-02T10:01", .act, "must be claimed"))
        try stopped { try $0.touch("2026-03-02T10:01") { $0.exemption = .stopConfirmation } }
            .check(("2026-03-02T10:02", .act, "once"))
        try stopped { try $0.touch("2026-03-02T10:01", state: .released) { $0.exemption = .stopConfirmation } }
            .check(("2026-03-02T10:02", .allow, "the first was never sent"))
        try stopped { try $0.touch("2026-03-02T09:59") { $0.exemption = .stopConfirmation } }
            .check(("2026-03-02T10:02", .allow, "that one was for an earlier stop"))
        try stopped {
            try $0.touch("2026-03-02T10:01") { $0.exemption = .stopConfirmation }
            try $0.fact("2026-03-02T10:02", .optOut(reach: .person, endpoints: []))
        }.check(("2026-03-02T10:03", .allow, "said again"))
        let ahead = try stopped {
            $0.facts = []
            try $0.fact("2026-03-02T10:03", received: "2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
        }
        try ahead.check(
            ("2026-03-02T10:05 -1ms", .allow, "from the arrival"), ("2026-03-02T10:05", .act, "not from a stamp ahead"))
        try ahead.with { try $0.touch("2026-03-02T10:01") { $0.exemption = .stopConfirmation } }
            .check(("2026-03-02T10:02", .act, "once, whatever the stamp"))
        let expires = try stopped { $0.request.holdFor = .hours(1) }
        #expect(
            try expires.evaluation(at: expires.time("2026-03-02T10:01")).touch?.expiresAt
                == expires.time("2026-03-02T10:05"))
        let own = try stopped { try $0.touch("2026-03-02T10:01") { $0.exemption = .stopConfirmation } }
        #expect(try own.decide("2026-03-02T10:02", excluding: own.touches[0].id).isAllowed, "its own confirmation")
    }

    @Test func replyToInbound() throws {
        let message = FactID(high: 7, low: 7)
        func asked(_ change: (inout Scenario) throws -> Void = { _ in }) throws -> Scenario {
            try blocked(unless: .replyToInbound) {
                $0.request.inReplyTo = message
                try $0.touch("2026-03-02T10:00", state: .external, direction: .inbound) { $0.factID = message }
                try change(&$0)
            }
        }
        try asked().check(
            ("2026-03-02T10:00 -1ms", .until("2026-03-02T10:00"), "not here yet"),
            ("2026-03-02T10:00", .allow, "answered"))
        try asked { $0.request.inReplyTo = nil }.check(("2026-03-02T10:01", .act, "answers nothing"))
        try asked { $0.request.inReplyTo = FactID(high: 7, low: 8) }.check(
            ("2026-03-02T10:01", .act, "a message nobody knows"))
        try asked { try $0.touch("2026-03-02T10:01") { $0.inReplyTo = message } }.check(
            ("2026-03-02T10:02", .act, "once"))
        try asked { try $0.touch("2026-03-02T10:01", state: .revoked) { $0.inReplyTo = message } }
            .check(("2026-03-02T10:02", .allow, "the first was taken back"))
        try asked { $0.touches[0].direction = .outbound }.check(("2026-03-02T10:02", .act, "our own message"))
    }

    // MARK: Several people

    @Test func onePersonsExemptionIsNotAnothers() throws {
        var scenario = Scenario(.optOut(OptOutRule()), .contactHours(.daily("08:00-21:00")))
        scenario.rules[0].unless = [.consent("express", within: nil, endsOn: [])]
        scenario.rules[1].unless = [.appointment]
        try scenario.fact("2026-03-01T09:00", .optOut(reach: .person, endpoints: []))
        try scenario.fact("2026-03-01T10:00", .consent("express", endpoints: [], until: nil))
        try scenario.fact(
            "2026-03-01T10:00",
            .appointment(from: try scenario.time("2026-03-02T22:00"), to: try scenario.time("2026-03-02T23:00")))
        try scenario.check(("2026-03-02T22:00", .allow, "she agreed to both"))
        var other = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
        scenario.others = [other]
        try scenario.check(("2026-03-02T22:00", .until("2026-03-03T08:00"), "the other has no appointment"))
        other.facts = [scenario.facts[0]]
        scenario.others = [other]
        #expect(try scenario.codes("2026-03-03T10:00") == ["opt_out.active"])
    }
}
