import GovernorPages

/// Names of facts, events and states of holdings.
enum FactWords: WordTable {
    case optOut, optIn, consent, withdrawal, event, appointment, quietTime, complaint, refusal, purchase, inquiry
    case reassigned, attorney, deceased, conversation
    case active, grace, lapsed, cancelled, pending, quote

    var phrase: Phrase {
        switch self {
        case .optOut: Phrase(en: "No more contact", de: "Kein Kontakt mehr", fr: "Plus de contact")
        case .optIn: Phrase(en: "Agrees again", de: "Stimmt wieder zu", fr: "Accepte de nouveau")
        case .consent: Phrase(en: "Permission: {name}", de: "Einwilligung: {name}", fr: "Consentement : {name}")
        case .withdrawal:
            Phrase(
                en: "Permission taken back: {name}", de: "Einwilligung widerrufen: {name}",
                fr: "Consentement retiré : {name}")
        case .event: Phrase(en: "{name}", de: "{name}", fr: "{name}")
        case .appointment: Phrase(en: "Appointment {when}", de: "Termin {when}", fr: "Rendez-vous {when}")
        case .quietTime:
            Phrase(en: "Not to be contacted {when}", de: "Kein Kontakt {when}", fr: "Pas de contact {when}")
        case .complaint: Phrase(en: "Complaint", de: "Beschwerde", fr: "Réclamation")
        case .refusal: Phrase(en: "Declined an offer", de: "Angebot abgelehnt", fr: "Offre refusée")
        case .purchase: Phrase(en: "Purchase", de: "Kauf", fr: "Achat")
        case .inquiry: Phrase(en: "Asked about an offer", de: "Anfrage", fr: "Demande de renseignements")
        case .reassigned:
            Phrase(
                en: "The number has a new owner", de: "Die Nummer gehört jetzt jemand anderem",
                fr: "Le numéro a changé de titulaire")
        case .attorney:
            Phrase(en: "Represented by an attorney", de: "Anwaltlich vertreten", fr: "Représentée par un avocat")
        case .deceased: Phrase(en: "Deceased", de: "Verstorben", fr: "Décédée")
        case .conversation: Phrase(en: "Conversation", de: "Gespräch", fr: "Conversation")
        case .active: Phrase(en: "active", de: "aktiv", fr: "actif")
        case .grace: Phrase(en: "in grace", de: "in Nachfrist", fr: "en délai de grâce")
        case .lapsed: Phrase(en: "lapsed", de: "ausgelaufen", fr: "échu")
        case .cancelled: Phrase(en: "cancelled", de: "gekündigt", fr: "résilié")
        case .pending: Phrase(en: "pending", de: "in Bearbeitung", fr: "en cours")
        case .quote: Phrase(en: "open quote", de: "offenes Angebot", fr: "devis ouvert")
        }
    }
}
