import GovernorHTTP
import GovernorTesting
import Testing

@Suite struct FormBodyTests {
    static let form = "application/x-www-form-urlencoded"
    static let multipart = "multipart/form-data; boundary=b1"

    @Test(
        arguments: [
            (form, "List-Unsubscribe=One-Click", ["List-Unsubscribe=One-Click"]),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1&b=2&a=3", ["a=1", "b=2", "a=3"]),
            (form, "a=%C3%BC+x&b", ["a=ü x", "b="]),
            (form, "", []),
            (form, "a=%2", nil), (form, "a=%zz", nil), (form, "a=%ff", nil),
            ("text/plain", "a=1", nil), (nil, "a=1", nil), ("application/json", "{}", nil),
            (
                multipart,
                "--b1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b1--\r\n",
                ["List-Unsubscribe=One-Click"]
            ),
            (
                "multipart/form-data; boundary=\"b1\"",
                "--b1\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain\r\n\r\n1\r\n--b1\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--b1--",
                ["a=1", "b="]
            ),
            // Line feeds alone, as some senders write.
            (
                multipart, "--b1\nContent-Disposition: form-data; name=\"a\"\n\nx y\n--b1--\n", ["a=x y"]
            ),
            (multipart, "--b1--", []),
            (multipart, "--b1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1", nil),
            (multipart, "nothing", nil), (multipart, "", nil), ("multipart/form-data", "--b1--", nil),
            (multipart, "--b1\r\nno head\r\n\r\n1\r\n--b1--", nil),
            ("multipart/form-data; boundary=", "----", nil),
        ] as [(String?, String, [String]?)])
    func bodies(contentType: String?, body: String, fields: [String]?) {
        let read = FormBody(Array(body.utf8), contentType: contentType)
        #expect(read?.fields.map { "\($0.name)=\($0.value)" } == fields)
    }

    @Test func randomBodiesNeverTrap() {
        var random = SeededGenerator.announced("FormBodyTests.randomBodiesNeverTrap")
        let pieces = [
            "--b1", "--", "\r\n", "\n", "name=", "Content-Disposition:", ";", "\"", "%", "&", "=", "a", "ü", "\0",
        ]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in random.pick(pieces) }.joined()
            var bytes = Array(text.utf8)
            if random.oneIn(3), !bytes.isEmpty { bytes[Int.random(in: 0..<bytes.count, using: &random)] = 0xff }
            for type in [Self.form, Self.multipart] {
                if let form = FormBody(bytes, contentType: type) { #expect(form.fields.count <= FormBody.fieldsMax) }
            }
        }
    }

    @Test func fieldsAreBounded() {
        func form(_ count: Int) -> FormBody? {
            FormBody(
                Array(repeating: "a=1", count: count).joined(separator: "&").utf8.map { $0 }, contentType: Self.form)
        }
        #expect(form(FormBody.fieldsMax)?.fields.count == FormBody.fieldsMax)
        #expect(form(FormBody.fieldsMax + 1) == nil)
    }
}
