import Foundation
import GovernorCore
import GovernorIdentity
import Testing

/// Numbers of more than fifty countries in the spellings of PyPI's `phonenumbers`, each read as it reads them.
@Suite struct SpellingTableTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Spellings")

    @Test func everySpellingIsItsNumber() throws {
        let table = try String(contentsOf: Self.folder.appending(path: "spellings.tsv"), encoding: .utf8)
        var countries: Set<String> = []
        var count = 0
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 3, "\(line)")
            count += 1
            countries.insert(fields[0])
            let country = Jurisdiction(fields[0]) ?? .unknown
            let number = Result { try PhoneNumber(fields[1], country: country) }
            #expect((try? number.get())?.e164 == fields[2], "`\(fields[1])` in `\(fields[0])`: \(number)")
        }
        #expect(count > 1_200 && countries.count > 30)
    }

    /// The table is what the script makes of the library's newest data, where that is installed.
    @Test(.enabled(if: python != nil, "Python's phonenumbers is not installed"))
    func theTableIsUpToDate() throws {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        process.arguments = [Self.folder.appending(path: "make-spellings.py").path, "--check"]
        process.environment = ["PYTHONDONTWRITEBYTECODE": "1"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// A Python with the version of `phonenumbers` that the table was made by.
    private static let python: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let candidates =
            [root.appending(path: ".venv-spellings/bin/python").path]
            + path.split(separator: ":").map { "\($0)/python3" }
        return candidates.first { candidate in
            guard FileManager.default.isExecutableFile(atPath: candidate) else { return false }
            let process = Process()
            process.executableURL = URL(filePath: candidate)
            process.arguments = ["-c", "import phonenumbers, sys; sys.exit(phonenumbers.__version__ != '9.0.43')"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()

    @Test(arguments: [
        ("324", "32401", ["US-FL"], ["America/Chicago", "America/New_York"]),
        ("New York", "10001-1234", ["US-NY"], ["America/New_York"]),
        ("El Paso", "799011234", ["US-TX"], ["America/Chicago", "America/Denver"]),
        ("Navajo Nation", "86033", ["US-AZ"], ["America/Denver", "America/Phoenix"]),
    ])
    func postalCodes(what: String, code: String, states: [String], zones: [String]) throws {
        let place = try #require(PostalCodes.shared.place(code), "\(what)")
        #expect(place.jurisdictions == states.compactMap { Jurisdiction($0) }, "\(what)")
        #expect(Set(place.zones) == Set(zones.map { ZoneKey(name: $0) }), "\(what)")
    }

    @Test(arguments: ["", "1000", "100011", "SW1A 1AA", "10001-123", "1000-11234", "00000", "09001"])
    func notOne(code: String) { #expect(PostalCodes.shared.place(code) == nil) }

    @Test func aPostalCodeNarrowsAndNeverHidesAContradiction() throws {
        func address(_ place: String, _ code: String?) throws -> AddressPlace? {
            var code = code
            guard code != nil else { return Places.shared.address(try #require(Jurisdiction(place)), postalCode: nil) }
            return try code?.withUTF8 {
                Places.shared.address(try #require(Jurisdiction(place)), postalCode: UnsafeRawBufferPointer($0))
            }
        }
        let east = ZoneKey(name: "America/New_York")
        let central = ZoneKey(name: "America/Chicago")
        // The peninsula of a split state.
        #expect(try address("US-FL", nil)?.zones.count == 2)
        #expect(try address("US-FL", "33101")?.zones == [east])
        #expect(try address("US", "60601")?.jurisdictions.map(\.description) == ["US-IL"])
        // A code of another state: either may be right.
        let both = try #require(try address("US-NY", "60601"))
        #expect(Set(both.zones) == [east, central])
        #expect(Set(both.jurisdictions.map(\.description)) == ["US-NY", "US-IL"])
        // Elsewhere, and where the digits tell nothing, the address holds as it is.
        #expect(try address("FR", "75001") == address("FR", nil))
        #expect(try address("US-NY", "00000") == address("US-NY", nil))
    }
}
