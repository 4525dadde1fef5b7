import Foundation
import GovernorPages
import GovernorTesting
import Testing

@Suite struct MarkupTests {
    @Test(arguments: [
        ("a & b", "a &amp; b"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
        ("&lt;", "&amp;lt;"),
        ("bell\u{7}, escape\u{1b}, \u{85}end", "bell, escape, end"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("Müller 😀 – ü", "Müller 😀 – ü"),
    ])
    func textIsText(text: String, markup: String) {
        #expect(HTML(text).markup == markup)
        #expect(p { text }.markup == "<p>\(markup)</p>")
        #expect(input("text", Attribute("value", text)).markup == "<input type=\"text\" value=\"\(markup)\">")
    }

    @Test(arguments: [
        ("/p/abc", "/p/abc"), ("#top", "#top"), ("?a=b", "?a=b"), ("//evil.example/", "#"), ("/\\evil.example", "#"),
        ("https://evil.example/", "#"), ("javascript:alert(1)", "#"), (" /p", "#"), ("", "#"),
    ])
    func linksStayOnThisServer(path: String, written: String) {
        #expect(a(.path("href", path)) { "x" }.markup == "<a href=\"\(written)\">x</a>")
    }

    @Test func piecesFollowEachOther() {
        let isThere = false
        let list = ul {
            for name in ["a", "b"] { li { name } }
            if isThere { li { "hidden" } }
        }
        #expect(list.markup == "<ul><li>a</li><li>b</li></ul>")
        #expect(
            input("checkbox", Attribute("checked"), Attribute("disabled", false)).markup
                == "<input type=\"checkbox\" checked>")
    }

    /// No text, whatever it holds, adds a tag or ends an attribute.
    @Test func randomTextAddsNoMarkup() {
        var random = SeededGenerator.announced("randomTextAddsNoMarkup")
        let pieces = ["<", ">", "\"", "'", "&", "`", "=", " ", "/", "a", "é", "\u{0}", "\u{202e}", "--", "]]>", "\n"]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            let markup = p(Attribute("title", text)) { text }.markup
            #expect(markup.filter { $0 == "<" }.count == 2)
            #expect(markup.filter { $0 == ">" }.count == 2)
            #expect(markup.filter { $0 == "\"" }.count == 2)
        }
    }

    @Test func aPageLoadsNothing() throws {
        let page = Page(title: "A & B", language: .german) { main { h1 { "Überschrift" } } }
        let text = page.text
        #expect(text.hasPrefix("<!doctype html><html lang=\"de\"><head>"))
        #expect(text.contains("<title>A &amp; B</title>"))
        #expect(text.contains("name=\"viewport\""))
        for forbidden in ["http:", "https:", "url(", "@import", "<script", "<img", "<link"] {
            #expect(!text.contains(forbidden), "\(forbidden)")
        }
        let policy = try #require(Page.headers.first { $0.name == "content-security-policy" }?.value)
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
        #expect(!policy.contains("unsafe"))
    }
}
