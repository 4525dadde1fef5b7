import Foundation
import GovernorCore
import GovernorTesting
import Testing

@Suite struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"),
        ("2026-11-22T16:02:11.25Z", 1_795_363_331_250, "2026-11-22T16:02:11.250Z"),
        ("2026-11-22t16:02:11.250z", 1_795_363_331_250, "2026-11-22T16:02:11.250Z"),
        ("2026-11-22T11:02:11.250-05:00", 1_795_363_331_250, "2026-11-22T16:02:11.250Z"),
        ("2026-11-23T04:47:11.250+12:45", 1_795_363_331_250, "2026-11-22T16:02:11.250Z"),
        ("2026-11-22T16:02:11.250999999-00:00", 1_795_363_331_250, "2026-11-22T16:02:11.250Z"),
        ("2026-11-22T16:02:11.0009Z", 1_795_363_331_000, "2026-11-22T16:02:11.000Z"),
        ("1969-12-31T23:30:00-01:00", 1_800_000, "1970-01-01T00:30:00.000Z"),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        ("2200-12-31T23:59:59.999999999Z", 7_289_654_399_999, "2200-12-31T23:59:59.999Z"),
        ("2201-01-01T00:59:59+01:00", 7_289_654_399_000, "2200-12-31T23:59:59.000Z"),
    ])
    func read(text: String, milliseconds: Int64, printed: String) throws {
        let instant = try Timestamp(parsing: text)
        #expect(instant.milliseconds == milliseconds)
        #expect(instant.description == printed)
        #expect(try Timestamp(parsing: printed) == instant)
    }

    @Test(arguments: [
        ("", TimeFormatError.malformed(at: 0)), ("2026-11-22", .malformed(at: 10)),
        ("2026-11-22T", .malformed(at: 11)), ("2026-11-22T16:02", .malformed(at: 16)),
        ("2026-11-22x16:02", .malformed(at: 10)), ("2026-11-22 16:02:11Z", .malformed(at: 10)),
        ("2026-11-22T16:02:11", .offsetMissing), ("2026-11-22T16:02:11.250", .offsetMissing),
        ("2026-11-22T16:02:11.Z", .malformed(at: 20)), ("2026-11-22T16:02:11.", .malformed(at: 20)),
        ("2026-11-22T16:02:11,5Z", .malformed(at: 19)), ("2026-11-22T16:02:11.0123456789Z", .malformed(at: 29)),
        ("2026-11-22T16:02:60Z", .leapSecond), ("2016-12-31T23:59:60Z", .leapSecond),
        ("2026-11-22T16:02:61Z", .noSuchValue(at: 17)), ("2026-11-22T24:00:00Z", .noSuchValue(at: 11)),
        ("2026-11-22T16:60:00Z", .noSuchValue(at: 14)), ("2026-02-29T16:00:00Z", .noSuchValue(at: 8)),
        ("2026-11-22T16:02:11+0500", .malformed(at: 24)), ("2026-11-22T16:02:11+05", .malformed(at: 22)),
        ("2026-11-22T16:02:11+24:00", .noSuchValue(at: 20)), ("2026-11-22T16:02:11+05:60", .noSuchValue(at: 23)),
        ("2026-11-22T16:02:11+05x00", .malformed(at: 22)), ("2026-11-22T16:02:11Z ", .malformed(at: 20)),
        (" 2026-11-22T16:02:11Z", .malformed(at: 0)), ("2026-11-22T16:02:11+05:00Z", .malformed(at: 25)),
        ("2026-11-22T-1:02:11Z", .malformed(at: 11)), ("2026-W47-7T16:02:11Z", .malformed(at: 5)),
        ("1969-12-31T23:59:59.999Z", .outOfRange), ("1970-01-01T00:00:00+00:01", .outOfRange),
        ("2201-01-01T00:00:00Z", .outOfRange), ("9999-12-31T23:59:59Z", .outOfRange),
    ])
    func refused(text: String, error: TimeFormatError) {
        #expect(throws: error) { try Timestamp(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test func farInstantsArePrintedAsTheNearest() {
        #expect(Timestamp.distantPast.description == "0000-01-01T00:00:00.000Z")
        #expect(Timestamp.distantFuture.description == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp.firstAccepted.milliseconds == 0)
        #expect(Timestamp.lastAccepted.description == "2200-12-31T23:59:59.999Z")
    }

    @Test func randomInstantsComeBack() throws {
        var random = SeededGenerator.announced(#function)
        for _ in 0..<20_000 {
            let instant = Timestamp(milliseconds: .random(in: 0...7_289_654_399_999, using: &random))
            #expect(try Timestamp(parsing: instant.description) == instant)
        }
    }

    @Test func foundationReadsTheSame() throws {
        var random = SeededGenerator.announced(#function)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for _ in 0..<2_000 {
            let instant = Timestamp(milliseconds: .random(in: 0...7_289_654_399_999, using: &random))
            let date = Date(timeIntervalSince1970: Double(instant.milliseconds / 1_000))
            let text = date.formatted(style)
            #expect(try Timestamp(parsing: text).milliseconds == instant.milliseconds / 1_000 * 1_000)
            #expect(
                try style.parse(instant.description).timeIntervalSince1970.rounded(.down) == date.timeIntervalSince1970)
        }
    }

    @Test func damagedTextsNeverCrash() {
        var random = SeededGenerator.announced(#function)
        let seeds = ["2026-11-22T16:02:11.250Z", "2026-11-22T16:02:11+05:30", "P1Y2M3W4DT5H6M7.089S", "2026-11-22"]
        for round in 0..<40_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0...Int.random(in: 0...3, using: &random) {
                switch Int.random(in: 0...3, using: &random) {
                case 0 where !bytes.isEmpty: bytes.remove(at: .random(in: 0..<bytes.count, using: &random))
                case 1:
                    bytes.insert(.random(in: 0...255, using: &random), at: .random(in: 0...bytes.count, using: &random))
                case 2 where !bytes.isEmpty:
                    bytes[.random(in: 0..<bytes.count, using: &random)] =
                        UInt8(ascii: "0") &+ .random(in: 0...9, using: &random)
                default: bytes = Array(bytes.prefix(.random(in: 0...bytes.count, using: &random)))
                }
            }
            bytes.withUnsafeBytes { raw in
                if let instant = try? Timestamp(parsing: raw) { #expect(instant >= .firstAccepted) }
                if let date = try? LocalDate(parsing: raw) { #expect(Array(date.description.utf8) == Array(raw)) }
                if let duration = try? ISODuration(parsing: raw) {
                    #expect((try? ISODuration(parsing: duration.description)) == duration)
                }
            }
        }
    }
}
