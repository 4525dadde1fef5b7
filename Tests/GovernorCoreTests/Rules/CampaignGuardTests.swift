import GovernorCore
import GovernorTesting
import Testing

@Suite struct CampaignGuardTests {
    private static func scenario(
        _ demand: CampaignGuard.Demand, _ window: GuardWindow, per: CounterKey.Unit = .campaign
    ) -> Scenario {
        var scenario = Scenario(
            .campaignGuard(CampaignGuard(per: per, demand: demand, window: window)), zones: ["America/New_York"])
        scenario.request.campaign = scenario.request.names.intern("spring")
        scenario.request.agency = scenario.request.names.intern("north")
        return scenario
    }

    /// Attempts, each `time` or `time outcome`, counted in their order.
    private static func count(
        _ attempts: [String], in scenario: inout Scenario, named name: String = "spring",
        _ unit: CounterKey.Unit = .campaign
    ) throws {
        let key = CounterKey(rule: "test/0", unit: unit, name: name)
        var counter = CounterRecord(key: key)
        for attempt in attempts {
            let parts = attempt.split(separator: " ")
            let at = try scenario.time(String(parts[0]))
            var names = NameTable()
            let outcome: EventName = parts.count > 1 ? names.intern(String(parts[1])) : .none
            counter.apply(CounterChange(key: key, at: at, attempts: 1, outcome: outcome), names: names, at: at)
        }
        scenario.counters.append(counter)
    }

    @Test func attemptsOverElapsedTime() throws {
        var scenario = Self.scenario(.attempts(2), .elapsed(.hours(1)))
        try Self.count(["2026-03-02T10:00:30", "2026-03-02T10:20:00"], in: &scenario)
        try scenario.check(
            ("2026-03-02T10:30", .until("2026-03-02T11:01 -1ms"), "the minute of the first leaves as a whole"),
            ("2026-03-02T11:01 -1ms", .allow, "it has left"), ("2026-03-02T12:30", .allow, "both have"))
        scenario = Self.scenario(.attempts(2), .elapsed(.hours(24)))
        try Self.count(["2026-03-02T10:00:30", "2026-03-02T10:20:00"], in: &scenario)
        try scenario.check(
            ("2026-03-02T10:30", .until("2026-03-03T10:15 -1ms"), "a quarter of an hour leaves as a whole"))
        scenario = Self.scenario(.attempts(1), .elapsed(.days(7)))
        try Self.count(["2026-03-02T10:20:00"], in: &scenario)
        try scenario.check(
            ("2026-03-02T10:30", .until("2026-03-09T12:00 -1ms"), "an hour does, clocks changing or not"))
        try Self.scenario(.attempts(0), .elapsed(.hours(1))).check(("2026-03-02T10:00", .act, "none at all"))
        try Self.scenario(.attempts(1), .elapsed(.hours(1))).check(("2026-03-02T10:00", .allow, "nothing counted yet"))
    }

    @Test func attemptsOverCalendarPeriods() throws {
        let york = ZoneKey(name: "America/New_York")
        let rows: [(GuardWindow, String, String)] = [
            (.calendar(.hour, weekStarts: .monday, zone: nil), "2026-03-03T22:30", "2026-03-03T23:00"),
            (.calendar(.day, weekStarts: .monday, zone: york), "2026-03-03T22:30", "2026-03-04T00:00"),
            (.calendar(.day, weekStarts: .monday, zone: nil), "2026-03-03T22:30", "2026-03-04T19:00"),
            (.calendar(.week, weekStarts: .monday, zone: york), "2026-03-03T22:30", "2026-03-09T00:00"),
            (.calendar(.week, weekStarts: .sunday, zone: york), "2026-03-03T22:30", "2026-03-08T00:00"),
            (.calendar(.month, weekStarts: .monday, zone: york), "2026-03-03T22:30", "2026-04-01T00:00"),
            (.periods(.hours(5)), "2026-03-03T22:30", "2026-03-04T03:00"),
        ]
        for (window, at, until) in rows {
            var scenario = Self.scenario(.attempts(1), window)
            try Self.count([at], in: &scenario)
            try scenario.check((at, .until(until), "\(window)"))
        }
    }

    @Test func share() throws {
        let demand = CampaignGuard.Demand.share(
            of: ["abandoned"], among: ["abandoned", "conversation"], millionths: 500_000, atLeast: 3)
        let rows: [(attempts: [String], Answer, String)] = [
            ([], .allow, "nothing is known"),
            (["2026-03-02T10:00 abandoned", "2026-03-02T10:01 abandoned"], .allow, "too few to judge"),
            (
                [
                    "2026-03-02T10:00 abandoned", "2026-03-02T10:01 abandoned", "2026-03-02T10:02 conversation",
                    "2026-03-02T10:03 conversation",
                ], .allow, "a half is permitted"
            ),
            (
                ["2026-03-02T10:00 abandoned", "2026-03-02T10:01 abandoned", "2026-03-02T10:02 conversation"],
                .until("2026-03-02T11:01 -1ms"), "more is not, until too few are left to judge"
            ),
            (
                [
                    "2026-03-02T10:00 abandoned", "2026-03-02T10:01 abandoned", "2026-03-02T10:02 abandoned",
                    "2026-03-02T10:03 conversation", "2026-03-02T10:04 conversation", "2026-03-02T10:05",
                    "2026-03-02T10:06 no_answer",
                ], .until("2026-03-02T11:01 -1ms"), "the first leaves, and half is left"
            ),
        ]
        for (attempts, answer, why) in rows {
            var scenario = Self.scenario(demand, .elapsed(.hours(1)))
            try Self.count(attempts, in: &scenario)
            try scenario.check(("2026-03-02T10:30", answer, why))
        }
        var scenario = Self.scenario(demand, .periods(.days(30)))
        try Self.count(
            [
                "2026-03-02T10:00", "2026-03-02T10:01 abandoned", "2026-03-02T10:02 abandoned",
                "2026-03-02T10:03 abandoned",
            ], in: &scenario)
        try scenario.check(
            ("2026-03-20T10:30", .until("2026-04-01T11:00"), "the next period begins by the clock of UTC"))
    }

    /// What a page shows of a guard is what the next contact meets.
    @Test func standing() throws {
        let share = CampaignGuard.Demand.share(
            of: ["abandoned"], among: ["abandoned", "conversation"], millionths: 500_000, atLeast: 3)
        let attempts = [
            "2026-03-02T09:00 abandoned", "2026-03-02T10:00 abandoned", "2026-03-02T10:01 abandoned",
            "2026-03-02T10:02 conversation", "2026-03-02T10:03",
        ]
        let rows: [(demand: CampaignGuard.Demand, at: String, part: UInt64, whole: UInt64, isUsedUp: Bool)] = [
            (.attempts(4), "2026-03-02T10:30", 4, 4, true), (.attempts(5), "2026-03-02T10:30", 4, 5, false),
            (.attempts(0), "2026-03-02T12:30", 0, 0, true), (share, "2026-03-02T10:30", 2, 3, true),
            (share, "2026-03-02T11:01", 1, 2, false), (share, "2026-03-02T12:30", 0, 0, false),
        ]
        for row in rows {
            var scenario = Self.scenario(row.demand, .elapsed(.hours(1)))
            try Self.count(attempts, in: &scenario)
            let body = CampaignGuard(per: .campaign, demand: row.demand, window: .elapsed(.hours(1)))
            let counter = try #require(scenario.counters.first)
            let found = body.standing(of: counter, try Scenario.atlas.get(), at: try scenario.time(row.at))
            #expect(
                found == GuardStanding(part: row.part, whole: row.whole, isUsedUp: row.isUsedUp), "\(row)")
        }
    }

    /// A reservation ends where what went well leaves the window and the share rises by time alone.
    @Test func aReservationEndsWhenTheShareRises() throws {
        var scenario = Self.scenario(
            .share(of: ["abandoned"], among: ["abandoned", "sold"], millionths: 500_000, atLeast: 1),
            .elapsed(.hours(1)))
        try Self.count(["2026-03-02T10:00 sold", "2026-03-02T10:30 abandoned"], in: &scenario)
        scenario.request.holdFor = .minutes(10)
        let touch = try scenario.evaluation(at: scenario.time("2026-03-02T10:55")).touch
        #expect(try touch?.expiresAt == scenario.time("2026-03-02T11:01 -1ms"))
    }

    @Test func whose() throws {
        let rows: [(CounterKey.Unit, String, CounterKey.Unit, Bool, String)] = [
            (.campaign, "spring", .campaign, true, "the campaign's own"),
            (.campaign, "summer", .campaign, false, "another campaign's"),
            (.agency, "north", .agency, true, "the agency's own"),
            (.agency, "spring", .campaign, false, "a campaign is no agency"),
        ]
        for (unit, name, counted, isDenied, why) in rows {
            var scenario = Self.scenario(.attempts(1), .elapsed(.hours(1)), per: unit)
            try Self.count(["2026-03-02T10:00"], in: &scenario, named: name, counted)
            try scenario.check(
                (
                    "2026-03-02T10:30", isDenied ? .until("2026-03-02T11:01 -1ms") : .allow,
                    why
                ))
        }
        var nameless = Self.scenario(.attempts(1), .elapsed(.hours(1)))
        nameless.request.campaign = .none
        try Self.count(["2026-03-02T10:00"], in: &nameless, named: "")
        try nameless.check(("2026-03-02T10:30", .until("2026-03-02T11:01 -1ms"), "those without a campaign together"))
    }

    @Test func whatARequestCosts() throws {
        var scenario = Self.scenario(.attempts(5), .elapsed(.hours(1)))
        let decision = try scenario.decide("2026-03-02T10:00")
        #expect(decision.remaining.map(\.left) == [4])
        let key = CounterKey(rule: "test/0", unit: .campaign, name: "spring")
        #expect(try scenario.evaluation(at: scenario.time("2026-03-02T10:00")).counters == [key])
        #expect(scenario.policies.counters(for: scenario.request) == [key])
        scenario.rules[0].scope.purposes = ["service"]
        #expect(scenario.policies.counters(for: scenario.request).isEmpty)
        scenario.rules[0].scope = RuleScope()
        // In another place it is asked for, since who she is is not known yet, and not counted.
        scenario.rules[0].scope.jurisdictions = [try #require(Jurisdiction("US-FL"))]
        scenario.request.whereabouts.addressJurisdictions = [try #require(Jurisdiction("US-NY"))]
        #expect(scenario.policies.counters(for: scenario.request) == [key])
        #expect(try scenario.evaluation(at: scenario.time("2026-03-02T10:00")).counters.isEmpty)
        scenario.rules[0].mode = .off
        #expect(!scenario.policies.hasGuards)
    }

    /// The touch that is being confirmed does not stand in its own way.
    @Test func confirmation() throws {
        var scenario = Self.scenario(.attempts(1), .elapsed(.hours(1)))
        let id = try scenario.touch("2026-03-02T10:00", state: .reserved)
        try Self.count(["2026-03-02T10:00"], in: &scenario)
        #expect(try scenario.decide("2026-03-02T10:01", excluding: id).isAllowed)
        #expect(try !scenario.decide("2026-03-02T10:01").isAllowed)
    }
}
