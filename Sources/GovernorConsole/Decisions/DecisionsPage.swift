import GovernorCore
import GovernorLedger
import GovernorPages
import GovernorRuntime

/// The search of the ledger, and what it found.
struct DecisionsPage {
    let reader: Reader
    let frame: Frame
    let form: FormFields
    let agencies: [String]
    let rules: [String]
    var findings: LedgerFindings?
    var fault: String?

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(DecisionWords.title) }
                p(Attribute("class", "lede")) { reader(DecisionWords.intro) }
            }
            div(Attribute("class", "stack")) {
                HTML.element(
                    "form",
                    [
                        .path("action", frame.root + "/decisions"), Attribute("method", "post"),
                        Attribute("class", "card"), Attribute("role", "search"),
                    ]
                ) { fields }
                if let fault { div(Attribute("class", "notice trouble"), Attribute("role", "alert")) { p { fault } } }
                if let findings { results(findings) }
            }
        }
    }

    @HTMLBuilder private var fields: HTML {
        frame.token
        div(Attribute("class", "fields")) {
            text("id", .anyID, hint: .anyIDHint)
            text("who", .person, hint: .personHint, isSearch: true)
            text("campaign", .campaign)
            text("agency", .agency, list: agencies)
            text("rule", .rule, list: rules)
            choice("verdict", .verdict, [("", .anyVerdict), ("allow", .allowed), ("deny", .denied)])
            choice("kind", .kind, [("", .anyKind), ("decisions", .decisions), ("facts", .facts)])
            text("since", .since, type: "date")
            text("until", .until, type: "date")
        }
        button { reader(DecisionWords.search) }
    }

    private func text(
        _ name: String, _ word: DecisionWords, type: StaticString = "text", hint: DecisionWords? = nil,
        list: [String] = [], isSearch: Bool = false
    ) -> HTML {
        div(Attribute("class", "field")) {
            label(Attribute("for", name)) { reader(word) }
            HTML.void(
                "input",
                [
                    Attribute("type", "\(type)"), Attribute("id", name), Attribute("name", name),
                    Attribute("value", String((form[name] ?? "").prefix(200))), Attribute("autocomplete", "off"),
                ] + (hint == nil ? [] : [Attribute("aria-describedby", name + "-hint")])
                    + (list.isEmpty ? [] : [Attribute("list", name + "-list")])
                    + (isSearch ? [Attribute("data-search")] : []))
            if !list.isEmpty {
                HTML.element("datalist", [Attribute("id", name + "-list")]) {
                    for value in list.prefix(100) { option(Attribute("value", value)) { HTML() } }
                }
            }
            if let hint { p(Attribute("class", "hint"), Attribute("id", name + "-hint")) { reader(hint) } }
        }
    }

    private func choice(_ name: String, _ word: DecisionWords, _ values: [(String, DecisionWords)]) -> HTML {
        div(Attribute("class", "field")) {
            label(Attribute("for", name)) { reader(word) }
            select(Attribute("id", name), Attribute("name", name)) {
                for (value, word) in values {
                    option(Attribute("value", value), Attribute("selected", form[name] == value)) { reader(word) }
                }
            }
        }
    }

    // MARK: What was found

    private func results(_ findings: LedgerFindings) -> HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "found")) {
            if findings.hits.isEmpty {
                div(Attribute("class", "empty")) {
                    Icon.search.html()
                    h2(Attribute("id", "found")) { reader(DecisionWords.noneTitle) }
                    p { reader(DecisionWords.noneText) }
                }
            } else {
                h2(Attribute("id", "found")) {
                    reader(
                        findings.isWhole ? DecisionWords.found : .foundMore,
                        ["count": reader.number(findings.hits.count)])
                }
                div(
                    Attribute("class", "scroll"), Attribute("tabindex", "0"), Attribute("role", "region"),
                    Attribute("aria-labelledby", "found")
                ) {
                    table(Attribute("class", "folds")) {
                        thead {
                            tr {
                                for word in [DecisionWords.when, .what, .outcome, .by, .whom] {
                                    th(Attribute("scope", "col")) { reader(word) }
                                }
                            }
                        }
                        tbody { for hit in findings.hits { row(hit) } }
                    }
                }
            }
            div(Attribute("class", "row spread")) {
                p(Attribute("class", "small soft")) {
                    if findings.isWhole {
                        reader(DecisionWords.readAll)
                    } else if let oldest = findings.oldest {
                        reader(
                            DecisionWords.readTo,
                            ["sequence": reader.number(oldest.sequence), "when": reader.moment(oldest.at)])
                    }
                }
                if !findings.isWhole, let oldest = findings.oldest, oldest.sequence > 1 {
                    a(Attribute("class", "button quiet"), .path("href", older(oldest.sequence))) {
                        reader(DecisionWords.older)
                    }
                }
            }
        }
    }

    private func older(_ sequence: UInt64) -> String {
        let names = ["id", "person", "campaign", "agency", "rule", "verdict", "kind", "since", "until"]
        return "\(frame.root)/decisions" + FormFields.query(names.map { ($0, form[$0]) } + [("before", "\(sequence)")])
    }

    private func row(_ hit: LedgerHit) -> HTML {
        tr {
            th(Attribute("scope", "row")) {
                a(.path("href", "\(frame.root)/decisions/\(hit.sequence)")) { reader.exact(hit.at) }
            }
            td(Attribute("data-label", reader(DecisionWords.what))) { what(hit) }
            td(Attribute("data-label", reader(DecisionWords.outcome))) { outcome(hit) }
            td(Attribute("data-label", reader(DecisionWords.by))) { by(hit) }
            td(Attribute("data-label", reader(DecisionWords.whom))) {
                for person in hit.persons.prefix(3) {
                    a(.path("href", "\(frame.root)/person/\(person.hexadecimal)")) {
                        code { String(person.hexadecimal.prefix(8)) }
                    }
                    " "
                }
            }
        }
    }

    private func what(_ hit: LedgerHit) -> String {
        switch hit.content {
        case .decision(let decision):
            let names = decision.request.names
            let words = [names.text(decision.request.channel), names.text(decision.request.purpose)]
                .compactMap { $0 }.map { CommonWords.word($0, in: reader.language) }
            return (words + [names.text(decision.request.campaign)].compactMap { $0 }).joined(separator: " · ")
        case .fact(let fact): return LedgerText(reader: reader).kind(fact.kind)
        case .other: return LedgerText(reader: reader).changed(hit)
        case .erased: return reader(DecisionWords.erased)
        }
    }

    private func outcome(_ hit: LedgerHit) -> HTML {
        switch hit.content {
        case .decision(let decision):
            let isAllowed = decision.verdict == .allow
            return HTML {
                span(Attribute("class", "chip \(isAllowed ? "is-yes" : "is-no")")) {
                    (isAllowed ? Icon.yes : Icon.no).html()
                    reader(isAllowed ? DecisionWords.allowed : .denied)
                }
                if let first = decision.reasons.first {
                    span(Attribute("class", "small soft")) {
                        " " + (first.rule.isEmpty ? first.code.name : first.rule)
                        decision.reasons.count > 1 ? " +\(decision.reasons.count - 1)" : ""
                    }
                }
            }
        case .fact: return HTML(LedgerText(reader: reader).facts(hit))
        case .other, .erased: return HTML("–")
        }
    }

    private func by(_ hit: LedgerHit) -> String {
        switch hit.content {
        case .decision(let decision):
            let names = decision.request.names
            return names.text(decision.request.agency) ?? names.text(decision.request.caller.name) ?? "–"
        case .fact(let fact): return fact.caller
        case .other, .erased: return "–"
        }
    }
}

/// Records of the ledger in words.
struct LedgerText {
    let reader: Reader

    func kind(_ name: String) -> String {
        switch name {
        case "opt_out": reader(FactWords.optOut)
        case "opt_in": reader(FactWords.optIn)
        default: name.replacing("_", with: " ")
        }
    }

    /// The facts that a record added.
    func facts(_ hit: LedgerHit) -> String {
        let text = FactText(reader: reader)
        var seen: Set<FactID> = []
        let facts = hit.changes.compactMap { change -> String? in
            guard case .fact(let fact) = change, seen.insert(fact.id).inserted else { return nil }
            let scope = text.scope(fact, hit.names)
            return text.title(fact, hit.names) + (scope.isEmpty ? "" : " – \(scope)")
        }
        return facts.isEmpty ? changed(hit) : facts.joined(separator: "; ")
    }

    /// What became of contacts.
    func changed(_ hit: LedgerHit) -> String {
        var seen: Set<TouchID> = []
        let touches = hit.changes.compactMap { change -> String? in
            guard case .touch(let touch) = change, seen.insert(touch.id).inserted else { return nil }
            let channel = CommonWords.word(hit.names.text(touch.channel) ?? "", in: reader.language)
            let outcome = hit.names.text(touch.outcome).map { CommonWords.word($0, in: reader.language) }
            return [channel, outcome ?? touch.stateName(at: hit.at)].joined(separator: ": ")
        }
        return touches.isEmpty ? "\(hit.kind)" : touches.joined(separator: "; ")
    }
}
