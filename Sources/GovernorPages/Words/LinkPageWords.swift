/// What people read who come by a link in a message: the unsubscribe page and the page of their choices.
public enum LinkPageWords: WordTable {
    case unsubscribeTitle, unsubscribeQuestion, unsubscribeScopeAll, unsubscribeScope, unsubscribeButton
    case unsubscribedTitle, unsubscribedText, unsubscribedUndo
    case badLinkTitle, badLinkText, expiredTitle, expiredText
    case badRequestTitle, badRequestText, busyTitle, busyText, troubleTitle, troubleText
    case choicesTitle, choicesFor, choicesIntroduction, choicesLegend, everyBrand, brandsHeading
    case save, stopHeading, stopText, stopButton, savedTitle, savedText, nothingChanged
    case recordHeading, recordIntroduction, nothingRecorded
    case saidNo, saidYes, gaveConsent, gaveConsentUntil, withdrewConsent
    case about, everything, everyChannel, everyPurpose
    case contactsHeading, contactsNone, contactsIntroduction, inbound, noOutcome
    case privacy

    public var phrase: Phrase {
        switch self {
        case .unsubscribeTitle:
            Phrase(en: "Stop these messages?", de: "Diese Nachrichten beenden?", fr: "Arrêter ces messages ?")
        case .unsubscribeQuestion:
            Phrase(
                en: "You have not been unsubscribed yet. Press the button and it is done at once.",
                de: "Sie sind noch nicht abgemeldet. Ein Druck auf den Knopf, und es gilt sofort.",
                fr: "Vous n’êtes pas encore désinscrit. Appuyez sur le bouton : l’effet est immédiat.")
        case .unsubscribeScopeAll:
            Phrase(
                en: "This stops everything: calls, texts, e-mails and letters.",
                de: "Damit endet alles: Anrufe, SMS, E-Mails und Briefe.",
                fr: "Cela arrête tout : appels, SMS, e-mails et courriers.")
        case .unsubscribeScope:
            Phrase(en: "This stops: {scope}.", de: "Damit endet: {scope}.", fr: "Cela arrête : {scope}.")
        case .unsubscribeButton: Phrase(en: "Yes, stop", de: "Ja, beenden", fr: "Oui, arrêter")
        case .unsubscribedTitle: Phrase(en: "Done", de: "Erledigt", fr: "C’est fait")
        case .unsubscribedText:
            Phrase(
                en: "You are unsubscribed. Nobody who works for us may contact you about this from now on.",
                de: "Sie sind abgemeldet. Niemand, der für uns arbeitet, darf Sie dazu noch kontaktieren.",
                fr: "Vous êtes désinscrit. Plus personne travaillant pour nous ne peut vous contacter à ce sujet.")
        case .unsubscribedUndo:
            Phrase(
                en: "Something already on its way may still arrive.",
                de: "Was schon unterwegs ist, kann noch ankommen.",
                fr: "Ce qui est déjà parti peut encore arriver.")
        case .badLinkTitle:
            Phrase(en: "This link does not work", de: "Dieser Link geht nicht", fr: "Ce lien ne fonctionne pas")
        case .badLinkText:
            Phrase(
                en:
                    "It is incomplete or was not made by us. Copy the whole link from the message, or answer the message with STOP.",
                de:
                    "Er ist unvollständig oder nicht von uns. Kopieren Sie den ganzen Link aus der Nachricht, oder antworten Sie mit STOP.",
                fr: "Il est incomplet ou ne vient pas de nous. Copiez le lien entier du message, ou répondez STOP.")
        case .expiredTitle: Phrase(en: "This link has ended", de: "Dieser Link ist abgelaufen", fr: "Ce lien a expiré")
        case .expiredText:
            Phrase(
                en: "For your safety this page could be opened for a limited time. Use the link of a newer message.",
                de:
                    "Zu Ihrer Sicherheit war diese Seite nur begrenzte Zeit offen. Nehmen Sie den Link einer neueren Nachricht.",
                fr:
                    "Pour votre sécurité, cette page n’était ouverte que pour un temps. Utilisez le lien d’un message plus récent."
            )
        case .badRequestTitle:
            Phrase(en: "That did not arrive whole", de: "Das kam nicht vollständig an", fr: "Envoi incomplet")
        case .badRequestText:
            Phrase(
                en: "Nothing was changed. Go back and press the button again.",
                de: "Es wurde nichts geändert. Gehen Sie zurück und drücken Sie noch einmal.",
                fr: "Rien n’a été modifié. Revenez en arrière et appuyez de nouveau.")
        case .busyTitle: Phrase(en: "One moment, please", de: "Einen Moment, bitte", fr: "Un instant, s’il vous plaît")
        case .busyText:
            Phrase(
                en: "Too many requests came at once. Nothing was changed; try again in a minute.",
                de:
                    "Es kamen zu viele Anfragen auf einmal. Es wurde nichts geändert; versuchen Sie es in einer Minute noch einmal.",
                fr: "Trop de demandes à la fois. Rien n’a été modifié ; réessayez dans une minute.")
        case .troubleTitle:
            Phrase(en: "That did not work", de: "Das hat nicht geklappt", fr: "Cela n’a pas fonctionné")
        case .troubleText:
            Phrase(
                en: "Your choice could not be stored. Please try again in a minute.",
                de: "Ihre Wahl konnte nicht gespeichert werden. Bitte versuchen Sie es in einer Minute noch einmal.",
                fr: "Votre choix n’a pas pu être enregistré. Veuillez réessayer dans une minute.")
        case .choicesTitle: Phrase(en: "Your choices", de: "Ihre Wahl", fr: "Vos choix")
        case .choicesFor: Phrase(en: "For {brand}", de: "Für {brand}", fr: "Pour {brand}")
        case .choicesIntroduction:
            Phrase(
                en: "Tick how we may contact you, and for what. A change binds everybody who works for us, at once.",
                de:
                    "Kreuzen Sie an, wie und wozu wir Sie kontaktieren dürfen. Eine Änderung bindet sofort alle, die für uns arbeiten.",
                fr:
                    "Cochez comment et pourquoi nous pouvons vous contacter. Un changement engage aussitôt tous ceux qui travaillent pour nous."
            )
        case .choicesLegend:
            Phrase(
                en: "{purpose}: we may use", de: "{purpose}: erlaubt sind", fr: "{purpose} : nous pouvons utiliser")
        case .everyBrand: Phrase(en: "All brands", de: "Alle Marken", fr: "Toutes les marques")
        case .brandsHeading: Phrase(en: "Choose for", de: "Wählen für", fr: "Choisir pour")
        case .save: Phrase(en: "Save my choices", de: "Meine Wahl speichern", fr: "Enregistrer mes choix")
        case .stopHeading: Phrase(en: "Or stop everything", de: "Oder alles beenden", fr: "Ou tout arrêter")
        case .stopText:
            Phrase(
                en: "No calls, messages or letters any more, for any purpose and from any of our brands.",
                de: "Keine Anrufe, Nachrichten oder Briefe mehr, zu keinem Zweck und von keiner unserer Marken.",
                fr: "Plus d’appels, de messages ni de courriers, pour aucun motif et d’aucune de nos marques.")
        case .stopButton: Phrase(en: "Stop everything", de: "Alles beenden", fr: "Tout arrêter")
        case .savedTitle: Phrase(en: "Saved", de: "Gespeichert", fr: "Enregistré")
        case .savedText:
            Phrase(
                en: "Your choices are in force now.", de: "Ihre Wahl gilt ab sofort.",
                fr: "Vos choix sont désormais en vigueur.")
        case .nothingChanged:
            Phrase(
                en: "You changed nothing, so everything stays as it was.",
                de: "Sie haben nichts geändert; alles bleibt, wie es war.",
                fr: "Vous n’avez rien modifié ; tout reste comme avant.")
        case .recordHeading:
            Phrase(en: "What you have told us", de: "Was Sie uns gesagt haben", fr: "Ce que vous nous avez dit")
        case .recordIntroduction:
            Phrase(en: "The newest first.", de: "Das Neueste zuerst.", fr: "Le plus récent d’abord.")
        case .nothingRecorded:
            Phrase(
                en: "Nothing is recorded about you here.", de: "Hier ist nichts über Sie vermerkt.",
                fr: "Rien n’est enregistré ici à votre sujet.")
        case .saidNo: Phrase(en: "You said no", de: "Sie haben Nein gesagt", fr: "Vous avez dit non")
        case .saidYes: Phrase(en: "You said yes", de: "Sie haben Ja gesagt", fr: "Vous avez dit oui")
        case .gaveConsent:
            Phrase(
                en: "You agreed ({name})", de: "Sie haben zugestimmt ({name})",
                fr: "Vous avez donné votre accord ({name})")
        case .gaveConsentUntil:
            Phrase(
                en: "You agreed ({name}), until {date}", de: "Sie haben zugestimmt ({name}), bis {date}",
                fr: "Vous avez donné votre accord ({name}), jusqu’au {date}")
        case .withdrewConsent:
            Phrase(
                en: "You took your agreement back", de: "Sie haben die Zustimmung widerrufen",
                fr: "Vous avez retiré votre accord")
        case .about: Phrase(en: "about", de: "zu", fr: "concernant")
        case .everything: Phrase(en: "everything", de: "allem", fr: "tout")
        case .everyChannel: Phrase(en: "every way", de: "alle Wege", fr: "tous les moyens")
        case .everyPurpose: Phrase(en: "every purpose", de: "alle Zwecke", fr: "tous les motifs")
        case .contactsHeading:
            Phrase(
                en: "Our latest contacts with you", de: "Unsere letzten Kontakte mit Ihnen", fr: "Nos derniers contacts"
            )
        case .contactsIntroduction:
            Phrase(
                en: "The last {count}, the newest first. Dates are in universal time (UTC).",
                de: "Die letzten {count}, das Neueste zuerst. Daten in Weltzeit (UTC).",
                fr: "Les {count} derniers, le plus récent d’abord. Dates en temps universel (UTC).")
        case .contactsNone:
            Phrase(
                en: "We have not contacted you.", de: "Wir haben Sie nicht kontaktiert.",
                fr: "Nous ne vous avons pas contacté.")
        case .inbound: Phrase(en: "You contacted us", de: "Sie haben uns kontaktiert", fr: "Vous nous avez contactés")
        case .noOutcome: Phrase(en: "no result noted", de: "ohne Vermerk", fr: "sans suite notée")
        case .privacy:
            Phrase(
                en:
                    "This page is only for you: do not pass the link on. It sets no cookies and tells nobody that you were here.",
                de:
                    "Diese Seite ist nur für Sie: geben Sie den Link nicht weiter. Sie setzt keine Cookies und verrät niemandem, dass Sie hier waren.",
                fr:
                    "Cette page n’est que pour vous : ne transmettez pas le lien. Elle ne dépose aucun cookie et ne dit à personne que vous êtes venu."
            )
        }
    }
}
