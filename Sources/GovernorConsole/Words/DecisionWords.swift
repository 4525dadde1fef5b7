import GovernorPages

/// Words of the pages that search the ledger.
enum DecisionWords: WordTable {
    case title, intro, anyID, anyIDHint, person, personHint, campaign, agency, rule, verdict, anyVerdict, allowed,
        denied
    case kind, anyKind, decisions, facts, since, until, search, found, foundMore, readTo, readAll, noneTitle, noneText,
        older
    case when, what, whom, by, outcome, record, erased, erasedText, noLedger, badID, summary
    case oneTitle, oneAllowed, oneDenied, oneChecked, oneReserved, oneConfirmed, hypothetical, askedBy, atInstant,
        recordNumber
    case decisionID, persons, request, channel, purpose, product, brand, subject, accounts, method, party, lineType
    case zones, zonesStated, places, policyThen, policyLost, reasonsThen, noReasons, countOf, openAgain, nextAllowed
    case shadowThen, basis, verifyHint, factTitle, factTold, factEvidence, noEvidence, told, scope, occurred, received
    case consumer, business, live, automated, prerecorded, chain, changed

    var phrase: Phrase {
        switch self {
        case .title:
            Phrase(
                en: "Why was this allowed or denied?", de: "Warum wurde das erlaubt oder verneint?",
                fr: "Pourquoi permis ou refusé ?")
        case .intro:
            Phrase(
                en:
                    "The ledger keeps every reservation, denial and fact. Search it by any id, a person, a campaign, a rule or a period.",
                de:
                    "Das Protokoll hält jede Reservierung, Ablehnung und Tatsache fest. Suchen Sie nach Kennung, Person, Kampagne, Regel oder Zeitraum.",
                fr:
                    "Le registre garde chaque réservation, refus et fait. Cherchez par identifiant, personne, campagne, règle ou période."
            )
        case .anyID: Phrase(en: "Id", de: "Kennung", fr: "Identifiant")
        case .anyIDHint:
            Phrase(
                en: "of a decision, a fact or a person: 32 digits; or the number of a record",
                de: "einer Entscheidung, Tatsache oder Person: 32 Zeichen; oder die Nummer eines Eintrags",
                fr: "d’une décision, d’un fait ou d’une personne : 32 caractères ; ou le numéro d’un enregistrement")
        case .person: Phrase(en: "Person", de: "Person", fr: "Personne")
        case .personHint:
            Phrase(
                en: "phone, e-mail or customer number", de: "Telefon, E-Mail oder Kundennummer",
                fr: "téléphone, e-mail ou numéro de client")
        case .campaign: Phrase(en: "Campaign", de: "Kampagne", fr: "Campagne")
        case .agency: Phrase(en: "Agency", de: "Agentur", fr: "Agence")
        case .rule: Phrase(en: "Rule", de: "Regel", fr: "Règle")
        case .verdict: Phrase(en: "Verdict", de: "Urteil", fr: "Verdict")
        case .anyVerdict: Phrase(en: "any", de: "beliebig", fr: "tous")
        case .allowed: Phrase(en: "allowed", de: "erlaubt", fr: "permis")
        case .denied: Phrase(en: "denied", de: "verneint", fr: "refusé")
        case .kind: Phrase(en: "Records", de: "Einträge", fr: "Enregistrements")
        case .anyKind: Phrase(en: "all", de: "alle", fr: "tous")
        case .decisions: Phrase(en: "decisions", de: "Entscheidungen", fr: "décisions")
        case .facts: Phrase(en: "facts", de: "Tatsachen", fr: "faits")
        case .since: Phrase(en: "From", de: "Von", fr: "Du")
        case .until: Phrase(en: "To", de: "Bis", fr: "Au")
        case .search: Phrase(en: "Search", de: "Suchen", fr: "Chercher")
        case .found: Phrase(en: "{count} found", de: "{count} gefunden", fr: "{count} trouvés")
        case .foundMore: Phrase(en: "The newest {count}", de: "Die neuesten {count}", fr: "Les {count} plus récents")
        case .readTo:
            Phrase(
                en: "Read back to record {sequence}, of {when}.",
                de: "Zurückgelesen bis Eintrag {sequence} vom {when}.",
                fr: "Lu jusqu’à l’enregistrement {sequence}, du {when}.")
        case .readAll:
            Phrase(
                en: "The whole ledger was read.", de: "Das ganze Protokoll wurde gelesen.",
                fr: "Tout le registre a été lu.")
        case .noneTitle: Phrase(en: "Nothing found", de: "Nichts gefunden", fr: "Rien trouvé")
        case .noneText:
            Phrase(
                en:
                    "No record fits. Widen the period, or leave a field empty. Permitted checks that reserve nothing are only summed up.",
                de:
                    "Kein Eintrag passt. Erweitern Sie den Zeitraum oder lassen Sie ein Feld leer. Erlaubte Prüfungen ohne Reservierung werden nur summiert.",
                fr:
                    "Aucun enregistrement ne convient. Élargissez la période ou videz un champ. Les vérifications permises sans réservation sont seulement totalisées."
            )
        case .older: Phrase(en: "Search further back", de: "Weiter zurück suchen", fr: "Chercher plus loin")
        case .when: Phrase(en: "When", de: "Wann", fr: "Quand")
        case .what: Phrase(en: "What", de: "Was", fr: "Quoi")
        case .whom: Phrase(en: "Person", de: "Person", fr: "Personne")
        case .by: Phrase(en: "By", de: "Durch", fr: "Par")
        case .outcome: Phrase(en: "Answer", de: "Antwort", fr: "Réponse")
        case .record: Phrase(en: "Record", de: "Eintrag", fr: "Enregistrement")
        case .erased: Phrase(en: "Erased", de: "Gelöscht", fr: "Effacé")
        case .erasedText:
            Phrase(
                en: "This record’s contents were erased. Its place in the chain remains.",
                de: "Der Inhalt dieses Eintrags wurde gelöscht. Sein Platz in der Kette bleibt.",
                fr: "Le contenu de cet enregistrement a été effacé. Sa place dans la chaîne demeure.")
        case .noLedger:
            Phrase(
                en: "The ledger cannot be read: {detail}", de: "Das Protokoll lässt sich nicht lesen: {detail}",
                fr: "Le registre ne se lit pas : {detail}")
        case .badID:
            Phrase(
                en: "An id has 32 digits (0–9, a–f); a record’s number has only digits.",
                de: "Eine Kennung hat 32 Zeichen (0–9, a–f); die Nummer eines Eintrags nur Ziffern.",
                fr: "Un identifiant a 32 caractères (0–9, a–f) ; un numéro d’enregistrement, que des chiffres.")
        case .summary: Phrase(en: "Sum of checks", de: "Summe von Prüfungen", fr: "Total de vérifications")
        case .oneTitle: Phrase(en: "Record {sequence}", de: "Eintrag {sequence}", fr: "Enregistrement {sequence}")
        case .oneAllowed: Phrase(en: "Allowed", de: "Erlaubt", fr: "Permis")
        case .oneDenied: Phrase(en: "Denied", de: "Verneint", fr: "Refusé")
        case .oneChecked:
            Phrase(en: "asked, nothing reserved", de: "gefragt, nichts reserviert", fr: "demandé, rien de réservé")
        case .oneReserved:
            Phrase(en: "asked for a reservation", de: "mit Reservierung gefragt", fr: "demandé avec réservation")
        case .oneConfirmed:
            Phrase(
                en: "asked again just before the contact", de: "unmittelbar vor dem Kontakt erneut gefragt",
                fr: "redemandé juste avant le contact")
        case .hypothetical:
            Phrase(
                en: "asked for another instant", de: "für einen anderen Zeitpunkt gefragt",
                fr: "demandé pour un autre instant")
        case .askedBy: Phrase(en: "Asked by", de: "Gefragt von", fr: "Demandé par")
        case .atInstant: Phrase(en: "Judged at", de: "Beurteilt am", fr: "Jugé le")
        case .recordNumber:
            Phrase(en: "Record in the ledger", de: "Eintrag im Protokoll", fr: "Enregistrement au registre")
        case .decisionID: Phrase(en: "Decision", de: "Entscheidung", fr: "Décision")
        case .persons: Phrase(en: "Person", de: "Person", fr: "Personne")
        case .request: Phrase(en: "What was asked", de: "Was gefragt wurde", fr: "Ce qui a été demandé")
        case .channel: Phrase(en: "Channel", de: "Kanal", fr: "Canal")
        case .purpose: Phrase(en: "Purpose", de: "Zweck", fr: "Finalité")
        case .product: Phrase(en: "Product", de: "Produkt", fr: "Produit")
        case .brand: Phrase(en: "Brand", de: "Marke", fr: "Marque")
        case .subject: Phrase(en: "Subject", de: "Thema", fr: "Sujet")
        case .accounts: Phrase(en: "Accounts", de: "Konten", fr: "Comptes")
        case .method: Phrase(en: "Method", de: "Verfahren", fr: "Méthode")
        case .party: Phrase(en: "Party", de: "Wer", fr: "Partie")
        case .lineType: Phrase(en: "Line", de: "Anschluss", fr: "Ligne")
        case .zones: Phrase(en: "Possible time zones", de: "Mögliche Zeitzonen", fr: "Fuseaux possibles")
        case .zonesStated: Phrase(en: "Stated time zones", de: "Angegebene Zeitzonen", fr: "Fuseaux indiqués")
        case .places: Phrase(en: "Possible places", de: "Mögliche Orte", fr: "Lieux possibles")
        case .policyThen:
            Phrase(en: "Policies then in force", de: "Damals geltende Regeln", fr: "Règles alors en vigueur")
        case .policyLost:
            Phrase(
                en: "their text is not kept on this node", de: "ihr Text ist auf diesem Knoten nicht erhalten",
                fr: "leur texte n’est pas conservé sur ce nœud")
        case .reasonsThen:
            Phrase(
                en: "The reasons, as they were then", de: "Die Gründe, wie sie damals waren",
                fr: "Les raisons, telles qu’alors")
        case .noReasons:
            Phrase(
                en: "No rule stood against it.", de: "Keine Regel sprach dagegen.", fr: "Aucune règle ne s’y opposait.")
        case .countOf:
            Phrase(
                en: "counted {count} of {limit}", de: "gezählt {count} von {limit}", fr: "compté {count} sur {limit}")
        case .openAgain: Phrase(en: "open again {when}", de: "wieder offen {when}", fr: "de nouveau permis {when}")
        case .nextAllowed:
            Phrase(en: "Told to ask again", de: "Genannter nächster Zeitpunkt", fr: "Prochain instant annoncé")
        case .shadowThen:
            Phrase(en: "In shadow, without effect", de: "Im Probelauf, ohne Wirkung", fr: "À l’essai, sans effet")
        case .basis: Phrase(en: "What could change it", de: "Was es ändern konnte", fr: "Ce qui pouvait le changer")
        case .verifyHint:
            Phrase(
                en: "`governor ledger verify` proves that no record was changed since.",
                de: "`governor ledger verify` beweist, dass seither kein Eintrag geändert wurde.",
                fr: "`governor ledger verify` prouve qu’aucun enregistrement n’a changé depuis.")
        case .factTitle: Phrase(en: "Fact", de: "Tatsache", fr: "Fait")
        case .factTold: Phrase(en: "Told by", de: "Gemeldet von", fr: "Signalé par")
        case .factEvidence: Phrase(en: "Evidence", de: "Nachweis", fr: "Preuve")
        case .noEvidence: Phrase(en: "none was given", de: "keiner angegeben", fr: "aucune")
        case .told: Phrase(en: "Kind", de: "Art", fr: "Type")
        case .scope: Phrase(en: "About", de: "Betrifft", fr: "Concerne")
        case .occurred: Phrase(en: "Said", de: "Gesagt", fr: "Dit")
        case .received: Phrase(en: "Recorded", de: "Eingetragen", fr: "Enregistré")
        case .consumer: Phrase(en: "consumer", de: "Verbraucherin", fr: "consommatrice")
        case .business: Phrase(en: "business", de: "Unternehmen", fr: "entreprise")
        case .live: Phrase(en: "live", de: "persönlich", fr: "en direct")
        case .automated: Phrase(en: "automated", de: "automatisiert", fr: "automatisé")
        case .prerecorded: Phrase(en: "prerecorded", de: "aufgezeichnet", fr: "préenregistré")
        case .chain: Phrase(en: "Proof", de: "Beweis", fr: "Preuve")
        case .changed: Phrase(en: "What it changed", de: "Was er geändert hat", fr: "Ce qu’il a changé")
        }
    }
}
