import GovernorCore
import Testing

@Suite struct FrequencyCapTests {
    private func cap(_ limit: UInt32, _ window: Window, _ change: (inout FrequencyCap) -> Void = { _ in }) -> Scenario {
        var cap = FrequencyCap(limit: limit, window: window)
        change(&cap)
        return Scenario(.frequencyCap(cap))
    }

    // MARK: Windows

    @Test func elapsedTime() throws {
        var one = cap(1, .elapsed(.hours(24)))
        try one.touch("2026-03-02T10:00")
        try one.check(
            ("2026-03-02T10:00 -1ms", .allow, "the touch is not made yet"),
            ("2026-03-02T10:00", .until("2026-03-03T10:00"), "it counts from its own instant"),
            ("2026-03-03T10:00 -1ms", .until("2026-03-03T10:00"), "the last instant of the window"),
            ("2026-03-03T10:00", .allow, "the start of the window is open"))

        var two = cap(2, .elapsed(.days(7)))
        try two.touch("2026-03-02T10:00")
        try two.touch("2026-03-03T12:00")
        try two.check(
            ("2026-03-03T12:00 -1ms", .allow, "one of two"),
            ("2026-03-03T12:00", .until("2026-03-09T11:00"), "168 hours, an hour later by a clock set forward"),
            ("2026-03-09T11:00", .allow, "the first has left, the second has not"))
        try two.touch("2026-03-09T11:00")
        try two.check(("2026-03-09T11:00", .until("2026-03-10T13:00"), "full again until the second leaves"))
    }

    @Test func localDates() throws {
        // Source: 12 CFR 1006 supplement I, comment 14(b)(2)(i)-1.
        var seven = cap(7, .localDays(7))
        for day in 1...7 { try seven.touch("2026-04-0\(day)T\(10 + day):00") }
        try seven.check(
            ("2026-04-07T23:59:59", .until("2026-04-08T00:00"), "seven from Wednesday to Tuesday"),
            ("2026-04-08T00:00", .allow, "the next Wednesday at any hour"))

        var sameDay = cap(7, .localDays(7))
        for minute in 10...16 { try sameDay.touch("2026-04-01T23:\(minute)") }
        try sameDay.check(("2026-04-01T23:30", .until("2026-04-08T00:00"), "seven on one date"))

        var one = cap(1, .localDays(1))
        try one.touch("2026-03-02T23:59:59")
        try one.check(
            ("2026-03-02T23:59:59", .until("2026-03-03T00:00"), "today"),
            ("2026-03-03T00:00", .allow, "another date a second later"))
    }

    @Test func calendarPeriods() throws {
        let rows: [(Window, String, String, String)] = [
            (.calendar(.day, weekStarts: .monday), "2026-03-02T00:00", "2026-03-02T23:59", "2026-03-03T00:00"),
            (.calendar(.week, weekStarts: .monday), "2026-02-23T00:00", "2026-03-01T23:59", "2026-03-02T00:00"),
            (.calendar(.week, weekStarts: .sunday), "2026-02-22T00:00", "2026-02-28T23:59", "2026-03-01T00:00"),
            (.calendar(.month, weekStarts: .monday), "2026-02-01T00:00", "2026-02-28T23:59", "2026-03-01T00:00"),
            (.calendar(.year, weekStarts: .monday), "2026-01-01T00:00", "2026-12-31T23:59", "2027-01-01T00:00"),
        ]
        for (window, first, last, next) in rows {
            for made in [first, last] {
                var scenario = cap(1, window)
                try scenario.touch(made)
                try scenario.check(
                    (last, .until(next), "\(window) from \(made)"), (next, .allow, "\(window): the next period"))
            }
            var before = cap(1, window)
            try before.touch(first + " -1ms")
            try before.check((first, .allow, "\(window): the period before"))
        }
    }

    @Test func calendarSteps() throws {
        let rows: [(ISODuration, String, String, String)] = [
            (ISODuration(months: 1), "2026-01-31T10:00", "2026-02-28T10:00", "clamped to the month's end"),
            (ISODuration(months: 1), "2024-01-31T10:00", "2024-02-29T10:00", "a leap year"),
            (ISODuration(months: 1), "2026-02-28T10:00", "2026-03-28T10:00", "a clamped end does not stick"),
            (ISODuration(months: 18), "2024-08-31T10:00", "2026-02-28T10:00", "over years"),
            (ISODuration(years: 1), "2024-02-29T10:00", "2025-02-28T10:00", "from a leap day"),
            (ISODuration(days: 1), "2026-03-07T10:00", "2026-03-08T10:00", "23 hours later"),
            (ISODuration(days: 1), "2026-03-07T02:30", "2026-03-08T03:00", "a skipped time is the end of the gap"),
            (ISODuration(days: 1), "2026-10-31T01:30", "2026-11-01T05:30Z", "a repeated time is the first"),
            (ISODuration(months: 1, milliseconds: 7_200_000), "2026-01-31T23:00", "2026-03-01T01:00", "calendar first"),
        ]
        for (steps, made, until, why) in rows {
            var scenario = cap(1, .steps(steps))
            try scenario.touch(made)
            try scenario.check((made, .until(until), why), (until, .allow, why))
        }
    }

    @Test func clocksThatSkipMidnight() throws {
        var brazil = cap(1, .localDays(1))
        brazil.zones = ["America/Sao_Paulo"]
        try brazil.touch("2018-11-03T22:00")
        try brazil.check(("2018-11-03T23:00", .until("2018-11-04T03:00Z"), "the date begins at one"))

        var samoa = cap(1, .localDays(2))
        samoa.zones = ["Pacific/Apia"]
        try samoa.touch("2011-12-29T10:00")
        try samoa.check(("2011-12-29T11:00", .until("2011-12-31T00:00"), "a date that never was is passed over"))
    }

    @Test func aDateThatComesAgain() throws {
        // At 00:01 on 7 November the clock went back to 23:01 on the sixth.
        var scenario = cap(1, .calendar(.day, weekStarts: .monday))
        scenario.zones = ["America/St_Johns"]
        try scenario.touch("2010-11-06T22:00")
        try scenario.check(
            ("2010-11-06T23:00", .until("2010-11-07T02:30Z"), "the first midnight"),
            ("2010-11-07T02:30:30Z", .allow, "the seventh, for a minute"),
            ("2010-11-07T02:31Z", .until("2010-11-07T03:30Z"), "the sixth again"))
    }

    @Test func everyZoneMustAgree() throws {
        let both = cap(1, .calendar(.day, weekStarts: .monday)).with {
            $0.zones = ["America/New_York", "America/Los_Angeles"]
        }
        try both.with { try $0.touch("2026-03-02T23:30") }.check(
            ("2026-03-03T00:30", .until("2026-03-03T03:00"), "the same day out west"))
        try both.with { try $0.touch("2026-03-03T00:30") }.check(
            ("2026-03-03T02:00", .until("2026-03-04T00:00"), "one day in one zone, two in the other"))
    }

    // MARK: What counts

    @Test func nothingIsAllowedUnderZero() throws {
        try cap(0, .elapsed(.hours(1))).check(("2026-03-02T10:00", .act, "zero means never"))
    }

    @Test func states() throws {
        let rows: [(TouchState, Direction, Bool)] = [
            (.reserved, .outbound, true), (.confirmed, .outbound, true), (.reported, .outbound, true),
            (.external, .outbound, true), (.released, .outbound, false), (.revoked, .outbound, false),
            (.external, .inbound, false),
        ]
        for (state, direction, counts) in rows {
            var scenario = cap(1, .elapsed(.hours(24)))
            try scenario.touch("2026-03-02T10:00", state: state, direction: direction)
            try scenario.check(
                ("2026-03-02T12:00", counts ? .until("2026-03-03T10:00") : .allow, "\(direction) and \(state)"))
        }
    }

    @Test func unreportedReservations() throws {
        for (state, releases, until) in [
            (TouchState.reserved, false, "2026-03-03T10:00"), (.reserved, true, "2026-03-02T10:02"),
            (.confirmed, true, "2026-03-03T10:00"), (.reported, true, "2026-03-03T10:00"),
        ] {
            var scenario = cap(1, .elapsed(.hours(24))) { $0.releasesUnreported = releases }
            try scenario.touch("2026-03-02T10:00", state: state)
            try scenario.check(
                ("2026-03-02T10:01", .until(until), "\(state), release \(releases)"), (until, .allow, ""))
        }
        var third = cap(2, .elapsed(.hours(24))) { $0.releasesUnreported = true }
        try third.touch("2026-03-02T10:00", state: .reserved)
        try third.touch("2026-03-02T10:01", state: .reserved)
        try third.check(("2026-03-02T10:01:30", .until("2026-03-02T10:02"), "the first to expire makes room"))
    }

    @Test func outcomes() throws {
        let rows: [(NameSet<EventKind>, NameSet<EventKind>, EventName, Bool, String)] = [
            ([], [], "busy", true, "caps count attempts"),
            ([], ["busy", "failed"], "busy", false, "left out by name"),
            ([], ["busy", "failed"], "failed", false, "left out by its second name"),
            ([], ["busy"], "no_answer", true, "another outcome"),
            ([], ["busy"], .none, true, "no outcome yet"),
            (["connected"], [], "connected", true, "counted by name"),
            (["connected"], [], "busy", false, "not counted"),
            (["connected"], [], .none, true, "no outcome matches every filter"),
            (["connected"], ["connected"], "connected", false, "left out wins"),
        ]
        for (only, without, outcome, counts, why) in rows {
            var scenario = cap(1, .elapsed(.hours(24))) {
                $0.count.outcomes = only
                $0.count.notOutcomes = without
            }
            try scenario.touch("2026-03-02T10:00", outcome: outcome)
            try scenario.check(("2026-03-02T12:00", counts ? .until("2026-03-03T10:00") : .allow, why))
        }
    }

    @Test func aLateOutcomeLowersTheCount() throws {
        var scenario = cap(1, .elapsed(.hours(24))) { $0.count.notOutcomes = ["busy"] }
        try scenario.touch("2026-03-02T10:00")
        try scenario.check(("2026-03-02T12:00", .until("2026-03-03T10:00"), "not told yet"))
        scenario.touches[0].outcome = "busy"
        scenario.touches[0].outcomeAt = try scenario.time("2026-03-02T11:59")
        try scenario.check(("2026-03-02T12:00", .allow, "told late"))
    }

    @Test func filters() throws {
        let rows: [(String, (inout TouchFilter) -> Void, (inout Touch) -> Void, Bool)] = [
            ("channel", { $0.channels = ["voice"] }, { $0.channel = "sms" }, false),
            ("purpose", { $0.purposes = ["marketing"] }, { $0.purpose = "service" }, false),
            ("campaign", { $0.campaigns = ["a"] }, { $0.campaign = "b" }, false),
            ("no campaign", { $0.campaigns = ["a"] }, { $0.campaign = .none }, true),
            ("product", { $0.products = ["a"] }, { $0.product = "b" }, false),
            ("brand", { $0.brands = ["a"] }, { $0.brand = "b" }, false),
            ("subject", { $0.subjects = ["a", "b"] }, { $0.subject = "b" }, true),
            ("agency", { $0.agencies = ["a"] }, { $0.agency = "b" }, false),
            ("account", { $0.accounts = ["a"] }, { $0.accounts = ["b", "c"] }, false),
            ("one account of two", { $0.accounts = ["a"] }, { $0.accounts = ["b", "a"] }, true),
            ("no account", { $0.accounts = ["a"] }, { $0.accounts = [] }, true),
            ("method", { $0.methods = [.live] }, { $0.method = .automated }, false),
            ("no method", { $0.methods = [.live] }, { $0.method = nil }, true),
        ]
        for (what, narrow, change, counts) in rows {
            var scenario = cap(1, .elapsed(.hours(24))) { narrow(&$0.count) }
            try scenario.touch("2026-03-02T10:00", change: change)
            try scenario.check(("2026-03-02T12:00", counts ? .until("2026-03-03T10:00") : .allow, what))
        }
    }

    @Test func keys() throws {
        typealias Change<T> = (inout T) -> Void
        let rows: [(String, Change<CountKeys>, Change<Touch>, Change<ContactRequest>, Bool)] = [
            ("the same account", { $0.perAccount = true }, { $0.accounts = ["a"] }, { $0.accounts = ["a"] }, true),
            ("another account", { $0.perAccount = true }, { $0.accounts = ["a"] }, { $0.accounts = ["b"] }, false),
            (
                "one of its accounts", { $0.perAccount = true }, { $0.accounts = ["a", "b"] }, { $0.accounts = ["b"] },
                true
            ),
            ("one of ours", { $0.perAccount = true }, { $0.accounts = ["a"] }, { $0.accounts = ["b", "a"] }, true),
            ("no account asked", { $0.perAccount = true }, { $0.accounts = ["a"] }, { _ in }, true),
            ("no account made", { $0.perAccount = true }, { _ in }, { $0.accounts = ["a"] }, true),
            ("another subject", { $0.perSubject = true }, { $0.subject = "a" }, { $0.subject = "b" }, false),
            ("no subject", { $0.perSubject = true }, { $0.subject = "a" }, { _ in }, true),
            ("another campaign", { $0.perCampaign = true }, { $0.campaign = "a" }, { $0.campaign = "b" }, false),
            ("another brand", { $0.perBrand = true }, { $0.brand = "a" }, { $0.brand = "b" }, false),
            ("another product", { $0.perProduct = true }, { $0.product = "a" }, { $0.product = "b" }, false),
            (
                "another product of the family", { $0.perFamily = true }, { $0.product = "term" },
                { $0.product = "whole" }, true
            ),
            ("another family", { $0.perFamily = true }, { $0.product = "term" }, { $0.product = "car" }, false),
            ("a product of no family", { $0.perFamily = true }, { $0.product = "pet" }, { $0.product = "car" }, true),
            ("another agency", { $0.perAgency = true }, { $0.agency = "a" }, { $0.agency = "b" }, false),
            ("another agency, not asked for", { _ in }, { $0.agency = "a" }, { $0.agency = "b" }, true),
            (
                "account and subject, one differs",
                {
                    $0.perAccount = true
                    $0.perSubject = true
                },
                {
                    $0.accounts = ["a"]
                    $0.subject = "x"
                },
                {
                    $0.accounts = ["a"]
                    $0.subject = "y"
                }, false
            ),
            ("another endpoint", { $0.unit = .endpoint }, { $0.endpoint = Scenario.otherPhone }, { _ in }, false),
            ("the same endpoint", { $0.unit = .endpoint }, { _ in }, { _ in }, true),
            (
                "no endpoint asked", { $0.unit = .endpoint }, { $0.endpoint = Scenario.otherPhone },
                { $0.endpoint = nil }, true
            ),
            ("another endpoint of the person", { _ in }, { $0.endpoint = Scenario.otherPhone }, { _ in }, true),
        ]
        for (what, narrow, made, asked, counts) in rows {
            var scenario = cap(1, .elapsed(.hours(24))) { narrow(&$0.per) }
            scenario.families = ["term": "life", "whole": "life", "car": "motor"]
            try scenario.touch("2026-03-02T10:00", change: made)
            asked(&scenario.request)
            try scenario.check(("2026-03-02T12:00", counts ? .until("2026-03-03T10:00") : .allow, what))
        }
    }

    @Test func theFullestAccountDecides() throws {
        var scenario = cap(1, .elapsed(.hours(24))) { $0.per.perAccount = true }
        try scenario.touch("2026-03-02T10:00") { $0.accounts = ["a"] }
        try scenario.touch("2026-03-02T11:00") { $0.accounts = ["b"] }
        scenario.request.accounts = ["a", "b", "c"]
        try scenario.check(("2026-03-02T12:00", .until("2026-03-03T11:00"), "the later of two accounts"))
    }

    @Test func sharedRecords() throws {
        func other(isHousehold: Bool, _ scenario: Scenario) throws -> PersonRecord {
            var record = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
            var known = KnownIdentifier(hash: Scenario.phone, kind: .phone, addedAt: .distantPast)
            known.isShared = !isHousehold
            known.isHousehold = isHousehold
            record.identifiers = [known]
            record.touches = try scenario.with { try $0.touch("2026-03-02T10:00") }.touches
            return record
        }
        for (unit, isHousehold, counts) in [
            (CountKeys.Unit.person, false, false), (.person, true, false), (.endpoint, false, true),
            (.household, true, true), (.household, false, true),
        ] {
            var scenario = cap(1, .elapsed(.hours(24))) { $0.per.unit = unit }
            scenario.others = [try other(isHousehold: isHousehold, scenario)]
            try scenario.check(
                (
                    "2026-03-02T12:00", counts ? .until("2026-03-03T10:00") : .allow,
                    "per \(unit), household \(isHousehold)"
                ))
        }
        // With a household known, the person's own touches are not the household's.
        var scenario = cap(1, .elapsed(.hours(24))) { $0.per.unit = .household }
        scenario.others = [try other(isHousehold: true, scenario)]
        scenario.others[0].touches = []
        try scenario.touch("2026-03-02T10:00")
        try scenario.check(("2026-03-02T12:00", .allow, "the household's record carries its touches"))
    }

    @Test func everyPersonFoundIsChecked() throws {
        var scenario = cap(1, .elapsed(.hours(24)))
        var other = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
        other.touches = try scenario.with { try $0.touch("2026-03-02T10:00") }.touches
        scenario.others = [other]
        try scenario.check(("2026-03-02T12:00", .until("2026-03-03T10:00"), "two persons answer to the identifiers"))
    }

    // MARK: Kept budget

    @Test func keptBudget() throws {
        let rows: [(kept: Int, others: Int, asksKept: Bool, ReasonCode?, String)] = [
            (0, 1, false, nil, "one of two open places"),
            (0, 2, false, .capKept, "the last place is kept"),
            (0, 2, true, nil, "for this one"),
            (1, 1, false, nil, "the kept place is used, not kept again"),
            (1, 2, false, .capReached, "all are taken"),
            (2, 0, false, nil, "kept use beyond its slots takes the others' places"),
            (3, 0, true, .capReached, "the kept campaign is capped as well"),
        ]
        for (kept, others, asksKept, code, why) in rows {
            var scenario = cap(3, .elapsed(.hours(24))) { $0.keep = KeptBudget(campaigns: ["renewal"], slots: 1) }
            for i in 0..<kept { try scenario.touch("2026-03-02T10:0\(i)") { $0.campaign = "renewal" } }
            for i in 0..<others { try scenario.touch("2026-03-02T11:0\(i)") { $0.campaign = "other" } }
            scenario.request.campaign = asksKept ? "renewal" : "other"
            #expect(try scenario.decide("2026-03-02T12:00").reasons.map(\.code) == (code.map { [$0] } ?? []), "\(why)")
        }
        var scenario = cap(3, .elapsed(.hours(24))) { $0.keep = KeptBudget(campaigns: ["renewal"], slots: 1) }
        try scenario.touch("2026-03-02T10:00") { $0.campaign = "renewal" }
        try scenario.touch("2026-03-02T11:00") { $0.campaign = "a" }
        try scenario.touch("2026-03-02T11:30") { $0.campaign = "a" }
        scenario.request.campaign = "b"
        try scenario.check(
            ("2026-03-02T12:00", .until("2026-03-03T11:00"), "the kept one leaves first and frees nothing for others"))
        scenario.request.campaign = .none
        try scenario.check(("2026-03-02T12:00", .until("2026-03-03T11:00"), "a campaign left out is none of the kept"))
        try cap(1, .elapsed(.hours(24))) { $0.keep = KeptBudget(campaigns: ["renewal"], slots: 1) }
            .check(("2026-03-02T12:00", .act, "everything is kept for others"))
    }

    // MARK: Remaining, history

    @Test func remaining() throws {
        var scenario = cap(3, .elapsed(.hours(24)))
        try scenario.touch("2026-03-02T10:00")
        #expect(try scenario.decide("2026-03-02T12:00").remaining.map(\.left) == [1], "after this one")
        scenario.request.reserve = false
        #expect(try scenario.decide("2026-03-02T12:00").remaining.map(\.left) == [2], "asked only")
        scenario.request.reserve = true
        try scenario.touch("2026-03-02T10:01")
        try scenario.touch("2026-03-02T10:02")
        #expect(try scenario.decide("2026-03-02T12:00").remaining.map(\.left) == [0], "denied")

        var kept = cap(3, .elapsed(.hours(24))) { $0.keep = KeptBudget(campaigns: ["renewal"], slots: 1) }
        kept.request.reserve = false
        #expect(try kept.decide("2026-03-02T12:00").remaining.map(\.left) == [2], "one is kept")

        var silent = cap(3, .elapsed(.hours(24))) { $0.count.channels = ["sms"] }
        #expect(try silent.decide("2026-03-02T12:00").remaining.map(\.left) == [3], "a call does not count")
        silent.request.channel = "sms"
        #expect(try silent.decide("2026-03-02T12:00").remaining.map(\.left) == [2], "a message does")
    }

    @Test func theReasonTellsCountAndLimit() throws {
        var scenario = cap(2, .elapsed(.hours(24)))
        for minute in 0...2 { try scenario.touch("2026-03-02T10:0\(minute)") }
        let reason = try #require(try scenario.decide("2026-03-02T12:00").reasons.first)
        #expect(reason.code == .capReached)
        #expect(reason.count == 3)
        #expect(reason.limit == 2)
        #expect(try reason.since == scenario.time("2026-03-02T10:02"))
        #expect(try reason.until == scenario.time("2026-03-03T10:01"), "two must leave")
    }

    @Test func historyThatIsGone() throws {
        for (window, until) in [
            (Window.elapsed(.days(7)), "2026-01-17T10:00 -1ms"), (.localDays(7), "2026-01-17T00:00"),
            (.calendar(.month, weekStarts: .monday), "2026-02-01T00:00"),
            (.steps(ISODuration(months: 1)), "2026-02-10T10:00 -1ms"),
        ] {
            var scenario = cap(3, window)
            scenario.historyFrom = try scenario.time("2026-01-10T10:00")
            try scenario.check(("2026-01-12T10:00", .until(until), "\(window)"))
            #expect(try scenario.codes("2026-01-12T10:00") == ["history.incomplete"])
        }
    }

    @Test func aFullRecord() throws {
        var scenario = cap(3, .elapsed(.hours(24)))
        let first = try scenario.touch("2026-02-01T10:00", state: .reserved)
        for _ in 1..<PersonRecord.touchesMax { scenario.touches.append(scenario.touches[0]) }
        for i in 1..<scenario.touches.count {
            var copy = Touch(
                id: TouchID(bits: UInt64(i + 5_000)), at: scenario.touches[0].at, expiresAt: scenario.touches[0].at,
                state: .released, channel: "voice", purpose: "marketing")
            copy.endpoint = Scenario.phone
            scenario.touches[i] = copy
        }
        #expect(try scenario.codes("2026-03-02T10:00") == ["record.full"])
        // All of them leave at once, when they are older than what a record keeps.
        let decision = try scenario.decide("2026-03-02T10:00")
        #expect(decision.nextBasis == .time)
        #expect(decision.nextAllowedAt == scenario.touches[0].at + PersonRecord.historyKept + Milliseconds(1))
        #expect(try scenario.decide("2026-03-02T10:00", excluding: first).isAllowed, "a confirmation adds nothing")
        scenario.request.reserve = false
        #expect(try scenario.decide("2026-03-02T10:00").isAllowed, "asking adds nothing")
    }
}
