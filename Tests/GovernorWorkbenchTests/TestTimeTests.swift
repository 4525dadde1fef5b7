import GovernorCore
import Testing

@testable import GovernorWorkbench

/// Instants as test files write them.
@Suite struct TestTimeTests {
    static let rows: [(text: String, instant: String?)] = [
        ("2026-11-18T16:02:11.250Z", "2026-11-18T16:02:11.250Z"),
        ("2026-11-18T16:02:11+01:00", "2026-11-18T15:02:11.000Z"),
        ("2026-11-18T16:02Z", "2026-11-18T16:02:00.000Z"),
        ("2026-11-18T16:02-05:00", "2026-11-18T21:02:00.000Z"),
        ("2026-11-18 16:02", "2026-11-18T21:02:00.000Z"),
        ("2026-11-18T16:02:11.250", "2026-11-18T21:02:11.250Z"),
        ("2026-07-01", "2026-07-01T04:00:00.000Z"),
        // The hour that is missing, and the hour that comes twice.
        ("2026-03-08 02:30", nil),
        ("2026-03-08 03:00", "2026-03-08T07:00:00.000Z"),
        ("2026-11-01 01:30", nil),
        ("2026-11-01 00:59:59.999", "2026-11-01T04:59:59.999Z"),
        ("2026-11-01 02:00", "2026-11-01T07:00:00.000Z"),
        ("2026-11-01 01:30-04:00", "2026-11-01T05:30:00.000Z"),
        ("2026-13-01", nil), ("yesterday", nil), ("2026-11-18 16", nil), ("", nil),
    ]

    @Test(arguments: rows)
    func read(row: (text: String, instant: String?)) throws {
        let table = try #require(try World.zones[ZoneKey(name: "America/New_York")])
        let zone = ScenarioZone(name: "America/New_York", table: table)
        let found = try? TestTime.read(row.text, in: zone)
        #expect(found?.description == row.instant)
        if let found { #expect(try TestTime.read(TestTime.withOffset(found, zone), in: .utc) == found) }
    }
}
