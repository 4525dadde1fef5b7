import GovernorCore
import Testing

@Suite struct CoolOffTests {
    private func coolOff(
        _ after: NameSet<EventKind>, _ wait: Wait, _ change: (inout CoolOff) -> Void = { _ in }
    ) -> Scenario {
        var coolOff = CoolOff(after: after, wait: wait)
        change(&coolOff)
        return Scenario(.coolOff(coolOff))
    }

    @Test func afterAnOutcome() throws {
        var scenario = coolOff(["refused"], .elapsed(.days(30)))
        try scenario.touch("2026-04-01T10:00", outcome: "refused", outcomeAt: "2026-04-01T10:07")
        try scenario.check(
            ("2026-04-01T10:07", .until("2026-05-01T10:07"), "from the outcome's time, not the touch's"),
            ("2026-05-01T10:07", .allow, "over"))
        try scenario.touch("2026-04-20T10:00", outcome: "refused")
        try scenario.check(("2026-04-21T10:00", .until("2026-05-20T10:00"), "a new one starts it again"))
        try scenario.touch("2026-04-25T10:00", outcome: "no_answer")
        try scenario.check(("2026-04-26T10:00", .until("2026-05-20T10:00"), "another outcome does not"))
    }

    @Test func conversationAboutADebt() throws {
        // A conversation on Friday 14 August closes until Friday 21 August. Source: 12 CFR 1006.14(b)(2)(i)(B).
        let rows: [(Wait, String)] = [
            (.localDays(7, firstDayCounted: true), "2026-08-21T00:00"),
            (.localDays(7, firstDayCounted: false), "2026-08-22T00:00"),
            (.elapsed(.days(7)), "2026-08-21T15:00"),
        ]
        for (wait, until) in rows {
            var scenario = coolOff(["conversation"], wait) { $0.per.perAccount = true }
            try scenario.touch("2026-08-14T15:00", outcome: "conversation") { $0.accounts = ["loan-1"] }
            scenario.request.accounts = ["loan-1"]
            try scenario.check(("2026-08-14T16:00", .until(until), "\(wait)"), (until, .allow, "\(wait)"))
            scenario.request.accounts = ["loan-2"]
            try scenario.check(("2026-08-14T16:00", .allow, "another debt"))
        }
    }

    @Test func inboundTouchesStartIt() throws {
        var scenario = coolOff(["conversation"], .localDays(7, firstDayCounted: true))
        try scenario.touch("2026-08-14T15:00", outcome: "conversation", state: .external, direction: .inbound)
        try scenario.check(("2026-08-14T16:00", .until("2026-08-21T00:00"), "she called us"))
    }

    @Test func statesAndKeys() throws {
        let rows: [(String, (inout CoolOff) -> Void, (inout Touch) -> Void, Bool)] = [
            ("released", { _ in }, { $0.state = .released }, false),
            ("another channel", { $0.count.channels = ["sms"] }, { _ in }, false),
            ("another endpoint", { $0.per.unit = .endpoint }, { $0.endpoint = Scenario.otherPhone }, false),
            ("another subject", { $0.per.perSubject = true }, { $0.subject = "b" }, false),
            ("no subject", { $0.per.perSubject = true }, { $0.subject = .none }, true),
        ]
        for (why, narrow, change, isClosed) in rows {
            var scenario = coolOff(["refused"], .elapsed(.hours(24)), narrow)
            scenario.request.subject = "a"
            try scenario.touch("2026-04-01T10:00", outcome: "refused", change: change)
            try scenario.check(("2026-04-01T12:00", isClosed ? .until("2026-04-02T10:00") : .allow, why))
        }
    }

    @Test func afterAnEvent() throws {
        var scenario = coolOff(["complaint"], .steps(ISODuration(months: 1)))
        try scenario.fact("2026-01-31T10:00", .event("complaint", endpoints: []))
        try scenario.check(("2026-02-01T10:00", .until("2026-02-28T10:00"), "a month, clamped"))

        let rows: [(String, FactScope, Bool)] = [
            ("everything", FactScope(), true),
            ("this brand", FactScope { $0.brands = ["acme"] }, true),
            ("another brand", FactScope { $0.brands = ["other"] }, false),
            ("a product that the request leaves out", FactScope { $0.products = ["life"] }, true),
            (
                "this brand by another channel",
                FactScope {
                    $0.brands = ["acme"]
                    $0.channels = ["email"]
                }, false
            ),
        ]
        for (why, scope, isClosed) in rows {
            var scenario = coolOff(["complaint"], .elapsed(.hours(24)))
            scenario.request.brand = "acme"
            try scenario.fact("2026-01-31T10:00", scope: scope, .event("complaint", endpoints: []))
            try scenario.check(("2026-01-31T12:00", isClosed ? .until("2026-02-01T10:00") : .allow, why))
        }
        for (unit, endpoint, isClosed) in [
            (CountKeys.Unit.person, Scenario.otherPhone, true), (.endpoint, Scenario.otherPhone, false),
            (.endpoint, Scenario.phone, true),
        ] {
            var scenario = coolOff(["complaint"], .elapsed(.hours(24))) { $0.per.unit = unit }
            try scenario.fact("2026-01-31T10:00", .event("complaint", endpoints: [endpoint]))
            try scenario.check(("2026-01-31T12:00", isClosed ? .until("2026-02-01T10:00") : .allow, "per \(unit)"))
        }
    }

    @Test func aStampAheadBindsFromItsArrival() throws {
        var scenario = coolOff(["complaint"], .elapsed(.hours(24)))
        try scenario.fact("2026-01-31T10:04", received: "2026-01-31T10:00", .event("complaint", endpoints: []))
        try scenario.check(
            ("2026-01-31T10:00 -1ms", .allow, "not told yet"),
            ("2026-01-31T10:00", .until("2026-02-01T10:04"), "bound from its arrival, over from its stamp"))
    }

    @Test func businessDays() throws {
        // Good Friday and Easter Monday are holidays: 3 and 6 April 2026.
        let calendar = HolidayCalendar(
            name: "target", dates: [LocalDate("2026-04-03"), LocalDate("2026-04-06")],
            validThrough: LocalDate("2026-04-30"))
        let rows: [(Int32, Bool, String, Answer, String)] = [
            (1, false, "2026-03-31T10:00", .until("2026-04-02T00:00"), "Wednesday"),
            (1, true, "2026-03-31T10:00", .until("2026-04-01T00:00"), "Tuesday itself"),
            (2, false, "2026-04-01T10:00", .until("2026-04-08T00:00"), "Thursday and Tuesday"),
            (1, false, "2026-04-03T10:00", .until("2026-04-08T00:00"), "from a holiday to Tuesday"),
            (1, true, "2026-04-04T10:00", .until("2026-04-08T00:00"), "a Saturday is none, first or not"),
            (5, false, "2026-04-10T10:00", .until("2026-04-18T00:00"), "Monday to Friday; Saturday is after them"),
            (10, false, "2026-04-20T10:00", .act, "the calendar runs out before"),
        ]
        for (days, counted, made, answer, why) in rows {
            var scenario = coolOff(["refused"], .businessDays(days, calendar: 0, firstDayCounted: counted))
            scenario.calendars = [calendar]
            try scenario.touch(made, outcome: "refused")
            try scenario.check((made, answer, why))
        }
    }

    @Test func theFurtherZoneDecides() throws {
        var scenario = coolOff(["refused"], .localDays(7, firstDayCounted: true))
        scenario.zones = ["America/New_York", "America/Los_Angeles"]
        try scenario.touch("2026-08-14T15:00", outcome: "refused")
        try scenario.check(("2026-08-14T16:00", .until("2026-08-21T03:00"), "the date begins later in the west"))
        scenario.touches = []
        try scenario.touch("2026-08-15T01:00", outcome: "refused")
        try scenario.check(("2026-08-15T02:00", .until("2026-08-22T00:00"), "but the event was later in the east"))
    }

    @Test func forever() throws {
        var scenario = coolOff(["complaint"], .forever)
        try scenario.fact("2026-01-31T10:00", .event("complaint", endpoints: []))
        try scenario.check(("2026-02-01T10:00", .act, "time does not heal it"))
    }
}
