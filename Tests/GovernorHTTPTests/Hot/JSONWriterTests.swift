import Foundation
import GovernorCore
import GovernorHTTP
import NIOCore
import Testing

@Suite struct JSONWriterTests {
    private func written(estimate: Int = 512, _ body: (inout JSONWriter) -> Void) -> String {
        var buffer = ByteBuffer()
        buffer.writeString(">")
        buffer.writeJSON(estimate: estimate, body)
        return String(String(buffer: buffer).dropFirst())
    }

    @Test func structure() {
        let text = written { json in
            json.beginObject()
            json.field("a", "x")
            json.name("b")
            json.beginArray()
            json.value(1)
            json.beginObject()
            json.endObject()
            json.beginArray()
            json.endArray()
            json.null()
            json.endArray()
            json.field("c", true)
            json.field("d", Int64.min)
            json.field("e", UInt64.max)
            json.field("f", 0)
            json.field("g", orNull: String?.none)
            json.field("h", Timestamp(milliseconds: 1_795_363_331_250))
            json.field("i", orNull: Timestamp?.none)
            json.field("j", static: "k")
            json.name("l")
            json.raw(UnsafeRawBufferPointer(start: nil, count: 0))
            json.endObject()
        }
        #expect(
            text == #"{"a":"x","b":[1,{},[],null],"c":true,"d":-9223372036854775808,"e":18446744073709551615,"f":0,"#
                + #""g":null,"h":"2026-11-22T16:02:11.250Z","i":null,"j":"k","l":}"#)
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), ("say \"no\"", #""say \"no\"""#), ("back\\slash", #""back\\slash""#),
        ("\u{0}\u{1}\u{1f}\u{7f}", "\"\\u0000\\u0001\\u001f\u{7f}\""), ("\u{8}\t\n\u{c}\r", #""\b\t\n\f\r""#),
        ("é中🙂", "\"é中🙂\""), ("eight by\"eight by", #""eight by\"eight by""#),
    ])
    func escapes(text: String, expected: String) {
        #expect(written { $0.value(text) } == expected)
    }

    @Test func anyStringSurvivesTheWayThroughFoundation() throws {
        var random = Seeded()
        for _ in 0..<2_000 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...40, using: &random)).map { _ in
                        random.pick(
                            [
                                Unicode.Scalar(UInt8.random(in: 0...127, using: &random)), "é", "中", "🙂", "\u{2028}",
                            ] as [Unicode.Scalar])
                    }))
            let json = written(estimate: random.pick([0, 8, 512])) { $0.value(text) }
            let back = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
            #expect(back.map { Array($0.utf8) } == Array(text.utf8), "seed \(random.seed)")
        }
    }

    @Test func growsBeyondItsEstimate() {
        let text = written(estimate: 1) { json in
            json.beginArray()
            for number in 0..<10_000 { json.value(number) }
            json.endArray()
        }
        #expect(text == "[" + (0..<10_000).map(String.init).joined(separator: ",") + "]")
    }

    @Test func aProblem() throws {
        let problem = Problem(
            status: 503, code: "store.unavailable", title: "T", detail: "say \"when\"",
            errors: [.init(path: "$.a", code: "c", detail: "d")], deniesContact: true)
        var buffer = ByteBuffer()
        problem.write(to: &buffer)
        #expect(
            String(buffer: buffer)
                == #"{"type":"/problems/store.unavailable","title":"T","status":503,"code":"store.unavailable","#
                + #""detail":"say \"when\"","verdict":"deny","errors":[{"path":"$.a","code":"c","detail":"d"}]}"#)
    }
}
