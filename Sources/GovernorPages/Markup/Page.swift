import Crypto
import Foundation

/// A whole page: one request, one style sheet inside it, no script, and nothing from elsewhere.
public struct Page: Sendable {
    public var title: String
    public var language: Language
    /// What stands inside `body`.
    public var body: HTML

    public init(title: String, language: Language, @HTMLBuilder body: () -> HTML) {
        self.title = title
        self.language = language
        self.body = body()
    }

    /// The page's text, UTF-8.
    public var text: String {
        let html = HTML {
            HTML.doctype
            HTML.element("html", [Attribute("lang", language.rawValue)]) {
                HTML.element("head") {
                    HTML.void("meta", [Attribute("charset", "utf-8")])
                    HTML.void(
                        "meta",
                        [Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")])
                    HTML.void("meta", [Attribute("name", "color-scheme"), Attribute("content", "light dark")])
                    HTML.void("meta", [Attribute("name", "robots"), Attribute("content", "noindex, nofollow")])
                    HTML.element("title") { title }
                    HTML.style(StyleSheet.text)
                }
                HTML.element("body") { body }
            }
        }
        return html.markup
    }

    /// The header fields that a page is sent with: nothing is loaded, run, framed, stored or told to the next site.
    public static let headers: [(name: String, value: String)] = [
        ("content-type", "text/html; charset=utf-8"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'sha256-\(digest(StyleSheet.text))'; form-action 'self'; base-uri 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ]

    private static func digest(_ sheet: StaticString) -> String {
        Data(SHA256.hash(data: Data("\(sheet)".utf8))).base64EncodedString()
    }
}
