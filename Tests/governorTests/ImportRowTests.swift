import Testing

@testable import governor

@Suite struct ImportRowTests {
    @Test func aRowAsTheAPITakesIt() throws {
        let header = try ImportHeader(
            ["phone", "ids", "Country", "product", "status", "from", "channels", "accounts"], kind: .holdings, file: "f"
        )
        let item = ImportItem(
            line: 2, id: "x",
            cells: ["+1 212 555 0100", "crm:1 crm2:b", "US", "term \"life\"", "active", "", "voice sms", ""])
        #expect(
            header.json(item) == """
                {"id":"x","product":"term \\"life\\"","status":"active","contact":{"phone":"+1 212 555 0100",\
                "ids":["crm:1","crm2:b"],"country":"US"},"scope":{"channels":["voice","sms"]}}
                """)
    }

    /// A touch's accounts are its own; other facts have them in their scope.
    @Test(arguments: [(ImportKind.touches, false), (.optOuts, true)])
    func accounts(_ kind: ImportKind, _ isScope: Bool) throws {
        let header = try ImportHeader(["phone", "accounts"] + kind.required.map(\.header), kind: kind, file: "f")
        let json = header.json(ImportItem(line: 2, id: "x", cells: ["1", "a b"] + kind.required.map { _ in "y" }))
        #expect(json.contains("\"scope\":{\"accounts\":[\"a\",\"b\"]}") == isScope)
        #expect(json.contains("\"accounts\":[\"a\",\"b\"]"))
    }

    @Test(arguments: [
        (["phone", "colour"], ImportKind.people, "f:1: column 2, `colour`, is none of people"),
        (["phone", "phone"], .people, "f:1: the column `phone` is there twice"),
        (["phone", "product"], .holdings, "f:1: holdings need a column `status`"),
        (["country"], .people, "f:1: no column says who it is about"),
    ])
    func badHeaders(_ names: [String], _ kind: ImportKind, _ message: String) {
        #expect { try ImportHeader(names, kind: kind, file: "f") } throws: { "\($0)".hasPrefix(message) }
    }

    @Test(arguments: [
        ("$.items[3].contact.phone", "phone"), ("$.contact.ids[1]", "ids"), ("$.scope.channels[0]", "channels"),
        ("$.at", "at"), ("$", ""), ("", ""),
    ])
    func fieldsOfFaults(_ path: String, _ field: String) {
        #expect(ImportFault(path: path, code: "", detail: "").field == field)
    }

    @Test(arguments: [("a", "a"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\"")])
    func quoting(_ text: String, _ quoted: String) { #expect(RefusedRows.quoted(text) == quoted) }
}
