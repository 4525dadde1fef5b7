import GovernorPages

/// Words of who is who: merging, taking back, keeping apart; and of what is made of a person for somebody else.
enum IdentityWords: WordTable {
    case group, mergeLead, mergeWhy, mergeButton, apartButton
    case mergesTitle, merged, undone, undoButton
    case mergeDone, mergeDoneText, mergeAlready, undoDone, undoDoneText, apartDone, apartDoneText
    case notMerged, mergeShared, mergeTooMany, mergeGone
    case linkTitle, linkLead, linkButton, linkDone, linkDoneText, linkMail, linkNoAddress, linkNoServer
    case dossier, dossierTooLong, dossierTooLongText

    var phrase: Phrase {
        switch self {
        case .group:
            Phrase(
                en: "Person {id}: {count} identifiers, known since {date}",
                de: "Person {id}: {count} Kennungen, bekannt seit {date}",
                fr: "Personne {id} : {count} identifiants, connue depuis le {date}")
        case .mergeLead:
            Phrase(
                en:
                    "Are they one person? Then every no and every contact of each counts for her. It can be taken back.",
                de:
                    "Ist es eine Person? Dann gilt jedes Nein und zählt jeder Kontakt von allen. Es lässt sich zurücknehmen.",
                fr: "Est-ce une seule personne ? Alors chaque non et chaque contact compte pour elle. C’est réversible."
            )
        case .mergeWhy:
            Phrase(en: "How do you know?", de: "Woher wissen Sie es?", fr: "Comment le savez-vous ?")
        case .mergeButton: Phrase(en: "They are one person", de: "Es ist eine Person", fr: "C’est une seule personne")
        case .apartButton:
            Phrase(en: "They are different people", de: "Es sind verschiedene", fr: "Ce sont des personnes différentes")
        case .mergesTitle: Phrase(en: "Made one person", de: "Zusammengeführt", fr: "Réunie")
        case .merged:
            Phrase(
                en: "{count} records, {date}, by {who}", de: "{count} Datensätze, {date}, von {who}",
                fr: "{count} fiches, le {date}, par {who}")
        case .undone:
            Phrase(
                en: "taken back {date} by {who}", de: "zurückgenommen {date} von {who}",
                fr: "annulé le {date} par {who}")
        case .undoButton: Phrase(en: "Take it back", de: "Zurücknehmen", fr: "Annuler")
        case .mergeDone: Phrase(en: "They are one person now", de: "Es ist jetzt eine Person", fr: "C’est une personne")
        case .mergeDoneText:
            Phrase(
                en: "{count} records count together from now on.", de: "{count} Datensätze zählen ab jetzt zusammen.",
                fr: "{count} fiches comptent désormais ensemble.")
        case .mergeAlready:
            Phrase(en: "They were one person already", de: "Es war schon eine Person", fr: "C’était déjà une personne")
        case .undoDone: Phrase(en: "Taken back", de: "Zurückgenommen", fr: "Annulé")
        case .undoDoneText:
            Phrase(
                en: "Everybody is who she was. What was told meanwhile goes on forbidding what it forbids.",
                de: "Alle sind, wer sie waren. Was inzwischen gesagt wurde, verbietet weiter, was es verbietet.",
                fr:
                    "Chacune redevient qui elle était. Ce qui a été dit entre-temps interdit toujours ce qu’il interdit."
            )
        case .apartDone: Phrase(en: "They stay apart", de: "Sie bleiben getrennt", fr: "Elles restent distinctes")
        case .apartDoneText:
            Phrase(
                en:
                    "Nobody is asked about them again on this node. Each goes on being checked when they are named together.",
                de:
                    "Auf diesem Knoten fragt niemand mehr nach ihnen. Werden sie zusammen genannt, wird weiter jede geprüft.",
                fr: "Ce nœud ne posera plus la question. Nommées ensemble, chacune reste vérifiée.")
        case .notMerged: Phrase(en: "Nothing was changed", de: "Nichts wurde geändert", fr: "Rien n’a changé")
        case .mergeShared:
            Phrase(
                en: "Several people use an identifier of one of them, so it says nothing about who they are.",
                de: "Eine Kennung wird von mehreren benutzt, deshalb sagt sie nicht, wer es ist.",
                fr: "Plusieurs personnes utilisent un identifiant, il ne dit donc pas qui est qui.")
        case .mergeTooMany:
            Phrase(
                en: "So many records cannot be one person.", de: "So viele Datensätze können nicht eine Person sein.",
                fr: "Autant de fiches ne peuvent être une seule personne.")
        case .mergeGone:
            Phrase(
                en: "Somebody else was faster, or they are not known any more. Look her up again.",
                de: "Jemand war schneller, oder sie sind nicht mehr bekannt. Sehen Sie noch einmal nach.",
                fr: "Quelqu’un a été plus rapide, ou elles ne sont plus connues. Cherchez à nouveau.")
        case .linkTitle: Phrase(en: "Let her choose herself", de: "Selbst wählen lassen", fr: "La laisser choisir")
        case .linkLead:
            Phrase(
                en:
                    "Makes a link to her own page, where she sees what is recorded and chooses. Send it to {address} and nobody else.",
                de:
                    "Macht einen Link zu ihrer eigenen Seite, auf der sie sieht, was festgehalten ist, und wählt. Nur an {address} senden.",
                fr: "Crée un lien vers sa page, où elle voit ce qui est noté et choisit. À n’envoyer qu’à {address}.")
        case .linkButton: Phrase(en: "Make the link", de: "Link machen", fr: "Créer le lien")
        case .linkDone: Phrase(en: "The link to her page", de: "Der Link zu ihrer Seite", fr: "Le lien vers sa page")
        case .linkDoneText:
            Phrase(
                en: "It works until {date}. Whoever has it can choose for her.",
                de: "Er gilt bis {date}. Wer ihn hat, kann für sie wählen.",
                fr: "Il est valable jusqu’au {date}. Qui le possède peut choisir pour elle.")
        case .linkMail:
            Phrase(en: "Open a message with it", de: "Nachricht damit öffnen", fr: "Ouvrir un message avec ce lien")
        case .linkNoAddress:
            Phrase(
                en: "Look her up by the phone or the e-mail address that the link shall go to.",
                de: "Suchen Sie sie mit der Nummer oder Adresse, an die der Link gehen soll.",
                fr: "Cherchez-la par le numéro ou l’adresse où envoyer le lien.")
        case .linkNoServer:
            Phrase(
                en: "The server does not know its public address: start it with --public-url.",
                de: "Der Server kennt seine öffentliche Adresse nicht: mit --public-url starten.",
                fr: "Le serveur ne connaît pas son adresse publique : démarrez-le avec --public-url.")
        case .dossier:
            Phrase(
                en: "Download her dossier from the ledger", de: "Ihre Akte aus dem Protokoll laden",
                fr: "Télécharger son dossier du registre")
        case .dossierTooLong:
            Phrase(
                en: "The ledger is too long for this page", de: "Das Protokoll ist zu lang", fr: "Registre trop long")
        case .dossierTooLongText:
            Phrase(
                en:
                    "It has {count} records. Make the dossier on the server: governor ledger export --stdin --format html",
                de:
                    "Es hat {count} Einträge. Machen Sie die Akte am Server: governor ledger export --stdin --format html",
                fr:
                    "Il compte {count} entrées. Créez le dossier sur le serveur : governor ledger export --stdin --format html"
            )
        }
    }
}
