import GovernorCore
import GovernorIdentity
import Testing

@testable import GovernorRegistry

/// Lists as their keepers lay them out.
@Suite struct RegistryReaderTests {
    private func read(
        _ text: String, country: String? = nil, column: String? = nil, dateColumn: String? = nil, pieces: Int = .max
    ) throws -> (numbers: [String], refused: [Int]) {
        let bytes = Array(text.utf8)
        let rows = bytes.split(separator: UInt8(ascii: "\n")).prefix(20).map(Array.init)
        let layout = try #require(RegistryLayout.guess(from: rows, column: column, dateColumn: dateColumn))
        let place = try country.map { try #require(Jurisdiction($0)) } ?? .unknown
        var reader = RegistryReader(layout: layout, country: place)
        var numbers: [String] = []
        var refused: [Int] = []
        let take = { (digits: UInt64, day: UInt16) in numbers.append(day == 0 ? "\(digits)" : "\(digits)@\(day)") }
        let refuse = { (line: Int, _: String, _: String) in refused.append(line) }
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, pieces == .max ? bytes.count : start + pieces)
            bytes[start..<end].withUnsafeBytes { reader.read($0, take: take, refuse: refuse) }
            start = end
        }
        reader.endFile(take: take, refuse: refuse)
        #expect(reader.refusedCount == refused.count && reader.rowCount == refused.count + numbers.count)
        return (numbers, refused)
    }

    @Test(
        arguments: [
            ("212,5550100\n212,5550101\n", "US", ["12125550100", "12125550101"]),
            ("2125550100\r\n2125550101", "US", ["12125550100", "12125550101"]),
            ("+12125550100\n+442079460018\n", nil, ["12125550100", "442079460018"]),
            ("02079460018\n020 7946 0019\n(020) 7946 0020\n", "GB", ["442079460018", "442079460019", "442079460020"]),
            (
                "phone,listed\n\"+1 212 555 0100\",2020-05-01\n+12125550101,\n", nil,
                ["12125550100@18383", "12125550101"]
            ),
            ("id;Telephone\n1;0612345678\n2;0612345679\n", "FR", ["33612345678", "33612345679"]),
            ("2020-05-01|+12125550100\n2020-05-02|+12125550101", nil, ["12125550100@18383", "12125550101@18384"]),
            ("+12125550100\n\n   \n+12125550101\n", nil, ["12125550100", "12125550101"]),
            ("", nil, []),
        ] as [(String, String?, [String])])
    func layouts(text: String, country: String?, expected: [String]) throws {
        let whole = try read(text, country: country)
        #expect(whole.numbers == expected && whole.refused.isEmpty)
        // The same in pieces of every small size.
        for size in 1...7 { #expect(try read(text, country: country, pieces: size) == whole) }
    }

    @Test func whatIsNoNumberIsRefusedByLine() throws {
        let text = "+12125550100\nhello\n2125550100\n+1\n+12125550101"
        #expect(try read(text) == (["12125550100", "12125550101"], [2, 3, 4]))
        let long = String(repeating: "1", count: 20_000)
        #expect(try read("+12125550100\n\(long)\n+12125550101", pieces: 1_000).refused == [2])
        #expect(try read("phone,listed\n+12125550100,yesterday\n").refused == [2])
    }

    @Test func columnsAreNamedOrCounted() throws {
        let text = "a,b\n+12125550100,+12125550199\n"
        #expect(try read(text, column: "b").numbers == ["12125550199"])
        #expect(try read(text, column: "1").numbers == ["12125550100"])
        #expect(RegistryLayout.guess(from: [Array("a,b".utf8)], column: "c") == nil)
        #expect(RegistryLayout.guess(from: [Array("a,b".utf8)], column: "3") == nil)
        #expect(RegistryLayout.guess(from: [Array("one,two".utf8), Array("x,y".utf8)]) == nil)
    }

    /// The short way for ten digits says what libphonenumber says.
    @Test func northAmericaIsReadAsTheLibraryReadsIt() throws {
        for area in stride(from: 200, through: 999, by: 7) {
            let text = "\(area)5550100"
            let expected = (try? PhoneNumber(text, country: try #require(Jurisdiction("US"))))?.digits
            #expect(try read(text, country: "US").numbers == expected.map { ["\($0)"] } ?? [])
        }
    }
}
