/// A language that pages are written in.
public enum Language: String, Sendable, Hashable, CaseIterable {
    case english = "en"
    case german = "de"
    case french = "fr"

    /// The language a reader likes best of those there are; English when none of hers is.
    ///
    /// `field` is what her browser says in `Accept-Language`. Bounded: at most 32 ranges are read. Source: RFC 9110,
    /// section 12.5.4; RFC 4647, section 3.4.
    public init(acceptLanguage field: String?) {
        var best: (language: Language, quality: Double)?
        for range in (field ?? "").split(separator: ",", maxSplits: 32).prefix(32) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let tag = parts.first?.lowercased() else { continue }
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }.map { Double($0.dropFirst(2)) }
            guard let quality = weight ?? 1, quality > 0, quality <= 1, quality > best?.quality ?? 0 else { continue }
            let primary = tag.split(separator: "-").first.map(String.init) ?? ""
            if tag == "*" {
                best = (.english, quality)
            } else if let language = Language(rawValue: primary) {
                best = (language, quality)
            }
        }
        self = best?.language ?? .english
    }
}

/// One sentence or word of a page in every language, with places for values: `{count}`.
public struct Phrase: Sendable, Hashable {
    public let english: String
    public let german: String
    public let french: String

    public init(en english: String, de german: String, fr french: String) {
        self.english = english
        self.german = german
        self.french = french
    }

    public subscript(_ language: Language) -> String {
        switch language {
        case .english: english
        case .german: german
        case .french: french
        }
    }

    /// The places for values that a text names.
    public static func places(in text: String) -> Set<String> {
        Set(
            text.split(separator: "{").dropFirst(text.hasPrefix("{") ? 0 : 1).compactMap { part in
                part.firstIndex(of: "}").map { String(part[..<$0]) }
            })
    }
}

/// The words of one page or group of pages: an enumeration with a phrase for each case, so that none can lack a language
/// and a test can walk them all.
public protocol WordTable: CaseIterable, Sendable, Hashable {
    var phrase: Phrase { get }
}

extension WordTable {
    /// The word in a language, with its places filled.
    public func callAsFunction(_ language: Language, _ values: [String: String] = [:]) -> String {
        let text = phrase[language]
        if values.isEmpty { return text }
        // In one pass, so that a value that looks like a place stays as it is.
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            result += values[name] ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
