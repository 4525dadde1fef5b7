import Foundation

/// What an inbound message asks for.
public enum InboundMeaning: String, Hashable, Sendable, CaseIterable {
    case stop, start, help
    /// Something else; a person should read it.
    case none
}

/// How far a message may be from a bare keyword.
public enum KeywordMode: String, Hashable, Sendable, CaseIterable {
    /// The whole message is a keyword.
    case whole
    /// Also a sentence that a reasonable person would read as a no. Source: 47 CFR 64.1200(a)(10).
    case reasonable
}

/// What was found in a message.
public struct KeywordMatch: Hashable, Sendable {
    public var meaning: InboundMeaning
    /// As in the table: in lower case, without accents.
    public var keyword: String?
    /// The first language that has it.
    public var language: KeywordLanguage?

    static let nothing = KeywordMatch(meaning: .none)
}

/// Reads STOP, START and HELP in the languages of `KeywordLanguage`.
public enum KeywordReader {
    /// Longer messages are read up to here.
    public static let charactersMax = 1_000

    public static func read(_ text: String, _ mode: KeywordMode) -> KeywordMatch {
        let words = words(of: text)
        let whole = words.joined(separator: " ")
        for language in KeywordLanguage.allCases {
            let keywords = language.keywords
            // A no goes before everything else.
            for (meaning, list) in [
                (InboundMeaning.stop, keywords.stop), (.start, keywords.start), (.help, keywords.help),
            ]
            where list.contains(whole) {
                return KeywordMatch(meaning: meaning, keyword: whole, language: language)
            }
        }
        guard mode == .reasonable else { return .nothing }
        let sentence = " \(whole) "
        var rest = sentence
        for phrase in KeywordLanguage.harmless { rest = rest.replacing(" \(phrase) ", with: " … ") }
        for language in KeywordLanguage.allCases {
            for phrase in language.keywords.phrases where rest.contains(" \(phrase) ") {
                return KeywordMatch(meaning: .stop, keyword: phrase, language: language)
            }
        }
        return .nothing
    }

    /// In lower case, without accents, apostrophes and signs.
    static func words(of text: String) -> [String] {
        let folded = String(text.prefix(charactersMax)).folding(
            options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive],
            locale: Locale(identifier: "en_US_POSIX"))
        var words: [String] = []
        var word = ""
        for scalar in folded.unicodeScalars {
            if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                word.unicodeScalars.append(scalar)
            } else if scalar == "'" || scalar == "\u{2019}" || scalar == "\u{200d}" || scalar == "\u{200b}" {
                continue
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
