import GovernorCore
import Testing

@Suite struct EffectiveDatesTests {
    private func block(_ from: String?, _ until: String?, zones: String...) -> Scenario {
        var scenario = Scenario(.block(BlockRule()), zones: zones.isEmpty ? ["America/New_York"] : zones)
        scenario.rules[0].effective = EffectiveDates(
            from: from.map { LocalDate($0) }, until: until.map { LocalDate($0) })
        return scenario
    }

    @Test func edges() throws {
        try block("2026-03-02", "2026-03-09").check(
            ("2026-03-02T00:00 -1ms", .allow, "the day before"),
            ("2026-03-02T00:00", .until("2026-03-09T00:00"), "from its first date"),
            ("2026-03-09T00:00 -1ms", .until("2026-03-09T00:00"), "its last instant, over a change of the clock"),
            ("2026-03-09T00:00", .allow, "`until` is not included"))
        try block("2026-03-02", nil).check(
            ("2026-03-01T23:59", .allow, "before"), ("2026-03-02T00:00", .act, "for good"))
        try block(nil, "2026-03-02").check(("2026-03-01T23:59", .until("2026-03-02T00:00"), "until then"))
    }

    @Test func anyZonesDateWillDo() throws {
        try block("2026-03-02", "2026-03-03", zones: "America/New_York", "America/Los_Angeles").check(
            ("2026-03-02T00:00 -1ms", .allow, "the first of March everywhere"),
            ("2026-03-02T00:00", .until("2026-03-03T03:00"), "the second in the east, until it is over in the west"),
            ("2026-03-03T03:00", .allow, "the third everywhere"))
        // Between the second in Kiritimati and the second in Pago Pago lies an hour that is the second in neither.
        try block("2026-03-02", "2026-03-03", zones: "Pacific/Kiritimati", "Pacific/Pago_Pago").check(
            ("2026-03-02T10:00", .until("2026-03-03T00:00"), "in the west of the date line"),
            ("2026-03-03T00:30", .allow, "in neither"),
            ("2026-03-03T01:00", .until("2026-03-04T01:00"), "in the east of it"))
    }

    @Test func aReservationEndsWhenARuleComesIntoForce() throws {
        var scenario = block("2026-03-02", nil)
        scenario.request.holdFor = .hours(1)
        #expect(
            try scenario.evaluation(at: scenario.time("2026-03-01T23:30")).touch?.expiresAt
                == scenario.time("2026-03-02T00:00"))
    }

    @Test func theNextInstantMeetsRulesToCome() throws {
        // The cap is free on 3 March, but from the second on the hours are shorter.
        var scenario = Scenario(
            .frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))),
            .contactHours(.daily("12:00-14:00")))
        scenario.rules[1].effective = EffectiveDates(from: LocalDate("2026-03-03"))
        try scenario.touch("2026-03-02T08:00")
        try scenario.check(("2026-03-02T09:00", .until("2026-03-03T12:00"), "in force by then"))
    }
}
