import GovernorCore
import Testing

@Suite struct OptOutTests {
    private func scenario(_ rule: OptOutRule = OptOutRule(), _ change: (inout Scenario) throws -> Void) rethrows
        -> Scenario
    {
        try Scenario(.optOut(rule)).with(change)
    }

    @Test func bindsAtOnce() throws {
        try scenario { try $0.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: [])) }.check(
            ("2026-03-02T10:00 -1ms", .allow, "before"), ("2026-03-02T10:00", .act, "at it"),
            ("2036-03-02T10:00", .act, "until an opt-in"))
        try scenario {
            try $0.fact("2026-03-02T10:00", received: "2026-03-02T12:00", .optOut(reach: .person, endpoints: []))
        }
        .check(("2026-03-02T10:00", .act, "from its stamp when told late"))
        try scenario {
            try $0.fact("2026-03-02T10:04", received: "2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
        }
        .check(("2026-03-02T10:00", .act, "from its arrival when stamped ahead"))
    }

    @Test func withoutAnyRule() throws {
        var scenario = Scenario()
        try scenario.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
        try scenario.check(("2026-03-02T10:00", .act, "a built-in rule applies"))
        scenario.rules = [Rule(id: "a", mode: .shadow, body: .optOut(OptOutRule()))]
        try scenario.check(("2026-03-02T10:00", .act, "a shadow rule does not replace it"))
    }

    @Test func whereNoRuleOfTheSetSpeaks() throws {
        var scenario = Scenario()
        try scenario.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
        scenario.request.whereabouts.addressJurisdictions = [try #require(Jurisdiction("US-NY"))]
        let rows: [(String, (inout Rule) throws -> Void, Bool)] = [
            ("the rule's own exemption", { _ in }, true),
            ("a rule for this channel", { $0.scope.channels = ["voice"] }, true),
            ("a rule for another channel", { $0.scope.channels = ["sms"] }, false),
            ("a rule for this place", { $0.scope.jurisdictions = [try #require(Jurisdiction("US"))] }, true),
            ("a rule for another place", { $0.scope.jurisdictions = [try #require(Jurisdiction("FR"))] }, false),
            ("a rule for some dates", { $0.effective = EffectiveDates(from: LocalDate("2026-01-01")) }, false),
            ("a rule in shadow", { $0.mode = .shadow }, false),
        ]
        for (why, change, isLifted) in rows {
            let asked = try scenario.with {
                var rule = Rule(id: "a", unless: [.purpose("marketing")], body: .optOut(OptOutRule()))
                try change(&rule)
                $0.rules = [rule]
            }
            try asked.check(("2026-03-02T12:00", isLifted ? .allow : .act, why))
        }
    }

    @Test func reachByRule() throws {
        let rows: [(Reach?, told: Reach, [IdentifierHash], Bool, String)] = [
            (nil, .person, [Scenario.otherPhone], true, "as told: the person"),
            (nil, .endpoint, [Scenario.otherPhone], false, "as told: another number"),
            (nil, .endpoint, [Scenario.phone], true, "as told: this number"),
            (.person, .endpoint, [Scenario.otherPhone], true, "every no is for the person"),
            (.person, .person, [], true, "every no is for the person"),
            (.endpoint, .person, [Scenario.otherPhone], false, "every no is for its numbers"),
            (.endpoint, .person, [Scenario.phone], true, "this is one of them"),
            (.endpoint, .person, [], true, "one that names none is for all"),
            (.endpoint, .endpoint, [Scenario.otherPhone], false, "another number"),
        ]
        for (ruled, told, endpoints, isDenied, why) in rows {
            let scenario = try scenario(OptOutRule(reach: ruled)) {
                try $0.fact("2026-03-02T10:00", .optOut(reach: told, endpoints: endpoints))
            }
            try scenario.check(("2026-03-02T12:00", isDenied ? .act : .allow, why))
        }
    }

    @Test func scopes() throws {
        let rows: [(String, FactScope, Bool)] = [
            ("everything", FactScope(), true), ("this channel", FactScope { $0.channels = ["voice"] }, true),
            ("another channel", FactScope { $0.channels = ["sms"] }, false),
            ("one of its channels", FactScope { $0.channels = ["sms", "voice"] }, true),
            ("another purpose", FactScope { $0.purposes = ["service"] }, false),
            (
                "this brand, another channel",
                FactScope {
                    $0.brands = ["acme"]
                    $0.channels = ["sms"]
                }, false
            ),
            ("a campaign that the request leaves out", FactScope { $0.campaigns = ["q4"] }, true),
            ("another product", FactScope { $0.products = ["health"] }, false),
            ("the product's family", FactScope { $0.families = ["life"] }, true),
            ("another family", FactScope { $0.families = ["motor"] }, false),
            ("another account", FactScope { $0.accounts = ["a"] }, false),
            ("one of its accounts", FactScope { $0.accounts = ["a", "c"] }, true),
        ]
        for (why, scope, isDenied) in rows {
            let scenario = try scenario {
                $0.families = ["term": "life"]
                $0.request.brand = "acme"
                $0.request.product = "term"
                $0.request.accounts = ["b", "c"]
                try $0.fact("2026-03-02T10:00", scope: scope, .optOut(reach: .person, endpoints: []))
            }
            try scenario.check(("2026-03-02T12:00", isDenied ? .act : .allow, why))
        }
    }

    @Test func reach() throws {
        let rows: [(Reach, [IdentifierHash], Bool, Bool, String)] = [
            (.endpoint, [Scenario.phone], true, true, "the address it names"),
            (.endpoint, [Scenario.otherPhone], true, false, "another address"),
            (.endpoint, [Scenario.otherPhone], false, true, "a request without an endpoint could reach any"),
            (.person, [Scenario.otherPhone], true, true, "the person, by another address"),
        ]
        for (reach, endpoints, hasEndpoint, isDenied, why) in rows {
            let scenario = try scenario {
                if !hasEndpoint { $0.request.endpoint = nil }
                try $0.fact("2026-03-02T10:00", .optOut(reach: reach, endpoints: endpoints))
            }
            try scenario.check(("2026-03-02T12:00", isDenied ? .act : .allow, why))
        }
    }

    @Test func optIns() throws {
        let all = FactScope()
        let voice = FactScope { $0.channels = ["voice"] }
        let q4 = FactScope { $0.campaigns = ["q4"] }
        let rows: [(String, at: String, FactScope, campaign: Campaign, Reach, [IdentifierHash], Bool)] = [
            ("later", "2026-03-02T10:00 +1ms", all, .none, .person, [], true),
            ("a tie goes to the no", "2026-03-02T10:00", all, .none, .person, [], false),
            ("earlier", "2026-03-02T09:00", all, .none, .person, [], false),
            ("for this channel", "2026-03-02T11:00", voice, .none, .person, [], true),
            ("for another channel", "2026-03-02T11:00", FactScope { $0.channels = ["sms"] }, .none, .person, [], false),
            ("for a campaign, none asked", "2026-03-02T11:00", q4, .none, .person, [], false),
            ("for this campaign", "2026-03-02T11:00", q4, "q4", .person, [], true),
            ("for another campaign", "2026-03-02T11:00", q4, "q3", .person, [], false),
            ("for this address", "2026-03-02T11:00", all, .none, .endpoint, [Scenario.phone], true),
            ("for another address", "2026-03-02T11:00", all, .none, .endpoint, [Scenario.otherPhone], false),
        ]
        for (why, at, scope, campaign, reach, endpoints, isLifted) in rows {
            let scenario = try scenario {
                $0.request.campaign = campaign
                try $0.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
                try $0.fact(at, scope: scope, .optIn(reach: reach, endpoints: endpoints))
            }
            try scenario.check(("2026-03-02T12:00", isLifted ? .allow : .act, why))
        }
    }

    @Test func againAndAgain() throws {
        let scenario = try scenario {
            try $0.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
            try $0.fact("2026-03-03T10:00", .optIn(reach: .person, endpoints: []))
            try $0.fact("2026-03-04T10:00", .optOut(reach: .person, endpoints: []))
        }
        try scenario.check(("2026-03-03T12:00", .allow, "lifted"), ("2026-03-04T10:00", .act, "and said again"))
        // Told late: what she said first does not outlive what she said last.
        let late = try self.scenario {
            try $0.fact("2026-03-03T10:00", .optIn(reach: .person, endpoints: []))
            try $0.fact("2026-03-02T10:00", received: "2026-03-04T10:00", .optOut(reach: .person, endpoints: []))
        }
        try late.check(("2026-03-04T12:00", .allow, "event time orders them"))
    }

    @Test func anOptInStampedAhead() throws {
        let scenario = try scenario {
            try $0.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
            try $0.fact("2026-03-02T12:04", received: "2026-03-02T12:00", .optIn(reach: .person, endpoints: []))
        }
        try scenario.check(
            ("2026-03-02T12:00", .until("2026-03-02T12:04"), "permitting facts bind from their own time"))
    }

    @Test func howLongItLasts() throws {
        let scenario = try scenario(OptOutRule(lasts: .steps(ISODuration(years: 5)))) {
            try $0.fact("2024-02-29T10:00", .optOut(reach: .person, endpoints: []))
        }
        try scenario.check(("2026-03-02T12:00", .until("2029-02-28T10:00"), "five years, clamped"))
        let twice = try scenario.with { try $0.fact("2026-01-01T10:00", .optOut(reach: .person, endpoints: [])) }
        try twice.check(("2026-03-02T12:00", .until("2031-01-01T10:00"), "the longest binds"))
    }

    @Test func consentsDoNotLiftIt() throws {
        let scenario = try scenario {
            try $0.fact("2026-03-02T10:00", .optOut(reach: .person, endpoints: []))
            try $0.fact("2026-03-02T11:00", .consent("express", endpoints: [Scenario.phone], until: nil))
        }
        try scenario.check(("2026-03-02T12:00", .act, "a consent is not an opt-in"))
    }
}
