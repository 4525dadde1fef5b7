import GovernorPages

/// Words of the frame around every page, of signing in, and of what went wrong with a page.
enum FrameWords: WordTable {
    case product, skip, navigation
    case person, overview, policies, check, decisions, shadow, guards, registries, optOuts
    case signedInAs, signOut, settings, language, timeZone, region, regionHint, shortcuts, shortcutsHint, save, saved
    case signIn, signInIntro, key, keyHint, wrongKey, dialerKey, tooManyAttempts, signedOut
    case expired, expiredIntro, resumeTitle, resumeIntro, goOn, discard
    case notFoundTitle, notFoundText, forbiddenTitle, forbiddenText, foreignFormTitle, foreignFormText
    case tooLargeTitle, tooLargeText, troubleTitle, troubleText, tryAgain, back
    case rolesAgent, rolesCompliance, rolesAdmin
    case keysTitle, keySearch, keyNumber, keyOptOut, keyHelp, close, more, showNumbers, none, unknown, builtIn

    var phrase: Phrase {
        switch self {
        case .product: Phrase(en: "governor", de: "governor", fr: "governor")
        case .skip: Phrase(en: "Skip to the content", de: "Zum Inhalt springen", fr: "Aller au contenu")
        case .navigation: Phrase(en: "Console", de: "Konsole", fr: "Console")
        case .person: Phrase(en: "Person", de: "Person", fr: "Personne")
        case .overview: Phrase(en: "Overview", de: "Überblick", fr: "Vue d’ensemble")
        case .policies: Phrase(en: "Policies", de: "Regeln", fr: "Règles")
        case .check: Phrase(en: "Check a policy", de: "Regeln prüfen", fr: "Vérifier des règles")
        case .decisions: Phrase(en: "Decisions", de: "Entscheidungen", fr: "Décisions")
        case .shadow: Phrase(en: "Shadow", de: "Probelauf", fr: "Essai à blanc")
        case .guards: Phrase(en: "Guards", de: "Kampagnen", fr: "Garde-fous")
        case .registries: Phrase(en: "Registries", de: "Sperrlisten", fr: "Registres")
        case .optOuts: Phrase(en: "Opt-outs", de: "Widersprüche", fr: "Oppositions")
        case .signedInAs: Phrase(en: "Signed in as {who}", de: "Angemeldet als {who}", fr: "Connecté : {who}")
        case .signOut: Phrase(en: "Sign out", de: "Abmelden", fr: "Se déconnecter")
        case .settings: Phrase(en: "Settings", de: "Einstellungen", fr: "Réglages")
        case .language: Phrase(en: "Language", de: "Sprache", fr: "Langue")
        case .timeZone: Phrase(en: "Your time zone", de: "Ihre Zeitzone", fr: "Votre fuseau horaire")
        case .region:
            Phrase(
                en: "Numbers without a country are from", de: "Nummern ohne Land sind aus",
                fr: "Les numéros sans indicatif viennent de")
        case .regionHint:
            Phrase(
                en: "two letters, such as US", de: "zwei Buchstaben, etwa DE",
                fr: "deux lettres, par exemple FR")
        case .shortcuts: Phrase(en: "Keyboard shortcuts", de: "Tastenkürzel", fr: "Raccourcis clavier")
        case .shortcutsHint:
            Phrase(
                en: "Single letters do something while no field has the focus",
                de: "Einzelne Buchstaben wirken, solange kein Feld den Fokus hat",
                fr: "Une lettre seule agit tant qu’aucun champ n’est actif")
        case .save: Phrase(en: "Save", de: "Speichern", fr: "Enregistrer")
        case .saved: Phrase(en: "Saved.", de: "Gespeichert.", fr: "Enregistré.")
        case .signIn: Phrase(en: "Sign in", de: "Anmelden", fr: "Se connecter")
        case .signInIntro:
            Phrase(
                en:
                    "Use the key that you were given for the governor. It stays in this browser’s session and is never shown again.",
                de:
                    "Verwenden Sie den Schlüssel, den Sie für den governor erhalten haben. Er gilt für diese Sitzung und wird nie wieder angezeigt.",
                fr:
                    "Utilisez la clé que vous avez reçue pour le governor. Elle vaut pour cette session et n’est plus jamais affichée."
            )
        case .key: Phrase(en: "Key", de: "Schlüssel", fr: "Clé")
        case .keyHint: Phrase(en: "It begins with gk_", de: "Er beginnt mit gk_", fr: "Elle commence par gk_")
        case .wrongKey:
            Phrase(
                en:
                    "Nobody has this key. Check that you copied all of it; it may also have expired or been taken away.",
                de:
                    "Diesen Schlüssel hat niemand. Prüfen Sie, ob er vollständig ist; er kann auch abgelaufen oder entzogen sein.",
                fr: "Personne n’a cette clé. Vérifiez qu’elle est complète ; elle peut aussi être expirée ou retirée.")
        case .dialerKey:
            Phrase(
                en:
                    "This key is a dialer’s: it may ask and report, but not look people up. Use a key with the role agent, compliance or admin.",
                de:
                    "Dieser Schlüssel gehört einem Wählsystem: Er darf fragen und melden, aber niemanden nachschlagen. Verwenden Sie einen mit der Rolle agent, compliance oder admin.",
                fr:
                    "Cette clé est celle d’un automate d’appel : elle peut demander et signaler, mais ne consulte personne. Utilisez une clé avec le rôle agent, compliance ou admin."
            )
        case .tooManyAttempts:
            Phrase(
                en: "Too many wrong keys from here. Try again in {seconds} seconds.",
                de: "Zu viele falsche Schlüssel von hier. Versuchen Sie es in {seconds} Sekunden wieder.",
                fr: "Trop de clés erronées depuis ici. Réessayez dans {seconds} secondes.")
        case .signedOut: Phrase(en: "You are signed out.", de: "Sie sind abgemeldet.", fr: "Vous êtes déconnecté.")
        case .expired:
            Phrase(en: "Your session has ended", de: "Ihre Sitzung ist beendet", fr: "Votre session a pris fin")
        case .expiredIntro:
            Phrase(
                en: "Nothing was recorded. What you typed is kept on this page: sign in, and you can go on with it.",
                de:
                    "Es wurde nichts gespeichert. Ihre Eingaben bleiben auf dieser Seite: Melden Sie sich an und machen Sie damit weiter.",
                fr:
                    "Rien n’a été enregistré. Votre saisie est gardée sur cette page : connectez-vous pour la reprendre."
            )
        case .resumeTitle: Phrase(en: "You are back", de: "Sie sind wieder da", fr: "Vous revoilà")
        case .resumeIntro:
            Phrase(
                en: "This is what you had typed. It is not recorded yet.",
                de: "Das hatten Sie eingegeben. Es ist noch nicht gespeichert.",
                fr: "Voici ce que vous aviez saisi. Rien n’est encore enregistré.")
        case .goOn: Phrase(en: "Record it now", de: "Jetzt speichern", fr: "Enregistrer maintenant")
        case .discard: Phrase(en: "Discard", de: "Verwerfen", fr: "Abandonner")
        case .notFoundTitle: Phrase(en: "There is nothing here", de: "Hier ist nichts", fr: "Il n’y a rien ici")
        case .notFoundText:
            Phrase(
                en: "The address may be from an older version, or mistyped.",
                de: "Die Adresse stammt vielleicht aus einer älteren Version oder ist vertippt.",
                fr: "L’adresse vient peut-être d’une version antérieure, ou est mal saisie.")
        case .forbiddenTitle:
            Phrase(
                en: "Your key may not see this", de: "Ihr Schlüssel darf das nicht sehen",
                fr: "Votre clé ne permet pas de voir ceci")
        case .forbiddenText:
            Phrase(
                en: "This page is for the roles {roles}; your key has the role {role}.",
                de: "Diese Seite ist für die Rollen {roles}; Ihr Schlüssel hat die Rolle {role}.",
                fr: "Cette page est réservée aux rôles {roles} ; votre clé a le rôle {role}.")
        case .foreignFormTitle:
            Phrase(
                en: "This form is not from your session", de: "Dieses Formular ist nicht aus Ihrer Sitzung",
                fr: "Ce formulaire n’est pas de votre session")
        case .foreignFormText:
            Phrase(
                en: "Nothing was recorded. Load the page again and send the form from there.",
                de: "Es wurde nichts gespeichert. Laden Sie die Seite neu und senden Sie das Formular von dort.",
                fr: "Rien n’a été enregistré. Rechargez la page et envoyez le formulaire depuis celle-ci.")
        case .tooLargeTitle: Phrase(en: "That is too long", de: "Das ist zu lang", fr: "C’est trop long")
        case .tooLargeText:
            Phrase(
                en: "At most {size} fit here, and more came. Nothing was done with it.",
                de: "Hierhin passen höchstens {size}, es kam mehr. Damit wurde nichts getan.",
                fr: "Au plus {size} sont acceptés ici, et il en est venu davantage. Rien n’en a été fait.")
        case .troubleTitle:
            Phrase(
                en: "The store cannot answer now", de: "Der Speicher kann gerade nicht antworten",
                fr: "Le stockage ne répond pas en ce moment")
        case .troubleText:
            Phrase(
                en:
                    "Until it does, the answer is: do not contact anybody. Nothing that you typed was recorded. ({detail})",
                de: "Bis dahin gilt: niemanden kontaktieren. Von Ihren Eingaben wurde nichts gespeichert. ({detail})",
                fr:
                    "D’ici là, la réponse est : ne contactez personne. Rien de votre saisie n’a été enregistré. ({detail})"
            )
        case .tryAgain: Phrase(en: "Try again", de: "Noch einmal versuchen", fr: "Réessayer")
        case .back: Phrase(en: "Back", de: "Zurück", fr: "Retour")
        case .rolesAgent: Phrase(en: "agent", de: "Agent", fr: "agent")
        case .rolesCompliance: Phrase(en: "compliance", de: "Compliance", fr: "conformité")
        case .rolesAdmin: Phrase(en: "administrator", de: "Administrator", fr: "administrateur")
        case .keysTitle: Phrase(en: "Keyboard shortcuts", de: "Tastenkürzel", fr: "Raccourcis clavier")
        case .keySearch: Phrase(en: "search", de: "suchen", fr: "chercher")
        case .keyNumber:
            Phrase(en: "go to a page of the menu", de: "eine Seite des Menüs öffnen", fr: "ouvrir une page du menu")
        case .keyOptOut: Phrase(en: "record an opt-out", de: "Widerspruch festhalten", fr: "noter une opposition")
        case .keyHelp: Phrase(en: "show these shortcuts", de: "diese Kürzel zeigen", fr: "afficher ces raccourcis")
        case .close: Phrase(en: "Close", de: "Schließen", fr: "Fermer")
        case .more: Phrase(en: "Show more", de: "Mehr zeigen", fr: "En voir plus")
        case .showNumbers: Phrase(en: "The numbers", de: "Die Zahlen", fr: "Les chiffres")
        case .none: Phrase(en: "none", de: "keine", fr: "aucun")
        case .unknown: Phrase(en: "unknown", de: "unbekannt", fr: "inconnu")
        case .builtIn: Phrase(en: "built in", de: "eingebaut", fr: "intégré")
        }
    }
}
