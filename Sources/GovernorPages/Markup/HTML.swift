/// A piece of a page that is safe to send.
///
/// Text and attribute values are escaped as they come in, names of elements and attributes are written in the source, and
/// there is no way to put markup in from outside: what a person, a caller or a policy wrote can only ever be text.
public struct HTML: Hashable, Sendable {
    /// The markup itself.
    public private(set) var markup: String

    /// Nothing.
    public init() { markup = "" }

    /// Text.
    public init(_ text: some StringProtocol) { markup = Self.escaped(text) }

    /// Several pieces, one after the other.
    public init(@HTMLBuilder _ content: () -> HTML) { self = content() }

    public var isEmpty: Bool { markup.isEmpty }

    public static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.markup += right.markup
        return sum
    }

    /// An element with its end tag.
    public static func element(
        _ name: StaticString, _ attributes: [Attribute] = [], @HTMLBuilder _ content: () -> HTML = { HTML() }
    ) -> HTML {
        var html = void(name, attributes)
        html.markup += content().markup
        html.markup += "</\(name)>"
        return html
    }

    /// An element that has no content and no end tag: `input`, `meta`, `br`, …
    public static func void(_ name: StaticString, _ attributes: [Attribute] = []) -> HTML {
        var html = HTML()
        html.markup = "<\(name)"
        for attribute in attributes { html.markup += attribute.markup }
        html.markup += ">"
        return html
    }

    /// A style sheet of ours, as it stands in the source.
    static func style(_ sheet: StaticString) -> HTML {
        var html = HTML()
        html.markup = "<style>\(sheet)</style>"
        return html
    }

    static let doctype: HTML = {
        var html = HTML()
        html.markup = "<!doctype html>"
        return html
    }()

    /// Text as it may stand between tags and in a quoted attribute. Control characters, which no page may hold, are left
    /// out.
    static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}": break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// An attribute of an element; its value is escaped.
public struct Attribute: Sendable {
    let markup: String

    public init(_ name: StaticString, _ value: some StringProtocol) {
        markup = " \(name)=\"\(HTML.escaped(value))\""
    }

    /// One that is there or not: `checked`, `disabled`, …
    public init(_ name: StaticString, _ isThere: Bool = true) { markup = isThere ? " \(name)" : "" }

    /// A link's or form's target within this server; one that leads elsewhere or runs something becomes `#`.
    public static func path(_ name: StaticString, _ path: String) -> Attribute {
        let isLocal = path.hasPrefix("/") && !path.hasPrefix("//") && !path.contains("\\")
        return Attribute(name, isLocal || path.hasPrefix("#") || path.hasPrefix("?") ? path : "#")
    }
}

/// Puts the pieces of a page together: markup as it is, text escaped.
@resultBuilder public enum HTMLBuilder {
    public static func buildExpression(_ html: HTML) -> HTML { html }
    public static func buildExpression(_ text: String) -> HTML { HTML(text) }
    public static func buildExpression(_ text: Substring) -> HTML { HTML(text) }
    public static func buildBlock(_ parts: HTML...) -> HTML { joined(parts) }
    public static func buildArray(_ parts: [HTML]) -> HTML { joined(parts) }
    public static func buildOptional(_ part: HTML?) -> HTML { part ?? HTML() }
    public static func buildEither(first: HTML) -> HTML { first }
    public static func buildEither(second: HTML) -> HTML { second }

    private static func joined(_ parts: [HTML]) -> HTML { parts.reduce(HTML(), +) }
}
