import GovernorCore
import Testing

@Suite struct ContactHoursTests {
    private func hours(_ hours: ContactHours, zones: String...) -> Scenario {
        Scenario(.contactHours(hours), zones: zones.isEmpty ? ["America/New_York"] : zones)
    }

    @Test func edgesOfTheDay() throws {
        try hours(.daily("08:00-21:00")).check(
            ("2026-03-02T07:59:59", .until("2026-03-02T08:00"), "before opening"),
            ("2026-03-02T08:00 -1ms", .until("2026-03-02T08:00"), "a millisecond before"),
            ("2026-03-02T08:00", .allow, "the start is inside"),
            ("2026-03-02T21:00 -1ms", .allow, "the last instant"),
            ("2026-03-02T21:00", .until("2026-03-03T08:00"), "the end is outside"))
    }

    @Test func severalSpansAndClosedDays() throws {
        try hours(.week(["10:00-13:00", "14:00-20:00"], saturday: ["10:00-12:00"])).check(
            ("2026-03-06T13:00", .until("2026-03-06T14:00"), "noon"),
            ("2026-03-06T20:00", .until("2026-03-07T10:00"), "Friday evening to Saturday"),
            ("2026-03-07T12:00", .until("2026-03-09T10:00"), "Sunday is closed, and the clock changes"),
            ("2026-03-08T11:00", .until("2026-03-09T10:00"), "on Sunday"))
        try hours(.daily("00:00-24:00")).check(
            ("2026-03-02T23:59:59", .allow, "always open"), ("2026-03-03T00:00", .allow, "at midnight"))
        try hours(.daily("00:00-06:00", "22:00-24:00")).check(
            ("2026-03-02T23:59:59", .allow, "to midnight"), ("2026-03-03T00:00", .allow, "and on"),
            ("2026-03-03T06:00", .until("2026-03-03T22:00"), "by day"))
        try hours(.week([])).check(("2026-03-02T10:00", .never, "closed every day"))
    }

    @Test func margin() throws {
        let margin = ContactHours.daily("08:00-21:00").with { $0.margin = .minutes(1) }
        try hours(margin).check(
            ("2026-03-02T20:59 -1ms", .allow, "before the margin"),
            ("2026-03-02T20:59", .until("2026-03-03T08:00"), "inside the margin"),
            ("2026-03-02T08:00", .allow, "the opening has none"))
        try hours(.daily("08:00-08:01", "10:00-11:00").with { $0.margin = .minutes(1) }).check(
            ("2026-03-02T08:00", .until("2026-03-02T10:00"), "nothing is left of a span"))
    }

    @Test func holidays() throws {
        let calendar = HolidayCalendar(
            name: "us", dates: [LocalDate("2026-11-26"), LocalDate("2026-12-25")],
            validThrough: LocalDate("2026-12-31"))
        func scenario(_ holiday: [ContactHours.DaySpan]?) -> Scenario {
            var scenario = hours(
                ContactHours.week(["08:00-21:00"], saturday: ["09:00-17:00"]).with {
                    $0.holidays = 0
                    $0.holiday = holiday
                })
            scenario.calendars = [calendar]
            return scenario
        }
        try scenario([]).check(
            ("2026-11-25T21:00", .until("2026-11-27T08:00"), "Thanksgiving is closed"),
            ("2026-11-26T12:00", .until("2026-11-27T08:00"), "on the day"),
            ("2026-12-31T20:59", .allow, "the last date the calendar speaks for"),
            ("2026-12-31T21:00", .horizon, "after it nobody knows"),
            ("2027-01-04T12:00", .horizon, "run out"))
        #expect(try scenario([]).codes("2027-01-04T12:00") == ["hours.calendar_run_out"])
        try scenario([ContactHours.DaySpan("12:00-14:00")]).check(
            ("2026-11-26T11:59", .until("2026-11-26T12:00"), "holiday hours beat the weekday's"),
            ("2026-11-26T14:00", .until("2026-11-27T08:00"), "and end"))
        try scenario(nil).check(("2026-11-26T12:00", .allow, "an ordinary day"))
    }

    @Test func closedDates() throws {
        let closed = ContactHours.daily("08:00-21:00").with {
            $0.closedDates = [LocalDate("2026-03-03"), LocalDate("2026-03-04")]
        }
        try hours(closed).check(
            ("2026-03-02T20:59", .allow, "the day before"),
            ("2026-03-02T21:00", .until("2026-03-05T08:00"), "two dates are closed"),
            ("2026-03-04T12:00", .until("2026-03-05T08:00"), "on one"))
    }

    @Test func onlyHolidaysThatNeverCome() throws {
        var scenario = hours(
            ContactHours.week([]).with {
                $0.holidays = 0
                $0.holiday = [ContactHours.DaySpan("08:00-21:00")]
            })
        scenario.calendars = [HolidayCalendar(name: "x", dates: [], validThrough: LocalDate("2036-01-01"))]
        try scenario.check(("2026-03-02T12:00", .horizon, "no date within 400 days"))
        scenario.calendars = [
            HolidayCalendar(name: "x", dates: [LocalDate("2027-03-01")], validThrough: LocalDate("2036-01-01"))
        ]
        try scenario.check(("2026-03-02T12:00", .until("2027-03-01T08:00"), "364 days away"))
    }

    @Test func clocksSetForward() throws {
        try hours(.daily("02:30-05:00")).check(
            ("2026-03-08T01:59:59", .until("2026-03-08T07:00Z"), "a skipped opening is the end of the gap"),
            ("2026-03-08T07:00Z", .allow, "three o'clock"),
            ("2026-03-08T09:00Z -1ms", .allow, "before five"),
            ("2026-03-08T09:00Z", .until("2026-03-09T02:30"), "five o'clock"))
        try hours(.daily("02:00-03:00")).check(
            ("2026-03-08T00:00", .until("2026-03-09T02:00"), "a span that is skipped whole"))
        try hours(.daily("00:00-01:00"), zones: "America/Sao_Paulo").check(
            ("2018-11-03T12:00", .until("2018-11-05T00:00"), "a first hour that never was"))
        try hours(.daily("08:00-21:00"), zones: "Pacific/Apia").check(
            ("2011-12-29T21:00", .until("2011-12-31T08:00"), "a date that never was"))
    }

    @Test func clocksSetBack() throws {
        // 01:00 to 02:00 comes twice: from 05:00Z and from 06:00Z.
        try hours(.daily("00:00-01:30")).check(
            ("2026-11-01T05:29Z", .allow, "the first time"),
            ("2026-11-01T05:30Z", .until("2026-11-01T06:00Z"), "closed"),
            ("2026-11-01T06:00Z", .allow, "open again"),
            ("2026-11-01T06:30Z", .until("2026-11-02T00:00"), "closed for the day"))
        try hours(.daily("01:45-04:00")).check(
            ("2026-11-01T05:00Z", .until("2026-11-01T05:45Z"), "opens"),
            ("2026-11-01T06:00Z", .until("2026-11-01T06:45Z"), "closes when the clock goes back"))
        try hours(.daily("01:45-02:15"), zones: "Australia/Lord_Howe").check(
            ("2026-04-04T14:45Z", .allow, "a quarter to two"),
            ("2026-04-04T15:00Z", .until("2026-04-04T15:15Z"), "half an hour back"))
    }

    @Test func oddOffsets() throws {
        try hours(.daily("08:00-21:00"), zones: "Asia/Kathmandu").check(
            ("2026-03-02T02:14Z", .until("2026-03-02T02:15Z"), "five hours and three quarters"))
        try hours(.daily("08:00-21:00"), zones: "Pacific/Chatham").check(
            ("2026-07-01T19:14Z", .until("2026-07-01T19:15Z"), "twelve hours and three quarters"))
    }

    @Test func everyZoneMustBeOpen() throws {
        // An Eastern mobile and a Pacific address. Source: 12 CFR 1006 supplement I, comment 6(b)(1)(i)-2.
        try hours(.daily("08:00-21:00"), zones: "America/New_York", "America/Los_Angeles").check(
            ("2026-03-02T10:59", .until("2026-03-02T11:00"), "too early in the west"),
            ("2026-03-02T11:00", .allow, "both are open"),
            ("2026-03-02T21:00 -1ms", .allow, "still"),
            ("2026-03-02T21:00", .until("2026-03-03T11:00"), "too late in the east"))
        try hours(.daily("08:00-21:00"), zones: "America/New_York", "America/Denver").check(
            ("2026-03-02T09:59", .until("2026-03-02T10:00"), "Mountain time opens at ten Eastern"))
        try hours(.daily("09:00-11:00"), zones: "America/New_York", "Asia/Tokyo").check(
            ("2026-03-02T09:00", .never, "they never meet"))
        // Berlin changes its clock three weeks after New York: only then are they five hours apart.
        try hours(
            .daily("14:00-15:00").with {
                $0.days = Array(repeating: ["09:00-09:30", "14:00-15:00"].map { ContactHours.DaySpan($0) }, count: 7)
            }, zones: "America/New_York", "Europe/Berlin"
        )
        .check(("2026-03-02T09:00", .until("2026-03-08T09:00"), "open together for some weeks a year"))
    }

    @Test func twoRulesThatNeverMeet() throws {
        let scenario = Scenario(.contactHours(.daily("08:00-10:00")), .contactHours(.daily("12:00-14:00")))
        try scenario.check(("2026-03-02T09:00", .never, "one opens when the other is closed"))
        let sometimes = Scenario(
            .contactHours(.daily("08:00-10:00")), .contactHours(.week(["12:00-14:00"], saturday: ["09:00-12:00"])))
        try sometimes.check(("2026-03-02T09:00", .until("2026-03-07T09:00"), "they meet on Saturday"))
    }

    @Test func nobodyKnowsWhere() throws {
        try hours(.daily("00:00-24:00")).with { $0.zones = [] }.check(("2026-03-02T10:00", .act, "no candidate zone"))
        #expect(
            try hours(.daily("00:00-24:00")).with { $0.zones = [] }.codes("2026-03-02T10:00") == ["hours.zone_unknown"])
        var stated = hours(.daily("08:00-21:00"), zones: "America/New_York", "Asia/Tokyo")
        stated.request.whereabouts.statedZones = [ZoneKey(name: "America/New_York")]
        try stated.check(("2026-03-02T20:59", .allow, "a stated zone replaces the others"))
    }

    @Test func aFixedZone() throws {
        // Central standard time all year, wherever the person is.
        let fixed = ContactHours.daily("08:00-20:00").with { $0.zone = ZoneKey(name: "UTC-06:00") }
        try hours(fixed, zones: "America/Chicago").check(
            ("2026-07-01T13:59Z", .until("2026-07-01T14:00Z"), "nine by the summer clock"),
            ("2026-07-02T02:00Z -1ms", .allow, "until nine in the evening"),
            ("2026-07-02T02:00Z", .until("2026-07-02T14:00Z"), "closed"))
        try hours(fixed).with { $0.zones = [] }.check(("2026-07-01T14:00Z", .allow, "needs no zone of hers"))
    }

    @Test func appointments() throws {
        var scenario = hours(.daily("08:00-21:00"))
        scenario.rules[0].unless = [.appointment]
        try scenario.fact(
            "2026-03-01T12:00",
            .appointment(from: try scenario.time("2026-03-02T22:00"), to: try scenario.time("2026-03-02T22:30")))
        try scenario.check(
            ("2026-03-02T21:30", .until("2026-03-02T22:00"), "the appointment opens"),
            ("2026-03-02T22:30 -1ms", .allow, "until its end"),
            ("2026-03-02T22:30", .until("2026-03-03T08:00"), "over"))
        scenario.facts[0].scope = FactScope { $0.campaigns = ["review"] }
        try scenario.check(("2026-03-02T22:10", .until("2026-03-03T08:00"), "agreed for another campaign"))
        scenario.request.campaign = "review"
        try scenario.check(("2026-03-02T22:10", .allow, "agreed for this one"))
        scenario.rules[0].unless = []
        try scenario.check(("2026-03-02T22:10", .until("2026-03-03T08:00"), "a rule that does not yield"))
    }

    @Test func aReservationEndsAtClosing() throws {
        var scenario = hours(.daily("08:00-21:00"))
        scenario.request.holdFor = .hours(1)
        let rows = [
            ("2026-03-02T19:59", "2026-03-02T20:59"), ("2026-03-02T20:00", "2026-03-02T21:00"),
            ("2026-03-02T20:00 +1ms", "2026-03-02T21:00"), ("2026-03-02T21:00 -1ms", "2026-03-02T21:00"),
        ]
        for (at, expires) in rows {
            let touch = try #require(try scenario.evaluation(at: scenario.time(at)).touch)
            #expect(try touch.expiresAt == scenario.time(expires), "\(at)")
        }
        let open = hours(.daily("00:00-24:00")).with { $0.request.holdFor = .hours(1) }
        #expect(
            try open.evaluation(at: open.time("2026-03-02T23:30")).touch?.expiresAt == open.time("2026-03-03T00:30"),
            "midnight closes nothing")
    }

    @Test func withACap() throws {
        var scenario = Scenario(
            .contactHours(.week(["08:00-21:00"])), .frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))))
        try scenario.touch("2026-03-05T22:00")
        try scenario.check(
            ("2026-03-06T10:00", .until("2026-03-09T08:00"), "open again at night, so the weekend as well"))
        try scenario.touch("2026-03-06T09:00")
        try scenario.check(("2026-03-06T10:00", .until("2026-03-09T08:00"), "two rules, one instant"))
    }
}
