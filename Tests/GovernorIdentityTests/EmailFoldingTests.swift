import GovernorIdentity
import Testing

@Suite struct EmailFoldingTests {
    private static let folding = EmailFolding(parsing: "gmail.com=dots+tags, example.org=tags,bücher.example = dots")

    @Test(arguments: [
        ("A.n.a+Shop@GMail.com", "ana@gmail.com"), ("ana@gmail.com", nil), ("a.na@gmail.com", "ana@gmail.com"),
        ("a.na+x@example.org", "a.na@example.org"), ("a.na@example.org", nil), ("a.na+x@example.net", nil),
        ("+x@gmail.com", nil), ("...@gmail.com", nil), ("a.b@xn--bcher-kva.example", "ab@xn--bcher-kva.example"),
        ("a.b@sub.gmail.com", nil), ("ana++x@gmail.com", "ana@gmail.com"),
    ])
    func folds(text: String, expected: String?) throws {
        let folding = try #require(Self.folding)
        #expect(try folding.folded(EmailAddress(text))?.text == expected)
        #expect(try EmailFolding.none.folded(EmailAddress(text)) == nil, "off by default")
    }

    @Test(arguments: ["", "gmail.com", "gmail.com=", "gmail.com=dot", "=dots", "gmail.com=dots;x", "a b=dots+"])
    func refuses(text: String) { #expect(EmailFolding(parsing: text) == nil) }
}
