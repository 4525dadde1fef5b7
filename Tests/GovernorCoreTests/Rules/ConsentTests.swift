import GovernorCore
import Testing

@Suite struct ConsentTests {
    private func scenario(
        _ rule: ConsentRule = ConsentRule(require: ["express", "written"]), _ change: (inout Scenario) throws -> Void
    ) rethrows -> Scenario {
        try Scenario(.consent(rule)).with(change)
    }

    @Test func whatIsEnough() throws {
        let rows: [(ConsentName, FactScope, Campaign, Bool, String)] = [
            ("express", FactScope(), .none, true, "one of the names"),
            ("written", FactScope(), .none, true, "another of them"),
            ("implied", FactScope(), .none, false, "a weaker one"),
            ("express", FactScope { $0.channels = ["sms"] }, .none, false, "for another channel"),
            ("express", FactScope { $0.campaigns = ["q4"] }, .none, false, "for a campaign that is not named"),
            ("express", FactScope { $0.campaigns = ["q4"] }, "q4", true, "for this campaign"),
        ]
        for (name, scope, campaign, isEnough, why) in rows {
            let scenario = try scenario {
                $0.request.campaign = campaign
                try $0.fact("2026-03-02T10:00", scope: scope, .consent(name, endpoints: [], until: nil))
            }
            try scenario.check(("2026-03-02T12:00", isEnough ? .allow : .act, why))
        }
        try scenario { _ in }.check(("2026-03-02T12:00", .act, "none"))
        try scenario(ConsentRule(require: [])) {
            try $0.fact("2026-03-02T10:00", .consent("implied", endpoints: [], until: nil))
        }.check(("2026-03-02T12:00", .allow, "any name will do"))
    }

    @Test func validity() throws {
        let dated = try scenario {
            try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: try $0.time("2026-04-01T00:00")))
        }
        try dated.check(
            ("2026-03-02T10:00 -1ms", .until("2026-03-02T10:00"), "from its own time"),
            ("2026-03-02T10:00", .allow, "at it"), ("2026-04-01T00:00 -1ms", .allow, "its last instant"),
            ("2026-04-01T00:00", .act, "over"))
        var rule = ConsentRule(require: ["express"])
        rule.require.validFor = .steps(ISODuration(years: 1))
        let bounded = try scenario(rule) {
            try $0.fact("2024-02-29T10:00", .consent("express", endpoints: [], until: nil))
        }
        try bounded.check(
            ("2025-02-28T10:00 -1ms", .allow, "a year, clamped"), ("2025-02-28T10:00", .act, "not a millisecond more"))
        rule.require.validFor = .localDays(30, firstDayCounted: true)
        let two = try scenario(rule) {
            $0.zones = ["America/New_York", "America/Los_Angeles"]
            try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: nil))
        }
        try two.check(
            ("2026-04-01T00:00 -1ms", .allow, "still March in the east"),
            ("2026-04-01T00:00", .act, "what permits ends where it ends first"))
    }

    @Test func boundToTheEndpoint() throws {
        var rule = ConsentRule(require: ["express"])
        rule.require.isBoundToEndpoint = true
        for (endpoints, hasEndpoint, isEnough) in [
            ([Scenario.phone], true, true), ([Scenario.otherPhone], true, false), ([], true, false),
            ([Scenario.phone], false, false),
        ] {
            let scenario = try scenario(rule) {
                if !hasEndpoint { $0.request.endpoint = nil }
                try $0.fact("2026-03-02T10:00", .consent("express", endpoints: endpoints, until: nil))
            }
            try scenario.check(("2026-03-02T12:00", isEnough ? .allow : .act, "\(endpoints), \(hasEndpoint)"))
        }
    }

    @Test func evidence() throws {
        var rule = ConsentRule(require: ["express"])
        for (isNeeded, isGiven, isEnough) in [
            (false, false, true), (false, true, true), (true, false, false), (true, true, true),
        ] {
            rule.require.needsEvidence = isNeeded
            let scenario = try scenario(rule) {
                try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: nil))
                $0.facts[0].hasEvidence = isGiven
            }
            try scenario.check(("2026-03-02T12:00", isEnough ? .allow : .act, "needed \(isNeeded), given \(isGiven)"))
        }
    }

    @Test func endings() throws {
        let rows: [(String, at: String, FactScope, FactBody, Bool)] = [
            ("withdrawn", "2026-03-02T11:00", FactScope(), .withdrawal("express"), true),
            ("everything withdrawn", "2026-03-02T11:00", FactScope(), .withdrawal(.none), true),
            ("another withdrawn", "2026-03-02T11:00", FactScope(), .withdrawal("written"), false),
            ("withdrawn before", "2026-03-02T09:00", FactScope(), .withdrawal("express"), false),
            ("withdrawn at the same time", "2026-03-02T10:00", FactScope(), .withdrawal("express"), true),
            (
                "withdrawn elsewhere", "2026-03-02T11:00", FactScope { $0.channels = ["sms"] }, .withdrawal("express"),
                false
            ),
            ("opted out", "2026-03-02T11:00", FactScope(), .optOut(reach: .person, endpoints: []), true),
            (
                "opted out elsewhere", "2026-03-02T11:00", FactScope { $0.channels = ["sms"] },
                .optOut(reach: .person, endpoints: []), false
            ),
            ("reassigned", "2026-03-02T11:00", FactScope(), .event("reassigned", endpoints: [Scenario.phone]), true),
            (
                "another reassigned", "2026-03-02T11:00", FactScope(),
                .event("reassigned", endpoints: [Scenario.otherPhone]), false
            ),
            ("reassigned before", "2026-03-02T09:00", FactScope(), .event("reassigned", endpoints: []), false),
            ("another event", "2026-03-02T11:00", FactScope(), .event("complaint", endpoints: []), false),
        ]
        for (why, at, scope, body, ends) in rows {
            var rule = ConsentRule(require: ["express"])
            rule.require.voidOn = ["reassigned"]
            let scenario = try scenario(rule) {
                try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [Scenario.phone], until: nil))
                try $0.fact(at, scope: scope, body)
            }
            #expect(try scenario.codes("2026-03-02T12:00").contains("consent.missing") == ends, "\(why)")
        }
    }

    @Test func anOptInDoesNotRevive() throws {
        let scenario = try scenario {
            try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: nil))
            try $0.fact("2026-03-02T11:00", .optOut(reach: .person, endpoints: []))
            try $0.fact("2026-03-02T12:00", .optIn(reach: .person, endpoints: []))
        }
        #expect(try scenario.codes("2026-03-02T13:00") == ["consent.missing"])
        let again = try scenario.with {
            try $0.fact("2026-03-02T12:30", .consent("express", endpoints: [], until: nil))
        }
        try again.check(("2026-03-02T13:00", .allow, "given anew"))
    }

    @Test func voidByAnOutcome() throws {
        var rule = ConsentRule(require: ["express"])
        rule.require.voidOn = ["wrong_number"]
        for (endpoint, ends) in [(Scenario.phone, true), (Scenario.otherPhone, false)] {
            let scenario = try scenario(rule) {
                try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: nil))
                try $0.touch("2026-03-02T11:00", outcome: "wrong_number") { $0.endpoint = endpoint }
            }
            try scenario.check(("2026-03-02T12:00", ends ? .act : .allow, "a wrong number is wrong for itself"))
        }
    }

    @Test func relationships() throws {
        var rule = ConsentRule(require: ["express"])
        rule.or = [.event("purchase", within: .steps(ISODuration(months: 18))), .holding(.any, status: [.active])]
        let bought = try scenario(rule) { try $0.fact("2024-08-31T10:00", .event("purchase", endpoints: [])) }
        try bought.check(
            ("2026-02-28T10:00 -1ms", .allow, "eighteen months, clamped"), ("2026-02-28T10:00", .act, "over"))
        try bought.with { try $0.fact("2024-09-01T10:00", .optOut(reach: .person, endpoints: [])) }
            .with { try $0.fact("2024-10-01T10:00", .optIn(reach: .person, endpoints: [])) }
            .check(("2025-01-01T10:00", .act, "ended by a request to stop, for good"))
        let sold = try scenario(rule) { try $0.touch("2026-01-31T10:00", outcome: "purchase") }
        try sold.check(("2026-02-01T10:00", .allow, "an outcome is an event"))
        let holder = try scenario(rule) {
            try $0.fact(
                "2026-03-02T10:00",
                .holding(
                    Holding(
                        product: "term", status: .active, from: try $0.time("2026-03-05T00:00"),
                        to: try $0.time("2026-04-01T00:00"))))
        }
        try holder.check(
            ("2026-03-02T12:00", .until("2026-03-05T00:00"), "the contract has yet to begin"),
            ("2026-04-01T00:00 -1ms", .allow, "current"), ("2026-04-01T00:00", .act, "ended"))
    }

    @Test func aReservationEndsWithItsConsent() throws {
        let scenario = try scenario {
            $0.request.holdFor = .hours(1)
            try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: try $0.time("2026-03-02T12:20")))
        }
        #expect(
            try scenario.evaluation(at: scenario.time("2026-03-02T12:00")).touch?.expiresAt
                == scenario.time("2026-03-02T12:20"))
    }

    @Test func aSharedRecordNeedsNone() throws {
        var scenario = try scenario { try $0.fact("2026-03-02T10:00", .consent("express", endpoints: [], until: nil)) }
        var shared = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
        var known = KnownIdentifier(hash: Scenario.phone, kind: .phone, addedAt: .distantPast)
        known.isShared = true
        shared.identifiers = [known]
        scenario.others = [shared]
        try scenario.check(("2026-03-02T12:00", .allow, "the person's consent is enough"))
        scenario.others[0].identifiers[0].isShared = false
        try scenario.check(("2026-03-02T12:00", .act, "but not for another person"))
    }
}
