import GovernorPages

/// Words of the page about one person.
enum PersonWords: WordTable {
    case title, findTitle, findIntro, searchLabel, searchHint, searchButton, findAnother
    case searchEmpty, searchTooLong, searchNotUnderstood, searchForgotten, searchForgottenText
    case knownSince, notKnown, notKnownText, severalKnown, severalKnownText, otherPersons, openedByID, openedByIDText
    case mayWe, yesNow, notNow, noAct, noNever, noHorizon, shortYes, shortLater, shortNo
    case legendYes, legendLater, legendNo, whyTitle, moreReasons, noReason, rule, until, shadowAlso
    case nextHers, nextYours, nextIn, whatHelps
    case helpsOptIn, helpsConsent, helpsBlock, helpsRegistry, helpsZone, helpsCalendar, helpsHolding, helpsHistory
    case helpsGuard, helpsOther
    case leftTitle, leftOf, leftNone, noCaps, obligationsTitle
    case whereTitle, anywhere, localNow, zonesAndMore, otherTime
    case holdsTitle, holdsNothing, from, to, grace
    case saidTitle, saidNothing, evidenceKept, source, told, arrived
    case timelineTitle, timelineEmpty, timelineMore, historyFrom
    case identifiersTitle, phoneNumber, emailAddress, customerNumber, shared, household, notInClear
    case inboundContact, forPurpose, campaign, agency, agencyOther, product, brand, subject
    case stateReserved, stateConfirmed, stateReported, stateReleased, stateRevoked, stateExternal, stateExpired
    case everything, only, channels, purposes, brands, products, families, campaigns, subjects, accounts
    case addressAlone

    var phrase: Phrase {
        switch self {
        case .title: Phrase(en: "Person", de: "Person", fr: "Personne")
        case .findTitle: Phrase(en: "Who is on the line?", de: "Wer ist am Apparat?", fr: "Qui est au bout du fil ?")
        case .findIntro:
            Phrase(
                en: "See whether you may contact somebody, why not, and from when. Nothing is counted by looking.",
                de:
                    "Sehen Sie, ob Sie jemanden kontaktieren dürfen, warum nicht, und ab wann wieder. Nachsehen zählt nicht.",
                fr:
                    "Voyez si vous pouvez contacter quelqu’un, pourquoi pas, et à partir de quand. Regarder ne compte pas."
            )
        case .searchLabel:
            Phrase(
                en: "Phone, e-mail or customer number", de: "Telefon, E-Mail oder Kundennummer",
                fr: "Téléphone, e-mail ou numéro de client")
        case .searchHint:
            Phrase(
                en:
                    "Any spelling: +1 212 555 0100, (212) 555-0100, ana@example.com, crm:8841. Several, separated by a semicolon.",
                de:
                    "In jeder Schreibweise: +49 30 901820, 030/901820, ana@example.com, crm:8841. Mehrere durch Strichpunkt getrennt.",
                fr:
                    "Toute écriture convient : +33 1 42 34 56 78, 01.42.34.56.78, ana@example.com, crm:8841. Séparez-en plusieurs par un point-virgule."
            )
        case .searchButton: Phrase(en: "Look up", de: "Nachsehen", fr: "Chercher")
        case .findAnother:
            Phrase(en: "Look up somebody else", de: "Jemand anderen nachsehen", fr: "Chercher quelqu’un d’autre")
        case .searchEmpty:
            Phrase(
                en: "Type a phone number, an e-mail address or a customer number.",
                de: "Geben Sie eine Telefonnummer, E-Mail-Adresse oder Kundennummer ein.",
                fr: "Saisissez un numéro de téléphone, une adresse e-mail ou un numéro de client.")
        case .searchTooLong:
            Phrase(
                en:
                    "That is longer than any phone number, address or customer number: {count} characters came. Shorten it.",
                de: "Das ist länger als jede Nummer oder Adresse: Es kamen {count} Zeichen. Kürzen Sie es.",
                fr: "C’est plus long que n’importe quel numéro ou adresse : {count} caractères reçus. Raccourcissez.")
        case .searchNotUnderstood:
            Phrase(
                en: "This could not be read: {detail}", de: "Das ließ sich nicht lesen: {detail}",
                fr: "Saisie incompréhensible : {detail}")
        case .searchForgotten:
            Phrase(en: "This page has been forgotten", de: "Diese Seite ist vergessen", fr: "Cette page est oubliée")
        case .searchForgottenText:
            Phrase(
                en:
                    "What is typed about somebody is kept only while you are signed in, and the governor knows nobody by this id. Look the person up again.",
                de:
                    "Eingaben zu einer Person bleiben nur, solange Sie angemeldet sind, und unter dieser Kennung kennt der governor niemanden. Sehen Sie noch einmal nach.",
                fr:
                    "Ce qui est saisi sur quelqu’un n’est gardé que pendant votre session, et le governor ne connaît personne sous cet identifiant. Cherchez de nouveau."
            )
        case .knownSince: Phrase(en: "Known since {date}", de: "Bekannt seit {date}", fr: "Connue depuis le {date}")
        case .notKnown:
            Phrase(en: "Nobody we know", de: "Niemand, den wir kennen", fr: "Personne que nous connaissions")
        case .notKnownText:
            Phrase(
                en:
                    "No contact, opt-out or consent is on record. The answers below hold all the same, and what you record begins a new record.",
                de:
                    "Es ist kein Kontakt, Widerspruch und keine Einwilligung verzeichnet. Die Antworten unten gelten trotzdem; was Sie festhalten, beginnt einen neuen Eintrag.",
                fr:
                    "Aucun contact, opposition ou consentement n’est enregistré. Les réponses ci-dessous valent tout de même, et ce que vous notez ouvre un nouveau dossier."
            )
        case .severalKnown:
            Phrase(
                en: "This belongs to {count} different people", de: "Das gehört zu {count} verschiedenen Personen",
                fr: "Ceci appartient à {count} personnes différentes")
        case .severalKnownText:
            Phrase(
                en: "All of them were checked, and the strictest answer counts. What you record is recorded for each.",
                de: "Alle wurden geprüft, die strengste Antwort gilt. Was Sie festhalten, gilt für jede davon.",
                fr: "Toutes ont été vérifiées, la réponse la plus stricte vaut. Ce que vous notez vaut pour chacune.")
        case .otherPersons: Phrase(en: "The others", de: "Die anderen", fr: "Les autres")
        case .openedByID: Phrase(en: "Opened without a number", de: "Ohne Nummer geöffnet", fr: "Ouvert sans numéro")
        case .openedByIDText:
            Phrase(
                en:
                    "Outside lists can only be asked about the number itself: rules that ask one deny here. Look the person up by number for the full answer.",
                de:
                    "Sperrlisten lassen sich nur mit der Nummer selbst befragen: Regeln dazu verneinen hier. Sehen Sie mit der Nummer nach, um die volle Antwort zu erhalten.",
                fr:
                    "Les registres externes ne répondent que sur le numéro même : les règles qui en dépendent refusent ici. Cherchez par numéro pour la réponse complète."
            )
        case .mayWe: Phrase(en: "May we?", de: "Dürfen wir?", fr: "Avons-nous le droit ?")
        case .yesNow: Phrase(en: "Yes, now", de: "Ja, jetzt", fr: "Oui, maintenant")
        case .notNow:
            Phrase(
                en: "Not now – again {when}", de: "Jetzt nicht – wieder {when}",
                fr: "Pas maintenant – de nouveau {when}")
        case .noAct: Phrase(en: "No", de: "Nein", fr: "Non")
        case .noNever: Phrase(en: "No, never", de: "Nein, nie", fr: "Non, jamais")
        case .noHorizon:
            Phrase(
                en: "No, not within 400 days", de: "Nein, nicht in den nächsten 400 Tagen",
                fr: "Non, pas avant 400 jours")
        case .shortYes: Phrase(en: "yes", de: "ja", fr: "oui")
        case .shortLater: Phrase(en: "{when}", de: "{when}", fr: "{when}")
        case .shortNo: Phrase(en: "no", de: "nein", fr: "non")
        case .legendYes: Phrase(en: "yes, now", de: "ja, jetzt", fr: "oui, maintenant")
        case .legendLater:
            Phrase(
                en: "not now, from the time shown", de: "jetzt nicht, ab der genannten Zeit",
                fr: "pas maintenant, dès l’heure indiquée")
        case .legendNo:
            Phrase(en: "no, until somebody acts", de: "nein, bis jemand etwas tut", fr: "non, tant que personne n’agit")
        case .whyTitle: Phrase(en: "Why", de: "Warum", fr: "Pourquoi")
        case .moreReasons:
            Phrase(
                en: "{count} more reasons", de: "{count} weitere Gründe", fr: "{count} autres raisons")
        case .noReason:
            Phrase(en: "Nothing stands against it.", de: "Nichts spricht dagegen.", fr: "Rien ne s’y oppose.")
        case .rule: Phrase(en: "Rule {rule}", de: "Regel {rule}", fr: "Règle {rule}")
        case .until: Phrase(en: "until {when}", de: "bis {when}", fr: "jusqu’à {when}")
        case .shadowAlso:
            Phrase(
                en: "On trial, not decisive: {rules}", de: "Im Probelauf, nicht entscheidend: {rules}",
                fr: "À l’essai, sans effet : {rules}")
        case .nextHers:
            Phrase(
                en: "Again, by the customer’s clock", de: "Wieder, nach der Uhr der Kundin",
                fr: "De nouveau, à l’heure de la cliente")
        case .nextYours:
            Phrase(
                en: "Again, by your clock ({zone})", de: "Wieder, nach Ihrer Uhr ({zone})",
                fr: "De nouveau, à votre heure ({zone})")
        case .nextIn: Phrase(en: "That is", de: "Das ist", fr: "C’est")
        case .whatHelps: Phrase(en: "What would have to happen", de: "Was geschehen müsste", fr: "Ce qu’il faudrait")
        case .helpsOptIn:
            Phrase(
                en: "She would have to say yes again: record an opt-in with its evidence.",
                de: "Sie müsste wieder zustimmen: Halten Sie eine Zustimmung mit Nachweis fest.",
                fr: "Elle devrait dire oui de nouveau : notez un accord avec sa preuve.")
        case .helpsConsent:
            Phrase(
                en: "She would have to give her permission in the form that the rule asks for.",
                de: "Sie müsste in der Form einwilligen, die die Regel verlangt.",
                fr: "Elle devrait donner son consentement sous la forme que la règle exige.")
        case .helpsBlock:
            Phrase(
                en: "Compliance would have to lift the block.", de: "Die Compliance müsste die Sperre aufheben.",
                fr: "La conformité devrait lever le blocage.")
        case .helpsRegistry:
            Phrase(
                en: "Somebody would have to load the outside list, or a newer one.",
                de: "Jemand müsste die Sperrliste laden, oder eine neuere.",
                fr: "Il faudrait charger le registre externe, ou un plus récent.")
        case .helpsZone:
            Phrase(
                en: "State where she is: a country, a region or a time zone.",
                de: "Geben Sie an, wo sie ist: Land, Region oder Zeitzone.",
                fr: "Indiquez où elle se trouve : un pays, une région ou un fuseau horaire.")
        case .helpsCalendar:
            Phrase(
                en: "Compliance would have to extend the holiday calendar.",
                de: "Die Compliance müsste den Feiertagskalender verlängern.",
                fr: "La conformité devrait prolonger le calendrier des jours fériés.")
        case .helpsHolding:
            Phrase(
                en: "She already has what this would offer; another product may be another answer.",
                de: "Sie hat schon, was angeboten würde; für ein anderes Produkt kann die Antwort anders sein.",
                fr: "Elle a déjà ce qui serait proposé ; pour un autre produit, la réponse peut changer.")
        case .helpsHistory:
            Phrase(
                en: "The record does not reach back far enough; only time helps.",
                de: "Der Eintrag reicht nicht weit genug zurück; nur Zeit hilft.",
                fr: "Le dossier ne remonte pas assez loin ; seul le temps aide.")
        case .helpsGuard:
            Phrase(
                en: "The campaign has used up its right; it comes back with its period.",
                de: "Die Kampagne hat ihr Recht verbraucht; es kommt mit ihrem Zeitraum wieder.",
                fr: "La campagne a épuisé son droit ; il revient avec sa période.")
        case .helpsOther:
            Phrase(en: "Ask compliance.", de: "Fragen Sie die Compliance.", fr: "Demandez à la conformité.")
        case .leftTitle: Phrase(en: "What is left", de: "Was noch frei ist", fr: "Ce qui reste")
        case .leftOf:
            Phrase(en: "{left} of {limit} left", de: "{left} von {limit} frei", fr: "{left} sur {limit} restants")
        case .leftNone:
            Phrase(en: "none of {limit} left", de: "keiner von {limit} frei", fr: "aucun sur {limit} restant")
        case .noCaps:
            Phrase(
                en: "No cap counts this contact.", de: "Keine Obergrenze zählt diesen Kontakt.",
                fr: "Aucun plafond ne compte ce contact.")
        case .obligationsTitle: Phrase(en: "What you must do", de: "Was Sie tun müssen", fr: "Ce que vous devez faire")
        case .whereTitle: Phrase(en: "Her time now", de: "Ihre Uhrzeit jetzt", fr: "Son heure actuelle")
        case .anywhere:
            Phrase(
                en: "Nobody knows where she is: rules on hours take the strictest answer.",
                de: "Niemand weiß, wo sie ist: Regeln zu Uhrzeiten nehmen die strengste Antwort.",
                fr: "Nul ne sait où elle est : les règles d’horaires prennent la réponse la plus stricte.")
        case .localNow: Phrase(en: "in {places}", de: "in {places}", fr: "à {places}")
        case .zonesAndMore:
            Phrase(
                en: "{places} and {count} more", de: "{places} und {count} weiteren", fr: "{places} et {count} autres")
        case .otherTime:
            Phrase(
                en: "She may be in any of these places; every one must permit it.",
                de: "Sie kann an jedem dieser Orte sein; jeder muss es erlauben.",
                fr: "Elle peut être dans chacun de ces lieux ; tous doivent le permettre.")
        case .holdsTitle: Phrase(en: "What she has", de: "Was sie hat", fr: "Ce qu’elle a")
        case .holdsNothing:
            Phrase(
                en: "No product is on record.", de: "Es ist kein Produkt verzeichnet.",
                fr: "Aucun produit n’est enregistré.")
        case .from: Phrase(en: "from {date}", de: "ab {date}", fr: "dès le {date}")
        case .to: Phrase(en: "to {date}", de: "bis {date}", fr: "jusqu’au {date}")
        case .grace:
            Phrase(en: "in grace until {date}", de: "Nachfrist bis {date}", fr: "délai de grâce jusqu’au {date}")
        case .saidTitle: Phrase(en: "What she said", de: "Was sie gesagt hat", fr: "Ce qu’elle a dit")
        case .saidNothing:
            Phrase(
                en: "She has told us nothing yet: no opt-out, no consent, no complaint.",
                de: "Sie hat uns noch nichts gesagt: kein Widerspruch, keine Einwilligung, keine Beschwerde.",
                fr: "Elle ne nous a encore rien dit : ni opposition, ni consentement, ni réclamation.")
        case .evidenceKept: Phrase(en: "evidence in the ledger", de: "Nachweis im Protokoll", fr: "preuve au registre")
        case .source: Phrase(en: "source: {source}", de: "Quelle: {source}", fr: "source : {source}")
        case .told: Phrase(en: "said {date}", de: "gesagt am {date}", fr: "dit le {date}")
        case .arrived: Phrase(en: "arrived {date}", de: "eingegangen {date}", fr: "reçu le {date}")
        case .timelineTitle: Phrase(en: "What happened", de: "Was geschah", fr: "Ce qui s’est passé")
        case .timelineEmpty:
            Phrase(
                en: "Nobody has contacted her yet, as far as the governor knows.",
                de: "Soweit der governor weiß, hat sie noch niemand kontaktiert.",
                fr: "Personne ne l’a encore contactée, à la connaissance du governor.")
        case .timelineMore: Phrase(en: "Show all {count}", de: "Alle {count} zeigen", fr: "Les afficher tous ({count})")
        case .historyFrom:
            Phrase(
                en: "Contacts before {date} have left the record.",
                de: "Kontakte vor dem {date} sind nicht mehr verzeichnet.",
                fr: "Les contacts d’avant le {date} ne sont plus au dossier.")
        case .identifiersTitle: Phrase(en: "Known by", de: "Bekannt unter", fr: "Connue par")
        case .phoneNumber: Phrase(en: "Phone number", de: "Telefonnummer", fr: "Numéro de téléphone")
        case .emailAddress: Phrase(en: "E-mail address", de: "E-Mail-Adresse", fr: "Adresse e-mail")
        case .customerNumber:
            Phrase(
                en: "Customer number ({namespace})", de: "Kundennummer ({namespace})",
                fr: "Numéro de client ({namespace})")
        case .shared:
            Phrase(en: "used by several people", de: "von mehreren benutzt", fr: "utilisé par plusieurs personnes")
        case .household: Phrase(en: "a household’s", de: "eines Haushalts", fr: "d’un foyer")
        case .notInClear:
            Phrase(
                en: "The governor keeps no number or address in clear.",
                de: "Der governor bewahrt keine Nummer oder Adresse im Klartext auf.",
                fr: "Le governor ne garde aucun numéro ni adresse en clair.")
        case .inboundContact:
            Phrase(
                en: "She contacted us: {channel}", de: "Sie hat uns kontaktiert: {channel}",
                fr: "Elle nous a contactés : {channel}")
        case .forPurpose: Phrase(en: "{channel} – {purpose}", de: "{channel} – {purpose}", fr: "{channel} – {purpose}")
        case .campaign: Phrase(en: "campaign {name}", de: "Kampagne {name}", fr: "campagne {name}")
        case .agency: Phrase(en: "by {name}", de: "durch {name}", fr: "par {name}")
        case .agencyOther: Phrase(en: "by another agency", de: "durch eine andere Agentur", fr: "par une autre agence")
        case .product: Phrase(en: "product {name}", de: "Produkt {name}", fr: "produit {name}")
        case .brand: Phrase(en: "brand {name}", de: "Marke {name}", fr: "marque {name}")
        case .subject: Phrase(en: "about {name}", de: "über {name}", fr: "au sujet de {name}")
        case .stateReserved:
            Phrase(en: "reserved, not made yet", de: "reserviert, noch nicht erfolgt", fr: "réservé, pas encore fait")
        case .stateConfirmed:
            Phrase(
                en: "made, outcome not reported", de: "erfolgt, Ergebnis nicht gemeldet",
                fr: "fait, résultat non signalé")
        case .stateReported: Phrase(en: "outcome: {outcome}", de: "Ergebnis: {outcome}", fr: "résultat : {outcome}")
        case .stateReleased: Phrase(en: "given back unused", de: "ungenutzt zurückgegeben", fr: "rendu sans usage")
        case .stateRevoked:
            Phrase(
                en: "taken back, because she said no", de: "zurückgezogen, weil sie Nein gesagt hat",
                fr: "retiré, car elle a dit non")
        case .stateExternal: Phrase(en: "made elsewhere", de: "anderswo erfolgt", fr: "fait ailleurs")
        case .stateExpired:
            Phrase(
                en: "reserved and never confirmed", de: "reserviert und nie bestätigt", fr: "réservé et jamais confirmé"
            )
        case .everything: Phrase(en: "everything", de: "alles", fr: "tout")
        case .only: Phrase(en: "only {what}", de: "nur {what}", fr: "seulement {what}")
        case .channels: Phrase(en: "channel: {names}", de: "Kanal: {names}", fr: "canal : {names}")
        case .purposes: Phrase(en: "purpose: {names}", de: "Zweck: {names}", fr: "finalité : {names}")
        case .brands: Phrase(en: "brand: {names}", de: "Marke: {names}", fr: "marque : {names}")
        case .products: Phrase(en: "product: {names}", de: "Produkt: {names}", fr: "produit : {names}")
        case .families:
            Phrase(en: "product family: {names}", de: "Produktfamilie: {names}", fr: "famille de produits : {names}")
        case .campaigns: Phrase(en: "campaign: {names}", de: "Kampagne: {names}", fr: "campagne : {names}")
        case .subjects: Phrase(en: "subject: {names}", de: "Thema: {names}", fr: "sujet : {names}")
        case .accounts: Phrase(en: "account: {names}", de: "Konto: {names}", fr: "compte : {names}")
        case .addressAlone: Phrase(en: "this address alone", de: "nur diese Adresse", fr: "cette adresse seule")
        }
    }
}
