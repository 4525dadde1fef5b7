import GovernorCore
import GovernorPages

extension Dossier {
    /// One page without script and without anything from elsewhere: for the screen, in light and dark, and for paper.
    package var html: String {
        Page(title: "What is on record about one person", language: .english) {
            header(Attribute("class", "page")) {
                h1 { "What is on record about one person" }
                p(Attribute("class", "soft")) {
                    "From the contact governor's ledger, made at \(Self.clock(madeAt.description)). "
                    "Names, numbers and addresses are not on record: the governor keeps keyed hashes alone."
                }
            }
            main {
                overview
                said
                consents
                holdings
                contactList
                timeline
                policyList
                proof
            }
        }.text
    }

    private func card(_ title: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
        section(Attribute("class", "card")) {
            h2 { title }
            content()
        }
    }

    private func pair(_ name: String, _ value: String) -> HTML {
        HTML {
            dt { name }
            dd { value }
        }
    }

    private var overview: HTML {
        card("In short") {
            dl(Attribute("class", "pairs")) {
                pair(
                    "Person", persons.isEmpty ? "nobody is known by these identifiers" : persons.joined(separator: ", ")
                )
                pair(
                    "Known by",
                    identifiers.isEmpty
                        ? "nothing"
                        : identifiers.map { item in
                            "\(item.namespace ?? item.kind) \(item.hash)…" + (item.shared ? " (shared)" : "")
                                + (item.source.map { ", from \($0)" } ?? "")
                        }.joined(separator: "; "))
                pair(
                    "Period",
                    "\(from.map { Self.clock($0.description) } ?? "from the beginning") to "
                        + (to.map { Self.clock($0.description) } ?? "now"))
                pair("Asked", "\(allowed + denied) times: \(allowed) allowed, \(denied) denied")
                pair("Contacts", "\(contacts.count)")
                if erasedCount > 0 { pair("Erased records", "\(erasedCount)") }
            }
            if isCut {
                p { "There are more records than one dossier tells; ask for a shorter period." }
            }
        }
    }

    private var said: HTML {
        let list = facts("opt_out", "opt_in")
        return card("What she said about being contacted") {
            if list.isEmpty { p { "Nothing is on record." } } else { factTable(list) }
        }
    }

    private var consents: HTML {
        let list = facts("consent", "withdrawal")
        return card("Permissions") {
            if list.isEmpty { p { "None is on record." } } else { factTable(list) }
        }
    }

    private var holdings: HTML {
        let list = facts("holding", "event", "appointment", "quiet_time")
        return card("What else was told") {
            if list.isEmpty { p { "Nothing is on record." } } else { factTable(list) }
        }
    }

    private func factTable(_ list: [AuditEvent.FactText]) -> HTML {
        div(Attribute("class", "scroll")) {
            table {
                thead {
                    tr {
                        for name in ["When", "What", "About", "Source", "Told by", "Received"] {
                            th(Attribute("scope", "col")) { name }
                        }
                    }
                }
                tbody {
                    for fact in list {
                        tr {
                            td { Self.clock(fact.at) }
                            td(Attribute("class", fact.kind == "opt_out" ? "no" : "")) { Self.sentence(fact) }
                            td {
                                Self.scope(fact)
                                if !fact.endpoints.isEmpty {
                                    br()
                                    "addresses \(fact.endpoints.map { "\($0)…" }.joined(separator: ", "))"
                                }
                            }
                            td { fact.source ?? "not said" }
                            td { fact.caller ?? "" }
                            td { Self.clock(fact.received_at) }
                        }
                    }
                }
            }
        }
    }

    private var contactList: HTML {
        card("Contacts") {
            if touches.isEmpty {
                p { "None is on record." }
            } else {
                div(Attribute("class", "scroll")) {
                    table {
                        thead {
                            tr {
                                for name in ["When", "How", "For", "By", "State", "Outcome"] {
                                    th(Attribute("scope", "col")) { name }
                                }
                            }
                        }
                        tbody {
                            for touch in touches {
                                tr {
                                    td { Self.clock(touch.at) }
                                    td { "\(touch.direction == "inbound" ? "inbound " : "")\(touch.channel ?? "?")" }
                                    td {
                                        [touch.purpose, touch.campaign, touch.product, touch.brand].compactMap { $0 }
                                            .joined(separator: ", ")
                                    }
                                    td { touch.agency ?? "the company" }
                                    td { Self.words(touch.state) }
                                    td {
                                        touch.outcome.map { Self.words($0) } ?? "not reported"
                                        if let at = touch.outcome_at { " at \(Self.clock(at))" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private var timeline: HTML {
        card("Everything in its order") {
            ul(Attribute("class", "plain")) {
                for event in events {
                    li {
                        div(Attribute("class", "soft small")) {
                            Self.clock(event.at)
                            " · record \(event.sequence)"
                            if let caller = event.caller { " · caller \(caller)" }
                        }
                        strong(
                            Attribute("class", event.verdict == "deny" ? "no" : event.verdict == "allow" ? "yes" : "")
                        ) { Self.headline(event) }
                        details(of: event)
                    }
                }
            }
        }
    }

    private func details(of event: AuditEvent) -> HTML {
        HTML {
            if let reasons = event.reasons, !reasons.isEmpty {
                ul {
                    for reason in reasons {
                        li {
                            Self.sentence(reason)
                            " "
                            span(Attribute("class", "chip")) { "\(reason.rule ?? "built in"), \(reason.code)" }
                        }
                    }
                }
            }
            if event.verdict == "deny" {
                p(Attribute("class", "small soft")) {
                    if let next = event.next_allowed_at {
                        "Would be allowed at \(Self.clock(next))."
                    } else {
                        "Not to be allowed by time alone."
                    }
                }
            }
            if let shadow = event.shadow {
                p(Attribute("class", "small soft")) {
                    "On trial, deciding nothing: \(shadow.map { $0.rule ?? $0.code }.joined(separator: ", "))."
                }
            }
            if let evidence = event.evidence {
                p(Attribute("class", "small")) { "Evidence: \(evidence)" }
            }
            if let revision = event.policy_revision, event.verdict != nil {
                p(Attribute("class", "small soft")) { "Under policy \(revision.prefix(12))" }
            }
        }
    }

    private var policyList: HTML {
        card("Policies that decided") {
            if revisions.isEmpty { p { "None." } }
            ul(Attribute("class", "plain")) {
                for revision in revisions {
                    li {
                        code { revision.revision }
                        p(Attribute("class", "small soft")) {
                            "\(revision.decisions) decisions, \(Self.clock(revision.first.description)) to "
                            "\(Self.clock(revision.last.description))"
                            if !revision.files.isEmpty { "; files \(revision.files.joined(separator: ", "))" }
                        }
                    }
                }
            }
        }
    }

    private var proof: HTML {
        card("Where this comes from") {
            for source in sources {
                p {
                    "Ledger of node "
                    code { source.node }
                    ": \(source.recordCount) records, "
                    span(Attribute("class", source.isWhole ? "yes" : "no")) {
                        source.isWhole ? "its chain of hashes is whole" : "ITS CHAIN OF HASHES IS NOT WHOLE"
                    }
                    "; head "
                    code { source.head }
                }
            }
            p(Attribute("class", "small soft")) {
                "Times are in UTC. Hashes of identifiers are shortened to eight digits. Checks that the governor counts "
                "without recording each, and records that were erased, are not told."
            }
        }
    }
}
