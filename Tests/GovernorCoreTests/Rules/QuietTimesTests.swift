import GovernorCore
import Testing

@Suite struct QuietTimesTests {
    private let everyDay: UInt8 = 0b111_1111

    private func span(_ days: UInt8, _ from: Int32, _ to: Int32) -> WeeklySpan {
        WeeklySpan(days: days, start: from * 3_600_000, end: to * 3_600_000)
    }

    private func quiet(
        _ spans: [WeeklySpan], until: String? = nil, scope: FactScope = FactScope(), zones: String...
    ) throws -> Scenario {
        var scenario = Scenario(zones: zones.isEmpty ? ["America/New_York"] : zones)
        try scenario.fact(
            "2026-01-01T00:00", scope: scope, .quietTime(spans, until: try until.map { try scenario.time($0) }))
        return scenario
    }

    @Test func edges() throws {
        try quiet([span(everyDay, 12, 14)]).check(
            ("2026-03-02T12:00 -1ms", .allow, "before"),
            ("2026-03-02T12:00", .until("2026-03-02T14:00"), "from its start"),
            ("2026-03-02T14:00 -1ms", .until("2026-03-02T14:00"), "to its end"), ("2026-03-02T14:00", .allow, "over"))
        try quiet([span(1 << 1, 0, 24)]).check(
            ("2026-03-02T23:59", .allow, "Monday"), ("2026-03-03T00:00", .until("2026-03-04T00:00"), "Tuesday is hers"))
        try quiet([span(everyDay, 0, 8), span(everyDay, 20, 24)]).check(
            ("2026-03-02T20:00", .until("2026-03-03T08:00"), "over midnight"),
            ("2026-03-07T20:00", .until("2026-03-08T08:00"), "over a change of the clock"))
    }

    @Test func untilADate() throws {
        try quiet([span(everyDay, 12, 14)], until: "2026-03-02T13:00").check(
            ("2026-03-02T12:30", .until("2026-03-02T13:00"), "it ends within"), ("2026-03-03T12:30", .allow, "over"))
        try quiet([span(everyDay, 0, 24)], until: "2028-03-02T13:00").check(
            ("2026-03-02T12:30", .until("2028-03-02T13:00"), "every hour of two years"))
        try quiet([span(everyDay, 0, 24)]).check(("2026-03-02T12:30", .act, "every hour for good"))
    }

    @Test func everyZoneIsQuiet() throws {
        try quiet([span(everyDay, 12, 14)], zones: "America/New_York", "America/Los_Angeles").check(
            ("2026-03-02T12:00", .until("2026-03-02T14:00"), "noon in the east"),
            ("2026-03-02T14:00", .allow, "between"),
            ("2026-03-02T15:00", .until("2026-03-02T17:00"), "noon in the west"))
    }

    @Test func scopesAndAppointments() throws {
        try quiet([span(everyDay, 12, 14)], scope: FactScope { $0.channels = ["sms"] })
            .check(("2026-03-02T12:30", .allow, "another channel"))
        var scenario = try quiet([span(everyDay, 12, 14)])
        try scenario.fact(
            "2026-03-01T12:00",
            .appointment(from: try scenario.time("2026-03-02T12:30"), to: try scenario.time("2026-03-02T12:45")))
        try scenario.check(
            ("2026-03-02T12:00", .until("2026-03-02T12:30"), "she agreed to a time"),
            ("2026-03-02T12:30", .allow, "then"),
            ("2026-03-02T12:45", .until("2026-03-02T14:00"), "after it"))
    }

    @Test func aReservationEndsWhenTheyBegin() throws {
        let scenario = try quiet([span(everyDay, 12, 14)])
        #expect(
            try scenario.evaluation(at: scenario.time("2026-03-02T11:59")).touch?.expiresAt
                == scenario.time("2026-03-02T12:00"))
    }
}
