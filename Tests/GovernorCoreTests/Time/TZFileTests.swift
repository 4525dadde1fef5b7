import GovernorCore
import GovernorTesting
import Testing

@Suite struct TZFileTests {
    static func table(_ footer: String, offset: Int32 = 0) throws -> ZoneTable {
        var file = TZFileBuilder()
        file.offsets = [offset]
        file.footer = footer
        return try ZoneTable(name: "Test/Zone", tzfile: file.bytes)
    }

    /// Rule, offset of standard time, and a change by it: the instant and the offset from then on.
    @Test(arguments: [
        ("PST8PDT,M3.2.0,M11.1.0", -28_800, "2050-03-13T10:00:00Z", -25_200),
        ("PST8PDT,M3.2.0,M11.1.0", -28_800, "2050-11-06T09:00:00Z", -28_800),
        ("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", 45_900, "2100-09-25T14:00:00Z", 49_500),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37_800, "2050-10-01T15:30:00Z", 39_600),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", 3_600, "2050-03-27T01:00:00Z", 3_600),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", 3_600, "2050-10-30T01:00:00Z", 0),
        // The day before, and two days after, the day named.
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7_200, "2050-03-27T01:00:00Z", -3_600),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", 7_200, "2050-03-26T00:00:00Z", 10_800),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", 7_200, "2050-10-28T23:00:00Z", 7_200),
        ("AAA3BBB,M3.2.0/-167,M11.1.0/167:59:59", -10_800, "2050-03-06T04:00:00Z", -7_200),
        ("AAA3BBB,M3.2.0/-167,M11.1.0/167:59:59", -10_800, "2050-11-13T01:59:59Z", -10_800),
        // 1 March is J60 in every year; ordinal 59 is 29 February where there is one.
        ("AAA0BBB,J60/0,J300/0", 0, "2050-03-01T00:00:00Z", 3_600),
        ("AAA0BBB,J60/0,J300/0", 0, "2052-03-01T00:00:00Z", 3_600),
        ("AAA0BBB,59/0,J300/0", 0, "2050-03-01T00:00:00Z", 3_600),
        ("AAA0BBB,59/0,J300/0", 0, "2052-02-29T00:00:00Z", 3_600),
        ("AAA0BBB,J59/0,J300/0", 0, "2052-02-28T00:00:00Z", 3_600),
        ("AAA-9:30BBB,J59/26,J100/0", 34_200, "2028-02-28T16:30:00Z", 37_800),
        ("AAA0BBB,0/0,100/0", 0, "2050-01-01T00:00:00Z", 3_600),
        ("AAA1:02:03BBB-4:05:06,J1/0,J100/0", -3_723, "2050-01-01T01:02:03Z", 14_706),
        // Ordinal 365 is 31 December of a leap year and 1 January after any other.
        ("AAA0BBB,100/0,365/1", 0, "2052-12-31T00:00:00Z", 0), ("AAA0BBB,100/0,365/1", 0, "2050-01-01T00:00:00Z", 0),
    ])
    func rules(footer: String, standard: Int32, at: String, offset: Int) throws {
        let table = try Self.table(footer, offset: standard)
        let at = try utc(at)
        #expect(table.offset(at: at) == offset)
        #expect(table.segment(at: at).start == at, "\(table.segment(at: at).start)")
    }

    @Test func daylightSavingAllTheYear() throws {
        let table = try Self.table("XXX3EDT4,0/0,J365/23", offset: -14_400)
        #expect(table.segment(at: try utc("2050-06-01T00:00:00Z")).end == .distantFuture)
        #expect(table.offset(at: try utc("2050-12-31T23:59:59Z")) == -14_400)
        #expect(table.offset(at: try utc("2051-01-01T03:30:00Z")) == -14_400)
    }

    @Test(arguments: [
        "A0", "AB0", "ABC", "ABC25", "ABC0:60", "ABC0:00:60", "<AB>0", "<ABC0", "ABC0DEF", "ABC0DEF,M3.2.0",
        "ABC0DEF,M3.2.0,",
        "ABC0DEF,M13.1.0,M11.1.0", "ABC0DEF,M0.1.0,M11.1.0", "ABC0DEF,M3.6.0,M11.1.0", "ABC0DEF,M3.0.0,M11.1.0",
        "ABC0DEF,M3.1.7,M11.1.0", "ABC0DEF,J0,J100", "ABC0DEF,J366,J100", "ABC0DEF,366,100",
        "ABC0DEF,M3.2.0/168,M11.1.0",
        "ABC0DEF,M3.2.0,M11.1.0 ", "ABC0DEF,M3.2.0/,M11.1.0", "ABC--1", "ABC0DEF,M3.2,M11.1.0", "ÄBC0", " ", "ABC0000",
    ])
    func refusedRules(footer: String) {
        #expect(throws: ZoneError(zone: "Test/Zone", problem: .malformedRule(footer))) { try Self.table(footer) }
    }

    @Test func withoutARuleTheLastOffsetStays() throws {
        var file = TZFileBuilder()
        file.transitions = [(1_000_000_000, 1)]
        file.offsets = [0, 3_600]
        file.footer = ""
        let table = try ZoneTable(name: "Test/Zone", tzfile: file.bytes)
        #expect(table.offset(at: Timestamp(milliseconds: 999_999_999_999)) == 0)
        #expect(table.offset(at: Timestamp(milliseconds: 1_000_000_000_000)) == 3_600)
        #expect(table.segment(at: Timestamp(milliseconds: 1_000_000_000_000)).end == .distantFuture)
    }

    /// As for America/Ojinaga in the slim format: two changes cancel each other in the last listed autumn.
    @Test func theRuleMayDisagreeUntilItsNextChange() throws {
        var file = TZFileBuilder()
        file.transitions = [(1_667_116_800, 1)]
        file.offsets = [-25_200, -21_600]
        file.footer = "CST6CDT,M3.2.0,M11.1.0"
        let table = try ZoneTable(name: "Test/Zone", tzfile: file.bytes)
        let segment = table.segment(at: try utc("2022-11-01T00:00:00Z"))
        #expect(segment.offsetMilliseconds == -21_600_000)
        #expect(try segment.end == utc("2023-03-12T08:00:00Z"))
    }

    @Test func changesThatChangeNothingAreDropped() throws {
        var file = TZFileBuilder()
        file.transitions = [(-(1 << 59), 0), (1_000, 1), (2_000, 2), (3_000, 1), (4_000, 0), (1 << 60, 1)]
        file.offsets = [0, 3_600, 3_600]
        file.footer = ""
        let table = try ZoneTable(name: "Test/Zone", tzfile: file.bytes)
        #expect(table.segmentCount == 3)
        #expect(
            table.segment(at: Timestamp(milliseconds: 2_000_000))
                == ZoneSegment(
                    start: Timestamp(milliseconds: 1_000_000), end: Timestamp(milliseconds: 4_000_000),
                    offsetMilliseconds: 3_600_000))
    }

    static let damages: [(String, @Sendable (inout TZFileBuilder) -> Void, ZoneError.Problem)] = [
        ("version 1", { $0.version = "\0" }, .versionTooOld),
        ("leap seconds", { $0.leapSeconds = 2 }, .leapSeconds),
        ("offset of 26 h", { $0.offsets = [93_600] }, .malformed("an offset of 93600 s")),
        ("offset of -25 h", { $0.offsets = [-90_000] }, .malformed("an offset of -90000 s")),
        ("no types", { $0.offsets = [] }, .malformed("number of types")),
        ("unknown type", { $0.transitions = [(0, 1)] }, .malformed("a transition's type")),
        ("out of order", { $0.transitions = [(5, 0), (5, 0)] }, .malformed("transitions out of order")),
        ("two footers", { $0.footer = "UTC0\nUTC0" }, .malformed("bytes after the footer")),
        (
            "another rule",
            {
                $0.transitions = [(5, 0)]
                $0.footer = "ABC5"
            }, .malformed("its rule contradicts its last transition")
        ),
    ]

    @Test(arguments: damages.indices) func refusedFiles(row: Int) {
        var file = TZFileBuilder()
        Self.damages[row].1(&file)
        #expect(throws: ZoneError(zone: "Test/Zone", problem: Self.damages[row].2), "\(Self.damages[row].0)") {
            try ZoneTable(name: "Test/Zone", tzfile: file.bytes)
        }
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try #require(TestZones.files.first { $0.name == "Europe/Berlin" }).tzfile
        for length in 0..<bytes.count {
            #expect(throws: ZoneError.self) { try ZoneTable(name: "Test/Zone", tzfile: Array(bytes[..<length])) }
        }
    }

    @Test func damagedFilesNeverCrash() throws {
        var random = SeededGenerator.announced(#function)
        for _ in 0..<4_000 {
            var bytes = try #require(TestZones.files.randomElement(using: &random)).tzfile
            for _ in 0...Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                let place =
                    Bool.random(using: &random)
                    ? Int.random(in: 0..<bytes.count, using: &random)
                    : max(0, bytes.count - .random(in: 1...100, using: &random))
                switch Int.random(in: 0...5, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 1: bytes[place] = .random(in: 0...255, using: &random)
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(.random(in: 0x20...0x7f, using: &random), at: place)
                case 4: bytes[place] = 0xff
                default: bytes = Array(bytes.prefix(place + 1))
                }
            }
            guard let table = try? ZoneTable(name: "Test/Zone", tzfile: bytes) else { continue }
            let at = Timestamp(milliseconds: .random(in: 0...7_289_654_399_999, using: &random))
            #expect(table.segment(at: at).contains(at))
            #expect(table.instant(of: table.local(at: at)) <= at)
            #expect(table.nextDateChange(after: at) > at)
        }
    }
}
