import Foundation
import GovernorCore
import GovernorTesting
import Testing

/// The same questions to Python's zoneinfo over the same files.
@Suite struct ZoneinfoOracleTests {
    static let python: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/python3" }.first(where: FileManager.default.isExecutableFile)
    }()

    /// Random instants from 1902 to 2199, a third of them within an hour of a change of the clock.
    static func instants(of table: ZoneTable, count: Int, using random: inout SeededGenerator) -> [Timestamp] {
        (0..<count).map { index in
            let any = Timestamp(milliseconds: .random(in: -2_145_916_800_000...7_258_118_400_000, using: &random))
            let end = table.segment(at: any).end
            guard index % 3 == 0, end < Timestamp(milliseconds: 7_258_118_400_000) else { return any }
            return end
                + Milliseconds([-3_600_000, -1_000, -1, 0, 1, 1_000, 3_600_000].randomElement(using: &random) ?? 0)
        }
    }

    static func ask(_ queries: String, python: String) throws -> [Substring] {
        let file = FileManager.default.temporaryDirectory.appending(path: "zoneinfo-\(UUID().uuidString).txt")
        try queries.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "zoneinfo_oracle.py")
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [script.path, file.path]
        process.environment = ["PYTHONTZPATH": TestZones.directory, "PYTHONDONTWRITEBYTECODE": "1"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "the oracle failed")
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    static func answer(_ table: ZoneTable, at instant: Timestamp) -> String {
        let local = table.local(at: instant)
        let (year, month, day) = local.date.components
        let fields = [
            table.offset(at: instant), year, month, day, local.hour, local.minute, local.second, local.millisecond,
        ]
        return fields.map(String.init).joined(separator: " ")
    }

    static func compare(_ tables: [(query: String, table: ZoneTable)], perTable: Int) throws {
        guard let python else {
            try #require(ProcessInfo.processInfo.environment["CI"] == nil, "python3 is missing")
            print("skipped: python3 is missing")
            return
        }
        var random = SeededGenerator.announced(#function)
        var queries = ""
        var expected: [(zone: String, at: Timestamp, answer: String)] = []
        for (query, table) in tables {
            queries += query + "\n"
            for instant in instants(of: table, count: perTable, using: &random) {
                queries += "\(instant.milliseconds)\n"
                expected.append((table.name, instant, answer(table, at: instant)))
            }
        }
        let answers = try ask(queries, python: python)
        try #require(answers.count == expected.count)
        var mismatches = 0
        for (answer, row) in zip(answers, expected) where answer != row.answer {
            mismatches += 1
            if mismatches <= 20 { Issue.record("\(row.zone) at \(row.at): \(row.answer), zoneinfo says \(answer)") }
        }
        #expect(mismatches == 0)
        print("compared \(expected.count) instants in \(tables.count) zones")
    }

    @Test func everyZoneOfTheSystem() throws {
        let catalogue = try TestZones.catalogue.get()
        try Self.compare(catalogue.ids.map { ("zone \(catalogue.name(of: $0))", catalogue[$0]) }, perTable: 30)
    }

    /// Rules that no zone has today; without `n` and `J59`, which CPython reads a day early and, in leap years, late.
    @Test func rules() throws {
        // With an instant of standard time, from which on the rule holds.
        let rules: [(footer: String, offset: Int32, from: Int64)] = [
            ("AAA0BBB,J60/0,J300/0", 0, 0), ("AAA0BBB,J1/24,J365/-5", 0, 0), ("AAA-9:30BBB,J58/26,J100/0", 34_200, 0),
            ("AAA3BBB,M3.2.0/-167,M11.1.0/167", -10_800, 0),
            ("AAA-3BBB-5,M10.1.3/12:34:56,M4.5.6/-3:21", 10_800, 15_638_400),
            ("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", 45_900, 15_638_400),
            ("AAA1:02:03BBB-4:05:06,J1/0,J100/0", -3_723, 0),
        ]
        let tables = try rules.map { rule in
            var file = TZFileBuilder()
            file.transitions = [(rule.from, 0)]
            file.offsets = [rule.offset]
            file.footer = rule.footer
            let bytes = file.bytes
            let table = try ZoneTable(name: rule.footer, tzfile: bytes)
            let hex = bytes.map { String(Int($0) + 0x100, radix: 16).dropFirst() }.joined()
            return ("file \(hex)", table)
        }
        try Self.compare(tables, perTable: 600)
    }
}
