import GovernorPages

/// Words for instants and lengths of time.
enum TimeWords: WordTable {
    case today, tomorrow, yesterday, ago, ahead
    case second, seconds, minute, minutes, hour, hours, day, days

    var phrase: Phrase {
        switch self {
        case .today: Phrase(en: "today, {time}", de: "heute, {time}", fr: "aujourd’hui, {time}")
        case .tomorrow: Phrase(en: "tomorrow, {time}", de: "morgen, {time}", fr: "demain, {time}")
        case .yesterday: Phrase(en: "yesterday, {time}", de: "gestern, {time}", fr: "hier, {time}")
        case .ago: Phrase(en: "{length} ago", de: "vor {length}", fr: "il y a {length}")
        case .ahead: Phrase(en: "in {length}", de: "in {length}", fr: "dans {length}")
        case .second: Phrase(en: "{count} second", de: "{count} Sekunde", fr: "{count} seconde")
        case .seconds: Phrase(en: "{count} seconds", de: "{count} Sekunden", fr: "{count} secondes")
        case .minute: Phrase(en: "{count} minute", de: "{count} Minute", fr: "{count} minute")
        case .minutes: Phrase(en: "{count} minutes", de: "{count} Minuten", fr: "{count} minutes")
        case .hour: Phrase(en: "{count} hour", de: "{count} Stunde", fr: "{count} heure")
        case .hours: Phrase(en: "{count} hours", de: "{count} Stunden", fr: "{count} heures")
        case .day: Phrase(en: "{count} day", de: "{count} Tag", fr: "{count} jour")
        case .days: Phrase(en: "{count} days", de: "{count} Tagen", fr: "{count} jours")
        }
    }
}
