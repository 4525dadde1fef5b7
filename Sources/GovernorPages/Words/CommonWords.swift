/// Words that several pages need: channels, purposes, and what became of a contact.
public enum CommonWords: WordTable {
    case voice, sms, email, push, mail, whatsapp
    case marketing, service, collections, survey, transactional
    case noAnswer, busy, voicemail, connected, conversation, refused, complaint, optOut, wrongNumber, abandoned, sold
    case delivered, bounced, failed
    case yes, no, never

    public var phrase: Phrase {
        switch self {
        case .voice: Phrase(en: "Phone calls", de: "Anrufe", fr: "Appels téléphoniques")
        case .sms: Phrase(en: "Text messages (SMS)", de: "SMS", fr: "SMS")
        case .email: Phrase(en: "E-mail", de: "E-Mail", fr: "E-mail")
        case .push: Phrase(en: "App notifications", de: "App-Mitteilungen", fr: "Notifications de l’application")
        case .mail: Phrase(en: "Letters", de: "Briefe", fr: "Courrier postal")
        case .whatsapp: Phrase(en: "WhatsApp", de: "WhatsApp", fr: "WhatsApp")
        case .marketing: Phrase(en: "Advertising", de: "Werbung", fr: "Publicité")
        case .service: Phrase(en: "Customer service", de: "Kundenservice", fr: "Service client")
        case .collections: Phrase(en: "Payments due", de: "Offene Forderungen", fr: "Recouvrement")
        case .survey: Phrase(en: "Surveys", de: "Umfragen", fr: "Enquêtes")
        case .transactional:
            Phrase(en: "Orders and contracts", de: "Bestellungen und Verträge", fr: "Commandes et contrats")
        case .noAnswer: Phrase(en: "no answer", de: "nicht abgehoben", fr: "sans réponse")
        case .busy: Phrase(en: "line busy", de: "besetzt", fr: "occupé")
        case .voicemail: Phrase(en: "voicemail", de: "Mailbox", fr: "messagerie vocale")
        case .connected: Phrase(en: "connected", de: "verbunden", fr: "mis en relation")
        case .conversation: Phrase(en: "conversation", de: "Gespräch", fr: "conversation")
        case .refused: Phrase(en: "declined", de: "abgelehnt", fr: "refusé")
        case .complaint: Phrase(en: "complaint", de: "Beschwerde", fr: "réclamation")
        case .optOut: Phrase(en: "asked us to stop", de: "Widerspruch", fr: "opposition")
        case .wrongNumber: Phrase(en: "wrong number", de: "falsche Nummer", fr: "mauvais numéro")
        case .abandoned: Phrase(en: "nobody on our side", de: "von uns abgebrochen", fr: "abandonné par nous")
        case .sold: Phrase(en: "purchase", de: "Kauf", fr: "achat")
        case .delivered: Phrase(en: "delivered", de: "zugestellt", fr: "remis")
        case .bounced: Phrase(en: "not deliverable", de: "unzustellbar", fr: "non distribuable")
        case .failed: Phrase(en: "failed", de: "fehlgeschlagen", fr: "échec")
        case .yes: Phrase(en: "Yes", de: "Ja", fr: "Oui")
        case .no: Phrase(en: "No", de: "Nein", fr: "Non")
        case .never: Phrase(en: "Never", de: "Nie", fr: "Jamais")
        }
    }

    /// A channel, purpose or outcome by the name that the API has for it; `nil` for a company's own.
    public init?(apiName: some StringProtocol) {
        let wanted = apiName.lowercased()
        guard let word = Self.allCases.first(where: { $0.apiName == wanted && ![.yes, .no, .never].contains($0) })
        else { return nil }
        self = word
    }

    private var apiName: String {
        "\(self)".reduce(into: "") { name, character in
            name += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
    }

    /// A channel, purpose or outcome in words; a company's own stands as it is written.
    public static func word(_ apiName: String, in language: Language) -> String {
        CommonWords(apiName: apiName).map { $0(language) } ?? apiName
    }
}
