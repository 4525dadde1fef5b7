import GovernorRuntime
import GovernorTesting
import Testing

@Suite struct KeywordTests {
    /// What a message means as a whole, and what when sentences are read too.
    @Test(
        arguments: [
            // The seven words of the FCC, and the CTIA's phrase.
            ("STOP", InboundMeaning.stop, InboundMeaning.stop, KeywordLanguage.english),
            ("Quit", .stop, .stop, .english),
            ("end", .stop, .stop, .english), ("REVOKE", .stop, .stop, .english), ("opt out", .stop, .stop, .english),
            ("Opt-Out", .stop, .stop, .english), ("OPTOUT", .stop, .stop, .english), ("cancel", .stop, .stop, .english),
            ("Unsubscribe", .stop, .stop, .english), ("please opt me out", .stop, .stop, .english),
            ("STOPALL", .stop, .stop, .english), ("stop all", .stop, .stop, .english),
            // Case, spaces, signs, width.
            ("  stop.  ", .stop, .stop, .english), ("\"STOP\"!!!", .stop, .stop, .english),
            ("s.t.o.p", .none, .none, nil),
            ("ＳＴＯＰ", .stop, .stop, .english), ("stop\n", .stop, .stop, .english), ("STOP 😡", .stop, .stop, .english),
            ("S\u{200b}TOP", .stop, .stop, .english),
            // In a sentence.
            ("Please stop texting me", .none, .stop, .english), ("stop it you idiots", .none, .stop, .english),
            ("I want to opt out of this", .none, .stop, .english), ("Take me off your list!", .none, .stop, .english),
            ("don't call me again", .none, .stop, .english), ("Don’t text this number", .none, .stop, .english),
            ("do not contact me", .none, .stop, .english), ("no more texts please", .none, .stop, .english),
            ("I revoke my consent", .none, .stop, .english), ("cancel my subscription", .none, .stop, .english),
            // What only looks like one.
            ("Don't stop", .none, .none, nil), ("please do not stop the service", .none, .none, nil),
            ("meet me at the bus stop", .none, .none, nil), ("can I stop by tomorrow?", .none, .none, nil),
            ("don't stop by, stop texting", .none, .stop, .english), ("Is there a stopover?", .none, .none, nil),
            ("what time does it end", .none, .none, nil), ("cancel my appointment", .none, .none, nil),
            ("weekend", .none, .none, nil), ("Yes", .none, .none, nil), ("ok", .none, .none, nil),
            ("", .none, .none, nil),
            ("???", .none, .none, nil), ("12345", .none, .none, nil),
            // Back, and help.
            ("START", .start, .start, .english), ("unstop", .start, .start, .english),
            ("Resume", .start, .start, .english),
            ("when do you start?", .none, .none, nil), ("HELP", .help, .help, .english),
            ("info", .help, .help, .english),
            ("help me stop this", .none, .stop, .english),
            // Other languages.
            ("BAJA", .stop, .stop, .spanish), ("Alto", .stop, .stop, .spanish), ("No más", .stop, .stop, .spanish),
            ("quiero darme de baja", .none, .stop, .spanish), ("No me llamen más", .none, .stop, .spanish),
            ("Ayuda", .help, .help, .spanish), ("Iniciar", .start, .start, .spanish),
            ("ARRÊT", .stop, .stop, .french), ("arreter", .stop, .stop, .french),
            ("Désabonnement", .stop, .stop, .french),
            ("ne m'appelez plus", .none, .stop, .french), ("Ne m’appelez plus jamais !", .none, .stop, .french),
            ("aide", .help, .help, .french), ("Reprendre", .start, .start, .french),
            ("Stopp", .stop, .stop, .german), ("ABMELDEN", .stop, .stop, .german), ("kündigen", .stop, .stop, .german),
            ("Hören Sie auf!", .none, .stop, .german), ("bitte nicht mehr anrufen", .none, .stop, .german),
            ("Hilfe", .help, .help, .german), ("Fortsetzen", .start, .start, .german),
            ("Basta", .stop, .stop, .spanish), ("Cancellami", .stop, .stop, .italian),
            ("non chiamatemi più", .none, .stop, .italian), ("Aiuto", .help, .help, .italian),
            ("Riprendi", .start, .start, .italian),
            ("PARAR", .stop, .stop, .spanish), ("sair", .stop, .stop, .portuguese),
            ("não me ligue mais", .none, .stop, .portuguese), ("Ajuda", .help, .help, .portuguese),
            ("começar", .start, .start, .portuguese),
            ("Afmelden", .stop, .stop, .dutch), ("wilt u mij niet meer bellen", .none, .stop, .dutch),
            ("hulp", .help, .help, .dutch), ("hervatten", .start, .start, .dutch),
            ("Rezygnuję", .stop, .stop, .polish), ("proszę nie dzwonić", .none, .stop, .polish),
            ("pomoc", .help, .help, .polish), ("wznów", .start, .start, .polish),
            ("Avsluta", .stop, .stop, .swedish), ("sluta ringa mig", .none, .stop, .swedish),
            ("hjälp", .help, .help, .swedish), ("börja", .start, .start, .swedish),
            ("Afmeld", .stop, .stop, .danish), ("ring ikke til mig", .none, .stop, .danish),
            ("hjælp", .help, .help, .danish), ("genoptag", .start, .start, .danish),
            ("meld av", .stop, .stop, .norwegian), ("ikke ring meg mer", .none, .stop, .norwegian),
            ("hjelp", .help, .help, .norwegian), ("gjenoppta", .start, .start, .norwegian),
            ("Lopeta", .stop, .stop, .finnish), ("älkää soittako", .none, .stop, .finnish),
            ("apua", .help, .help, .finnish),
            ("jatka", .start, .start, .finnish),
        ] as [(String, InboundMeaning, InboundMeaning, KeywordLanguage?)])
    func meanings(text: String, whole: InboundMeaning, reasonable: InboundMeaning, language: KeywordLanguage?) {
        #expect(KeywordReader.read(text, .whole).meaning == whole)
        let match = KeywordReader.read(text, .reasonable)
        #expect(match.meaning == reasonable && match.language == language, "\(match)")
        #expect((match.keyword == nil) == (reasonable == .none))
    }

    /// Every word of the tables is found as it is written there, in every language; a no is never read as a yes.
    @Test(arguments: KeywordLanguage.allCases)
    func repliesAreShortAndNameTheWayBack(language: KeywordLanguage) throws {
        for meaning in [InboundMeaning.stop, .start, .help] {
            let text = try #require(language.reply(to: meaning, brand: "acme"))
            #expect(text.hasPrefix("acme: "))
            #expect(text.contains(meaning == .stop ? "START" : "STOP"), "\(text)")
            // One text of the narrower alphabet, or two at most.
            #expect(text.unicodeScalars.count <= 134, "\(text)")
        }
        #expect(language.reply(to: .none, brand: nil) == nil)
    }

    @Test func aLongMessageIsBounded() {
        let text = String(repeating: "x ", count: 1_000_000) + "stop"
        #expect(KeywordReader.read(text, .reasonable).meaning == .none)
    }
}
