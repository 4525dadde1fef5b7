/// A language of inbound keywords, and of what is sent back. Words are written as `KeywordReader` folds them: in lower case,
/// without accents and apostrophes.
///
/// Source: 47 CFR 64.1200(a)(10) for the seven English words; CTIA Messaging Principles and Best Practices (2023), 5.1.3.
public enum KeywordLanguage: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case spanish = "es"
    case french = "fr"
    case german = "de"
    case italian = "it"
    case portuguese = "pt"
    case dutch = "nl"
    case polish = "pl"
    case swedish = "sv"
    case danish = "da"
    case norwegian = "nb"
    case finnish = "fi"

    struct Keywords: Sendable {
        /// As the whole message.
        var stop: Set<String>
        var start: Set<String>
        var help: Set<String>
        /// Inside a sentence, where that is enough.
        var phrases: [String]
    }

    /// What stands around a keyword without meaning it.
    static let harmless = [
        "dont stop", "do not stop", "never stop", "cant stop", "cannot stop", "wont stop", "didnt stop", "non stop",
        "bus stop", "stop by", "stop in", "stop over", "next stop", "last stop", "one stop", "stop sign",
    ]

    var keywords: Keywords { Self.tables[self] ?? Keywords(stop: [], start: [], help: [], phrases: []) }

    private static let tables: [KeywordLanguage: Keywords] = [
        .english: Keywords(
            stop: [
                "stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe",
                "unsub", "please opt me out", "opt me out", "please stop", "stop please", "stop texting", "remove me",
                "stop texting me", "stop it", "stop now", "unsubscribe me",
            ],
            start: ["start", "unstop", "resume", "subscribe", "opt in", "optin"], help: ["help", "info", "help me"],
            phrases: [
                "stop", "stopall", "unsubscribe", "unsubscribed", "opt out", "optout", "opt me out", "opting out",
                "revoke",
                "leave me alone", "do not text", "dont text", "do not call", "dont call", "do not contact",
                "dont contact",
                "do not message", "dont message", "no more texts", "no more messages", "no more calls", "remove me",
                "remove my number", "take me off", "delete my number", "lose my number", "quit texting", "quit calling",
                "quit messaging", "end texts", "end messages", "cancel texts", "cancel messages",
                "cancel my subscription",
            ]),
        .spanish: Keywords(
            stop: [
                "alto", "baja", "parar", "pare", "detener", "basta", "cancelar", "no mas", "dar de baja",
                "darme de baja",
                "darse de baja", "fin",
            ],
            start: ["iniciar", "empezar", "comenzar", "reanudar", "alta"], help: ["ayuda", "informacion"],
            phrases: [
                "no me llame", "no me llamen", "no me escriba", "no me escriban", "no me contacte", "no me contacten",
                "dejen de", "deje de", "no mas mensajes", "no mas llamadas", "dar de baja", "darme de baja",
                "quiero la baja",
                "denme de baja", "no quiero mas",
            ]),
        .french: Keywords(
            stop: [
                "arret", "arreter", "arretez", "desabonner", "desabonnement", "desinscrire", "desinscription",
                "resilier",
                "stopper",
            ],
            start: ["reprendre", "commencer", "demarrer", "reabonner"], help: ["aide"],
            phrases: [
                "ne mappelez plus", "ne me contactez plus", "ne mecrivez plus", "plus de messages", "plus de sms",
                "arretez", "desabonnez moi", "me desabonner", "me desinscrire", "desinscrivez moi",
                "laissez moi tranquille",
                "je ne veux plus",
            ]),
        .german: Keywords(
            stop: [
                "stopp", "halt", "ende", "abmelden", "abmeldung", "abbestellen", "kundigen", "kuendigen", "aufhoren",
                "aufhoeren", "austragen", "widerruf", "widerspruch",
            ],
            start: ["starten", "anmelden", "fortsetzen"], help: ["hilfe"],
            phrases: [
                "stopp", "nicht mehr anrufen", "nicht mehr schreiben", "nicht mehr kontaktieren", "keine sms mehr",
                "keine nachrichten mehr", "keine anrufe mehr", "keine werbung", "hort auf", "hoert auf",
                "horen sie auf",
                "hoeren sie auf", "lassen sie mich in ruhe", "lasst mich in ruhe", "abmelden", "abbestellen",
                "ich widerrufe", "ich widerspreche", "melden sie mich ab", "meldet mich ab",
            ]),
        .italian: Keywords(
            stop: [
                "ferma", "fermare", "basta", "cancella", "cancellami", "annulla", "disiscrivi", "disiscrivimi",
                "interrompi",
                "revoca",
            ],
            start: ["inizia", "avvia", "riprendi"], help: ["aiuto"],
            phrases: [
                "non chiamatemi", "non mi chiamate", "non contattatemi", "non mi contattate", "non scrivetemi",
                "smettete",
                "smettetela", "cancellatemi", "basta messaggi", "basta chiamate", "non voglio piu", "disiscrivetemi",
            ]),
        .portuguese: Keywords(
            stop: ["parar", "pare", "parem", "sair", "cancelar", "cancele", "remover", "descadastrar", "chega"],
            start: ["iniciar", "comecar", "retomar", "voltar"], help: ["ajuda"],
            phrases: [
                "nao me ligue", "nao me liguem", "nao me contate", "nao me contatem", "pare de", "parem de",
                "nao quero mais", "me remova", "me removam", "me descadastre", "chega de mensagens",
            ]),
        .dutch: Keywords(
            stop: ["stoppen", "stop ermee", "afmelden", "uitschrijven", "opzeggen", "einde", "meld af"],
            start: ["starten", "aanmelden", "hervatten"], help: ["hulp"],
            phrases: [
                "niet meer bellen", "niet meer sturen", "geen berichten meer", "geen sms meer", "meld me af",
                "meld mij af",
                "schrijf me uit", "schrijf mij uit", "laat me met rust", "bel me niet",
            ]),
        .polish: Keywords(
            stop: ["koniec", "wypisz", "wypisz mnie", "rezygnuje", "rezygnacja", "anuluj", "zrezygnuj", "przestancie"],
            start: ["wznow", "zacznij"], help: ["pomoc"],
            phrases: [
                "prosze nie dzwonic", "nie dzwoncie", "prosze nie pisac", "nie piszcie", "wypiszcie mnie",
                "przestancie",
                "nie chce wiecej", "prosze mnie wypisac",
            ]),
        .swedish: Keywords(
            stop: ["stopp", "stoppa", "sluta", "avsluta", "avregistrera", "avanmal", "avbryt"],
            start: ["starta", "borja", "ateruppta"], help: ["hjalp"],
            phrases: [
                "sluta ringa", "sluta skicka", "sluta kontakta", "inga fler sms", "inga fler samtal",
                "inga fler meddelanden",
                "ta bort mig", "ring mig inte", "kontakta mig inte",
            ]),
        .danish: Keywords(
            stop: ["afmeld", "afmeld mig", "slut", "stop nu", "ophør", "ophor"],
            start: ["genoptag", "begynd", "tilmeld"], help: ["hjælp", "hjaelp"],
            phrases: [
                "stop med at", "lad være med", "ring ikke", "ring ikke til mig", "kontakt mig ikke", "fjern mig",
                "ikke flere beskeder", "ikke flere opkald", "afmeld mig",
            ]),
        .norwegian: Keywords(
            stop: ["avslutt", "avmeld", "meld av", "meld meg av", "slutt"], start: ["gjenoppta", "begynn", "meld pa"],
            help: ["hjelp"],
            phrases: [
                "slutt a ringe", "slutt a sende", "ikke ring meg", "ikke kontakt meg", "fjern meg",
                "ikke flere meldinger",
                "meld meg av", "ingen flere meldinger",
            ]),
        .finnish: Keywords(
            stop: ["lopeta", "seis", "peruuta", "poista", "lopetus"], start: ["aloita", "jatka"],
            help: ["apua", "ohje"],
            phrases: [
                "alkaa soittako", "ala soita", "alkaa lahettako", "ala laheta", "lopettakaa", "poistakaa minut",
                "poista minut", "en halua enaa",
            ]),
    ]

    /// What is sent back; `brand` comes first, so that she knows from whom.
    public func reply(to meaning: InboundMeaning, brand: String?) -> String? {
        let (stopped, started, help) = replies
        let text: String
        switch meaning {
        case .stop: text = stopped
        case .start: text = started
        case .help: text = help
        case .none: return nil
        }
        return brand.map { "\($0): \(text)" } ?? text
    }

    private var replies: (stopped: String, started: String, help: String) {
        switch self {
        case .english:
            (
                "You are unsubscribed and will get no more messages. Reply START to resume.",
                "You will get our messages again. Reply STOP to end them.",
                "Reply STOP to end these messages, START to resume them."
            )
        case .spanish:
            (
                "Se ha dado de baja y no recibirá más mensajes. Responda START para volver.",
                "Volverá a recibir nuestros mensajes. Responda STOP para terminar.",
                "Responda STOP para no recibir más mensajes, START para volver a recibirlos."
            )
        case .french:
            (
                "Vous êtes désinscrit et ne recevrez plus de messages. Répondez START pour reprendre.",
                "Vous recevrez de nouveau nos messages. Répondez STOP pour arrêter.",
                "Répondez STOP pour arrêter ces messages, START pour les reprendre."
            )
        case .german:
            (
                "Sie sind abgemeldet und bekommen keine Nachrichten mehr. Mit START geht es weiter.",
                "Sie bekommen unsere Nachrichten wieder. Mit STOP beenden Sie sie.",
                "Mit STOP beenden Sie diese Nachrichten, mit START beginnen sie wieder."
            )
        case .italian:
            (
                "La cancellazione è avvenuta: non riceverà altri messaggi. Risponda START per riprendere.",
                "Riceverà di nuovo i nostri messaggi. Risponda STOP per terminare.",
                "Risponda STOP per non ricevere altri messaggi, START per riprendere."
            )
        case .portuguese:
            (
                "O seu registo foi cancelado: não receberá mais mensagens. Responda START para retomar.",
                "Voltará a receber as nossas mensagens. Responda STOP para terminar.",
                "Responda STOP para não receber mais mensagens, START para retomar."
            )
        case .dutch:
            (
                "U bent afgemeld en krijgt geen berichten meer. Antwoord START om te hervatten.",
                "U krijgt onze berichten weer. Antwoord STOP om te stoppen.",
                "Antwoord STOP om geen berichten meer te krijgen, START om te hervatten."
            )
        case .polish:
            (
                "Wypisano: nie będzie więcej wiadomości. Odpowiedz START, aby wznowić.",
                "Wiadomości zostały wznowione. Odpowiedz STOP, aby je zakończyć.",
                "Odpowiedz STOP, aby zakończyć wiadomości, START, aby je wznowić."
            )
        case .swedish:
            (
                "Du är avregistrerad och får inga fler meddelanden. Svara START för att återuppta.",
                "Du får våra meddelanden igen. Svara STOP för att avsluta.",
                "Svara STOP för att avsluta meddelandena, START för att återuppta dem."
            )
        case .danish:
            (
                "Du er afmeldt og får ikke flere beskeder. Svar START for at genoptage.",
                "Du får vores beskeder igen. Svar STOP for at slutte.",
                "Svar STOP for at afslutte beskederne, START for at genoptage dem."
            )
        case .norwegian:
            (
                "Du er avmeldt og får ikke flere meldinger. Svar START for å gjenoppta.",
                "Du får meldingene våre igjen. Svar STOP for å avslutte.",
                "Svar STOP for å avslutte meldingene, START for å gjenoppta dem."
            )
        case .finnish:
            (
                "Tilaus on lopetettu, etkä saa enää viestejä. Vastaa START jatkaaksesi.",
                "Saat taas viestejämme. Vastaa STOP lopettaaksesi.",
                "Vastaa STOP lopettaaksesi viestit, START jatkaaksesi."
            )
        }
    }
}
