import GovernorPages

/// Words of the page about campaign guards.
enum GuardWords: WordTable {
    case title, intro, none, noneText, nothingYet, campaign, agency, usedUp, room
    case attempts, share, perHour, hour, count

    var phrase: Phrase {
        switch self {
        case .title: Phrase(en: "Campaign guards", de: "Kampagnenwächter", fr: "Garde-fous des campagnes")
        case .intro:
            Phrase(
                en: "How far each campaign and agency has used up what it may, counted by all nodes together.",
                de: "Wie weit jede Kampagne und Agentur ausgeschöpft hat, was sie darf, von allen Knoten gezählt.",
                fr: "Où en est chaque campagne et agence de ce qui lui est permis, compté par tous les nœuds.")
        case .none:
            Phrase(en: "No guard is in force", de: "Kein Wächter ist in Kraft", fr: "Aucun garde-fou en vigueur")
        case .noneText:
            Phrase(
                en: "A rule of the kind campaign_guard limits attempts, or the share of abandoned calls.",
                de: "Eine Regel der Art campaign_guard begrenzt Versuche oder den Anteil abgebrochener Anrufe.",
                fr: "Une règle de type campaign_guard limite les tentatives ou la part d’appels abandonnés.")
        case .nothingYet:
            Phrase(
                en: "Nothing was counted for a campaign or agency that this node was asked about lately.",
                de: "Für keine Kampagne oder Agentur, nach der dieser Knoten zuletzt gefragt wurde, ist etwas gezählt.",
                fr: "Rien n’est compté pour les campagnes et agences sur lesquelles ce nœud a été interrogé récemment.")
        case .campaign: Phrase(en: "Campaign {name}", de: "Kampagne {name}", fr: "Campagne {name}")
        case .agency: Phrase(en: "Agency {name}", de: "Agentur {name}", fr: "Agence {name}")
        case .usedUp: Phrase(en: "used up", de: "ausgeschöpft", fr: "épuisé")
        case .room: Phrase(en: "has room", de: "hat Spielraum", fr: "a de la marge")
        case .attempts:
            Phrase(
                en: "{part} of {limit} attempts", de: "{part} von {limit} Versuchen",
                fr: "{part} tentatives sur {limit}")
        case .share:
            Phrase(
                en: "{part} of {whole} contacts: {percent}, at most {limit}",
                de: "{part} von {whole} Kontakten: {percent}, höchstens {limit}",
                fr: "{part} contacts sur {whole} : {percent}, au plus {limit}")
        case .perHour:
            Phrase(en: "Attempts per hour", de: "Versuche je Stunde", fr: "Tentatives par heure")
        case .hour: Phrase(en: "Hour", de: "Stunde", fr: "Heure")
        case .count: Phrase(en: "Attempts", de: "Versuche", fr: "Tentatives")
        }
    }
}
