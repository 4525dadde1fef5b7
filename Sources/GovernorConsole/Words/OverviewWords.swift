import GovernorPages

/// Words of the overview.
enum OverviewWords: WordTable {
    case title, intro, live, lastHour, decisionsHour, allowedShare, latency, latencyValue, latencyNote, store, storeGood
    case policies, policiesGood, uptime, sessions, perMinute, allowed, denied, none, noneText
    case reasons, channels, campaigns, agencies, rules, others, heat, heatNote, pressure, pressureIntro, pressureLine,
        pressureNone
    case minute, hour, total, share, asked, deniedByCaps, name, ownHouse, noCampaign, facts, overruns, degraded, misses
    case weekday, node

    var phrase: Phrase {
        switch self {
        case .title: Phrase(en: "Overview", de: "Überblick", fr: "Vue d’ensemble")
        case .intro:
            Phrase(
                en: "What this node has decided since it was started, kept in its memory.",
                de: "Was dieser Knoten seit seinem Start entschieden hat, aus seinem Speicher.",
                fr: "Ce que ce nœud a décidé depuis son démarrage, d’après sa mémoire.")
        case .live: Phrase(en: "live", de: "laufend", fr: "en direct")
        case .lastHour: Phrase(en: "in the last hour", de: "in der letzten Stunde", fr: "dans la dernière heure")
        case .decisionsHour: Phrase(en: "Decisions", de: "Entscheidungen", fr: "Décisions")
        case .allowedShare: Phrase(en: "{share} allowed", de: "{share} erlaubt", fr: "{share} permises")
        case .latency: Phrase(en: "Answer time", de: "Antwortzeit", fr: "Temps de réponse")
        case .latencyValue: Phrase(en: "{value} ms", de: "{value} ms", fr: "{value} ms")
        case .latencyNote:
            Phrase(
                en: "99 of 100 within {value} ms, since the start", de: "99 von 100 binnen {value} ms, seit dem Start",
                fr: "99 sur 100 en {value} ms, depuis le démarrage")
        case .store: Phrase(en: "Store", de: "Speicher", fr: "Stockage")
        case .storeGood: Phrase(en: "takes changes", de: "nimmt Änderungen an", fr: "accepte les changements")
        case .policies: Phrase(en: "Policies", de: "Regeln", fr: "Règles")
        case .policiesGood:
            Phrase(en: "{count} rules in force", de: "{count} Regeln in Kraft", fr: "{count} règles en vigueur")
        case .uptime: Phrase(en: "Running since", de: "Läuft seit", fr: "En marche depuis")
        case .sessions: Phrase(en: "Signed in: {count}", de: "Angemeldet: {count}", fr: "Connectés : {count}")
        case .perMinute: Phrase(en: "Decisions per minute", de: "Entscheidungen pro Minute", fr: "Décisions par minute")
        case .allowed: Phrase(en: "allowed", de: "erlaubt", fr: "permis")
        case .denied: Phrase(en: "denied", de: "verneint", fr: "refusé")
        case .none:
            Phrase(en: "Nobody has asked yet", de: "Noch hat niemand gefragt", fr: "Personne n’a encore demandé")
        case .noneText:
            Phrase(
                en: "As soon as a dialer or mailer asks this node, it shows here.",
                de: "Sobald ein Wählsystem oder Mailer diesen Knoten fragt, erscheint es hier.",
                fr: "Dès qu’un automate interroge ce nœud, cela s’affiche ici.")
        case .reasons: Phrase(en: "Why it was denied", de: "Warum verneint wurde", fr: "Pourquoi refusé")
        case .channels: Phrase(en: "By channel", de: "Nach Kanal", fr: "Par canal")
        case .campaigns: Phrase(en: "By campaign", de: "Nach Kampagne", fr: "Par campagne")
        case .agencies: Phrase(en: "By agency", de: "Nach Agentur", fr: "Par agence")
        case .rules:
            Phrase(
                en: "Rules that denied most", de: "Regeln, die am meisten verneinten",
                fr: "Règles qui ont le plus refusé")
        case .others: Phrase(en: "others", de: "andere", fr: "autres")
        case .heat: Phrase(en: "When we are asked", de: "Wann wir gefragt werden", fr: "Quand on nous interroge")
        case .heatNote:
            Phrase(
                en: "The last seven days, by your clock; a fuller square is a busier hour.",
                de: "Die letzten sieben Tage, nach Ihrer Uhr; je voller das Feld, desto mehr Fragen.",
                fr: "Les sept derniers jours, à votre heure ; plus le carré est plein, plus l’heure est chargée.")
        case .pressure:
            Phrase(
                en: "Who presses against the caps", de: "Wer gegen die Obergrenzen drückt",
                fr: "Qui pousse contre les plafonds")
        case .pressureIntro:
            Phrase(
                en: "Denied by a cap, a gap or a waiting time in the last 24 hours.",
                de: "Durch Obergrenze, Abstand oder Wartezeit verneint, in den letzten 24 Stunden.",
                fr: "Refusés par un plafond, un intervalle ou un délai, ces dernières 24 heures.")
        case .pressureLine:
            Phrase(
                en: "{name} asked {count} times for people it may not contact now",
                de: "{name} fragte {count}-mal nach Personen, die jetzt nicht kontaktiert werden dürfen",
                fr: "{name} a demandé {count} fois des personnes à ne pas contacter maintenant")
        case .pressureNone:
            Phrase(
                en: "Nobody has run into a cap.", de: "Niemand ist an eine Obergrenze gestoßen.",
                fr: "Personne n’a atteint de plafond.")
        case .minute: Phrase(en: "Minute", de: "Minute", fr: "Minute")
        case .hour: Phrase(en: "Hour", de: "Stunde", fr: "Heure")
        case .total: Phrase(en: "All", de: "Alle", fr: "Total")
        case .share: Phrase(en: "Share", de: "Anteil", fr: "Part")
        case .asked: Phrase(en: "Asked", de: "Gefragt", fr: "Demandes")
        case .deniedByCaps: Phrase(en: "Denied", de: "Verneint", fr: "Refusées")
        case .name: Phrase(en: "Name", de: "Name", fr: "Nom")
        case .ownHouse: Phrase(en: "the company itself", de: "das Unternehmen selbst", fr: "l’entreprise elle-même")
        case .noCampaign: Phrase(en: "no campaign named", de: "ohne Kampagne", fr: "sans campagne")
        case .facts: Phrase(en: "Facts on record", de: "Eingetragene Tatsachen", fr: "Faits enregistrés")
        case .overruns: Phrase(en: "Overruns: {count}", de: "Überschreitungen: {count}", fr: "Dépassements : {count}")
        case .degraded:
            Phrase(
                en: "Allowed without the store: {count}", de: "Ohne Speicher erlaubt: {count}",
                fr: "Permis sans stockage : {count}")
        case .misses:
            Phrase(
                en: "Answers too late: {count}", de: "Zu späte Antworten: {count}",
                fr: "Réponses trop tardives : {count}")
        case .weekday: Phrase(en: "Day", de: "Tag", fr: "Jour")
        case .node: Phrase(en: "Node {name}", de: "Knoten {name}", fr: "Nœud {name}")
        }
    }
}

/// Short names of reasons, for charts.
enum ReasonNames: WordTable {
    case capReached, capKept, gapTooShort, coolingOff, hoursClosed, hoursUnknownZone, calendarRunOut, quietTime
    case optedOut, consentMissing, alreadyHolds, blocked, historyIncomplete, recordFull, reservationGone,
        storeUnavailable
    case registryListed, registryStale, registryNotLoaded, guardAttempts, guardShare

    var phrase: Phrase {
        switch self {
        case .capReached: Phrase(en: "Cap reached", de: "Obergrenze erreicht", fr: "Plafond atteint")
        case .capKept: Phrase(en: "Kept for others", de: "Anderen vorbehalten", fr: "Réservé à d’autres")
        case .gapTooShort:
            Phrase(en: "Too soon after the last", de: "Zu kurz nach dem letzten", fr: "Trop tôt après le dernier")
        case .coolingOff: Phrase(en: "Waiting time", de: "Wartezeit", fr: "Délai d’attente")
        case .hoursClosed:
            Phrase(en: "Outside permitted hours", de: "Außerhalb erlaubter Zeiten", fr: "Hors des heures permises")
        case .hoursUnknownZone: Phrase(en: "Place unknown", de: "Ort unbekannt", fr: "Lieu inconnu")
        case .calendarRunOut: Phrase(en: "Calendar has run out", de: "Kalender abgelaufen", fr: "Calendrier épuisé")
        case .quietTime: Phrase(en: "Her quiet time", de: "Ihre Ruhezeit", fr: "Son temps de calme")
        case .optedOut: Phrase(en: "She said no", de: "Sie hat Nein gesagt", fr: "Elle a dit non")
        case .consentMissing: Phrase(en: "No permission", de: "Keine Einwilligung", fr: "Pas de consentement")
        case .alreadyHolds: Phrase(en: "Has it already", de: "Hat es schon", fr: "L’a déjà")
        case .blocked: Phrase(en: "Blocked here", de: "Hier gesperrt", fr: "Bloqué ici")
        case .historyIncomplete:
            Phrase(en: "History incomplete", de: "Vorgeschichte unvollständig", fr: "Historique incomplet")
        case .recordFull: Phrase(en: "Record full", de: "Eintrag voll", fr: "Dossier plein")
        case .reservationGone: Phrase(en: "Reservation gone", de: "Reservierung erloschen", fr: "Réservation disparue")
        case .storeUnavailable:
            Phrase(en: "Store unavailable", de: "Speicher nicht erreichbar", fr: "Stockage indisponible")
        case .registryListed: Phrase(en: "On an outside list", de: "Auf einer Sperrliste", fr: "Sur un registre")
        case .registryStale: Phrase(en: "Outside list too old", de: "Sperrliste zu alt", fr: "Registre trop ancien")
        case .registryNotLoaded: Phrase(en: "Outside list missing", de: "Sperrliste fehlt", fr: "Registre manquant")
        case .guardAttempts: Phrase(en: "Campaign’s limit", de: "Grenze der Kampagne", fr: "Limite de campagne")
        case .guardShare: Phrase(en: "Too much went wrong", de: "Zu viel misslang", fr: "Trop d’échecs")
        }
    }

    /// The name of a code; the cases are called as those of `ReasonCode`.
    static func of(_ code: String) -> ReasonNames? { allCases.first { "\($0)" == code } }
}
