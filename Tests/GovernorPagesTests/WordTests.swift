import GovernorPages
import Testing

@Suite struct WordTests {
    @Test(arguments: [
        (nil, Language.english), ("", .english), ("de", .german), ("de-AT,de;q=0.9,en;q=0.8", .german),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", .french), ("it,fr;q=0.5", .french), ("it", .english),
        ("en;q=0.2,de;q=0.9", .german), ("de;q=0,en", .english), ("DE", .german), ("de ; q=0.4 , fr;q=0.6", .french),
        ("*", .english), ("de;q=abc,fr", .french), ("de;q=2,fr;q=0.1", .french), ("q=1", .english),
        (";;;,,,", .english),
        ("english", .english), ("zh-Hant-TW,de;q=0.1", .german),
    ])
    func acceptLanguage(field: String?, language: Language) {
        #expect(Language(acceptLanguage: field) == language)
    }

    @Test func aLongFieldIsBounded() {
        let field = String(repeating: "it,", count: 100_000) + "de"
        #expect(Language(acceptLanguage: field) == .english)
    }

    @Test func placesAreFilledOnce() {
        enum Words: WordTable {
            case greeting
            var phrase: Phrase { Phrase(en: "{a} and {b}, {a}", de: "{b} und {a}", fr: "{a} {c}") }
        }
        #expect(Words.greeting(.english, ["a": "{b}", "b": "x"]) == "{b} and x, {b}")
        #expect(Words.greeting(.french, ["a": "1"]) == "1 {c}")
        #expect(Phrase.places(in: "{a} and {b}, {a} {") == ["a", "b"])
        #expect(Phrase.places(in: "none } here") == [])
    }

    @Test(arguments: [
        ("voice", "Anrufe"), ("no_answer", "nicht abgehoben"), ("opt_out", "Widerspruch"), ("yes", "yes"),
        ("carrier-pigeon", "carrier-pigeon"),
    ])
    func apiNamesInWords(name: String, word: String) {
        #expect(CommonWords.word(name, in: .german) == word)
    }

    @Test func everyWordIsInEveryLanguage() {
        expectWhole(CommonWords.self)
        expectWhole(LinkPageWords.self)
    }

    @Test(arguments: [
        (Language.english, "12 March 2026"), (.german, "12. März 2026"), (.french, "12 mars 2026"),
    ])
    func dates(language: Language, text: String) {
        #expect(language.date(millisecondsSince1970: 1_773_316_800_000) == text)
    }
}

/// Every word has a text in every language, without stray spaces, and the same places for values.
func expectWhole<Table: WordTable>(_ table: Table.Type) {
    for word in table.allCases {
        let places = Phrase.places(in: word.phrase.english)
        for language in Language.allCases {
            let text = word.phrase[language]
            #expect(!text.isEmpty && text.first != " " && text.last != " ", "\(word) in \(language)")
            #expect(Phrase.places(in: text) == places, "\(word) in \(language)")
        }
    }
}
