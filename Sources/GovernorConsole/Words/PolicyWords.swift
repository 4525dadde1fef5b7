import GovernorPages

/// Words of the pages about policies, their shadow, and outside lists.
enum PolicyWords: WordTable {
    case title, intro, revision, since, node, rulesCount, files, fresh, stale, staleText
    case text, plain, rulesOfFile, line, about, unless, mustDo, says, cite, enforced, shadowed, off, noRules, linesShown
    case earlier, later, keptTitle, keptIntro, firstActive, lastActive
    case findingsTitle, noFindings, errors, warnings, notes, moreFindings, hint
    case checkTitle, checkIntro, checkName, checkNameHint, checkText, checkTests, checkTestsHint, checkButton,
        checkEmpty
    case checkGood, checkBroken, testsTitle, testsPassed, testsFailed, testsNone, expectedActual, testsMany
    case diffTitle, diffSame, diffNew, diffGone, diffChanged, before, now, example, exampleDeny, exampleAllow,
        exampleTold
    case diffEffort, diffLive, formatTitle, formatIntro, formatSame, tooManyChecks
    case shadowTitle, shadowIntro, shadowNone, shadowNoneText, shadowPeriod, shadowRead, wouldDeny, wouldSwitch,
        ofAllowed
    case shadowHow, byChannel, byCampaign, byAgency, examples, lastSeen, switchOn, days, period, show, summariesOnly
    case registriesTitle, registriesIntro, registriesNone, registriesNoneText, numbers, asOf, age, added, removed,
        askedBy
    case maxAge, alarmMissing, alarmOld, alarmFine, status, name, noRuleAsks
    case optOutsTitle, optOutsIntro, optOutsNone, optOutsNoneText, source, count, share, delay, delayMedian, delayWorst
    case delayNote, total, perDay, kind

    var phrase: Phrase {
        switch self {
        case .title: Phrase(en: "Policies in force", de: "Geltende Regeln", fr: "Règles en vigueur")
        case .intro:
            Phrase(
                en: "The files in git are the truth; this is what they say, as this node has read them.",
                de:
                    "Die Dateien in git sind maßgeblich; hier steht, was sie sagen, so wie dieser Knoten sie gelesen hat.",
                fr: "Les fichiers dans git font foi ; voici ce qu’ils disent, tels que ce nœud les a lus.")
        case .revision: Phrase(en: "Revision", de: "Fassung", fr: "Révision")
        case .since: Phrase(en: "In force since", de: "In Kraft seit", fr: "En vigueur depuis")
        case .node: Phrase(en: "Node", de: "Knoten", fr: "Nœud")
        case .rulesCount: Phrase(en: "Rules", de: "Regeln", fr: "Règles")
        case .files: Phrase(en: "Files", de: "Dateien", fr: "Fichiers")
        case .fresh:
            Phrase(
                en: "the files on disk are in force", de: "die Dateien auf der Platte gelten",
                fr: "les fichiers du disque sont en vigueur")
        case .stale:
            Phrase(
                en: "The files on disk are broken", de: "Die Dateien auf der Platte sind fehlerhaft",
                fr: "Les fichiers du disque sont défectueux")
        case .staleText:
            Phrase(
                en:
                    "Since {when} the changed files cannot be loaded. The last good policies stay in force until they are put right.",
                de:
                    "Seit {when} lassen sich die geänderten Dateien nicht laden. Bis zur Korrektur gelten die letzten guten Regeln weiter.",
                fr:
                    "Depuis {when}, les fichiers modifiés ne se chargent pas. Les dernières règles valables restent en vigueur jusqu’à leur correction."
            )
        case .text: Phrase(en: "As written", de: "Wie geschrieben", fr: "Tel qu’écrit")
        case .plain: Phrase(en: "In plain English", de: "In einfachem Englisch", fr: "En anglais simple")
        case .rulesOfFile:
            Phrase(
                en: "{count} rules in this file", de: "{count} Regeln in dieser Datei",
                fr: "{count} règles dans ce fichier")
        case .line: Phrase(en: "line {line}", de: "Zeile {line}", fr: "ligne {line}")
        case .about: Phrase(en: "About: {what}", de: "Betrifft: {what}", fr: "Concerne : {what}")
        case .unless: Phrase(en: "Unless: {what}", de: "Außer: {what}", fr: "Sauf : {what}")
        case .mustDo:
            Phrase(
                en: "An allowed caller must: {what}", de: "Wer darf, muss: {what}",
                fr: "L’appelant autorisé doit : {what}")
        case .says: Phrase(en: "It says: “{what}”", de: "Sie sagt: „{what}“", fr: "Elle dit : « {what} »")
        case .cite: Phrase(en: "Source: {what}", de: "Quelle: {what}", fr: "Source : {what}")
        case .enforced: Phrase(en: "enforced", de: "gilt", fr: "appliquée")
        case .shadowed: Phrase(en: "in shadow", de: "im Probelauf", fr: "à l’essai")
        case .off: Phrase(en: "off", de: "aus", fr: "désactivée")
        case .noRules:
            Phrase(
                en: "No rule begins on these lines.", de: "Auf diesen Zeilen beginnt keine Regel.",
                fr: "Aucune règle ne commence sur ces lignes.")
        case .linesShown:
            Phrase(
                en: "Lines {from} to {to} of {count}", de: "Zeilen {from} bis {to} von {count}",
                fr: "Lignes {from} à {to} sur {count}")
        case .earlier: Phrase(en: "Earlier lines", de: "Frühere Zeilen", fr: "Lignes précédentes")
        case .later: Phrase(en: "Later lines", de: "Spätere Zeilen", fr: "Lignes suivantes")
        case .keptTitle: Phrase(en: "What was in force before", de: "Was vorher galt", fr: "Ce qui valait avant")
        case .keptIntro:
            Phrase(
                en: "Every revision that decided on this node is kept with its text.",
                de: "Jede Fassung, die auf diesem Knoten entschieden hat, bleibt mit ihrem Text erhalten.",
                fr: "Chaque révision qui a décidé sur ce nœud est conservée avec son texte.")
        case .firstActive: Phrase(en: "First in force", de: "Erstmals in Kraft", fr: "En vigueur d’abord")
        case .lastActive: Phrase(en: "Last put in force", de: "Zuletzt in Kraft gesetzt", fr: "Remise en vigueur")
        case .findingsTitle: Phrase(en: "Findings", de: "Befunde", fr: "Constats")
        case .noFindings: Phrase(en: "Nothing to object to.", de: "Nichts zu beanstanden.", fr: "Rien à redire.")
        case .errors: Phrase(en: "error", de: "Fehler", fr: "erreur")
        case .warnings: Phrase(en: "warning", de: "Warnung", fr: "avertissement")
        case .notes: Phrase(en: "note", de: "Hinweis", fr: "remarque")
        case .moreFindings: Phrase(en: "… and {count} more", de: "… und {count} weitere", fr: "… et {count} autres")
        case .hint: Phrase(en: "Hint: {what}", de: "Tipp: {what}", fr: "Conseil : {what}")
        case .checkTitle: Phrase(en: "Check a policy", de: "Regeln prüfen", fr: "Vérifier des règles")
        case .checkIntro:
            Phrase(
                en:
                    "Paste or type a policy: its findings, its tests and what it would change are shown. Nothing is put in force here.",
                de:
                    "Fügen Sie Regeln ein oder tippen Sie: Befunde, Tests und Änderungen erscheinen. Hier wird nichts in Kraft gesetzt.",
                fr:
                    "Collez ou tapez des règles : constats, tests et changements s’affichent. Rien n’est mis en vigueur ici."
            )
        case .checkName: Phrase(en: "In place of", de: "Anstelle von", fr: "À la place de")
        case .checkNameHint:
            Phrase(
                en: "a new file beside the others", de: "eine neue Datei neben den anderen",
                fr: "un nouveau fichier à côté des autres")
        case .checkText: Phrase(en: "Policy", de: "Regeln", fr: "Règles")
        case .checkTests: Phrase(en: "Tests", de: "Tests", fr: "Tests")
        case .checkTestsHint:
            Phrase(
                en: "As in a file *.test.yaml. May stay empty.",
                de: "Wie in einer Datei *.test.yaml. Darf leer bleiben.",
                fr: "Comme dans un fichier *.test.yaml. Peut rester vide.")
        case .checkButton: Phrase(en: "Check", de: "Prüfen", fr: "Vérifier")
        case .checkEmpty:
            Phrase(
                en: "Type a policy, and what the governor makes of it appears here.",
                de: "Tippen Sie Regeln, und hier erscheint, was der governor daraus macht.",
                fr: "Tapez des règles, et ce que le governor en fait apparaît ici.")
        case .checkGood:
            Phrase(
                en: "It can be loaded: {count} rules.", de: "Das lässt sich laden: {count} Regeln.",
                fr: "Chargement possible : {count} règles.")
        case .checkBroken:
            Phrase(en: "It cannot be loaded.", de: "Das lässt sich nicht laden.", fr: "Chargement impossible.")
        case .testsTitle: Phrase(en: "Tests", de: "Tests", fr: "Tests")
        case .testsPassed: Phrase(en: "{count} passed", de: "{count} bestanden", fr: "{count} réussis")
        case .testsFailed: Phrase(en: "{count} failed", de: "{count} gescheitert", fr: "{count} échoués")
        case .testsNone:
            Phrase(en: "No tests were given.", de: "Es wurden keine Tests angegeben.", fr: "Aucun test n’a été donné.")
        case .expectedActual:
            Phrase(
                en: "{what}: expected {expected}, was {actual}", de: "{what}: erwartet {expected}, war {actual}",
                fr: "{what} : attendu {expected}, obtenu {actual}")
        case .testsMany:
            Phrase(
                en: "Only the first {count} tests were run here.", de: "Hier liefen nur die ersten {count} Tests.",
                fr: "Seuls les {count} premiers tests ont été exécutés ici.")
        case .diffTitle: Phrase(en: "What it would change", de: "Was sich ändern würde", fr: "Ce qui changerait")
        case .diffSame:
            Phrase(
                en: "No rule would say anything else.", de: "Keine Regel würde etwas anderes sagen.",
                fr: "Aucune règle ne dirait autre chose.")
        case .diffNew: Phrase(en: "new", de: "neu", fr: "nouvelle")
        case .diffGone: Phrase(en: "gone", de: "entfällt", fr: "supprimée")
        case .diffChanged: Phrase(en: "changed", de: "geändert", fr: "modifiée")
        case .before: Phrase(en: "Before: {what}", de: "Vorher: {what}", fr: "Avant : {what}")
        case .now: Phrase(en: "Now: {what}", de: "Jetzt: {what}", fr: "Maintenant : {what}")
        case .example: Phrase(en: "Example", de: "Beispiel", fr: "Exemple")
        case .exampleDeny:
            Phrase(
                en: "allowed before, denied now", de: "bisher erlaubt, jetzt verneint",
                fr: "permis avant, refusé maintenant")
        case .exampleAllow:
            Phrase(
                en: "denied before, allowed now", de: "bisher verneint, jetzt erlaubt",
                fr: "refusé avant, permis maintenant")
        case .exampleTold:
            Phrase(
                en: "the same verdict, told differently", de: "dasselbe Urteil, anders begründet",
                fr: "même verdict, autrement motivé")
        case .diffEffort:
            Phrase(
                en: "{count} made-up questions were tried; what they do not show may still differ.",
                de: "{count} erdachte Fragen wurden versucht; was sie nicht zeigen, kann dennoch anders sein.",
                fr: "{count} questions inventées ont été essayées ; ce qu’elles ne montrent pas peut différer.")
        case .diffLive:
            Phrase(
                en: "Send the form to see examples of contacts that would be decided differently.",
                de: "Senden Sie das Formular, um Beispiele anders entschiedener Kontakte zu sehen.",
                fr: "Envoyez le formulaire pour voir des contacts qui seraient décidés autrement.")
        case .formatTitle: Phrase(en: "The file to commit", de: "Die Datei zum Einchecken", fr: "Le fichier à valider")
        case .formatIntro:
            Phrase(
                en: "Laid out as the house does. Copy it into the repository.",
                de: "In der Form des Hauses. Kopieren Sie sie ins Repository.",
                fr: "Mis en forme selon l’usage. Copiez-le dans le dépôt.")
        case .formatSame:
            Phrase(
                en: "It is laid out well already.", de: "Die Form stimmt schon.", fr: "La mise en forme est déjà bonne."
            )
        case .tooManyChecks:
            Phrase(
                en: "Another check is still running. Try again in a moment.",
                de: "Eine andere Prüfung läuft noch. Versuchen Sie es gleich wieder.",
                fr: "Une autre vérification est en cours. Réessayez dans un instant.")
        case .shadowTitle: Phrase(en: "Rules in shadow", de: "Regeln im Probelauf", fr: "Règles à l’essai")
        case .shadowIntro:
            Phrase(
                en:
                    "They are evaluated and reported, and decide nothing. This is what switching them on would have done.",
                de: "Sie werden ausgewertet und gemeldet, entscheiden aber nichts. Das hätte ihr Einschalten bewirkt.",
                fr:
                    "Elles sont évaluées et signalées, sans rien décider. Voici ce que leur mise en vigueur aurait fait."
            )
        case .shadowNone:
            Phrase(
                en: "No rule in shadow had anything to say", de: "Keine Regel im Probelauf hatte etwas zu sagen",
                fr: "Aucune règle à l’essai n’a eu à dire")
        case .shadowNoneText:
            Phrase(
                en: "Write `mode: shadow` on a rule, and what it would deny shows up here.",
                de: "Schreiben Sie `mode: shadow` an eine Regel, und hier erscheint, was sie verneinen würde.",
                fr: "Écrivez `mode: shadow` sur une règle, et ce qu’elle refuserait apparaîtra ici.")
        case .shadowPeriod:
            Phrase(
                en: "{decisions} decisions on record since {when}, {allowed} of them allowed.",
                de: "{decisions} Entscheidungen seit {when} im Protokoll, davon {allowed} erlaubt.",
                fr: "{decisions} décisions au registre depuis {when}, dont {allowed} permises.")
        case .shadowRead:
            Phrase(
                en: "Only the newest {count} records of the ledger were read.",
                de: "Nur die neuesten {count} Einträge des Protokolls wurden gelesen.",
                fr: "Seuls les {count} derniers enregistrements du registre ont été lus.")
        case .wouldDeny: Phrase(en: "would have denied", de: "hätte verneint", fr: "aurait refusé")
        case .wouldSwitch:
            Phrase(en: "of them allowed contacts", de: "davon erlaubte Kontakte", fr: "dont des contacts permis")
        case .ofAllowed:
            Phrase(
                en: "Switching it on would deny {count} contacts that were allowed, {share} of all allowed ones.",
                de: "Das Einschalten würde {count} bisher erlaubte Kontakte verneinen, {share} aller erlaubten.",
                fr: "L’activer refuserait {count} contacts permis, soit {share} de tous les contacts permis.")
        case .shadowHow:
            Phrase(
                en: "To switch it on, write `mode: enforce` in {place} and commit.",
                de: "Zum Einschalten `mode: enforce` in {place} schreiben und einchecken.",
                fr: "Pour l’activer, écrivez `mode: enforce` dans {place}, puis validez.")
        case .byChannel: Phrase(en: "By channel", de: "Nach Kanal", fr: "Par canal")
        case .byCampaign: Phrase(en: "By campaign", de: "Nach Kampagne", fr: "Par campagne")
        case .byAgency: Phrase(en: "By agency", de: "Nach Agentur", fr: "Par agence")
        case .examples: Phrase(en: "Examples", de: "Beispiele", fr: "Exemples")
        case .lastSeen: Phrase(en: "last {when}", de: "zuletzt {when}", fr: "dernière fois {when}")
        case .switchOn: Phrase(en: "Switching it on", de: "Das Einschalten", fr: "Son activation")
        case .days: Phrase(en: "{count} days", de: "{count} Tage", fr: "{count} jours")
        case .period: Phrase(en: "Period", de: "Zeitraum", fr: "Période")
        case .show: Phrase(en: "Show", de: "Zeigen", fr: "Afficher")
        case .summariesOnly:
            Phrase(
                en: "Checks that the ledger only sums up are not among them.",
                de: "Prüfungen, die das Protokoll nur summiert, sind nicht dabei.",
                fr: "Les vérifications que le registre ne fait que totaliser n’en font pas partie.")
        case .registriesTitle: Phrase(en: "Outside lists", de: "Sperrlisten", fr: "Registres externes")
        case .registriesIntro:
            Phrase(
                en:
                    "Do-not-call registers and the like, as this node has loaded them. A rule whose list is missing or too old denies.",
                de:
                    "Robinson- und ähnliche Listen, wie dieser Knoten sie geladen hat. Eine Regel, deren Liste fehlt oder zu alt ist, verneint.",
                fr:
                    "Registres d’opposition, tels que ce nœud les a chargés. Une règle dont la liste manque ou est trop ancienne refuse."
            )
        case .registriesNone:
            Phrase(
                en: "No list is loaded, and no rule asks for one",
                de: "Keine Liste ist geladen, und keine Regel fragt danach",
                fr: "Aucune liste n’est chargée, et aucune règle n’en demande")
        case .registriesNoneText:
            Phrase(
                en: "`governor registry load NAME FILE` loads one.",
                de: "`governor registry load NAME FILE` lädt eine.",
                fr: "`governor registry load NAME FILE` en charge une.")
        case .numbers: Phrase(en: "Numbers", de: "Nummern", fr: "Numéros")
        case .asOf: Phrase(en: "As of", de: "Stand", fr: "Date")
        case .age: Phrase(en: "Age", de: "Alter", fr: "Ancienneté")
        case .added: Phrase(en: "Added", de: "Hinzugekommen", fr: "Ajoutés")
        case .removed: Phrase(en: "Removed", de: "Entfallen", fr: "Retirés")
        case .askedBy: Phrase(en: "Asked by", de: "Gefragt von", fr: "Interrogé par")
        case .maxAge: Phrase(en: "at most {length}", de: "höchstens {length}", fr: "au plus {length}")
        case .alarmMissing:
            Phrase(
                en: "Missing: its rules deny", de: "Fehlt: Die Regeln verneinen", fr: "Manquante : ses règles refusent")
        case .alarmOld:
            Phrase(
                en: "Too old: its rules deny", de: "Zu alt: Die Regeln verneinen",
                fr: "Trop ancienne : ses règles refusent")
        case .alarmFine: Phrase(en: "In order", de: "In Ordnung", fr: "En ordre")
        case .status: Phrase(en: "State", de: "Zustand", fr: "État")
        case .name: Phrase(en: "List", de: "Liste", fr: "Liste")
        case .noRuleAsks: Phrase(en: "no rule", de: "keiner Regel", fr: "aucune règle")
        case .optOutsTitle: Phrase(en: "Opt-outs", de: "Widersprüche", fr: "Oppositions")
        case .optOutsIntro:
            Phrase(
                en:
                    "Where people’s no comes from, and how long it took from the word to the record. From the record on it binds every caller at once.",
                de:
                    "Woher das Nein der Menschen kommt, und wie lange es vom Wort bis zum Eintrag gedauert hat. Ab dem Eintrag bindet es sofort alle.",
                fr:
                    "D’où vient le non des personnes, et combien de temps s’est écoulé entre la parole et l’enregistrement. Dès l’enregistrement, il lie tout le monde."
            )
        case .optOutsNone: Phrase(en: "Nobody has said no", de: "Niemand hat Nein gesagt", fr: "Personne n’a dit non")
        case .optOutsNoneText:
            Phrase(
                en: "No opt-out is on record in this period.",
                de: "In diesem Zeitraum ist kein Widerspruch verzeichnet.",
                fr: "Aucune opposition n’est enregistrée sur cette période.")
        case .source: Phrase(en: "Source", de: "Quelle", fr: "Source")
        case .count: Phrase(en: "Count", de: "Anzahl", fr: "Nombre")
        case .share: Phrase(en: "Share", de: "Anteil", fr: "Part")
        case .delay:
            Phrase(
                en: "From her word to the record", de: "Vom Wort bis zum Eintrag", fr: "De la parole à l’enregistrement"
            )
        case .delayMedian: Phrase(en: "median", de: "Median", fr: "médiane")
        case .delayWorst: Phrase(en: "longest", de: "längste", fr: "maximum")
        case .delayNote:
            Phrase(
                en: "A long delay is a contact that may still have been made: look at the source.",
                de: "Eine lange Dauer ist ein Kontakt, der noch möglich war: Sehen Sie die Quelle an.",
                fr: "Un long délai, c’est un contact encore possible : examinez la source.")
        case .total: Phrase(en: "All", de: "Alle", fr: "Total")
        case .perDay: Phrase(en: "Per day", de: "Pro Tag", fr: "Par jour")
        case .kind: Phrase(en: "What was said", de: "Was gesagt wurde", fr: "Ce qui a été dit")
        }
    }
}
