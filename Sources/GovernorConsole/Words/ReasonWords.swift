import GovernorPages

/// The sentences of reasons in German and French, and short names of reasons in every language; the English sentences are
/// those that the API gives.
enum ReasonWords: WordTable {
    case capReached, capZero, capKept, gapTooShort, coolingOff, hoursClosed, hoursUnknownZone, calendarRunOut, quietTime
    case optedOut, consentMissing, alreadyHolds, blocked, historyIncomplete, recordFull, reservationGone,
        storeUnavailable
    case registryListed, registryStale, registryNotLoaded, guardAttempts, guardShare
    case last, since

    var phrase: Phrase {
        switch self {
        case .capReached:
            Phrase(
                en: "{count} of {limit} permitted contacts have been made.",
                de: "{count} von {limit} erlaubten Kontakten sind erfolgt.",
                fr: "{count} contacts sur {limit} permis ont eu lieu.")
        case .capZero:
            Phrase(
                en: "This kind of contact is not permitted.", de: "Diese Art von Kontakt ist nicht erlaubt.",
                fr: "Ce type de contact n’est pas permis.")
        case .capKept:
            Phrase(
                en: "What is left of the limit of {limit} is kept for other contacts.",
                de: "Der Rest der Obergrenze von {limit} ist anderen Kontakten vorbehalten.",
                fr: "Le reste du plafond de {limit} est réservé à d’autres contacts.")
        case .gapTooShort:
            Phrase(
                en: "It is too soon after the last contact.", de: "Der letzte Kontakt ist noch zu kurz her.",
                fr: "Le dernier contact est trop récent.")
        case .coolingOff:
            Phrase(
                en: "A waiting time after an earlier event is not over.",
                de: "Eine Wartezeit nach einem früheren Ereignis ist nicht vorbei.",
                fr: "Un délai d’attente après un événement n’est pas écoulé.")
        case .hoursClosed:
            Phrase(
                en: "It is outside the permitted hours where the person may be.",
                de: "Dort, wo die Person sein kann, ist keine erlaubte Zeit.",
                fr: "Là où la personne peut être, l’heure n’est pas permise.")
        case .hoursUnknownZone:
            Phrase(
                en: "Where the person may be is not known: state a country, a region or a time zone.",
                de: "Es ist nicht bekannt, wo die Person ist: Geben Sie Land, Region oder Zeitzone an.",
                fr: "On ne sait pas où est la personne : indiquez un pays, une région ou un fuseau.")
        case .calendarRunOut:
            Phrase(
                en: "The holiday calendar of this rule has run out; somebody must extend it.",
                de: "Der Feiertagskalender dieser Regel ist abgelaufen; jemand muss ihn verlängern.",
                fr: "Le calendrier des jours fériés de cette règle est épuisé ; il faut le prolonger.")
        case .quietTime:
            Phrase(
                en: "The person asked not to be contacted at this time.",
                de: "Die Person möchte zu dieser Zeit nicht kontaktiert werden.",
                fr: "La personne a demandé à ne pas être contactée à cette heure.")
        case .optedOut:
            Phrase(en: "The person said no.", de: "Die Person hat Nein gesagt.", fr: "La personne a dit non.")
        case .consentMissing:
            Phrase(
                en: "There is no valid permission for this contact.",
                de: "Für diesen Kontakt gibt es keine gültige Einwilligung.",
                fr: "Aucun consentement valable pour ce contact.")
        case .alreadyHolds:
            Phrase(
                en: "The person already has what this contact would offer.",
                de: "Die Person hat schon, was dieser Kontakt anbieten würde.",
                fr: "La personne a déjà ce que ce contact proposerait.")
        case .blocked:
            Phrase(
                en: "Contacts of this kind are blocked here.", de: "Kontakte dieser Art sind hier gesperrt.",
                fr: "Les contacts de ce type sont bloqués ici.")
        case .historyIncomplete:
            Phrase(
                en: "The record does not reach back far enough for this rule.",
                de: "Der Eintrag reicht für diese Regel nicht weit genug zurück.",
                fr: "Le dossier ne remonte pas assez loin pour cette règle.")
        case .recordFull:
            Phrase(
                en: "The person’s record is full.", de: "Der Eintrag der Person ist voll.",
                fr: "Le dossier de la personne est plein.")
        case .reservationGone:
            Phrase(
                en: "The reservation is gone.", de: "Die Reservierung ist erloschen.",
                fr: "La réservation n’existe plus.")
        case .storeUnavailable:
            Phrase(
                en: "The store cannot answer, so the contact is not permitted.",
                de: "Der Speicher antwortet nicht, deshalb ist der Kontakt nicht erlaubt.",
                fr: "Le stockage ne répond pas, le contact n’est donc pas permis.")
        case .registryListed:
            Phrase(
                en: "The number or address is on a do-not-contact register.",
                de: "Die Nummer oder Adresse steht auf einer Sperrliste.",
                fr: "Le numéro ou l’adresse figure sur un registre d’opposition.")
        case .registryStale:
            Phrase(
                en: "The register that this rule asks is too old to rely on.",
                de: "Die Sperrliste dieser Regel ist zu alt.",
                fr: "Le registre de cette règle est trop ancien.")
        case .registryNotLoaded:
            Phrase(
                en: "The register that this rule asks is not loaded.",
                de: "Die Sperrliste dieser Regel ist nicht geladen.",
                fr: "Le registre de cette règle n’est pas chargé.")
        case .guardAttempts:
            Phrase(
                en: "This campaign or agency has made as many contacts as it may.",
                de: "Diese Kampagne oder Agentur hat so viele Kontakte gemacht, wie sie darf.",
                fr: "Cette campagne ou agence a fait autant de contacts que permis.")
        case .guardShare:
            Phrase(
                en: "Too many contacts of this campaign or agency went wrong.",
                de: "Zu viele Kontakte dieser Kampagne oder Agentur sind misslungen.",
                fr: "Trop de contacts de cette campagne ou agence ont échoué.")
        case .last: Phrase(en: "The last was {when}.", de: "Der letzte war {when}.", fr: "Le dernier : {when}.")
        case .since: Phrase(en: "Since {when}.", de: "Seit {when}.", fr: "Depuis {when}.")
        }
    }
}
