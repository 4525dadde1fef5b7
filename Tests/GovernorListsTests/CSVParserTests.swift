import GovernorTesting
import Testing

@testable import GovernorLists

/// One row per edge: the text, and each row with its line, its fields or what is wrong.
@Suite struct CSVParserTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        var rows: [CSVParser.Row]
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ rows: (Int, [String]?, CSVError?)...) {
            self.name = name
            self.text = text
            self.rows = rows.map { line, fields, error in
                CSVParser.Row(line: line, fields: error.map { .failure($0) } ?? .success(fields ?? []))
            }
        }
    }

    static let cases: [Case] = [
        Case("nothing", ""),
        Case("one field", "a\n", (1, ["a"], nil)),
        Case("no line end at the end", "a,b", (1, ["a", "b"], nil)),
        Case("line feeds", "a,b\nc,d\n", (1, ["a", "b"], nil), (2, ["c", "d"], nil)),
        Case("carriage returns and line feeds", "a,b\r\nc,d\r\n", (1, ["a", "b"], nil), (2, ["c", "d"], nil)),
        Case("byte order mark", "\u{feff}a\n", (1, ["a"], nil)),
        Case("byte order mark before a quote", "\u{feff}\"a\"\n", (1, ["a"], nil)),
        Case("empty fields", ",\n,,", (1, ["", ""], nil), (2, ["", "", ""], nil)),
        Case("empty lines are skipped and counted", "\n\r\na\n\nb\n\n", (3, ["a"], nil), (5, ["b"], nil)),
        Case("quoted comma", "\"a,b\",c\n", (1, ["a,b", "c"], nil)),
        Case("doubled quote", "\"a\"\"b\"\n", (1, ["a\"b"], nil)),
        Case("only a doubled quote", "\"\"\"\"\n", (1, ["\""], nil)),
        Case("quoted nothing", "\"\"\n", (1, [""], nil)),
        Case("quoted line end", "\"a\nb\",c\nd,e\n", (1, ["a\nb", "c"], nil), (3, ["d", "e"], nil)),
        Case("quoted carriage return", "\"a\r\nb\"\r\nc\r\n", (1, ["a\r\nb"], nil), (3, ["c"], nil)),
        Case("quoted field at the end of the file", "a,\"b\"", (1, ["a", "b"], nil)),
        Case("spaces are kept", " a , b\n", (1, [" a ", " b"], nil)),
        Case("text beyond ASCII", "é,日本\n", (1, ["é", "日本"], nil)),
        Case("quote inside a bare field", "a\"b,c\nd\n", (1, nil, .quoteInside), (2, ["d"], nil)),
        Case("text after a closing quote", "\"a\"b,c\nd\n", (1, nil, .textAfterQuote), (2, ["d"], nil)),
        Case("quote never closed", "a\n\"b,c\nd", (1, ["a"], nil), (2, nil, .quoteOpen)),
        Case("carriage return alone", "a\rb\nc\n", (1, nil, .bareCarriageReturn), (2, ["c"], nil)),
        Case("carriage return at the end of the file", "a\r", (1, nil, .bareCarriageReturn)),
        Case(
            "too many fields", String(repeating: ",", count: CSVParser.fieldsMax) + "\na\n", (1, nil, .tooManyFields),
            (2, ["a"], nil)),
        Case(
            "field too long", String(repeating: "a", count: CSVParser.fieldBytesMax + 1) + "\nb\n",
            (1, nil, .fieldTooLong), (2, ["b"], nil)),
        Case(
            "as many fields as there may be", String(repeating: ",", count: CSVParser.fieldsMax - 1) + "\n",
            (1, Array(repeating: "", count: CSVParser.fieldsMax), nil)),
    ]

    @Test(arguments: cases)
    func rows(_ test: Case) {
        #expect(parse([Array(test.text.utf8)]) == test.rows)
    }

    /// Where the pieces are cut makes no difference.
    @Test(arguments: cases.filter { $0.text.utf8.count < 100 })
    func pieces(_ test: Case) {
        let bytes = Array(test.text.utf8)
        #expect(parse(bytes.map { [$0] }) == test.rows)
        for cut in bytes.indices { #expect(parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == test.rows) }
    }

    @Test func notUTF8() {
        let rows = parse([[0x61, 0xff, 0x2c, 0x62, 0x0a, 0x63, 0x0a]])
        #expect(rows.map(\.line) == [1, 2])
        #expect(rows.first?.fields == .failure(.notUTF8))
        #expect(rows.last?.fields == .success(["c"]))
    }

    /// Half of a byte order mark is a field that is not UTF-8.
    @Test func halfAMark() {
        #expect(parse([[0xef, 0xbb, 0x61, 0x0a]]).first?.fields == .failure(.notUTF8))
    }

    private func parse(_ pieces: [[UInt8]]) -> [CSVParser.Row] {
        var parser = CSVParser()
        var rows: [CSVParser.Row] = []
        for piece in pieces { parser.feed(piece) { rows.append($0) } }
        parser.finish { rows.append($0) }
        return rows
    }

    @Test(arguments: [("a", "a"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\"")])
    func quoting(_ text: String, _ quoted: String) {
        var bytes: [UInt8] = []
        CSVText.append(text, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == quoted)
    }

    @Test func anotherSeparator() {
        var parser = CSVParser(separator: UInt8(ascii: ";"))
        var rows: [CSVParser.Row] = []
        parser.feed(Array("a,b;\"c;d\"\n".utf8)) { rows.append($0) }
        #expect(rows == [CSVParser.Row(line: 1, fields: .success(["a,b", "c;d"]))])
    }
}
