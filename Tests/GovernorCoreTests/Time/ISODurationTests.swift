import GovernorCore
import Testing

@Suite struct ISODurationTests {
    @Test(arguments: [
        ("P7D", ISODuration(days: 7), "P7D"), ("P1W", ISODuration(days: 7), "P7D"),
        ("P1W1D", ISODuration(days: 8), "P8D"), ("PT24H", ISODuration(milliseconds: 86_400_000), "PT24H"),
        ("PT2M", ISODuration(milliseconds: 120_000), "PT2M"), ("P18M", ISODuration(months: 18), "P18M"),
        ("P1Y6M", ISODuration(years: 1, months: 6), "P1Y6M"), ("PT0S", ISODuration(), "PT0S"),
        ("P0D", ISODuration(), "PT0S"), ("PT90M", ISODuration(milliseconds: 5_400_000), "PT1H30M"),
        ("P1M7DT2H", ISODuration(months: 1, days: 7, milliseconds: 7_200_000), "P1M7DT2H"),
        ("PT0.250S", ISODuration(milliseconds: 250), "PT0.25S"),
        ("PT1.001S", ISODuration(milliseconds: 1_001), "PT1.001S"),
        ("P001D", ISODuration(days: 1), "P1D"), ("P1000Y", ISODuration(years: 1_000), "P1000Y"),
        ("PT1M1S", ISODuration(milliseconds: 61_000), "PT1M1S"),
    ])
    func read(text: String, value: ISODuration, printed: String) throws {
        let duration = try ISODuration(parsing: text)
        #expect(duration == value)
        #expect(duration.description == printed)
        #expect(try ISODuration(parsing: printed) == value)
    }

    @Test(arguments: [
        ("", TimeFormatError.malformed(at: 0)), ("P", .malformed(at: 1)), ("PT", .malformed(at: 2)),
        ("P1DT", .malformed(at: 4)), ("7D", .malformed(at: 0)), ("p7d", .malformed(at: 0)), ("P7d", .malformed(at: 2)),
        ("-P7D", .malformed(at: 0)), ("P-7D", .malformed(at: 1)), ("P7", .malformed(at: 2)), ("PD", .malformed(at: 1)),
        ("P7D ", .malformed(at: 3)), ("P1D1M", .malformed(at: 4)), ("P1D1D", .malformed(at: 4)),
        ("PT1S1M", .malformed(at: 5)), ("P1H", .malformed(at: 2)), ("PT1D", .malformed(at: 3)),
        ("PT1HT1M", .malformed(at: 4)), ("P1.5D", .malformed(at: 2)), ("PT1.5H", .malformed(at: 5)),
        ("PT1.S", .malformed(at: 4)), ("PT.5S", .malformed(at: 2)), ("PT0.0001S", .malformed(at: 7)),
        ("PT1,5S", .malformed(at: 3)), ("P1001Y", .outOfRange), ("P12001M", .outOfRange), ("P366001D", .outOfRange),
        ("P52286W", .outOfRange), ("P52285W6D", .outOfRange), ("PT8784001H", .outOfRange),
        ("PT99999999999999999999S", .outOfRange), ("PT8784000H1S", .outOfRange),
    ])
    func refused(text: String, error: TimeFormatError) {
        #expect(throws: error) { try ISODuration(parsing: text) }
    }

    @Test(arguments: [
        ("P7D", 604_800_000 as Int64?), ("P1DT1S", 86_401_000), ("PT0S", 0), ("P1M", nil), ("P1Y", nil), ("P1M1D", nil),
    ])
    func elapsed(text: String, milliseconds: Int64?) throws {
        let duration = try ISODuration(parsing: text)
        #expect(duration.elapsed?.count == milliseconds)
        #expect(duration.isElapsedOnly == (milliseconds != nil))
    }
}
