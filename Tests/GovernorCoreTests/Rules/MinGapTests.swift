import GovernorCore
import Testing

@Suite struct MinGapTests {
    private func gap(_ wait: Wait, _ change: (inout MinGap) -> Void = { _ in }) -> Scenario {
        var gap = MinGap(gap: wait)
        change(&gap)
        return Scenario(.minGap(gap))
    }

    @Test func afterTheLastTouch() throws {
        var scenario = gap(.elapsed(.hours(4)))
        try scenario.touch("2026-03-02T08:00")
        try scenario.touch("2026-03-02T10:00")
        try scenario.check(
            ("2026-03-02T10:00", .until("2026-03-02T14:00"), "the last one decides"),
            ("2026-03-02T14:00 -1ms", .until("2026-03-02T14:00"), "a millisecond early"),
            ("2026-03-02T14:00", .allow, "the gap is over"))
    }

    @Test func overAChangeOfTheClock() throws {
        var scenario = gap(.elapsed(.hours(4)))
        try scenario.touch("2026-03-08T00:30")
        try scenario.check(("2026-03-08T01:00", .until("2026-03-08T05:30"), "an hour is skipped"))
        scenario.touches = []
        try scenario.touch("2026-11-01T00:30")
        try scenario.check(("2026-11-01T00:45", .until("2026-11-01T03:30"), "an hour comes twice"))
    }

    @Test func datesAndSteps() throws {
        let rows: [(Wait, String, String, String)] = [
            (.localDays(1, firstDayCounted: true), "2026-03-02T10:00", "2026-03-03T00:00", "the rest of the day"),
            (.localDays(1, firstDayCounted: false), "2026-03-02T10:00", "2026-03-04T00:00", "a whole day between"),
            (.steps(ISODuration(months: 1)), "2026-01-31T10:00", "2026-02-28T10:00", "a month, clamped"),
        ]
        for (wait, made, until, why) in rows {
            var scenario = gap(wait)
            try scenario.touch(made)
            try scenario.check((made, .until(until), why))
        }
    }

    @Test func whatCounts() throws {
        let rows: [(String, (inout MinGap) -> Void, (inout Touch) -> Void, Answer)] = [
            ("another channel", { $0.count.channels = ["voice"] }, { $0.channel = "sms" }, .allow),
            ("another account", { $0.per.perAccount = true }, { $0.accounts = ["b"] }, .allow),
            ("the same account", { $0.per.perAccount = true }, { $0.accounts = ["a"] }, .until("2026-03-02T14:00")),
            ("inbound", { _ in }, { $0.direction = .inbound }, .allow),
            ("released", { _ in }, { $0.state = .released }, .allow),
            ("busy left out", { $0.count.notOutcomes = ["busy"] }, { $0.outcome = "busy" }, .allow),
            ("expired, stays", { _ in }, { $0.state = .reserved }, .until("2026-03-02T14:00")),
            ("expired, released", { $0.releasesUnreported = true }, { $0.state = .reserved }, .allow),
        ]
        for (why, narrow, change, answer) in rows {
            var scenario = gap(.elapsed(.hours(4)), narrow)
            scenario.request.accounts = ["a"]
            try scenario.touch("2026-03-02T10:00", change: change)
            try scenario.check(("2026-03-02T11:00", answer, why))
        }
    }

    @Test func theFurtherZoneDecides() throws {
        var scenario = gap(.localDays(1, firstDayCounted: true))
        scenario.zones = ["America/New_York", "America/Los_Angeles"]
        try scenario.touch("2026-03-02T10:00")
        try scenario.check(("2026-03-02T11:00", .until("2026-03-03T03:00"), "midnight in the west"))
    }

    @Test func historyThatIsGone() throws {
        var scenario = gap(.elapsed(.hours(4)))
        scenario.historyFrom = try scenario.time("2026-01-10T10:00")
        try scenario.check(
            ("2026-01-10T11:00", .until("2026-01-10T14:00 -1ms"), "a touch may have left the record"),
            ("2026-01-10T14:00", .allow, "none could matter any more"))
    }
}
