import GovernorPages

/// Words of what an agent does with a person on the line.
enum ActionWords: WordTable {
    case title, note, noteHint, evidence, evidenceHint, evidenceMissing, record
    case optOut, optOutLead, reachLabel, reachEverywhere, reachChannel, reachBrand, channel, brand, brandHint,
        brandMissing
    case purposeLabel, purposeAll
    case complaint, complaintLead, refusal, refusalLead
    case quiet, quietLead, days, everyDay, weekdays, weekend, from, to, untilDate, forGood, quietMissing
    case appointment, appointmentLead, date, time, lasts, minutes, clock, dateMissing
    case optIn, optInLead
    case done, duplicate, factID, recordedAt, alsoRevoked, trace, revokedNone, severalPersons, mismatch, full, store
    case readOptOut, readOptOutChannel, readOptOutBrand, readComplaint, readRefusal, readQuiet, readAppointment,
        readOptIn
    case cannotTitle, cannotText

    var phrase: Phrase {
        switch self {
        case .title: Phrase(en: "What did she say?", de: "Was hat sie gesagt?", fr: "Qu’a-t-elle dit ?")
        case .note: Phrase(en: "Note", de: "Notiz", fr: "Note")
        case .noteHint:
            Phrase(
                en: "In her words, if you can. Kept in the ledger.",
                de: "Möglichst in ihren Worten. Bleibt im Protokoll.",
                fr: "Avec ses mots, si possible. Gardée au registre.")
        case .evidence: Phrase(en: "Evidence", de: "Nachweis", fr: "Preuve")
        case .evidenceHint:
            Phrase(
                en: "Where and how she agreed: a recording, a form, a reference.",
                de: "Wo und wie sie zugestimmt hat: Aufnahme, Formular, Aktenzeichen.",
                fr: "Où et comment elle a donné son accord : enregistrement, formulaire, référence.")
        case .evidenceMissing:
            Phrase(
                en: "Say where and how she agreed: without evidence it is worth nothing.",
                de: "Sagen Sie, wo und wie sie zugestimmt hat: Ohne Nachweis ist es nichts wert.",
                fr: "Dites où et comment elle a donné son accord : sans preuve, il ne vaut rien.")
        case .record: Phrase(en: "Record it", de: "Festhalten", fr: "Noter")
        case .optOut:
            Phrase(
                en: "She wants no more contact", de: "Sie will keinen Kontakt mehr", fr: "Elle ne veut plus de contact")
        case .optOutLead:
            Phrase(
                en: "It binds everywhere at once: every agency, every dialer, every campaign.",
                de: "Es gilt sofort überall: jede Agentur, jedes Wählsystem, jede Kampagne.",
                fr: "L’effet est immédiat et partout : chaque agence, chaque automate, chaque campagne.")
        case .reachLabel: Phrase(en: "What shall stop?", de: "Was soll aufhören?", fr: "Qu’est-ce qui doit cesser ?")
        case .reachEverywhere: Phrase(en: "Everything, everywhere", de: "Alles, überall", fr: "Tout, partout")
        case .reachChannel: Phrase(en: "One channel", de: "Ein Kanal", fr: "Un canal")
        case .reachBrand: Phrase(en: "One brand", de: "Eine Marke", fr: "Une marque")
        case .channel: Phrase(en: "Channel", de: "Kanal", fr: "Canal")
        case .brand: Phrase(en: "Brand", de: "Marke", fr: "Marque")
        case .brandHint:
            Phrase(en: "as campaigns name it", de: "wie Kampagnen sie nennen", fr: "comme les campagnes la nomment")
        case .brandMissing:
            Phrase(
                en: "Name the brand, or choose everything.", de: "Nennen Sie die Marke, oder wählen Sie alles.",
                fr: "Nommez la marque, ou choisissez tout.")
        case .purposeLabel: Phrase(en: "Purpose", de: "Zweck", fr: "Finalité")
        case .purposeAll: Phrase(en: "all purposes", de: "alle Zwecke", fr: "toutes les finalités")
        case .complaint: Phrase(en: "She complained", de: "Sie hat sich beschwert", fr: "Elle s’est plainte")
        case .complaintLead:
            Phrase(
                en: "Rules may leave her in peace for a while after a complaint.",
                de: "Nach einer Beschwerde können Regeln sie eine Weile in Ruhe lassen.",
                fr: "Après une réclamation, des règles peuvent la laisser en paix un temps.")
        case .refusal:
            Phrase(en: "She declined this offer", de: "Sie hat das Angebot abgelehnt", fr: "Elle a refusé cette offre")
        case .refusalLead:
            Phrase(
                en: "Not an opt-out: she declined this one time.",
                de: "Kein Widerspruch: Sie hat dieses eine Mal abgelehnt.",
                fr: "Ce n’est pas une opposition : elle a refusé cette fois.")
        case .quiet: Phrase(en: "Not at these times", de: "Nicht zu diesen Zeiten", fr: "Pas à ces heures")
        case .quietLead:
            Phrase(
                en: "By her own clock, every week.", de: "Nach ihrer eigenen Uhr, jede Woche.",
                fr: "À son heure à elle, chaque semaine.")
        case .days: Phrase(en: "Days", de: "Tage", fr: "Jours")
        case .everyDay: Phrase(en: "every day", de: "jeden Tag", fr: "tous les jours")
        case .weekdays: Phrase(en: "Monday to Friday", de: "Montag bis Freitag", fr: "du lundi au vendredi")
        case .weekend: Phrase(en: "Saturday and Sunday", de: "Samstag und Sonntag", fr: "samedi et dimanche")
        case .from: Phrase(en: "From", de: "Von", fr: "De")
        case .to: Phrase(en: "To", de: "Bis", fr: "À")
        case .untilDate: Phrase(en: "Until", de: "Gültig bis", fr: "Jusqu’au")
        case .forGood: Phrase(en: "leave empty for good", de: "leer lassen: auf Dauer", fr: "laisser vide : sans fin")
        case .quietMissing:
            Phrase(
                en: "Name a time of day from 00:00 to 24:00, the end after the start.",
                de: "Nennen Sie Uhrzeiten von 00:00 bis 24:00, das Ende nach dem Anfang.",
                fr: "Indiquez des heures de 00:00 à 24:00, la fin après le début.")
        case .appointment:
            Phrase(en: "She agreed on a time", de: "Sie hat einen Termin vereinbart", fr: "Elle a fixé un rendez-vous")
        case .appointmentLead:
            Phrase(
                en: "Rules that yield to an appointment let this one contact pass.",
                de: "Regeln, die einem Termin weichen, lassen diesen einen Kontakt zu.",
                fr: "Les règles qui cèdent à un rendez-vous laissent passer ce contact.")
        case .date: Phrase(en: "Date", de: "Datum", fr: "Date")
        case .time: Phrase(en: "Time", de: "Uhrzeit", fr: "Heure")
        case .lasts: Phrase(en: "For", de: "Dauer", fr: "Durée")
        case .minutes: Phrase(en: "{count} minutes", de: "{count} Minuten", fr: "{count} minutes")
        case .clock: Phrase(en: "By which clock", de: "Nach welcher Uhr", fr: "À quelle heure")
        case .dateMissing:
            Phrase(
                en: "Choose a date and a time in the future.", de: "Wählen Sie Datum und Uhrzeit in der Zukunft.",
                fr: "Choisissez une date et une heure à venir.")
        case .optIn: Phrase(en: "She agrees again", de: "Sie stimmt wieder zu", fr: "Elle accepte de nouveau")
        case .optInLead:
            Phrase(
                en: "Lifts earlier opt-outs inside what you choose, and nothing more.",
                de: "Hebt frühere Widersprüche innerhalb Ihrer Auswahl auf, sonst nichts.",
                fr: "Lève les oppositions antérieures dans ce que vous choisissez, et rien d’autre.")
        case .done: Phrase(en: "Recorded", de: "Festgehalten", fr: "Noté")
        case .duplicate:
            Phrase(
                en: "Already recorded: nothing changed", de: "Schon festgehalten: nichts geändert",
                fr: "Déjà noté : rien n’a changé")
        case .factID: Phrase(en: "Fact {id}", de: "Tatsache {id}", fr: "Fait {id}")
        case .recordedAt:
            Phrase(en: "In force since {when}.", de: "In Kraft seit {when}.", fr: "En vigueur depuis {when}.")
        case .alsoRevoked:
            Phrase(
                en: "Reservations of dialers taken back: {count}.",
                de: "Zurückgezogene Reservierungen von Wählsystemen: {count}.",
                fr: "Réservations d’automates retirées : {count}.")
        case .trace: Phrase(en: "See it in the ledger", de: "Im Protokoll ansehen", fr: "Voir au registre")
        case .revokedNone:
            Phrase(
                en: "No open reservation was affected.", de: "Keine offene Reservierung war betroffen.",
                fr: "Aucune réservation ouverte n’était concernée.")
        case .severalPersons:
            Phrase(
                en: "Recorded for {count} records.", de: "Für {count} Einträge festgehalten.",
                fr: "Noté pour {count} dossiers.")
        case .mismatch:
            Phrase(
                en: "This form was sent before with other contents. Open the page again.",
                de: "Dieses Formular wurde schon mit anderem Inhalt gesendet. Öffnen Sie die Seite neu.",
                fr: "Ce formulaire a déjà été envoyé avec un autre contenu. Rouvrez la page.")
        case .full:
            Phrase(
                en: "Her record is full. Until compliance makes room, every answer about her is no.",
                de: "Ihr Eintrag ist voll. Bis die Compliance Platz schafft, ist jede Antwort zu ihr Nein.",
                fr: "Son dossier est plein. Tant que la conformité n’a pas fait de place, toute réponse est non.")
        case .store:
            Phrase(
                en: "The store did not take it: {detail} Send it again: it counts once.",
                de: "Der Speicher hat es nicht angenommen: {detail} Senden Sie es erneut: Es zählt einmal.",
                fr: "Le stockage ne l’a pas pris : {detail} Renvoyez-le : il ne compte qu’une fois.")
        case .readOptOut:
            Phrase(
                en:
                    "I have recorded that we will not contact you again, by any channel. This takes effect immediately and applies to everybody who works for us.",
                de:
                    "Ich habe festgehalten, dass wir Sie auf keinem Weg mehr kontaktieren. Das gilt ab sofort und für alle, die für uns arbeiten.",
                fr:
                    "J’ai noté que nous ne vous contacterons plus, par aucun moyen. Cela prend effet immédiatement et vaut pour tous ceux qui travaillent pour nous."
            )
        case .readOptOutChannel:
            Phrase(
                en: "I have recorded that we will not use this any more: {channel}. This takes effect immediately.",
                de: "Ich habe festgehalten, dass wir dies nicht mehr nutzen: {channel}. Das gilt ab sofort.",
                fr: "J’ai noté que nous n’utiliserons plus ceci : {channel}. Cela prend effet immédiatement.")
        case .readOptOutBrand:
            Phrase(
                en:
                    "I have recorded that you will not be contacted in the name of {brand} any more. This takes effect immediately.",
                de:
                    "Ich habe festgehalten, dass Sie im Namen von {brand} nicht mehr kontaktiert werden. Das gilt ab sofort.",
                fr: "J’ai noté que vous ne serez plus contactée au nom de {brand}. Cela prend effet immédiatement.")
        case .readComplaint:
            Phrase(
                en: "I have recorded your complaint, with today’s date.",
                de: "Ich habe Ihre Beschwerde mit dem heutigen Datum festgehalten.",
                fr: "J’ai noté votre réclamation, à la date d’aujourd’hui.")
        case .readRefusal:
            Phrase(
                en: "I have recorded that you do not want this offer.",
                de: "Ich habe festgehalten, dass Sie dieses Angebot nicht möchten.",
                fr: "J’ai noté que vous ne souhaitez pas cette offre.")
        case .readQuiet:
            Phrase(
                en: "I have recorded that you do not want to be contacted {days} between {from} and {to}.",
                de:
                    "Ich habe festgehalten, dass Sie {days} zwischen {from} und {to} Uhr nicht kontaktiert werden möchten.",
                fr: "J’ai noté que vous ne souhaitez pas être contactée {days} entre {from} et {to}.")
        case .readAppointment:
            Phrase(
                en: "We will contact you on {when}, as agreed.", de: "Wir melden uns wie vereinbart am {when}.",
                fr: "Nous vous contacterons comme convenu le {when}.")
        case .readOptIn:
            Phrase(
                en: "I have recorded that you agree to be contacted again. You can take this back at any time.",
                de:
                    "Ich habe festgehalten, dass Sie wieder kontaktiert werden möchten. Sie können das jederzeit widerrufen.",
                fr:
                    "J’ai noté que vous acceptez d’être de nouveau contactée. Vous pouvez revenir là-dessus à tout moment."
            )
        case .cannotTitle: Phrase(en: "Not recorded", de: "Nicht festgehalten", fr: "Non noté")
        case .cannotText:
            Phrase(
                en: "Please correct what is marked and send it again.",
                de: "Bitte korrigieren Sie das Markierte und senden Sie erneut.",
                fr: "Corrigez ce qui est signalé, puis renvoyez.")
        }
    }
}
