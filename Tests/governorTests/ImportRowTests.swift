import GovernorHTTP
import GovernorLists
import GovernorRuntime
import GovernorTesting
import Testing

@testable import governor

@Suite struct ImportRowTests {
    @Test func aRowAsTheAPITakesIt() throws {
        let header = try ImportHeader(
            ["phone", "ids", "Country", "product", "status", "from", "channels", "accounts"], kind: .holdings)
        let item = ImportItem(
            line: 2, id: "x",
            cells: ["+1 212 555 0100", "crm:1 crm2:b", "US", "term \"life\"", "active", "", "voice sms", ""])
        #expect(
            String(decoding: header.json(item), as: UTF8.self) == """
                {"id":"x","product":"term \\"life\\"","status":"active","contact":{"phone":"+1 212 555 0100",\
                "ids":["crm:1","crm2:b"],"country":"US"},"scope":{"channels":["voice","sms"]}}
                """)
    }

    /// What goes straight into a folder is what the API would have read; rows that it might refuse go through its scanner.
    @Test(arguments: ImportKind.allCases) func theShortWayLeadsToTheSame(kind: ImportKind) throws {
        var generator = SeededGenerator.announced("theShortWayLeadsToTheSame")
        let cells = [
            "", "", "+1 212 555 0100", "a", "voice sms", "term \"life\"", "zürich 📞", "back\\slash",
            "2026-11-22T16:02:11.250Z", " ", "a\tb", String(repeating: "x", count: 33),
            String(repeating: "y z ", count: 40), String(repeating: "x", count: 400),
        ]
        var shortCount = 0
        for _ in 0..<500 {
            let optional = kind.columns.filter { !kind.required.contains($0) && $0 != .phone }
            let columns = [.phone] + kind.required + optional.filter { _ in generator.oneIn(3) }
            let header = try ImportHeader(columns.map(\.header), kind: kind)
            let item = ImportItem(
                line: 2, id: generator.pick(["x", "t1-2", String(repeating: "i", count: 200)]),
                cells: columns.map { kind.required.contains($0) ? "a" : generator.pick(cells) })
            guard var form = header.form(item) else { continue }
            shortCount += 1
            var scanned = try header.json(item).withUnsafeBytes { try FactImporter.form($0, kind.fact) }
            #expect(form.scope.values == scanned.scope.values)
            // A dictionary has no order of its own.
            form.scope.values = [:]
            scanned.scope.values = [:]
            #expect("\(form)" == "\(scanned)")
        }
        #expect(shortCount > 10)
    }

    /// A touch's accounts are its own; other facts have them in their scope.
    @Test(arguments: [(ImportKind.touches, false), (.optOuts, true)])
    func accounts(_ kind: ImportKind, _ isScope: Bool) throws {
        let header = try ImportHeader(["phone", "accounts"] + kind.required.map(\.header), kind: kind)
        let item = ImportItem(line: 2, id: "x", cells: ["1", "a b"] + kind.required.map { _ in "y" })
        let json = String(decoding: header.json(item), as: UTF8.self)
        #expect(json.contains("\"scope\":{\"accounts\":[\"a\",\"b\"]}") == isScope)
        #expect(json.contains("\"accounts\":[\"a\",\"b\"]"))
    }

    @Test(arguments: [
        (["phone", "colour"], ImportKind.people, "column 2, `colour`, is none of people"),
        (["phone", "phone"], .people, "the column `phone` is there twice"),
        (["phone", "product"], .holdings, "holdings need a column `status`"),
        (["country"], .people, "no column says who it is about"),
    ])
    func badHeaders(_ names: [String], _ kind: ImportKind, _ message: String) {
        #expect { try ImportHeader(names, kind: kind) } throws: {
            ($0 as? FieldErrors)?.errors.first?.detail.hasPrefix(message) == true
        }
    }

    @Test(arguments: [
        ("$.items[3].contact.phone", "phone"), ("$.contact.ids[1]", "ids"), ("$.scope.channels[0]", "channels"),
        ("$.at", "at"), ("$", ""), ("", ""),
    ])
    func fieldsOfFaults(_ path: String, _ field: String) {
        #expect(ImportFault(path: path, code: "", detail: "").field == field)
    }
}
