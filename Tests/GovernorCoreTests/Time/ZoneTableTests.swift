import GovernorCore
import Testing

@Suite struct ZoneTableTests {
    /// Zone, an instant, and what the wall clock shows at it and one millisecond before; the release that says so.
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T01:59:59.999", "2026-03-29T03:00:00.000", ""),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:59:59.999", "2026-10-25T02:00:00.000", ""),
        ("Europe/Berlin", "2200-10-26T01:00:00Z", "2200-10-26T02:59:59.999", "2200-10-26T02:00:00.000", ""),
        ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T01:59:59.999", "2026-03-08T03:00:00.000", ""),
        ("America/New_York", "2026-11-01T06:00:00Z", "2026-11-01T01:59:59.999", "2026-11-01T01:00:00.000", ""),
        ("America/New_York", "2038-03-14T07:00:00Z", "2038-03-14T01:59:59.999", "2038-03-14T03:00:00.000", ""),
        ("US/Eastern", "2026-11-01T06:00:00Z", "2026-11-01T01:59:59.999", "2026-11-01T01:00:00.000", ""),
        ("America/New_York", "2027-01-01T05:00:00Z", "2026-12-31T23:59:59.999", "2027-01-01T00:00:00.000", ""),
        ("America/New_York", "2028-02-29T05:00:00Z", "2028-02-28T23:59:59.999", "2028-02-29T00:00:00.000", ""),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:59:59.999", "2026-04-05T01:30:00.000", ""),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T01:59:59.999", "2026-10-04T02:30:00.000", ""),
        ("Pacific/Chatham", "2026-04-04T14:00:00Z", "2026-04-05T03:44:59.999", "2026-04-05T02:45:00.000", ""),
        ("Pacific/Chatham", "2026-09-26T14:00:00Z", "2026-09-27T02:44:59.999", "2026-09-27T03:45:00.000", ""),
        ("Pacific/Chatham", "2100-09-25T14:00:00Z", "2100-09-26T02:44:59.999", "2100-09-26T03:45:00.000", ""),
        ("Asia/Kathmandu", "1985-12-31T18:30:00Z", "1985-12-31T23:59:59.999", "1986-01-01T00:15:00.000", ""),
        ("Asia/Kathmandu", "2026-06-01T18:15:00Z", "2026-06-01T23:59:59.999", "2026-06-02T00:00:00.000", ""),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-29T23:59:59.999", "2011-12-31T00:00:00.000", ""),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00Z", "1993-08-20T23:59:59.999", "1993-08-22T00:00:00.000", ""),
        ("Africa/Monrovia", "1972-01-07T00:44:30Z", "1972-01-06T23:59:59.999", "1972-01-07T00:44:30.000", ""),
        ("Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-23T23:59:59.999", "2026-04-24T01:00:00.000", "2023c"),
        ("Africa/Cairo", "2026-10-29T21:00:00Z", "2026-10-29T23:59:59.999", "2026-10-29T23:00:00.000", "2023c"),
        ("Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-28T23:59:59.999", "2026-03-29T01:00:00.000", ""),
        ("Asia/Beirut", "2026-10-24T21:00:00Z", "2026-10-24T23:59:59.999", "2026-10-24T23:00:00.000", ""),
        ("America/Santiago", "2026-04-05T03:00:00Z", "2026-04-04T23:59:59.999", "2026-04-04T23:00:00.000", ""),
        ("America/Santiago", "2026-09-06T04:00:00Z", "2026-09-05T23:59:59.999", "2026-09-06T01:00:00.000", ""),
        ("America/Havana", "2026-03-08T05:00:00Z", "2026-03-07T23:59:59.999", "2026-03-08T01:00:00.000", ""),
        ("Africa/Casablanca", "2026-02-15T02:00:00Z", "2026-02-15T02:59:59.999", "2026-02-15T02:00:00.000", ""),
        ("Africa/Casablanca", "2026-03-22T02:00:00Z", "2026-03-22T01:59:59.999", "2026-03-22T03:00:00.000", ""),
        ("Africa/Casablanca", "2026-09-20T01:00:00Z", "2026-09-20T01:59:59.999", "2026-09-20T01:00:00.000", "2026f"),
        ("America/Vancouver", "2026-03-08T10:00:00Z", "2026-03-08T01:59:59.999", "2026-03-08T03:00:00.000", ""),
        ("America/Vancouver", "2026-11-01T09:00:00Z", "2026-11-01T01:59:59.999", "2026-11-01T02:00:00.000", "2026f"),
        ("Etc/GMT+5", "2026-01-01T05:00:00Z", "2025-12-31T23:59:59.999", "2026-01-01T00:00:00.000", ""),
        ("UTC", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59.999", "2026-01-01T00:00:00.000", ""),
    ])
    func wallClockAtAnInstant(zone: String, at: String, before: String, after: String, since: String) throws {
        guard TestZones.version >= since else {
            print("\(zone) at \(at) needs tz database \(since), here is \(TestZones.version)")
            return
        }
        let table = try TestZones.table(zone)
        let at = try utc(at)
        let earlier = Timestamp(milliseconds: at.milliseconds - 1)
        #expect(table.local(at: earlier).description == before)
        #expect(table.local(at: at).description == after)
        #expect(table.date(at: at).description == after.prefix(10))
        #expect(table.date(at: earlier).description == before.prefix(10))
        let segment = table.segment(at: at)
        #expect(segment.contains(at))
        #expect(segment.local(at: at) == table.local(at: at))
        #expect(Int64(table.offset(at: at)) * 1_000 == segment.offsetMilliseconds)
        #expect(segment.end == .distantFuture || table.segment(at: segment.end).start == segment.end)
    }

    @Test func segmentsAreMaximal() throws {
        let berlin = try TestZones.table("Europe/Berlin").segment(at: try utc("2026-07-01T00:00:00Z"))
        #expect(
            try berlin
                == ZoneSegment(
                    start: utc("2026-03-29T01:00:00Z"), end: utc("2026-10-25T01:00:00Z"), offsetMilliseconds: 7_200_000)
        )
        for file in TestZones.files {
            let table = try ZoneTable(name: file.name, tzfile: file.tzfile)
            var segment = table.segment(at: .distantPast)
            #expect(segment.start == .distantPast)
            var count = 1
            while segment.end != .distantFuture {
                let next = table.segment(at: segment.end)
                #expect(next.start == segment.end && next.offsetMilliseconds != segment.offsetMilliseconds)
                #expect(table.segment(at: Timestamp(milliseconds: segment.end.milliseconds - 1)) == segment)
                segment = next
                count += 1
            }
            #expect(count == table.segmentCount)
            #expect(table.segment(at: .distantFuture) == segment)
        }
    }

    @Test func vancouverStaysOnItsOffset() throws {
        guard TestZones.version >= "2026f" else { return }
        let segment = try TestZones.table("America/Vancouver").segment(at: utc("2026-12-01T00:00:00Z"))
        #expect(try segment.start == utc("2026-03-08T10:00:00Z"))
        #expect(segment.end == .distantFuture)
    }

    /// Zone, date, earliest instant asked for, and the answer.
    @Test(
        arguments: [
            ("Europe/Berlin", "2026-06-01", nil, "2026-05-31T22:00:00Z"),
            ("Europe/Berlin", "2026-06-01", "2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"),
            ("Europe/Berlin", "2026-06-01", "2026-05-20T10:00:00Z", "2026-05-31T22:00:00Z"),
            // Midnight is skipped: the date opens at 01:00, when the gap ends.
            ("Africa/Cairo", "2026-04-24", nil, "2026-04-23T22:00:00Z"),
            ("Asia/Beirut", "2026-03-29", nil, "2026-03-28T22:00:00Z"),
            ("America/Santiago", "2026-09-06", nil, "2026-09-06T04:00:00Z"),
            ("America/Havana", "2026-03-08", nil, "2026-03-08T05:00:00Z"),
            // The hour before midnight comes twice: nothing of the new date was shown before.
            ("Africa/Cairo", "2026-10-30", nil, "2026-10-29T22:00:00Z"),
            ("Asia/Beirut", "2026-10-25", nil, "2026-10-24T22:00:00Z"),
            ("America/Santiago", "2026-04-05", nil, "2026-04-05T04:00:00Z"),
            // 00:01 falls back to 23:01: the date opens, closes for 59 minutes, and opens again.
            ("America/St_Johns", "2006-10-29", nil, "2006-10-29T02:30:00Z"),
            ("America/St_Johns", "2006-10-29", "2006-10-29T02:30:59.999Z", "2006-10-29T02:30:59.999Z"),
            ("America/St_Johns", "2006-10-29", "2006-10-29T02:31:00Z", "2006-10-29T03:30:00Z"),
            // A whole date is skipped.
            ("Pacific/Apia", "2011-12-30", nil, "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-31", nil, "2011-12-30T10:00:00Z"),
            ("Pacific/Kiritimati", "1995-01-01", nil, "1994-12-31T10:00:00Z"),
            ("Pacific/Chatham", "2026-12-25", nil, "2026-12-24T10:15:00Z"),
            ("Asia/Kathmandu", "1986-01-01", nil, "1985-12-31T18:30:00Z"),
            ("Europe/Berlin", "2150-07-01", nil, "2150-06-30T22:00:00Z"),
        ] as [(String, String, String?, String)])
    func datesOpen(zone: String, date: String, after: String?, opens: String) throws {
        let table = try TestZones.table(zone)
        let found = table.firstInstant(notBefore: try LocalDate(parsing: date), after: try after.map(utc))
        #expect(try found == utc(opens), "\(found)")
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-05-31T21:59:59.999Z", "2026-05-31T22:00:00Z"),
        ("Europe/Berlin", "2026-05-31T22:00:00Z", "2026-06-01T22:00:00Z"),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z"),
        ("Africa/Cairo", "2026-10-29T12:00:00Z", "2026-10-29T22:00:00Z"),
        ("America/St_Johns", "2006-10-29T02:00:00Z", "2006-10-29T02:30:00Z"),
        ("America/St_Johns", "2006-10-29T02:30:00Z", "2006-10-29T02:31:00Z"),
        ("America/St_Johns", "2006-10-29T02:31:00Z", "2006-10-29T03:30:00Z"),
        ("Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-30T10:00:00Z"),
    ])
    func datesChange(zone: String, after: String, change: String) throws {
        let found = try TestZones.table(zone).nextDateChange(after: utc(after))
        #expect(try found == utc(change), "\(found)")
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T03:01", "2026-03-29T01:01:00Z"),
        ("Europe/Berlin", "2026-10-25T02:00", "2026-10-25T00:00:00Z"),
        ("Europe/Berlin", "2026-10-25T02:59:59", "2026-10-25T00:59:59Z"),
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00Z"),
        ("Europe/Berlin", "2026-10-24T24:00", "2026-10-24T22:00:00Z"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"),
        ("Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00Z"),
        ("Pacific/Chatham", "2100-09-26T03:00", "2100-09-25T14:00:00Z"),
    ])
    func wallClockTimes(zone: String, local: String, at: String) throws {
        let local = try wallClock(local)
        let found = try TestZones.table(zone).instant(of: local.date, millisecondOfDay: local.millisecondOfDay)
        #expect(try found == utc(at), "\(found)")
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-28T01:30:00Z", "P1D", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-28T01:30:00Z", "PT24H", "2026-03-29T01:30:00Z"),
        ("Europe/Berlin", "2026-03-28T11:00:00Z", "P1D", "2026-03-29T10:00:00Z"),
        ("Europe/Berlin", "2026-10-24T11:00:00Z", "P1D", "2026-10-25T12:00:00Z"),
        ("Europe/Berlin", "2026-10-24T11:00:00Z", "P1DT1H", "2026-10-25T13:00:00Z"),
        ("Europe/Berlin", "2026-01-31T11:00:00Z", "P1M", "2026-02-28T11:00:00Z"),
        ("Europe/Berlin", "2024-02-29T11:00:00Z", "P1Y", "2025-02-28T11:00:00Z"),
        ("Europe/Berlin", "2025-08-31T10:00:00Z", "P18M", "2027-02-28T11:00:00Z"),
        ("Europe/Berlin", "2026-01-31T23:30:00Z", "P1M", "2026-02-28T23:30:00Z"),
        // 00:30 on 1 February there, though still January in UTC.
        ("Europe/Berlin", "2026-01-31T23:30:00Z", "P1M1D", "2026-03-01T23:30:00Z"),
        // An empty step stays where it is, also in the hour that comes the second time.
        ("Europe/Berlin", "2026-10-25T01:30:00Z", "P0D", "2026-10-25T01:30:00Z"),
        ("Europe/Berlin", "2026-10-25T01:30:00Z", "PT1S", "2026-10-25T01:30:01Z"),
        ("Pacific/Apia", "2011-12-29T12:00:00Z", "P1D", "2011-12-30T10:00:00Z"),
        ("America/New_York", "2026-10-01T05:30:00Z", "P1M", "2026-11-01T05:30:00Z"),
        ("UTC", "2026-01-31T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"),
    ])
    func steps(zone: String, from: String, step: String, to: String) throws {
        let table = try TestZones.table(zone)
        let found = table.adding(try ISODuration(parsing: step), to: try utc(from))
        #expect(try found == utc(to), "\(found)")
    }

    @Test func stepsBack() throws {
        let table = try TestZones.table("Europe/Berlin")
        let found = table.adding(try ISODuration(parsing: "P18M").negated, to: try utc("2026-11-22T16:02:11Z"))
        #expect(try found == utc("2025-05-22T15:02:11Z"))
    }

    @Test(arguments: [
        (0, "UTC"), (-21_600, "UTC-06:00"), (19_800, "UTC+05:30"), (45_900, "UTC+12:45"), (-50_400, "UTC-14:00"),
        (1, "UTC+00:00:01"),
    ])
    func fixedOffsets(seconds: Int, name: String) {
        let table = ZoneTable(fixedOffsetSeconds: seconds)
        #expect(table.name == name)
        #expect(table.segmentCount == 1)
        for milliseconds in [
            Timestamp.distantPast.milliseconds, -1, 0, 1_800_000_000_000, Timestamp.distantFuture.milliseconds,
        ] {
            #expect(table.offset(at: Timestamp(milliseconds: milliseconds)) == seconds)
        }
    }

    @Test func farInstantsNeverCrash() throws {
        for name in ["Europe/Berlin", "UTC", "Pacific/Apia"] {
            let table = try TestZones.table(name)
            for instant in [Timestamp.distantPast, .distantFuture] {
                _ = (table.local(at: instant), table.date(at: instant), table.nextDateChange(after: instant))
                _ = table.firstInstant(notBefore: LocalDate(days: 0), after: instant)
            }
            for days in [Int32.min, Int32.max] {
                _ = table.firstInstant(notBefore: LocalDate(days: days))
                _ = table.instant(of: LocalDate(days: days), millisecondOfDay: 86_400_000)
            }
        }
    }
}
