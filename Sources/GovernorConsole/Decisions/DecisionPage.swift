import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorWorkbench

/// One record of the ledger: a decision with its full explanation as it was then, or a fact with its evidence.
struct DecisionPage {
    let reader: Reader
    let frame: Frame
    let zones: ZoneAtlas
    let zoneNames: [ZoneKey: String]
    let hit: LedgerHit
    /// The policies that decided; `nil` when their text is not kept here.
    let policies: PolicySet?

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(DecisionWords.oneTitle, ["sequence": reader.number(hit.sequence)]) }
                span(Attribute("class", "soft")) { reader.exact(hit.at) }
            }
            div(Attribute("class", "stack")) {
                switch hit.content {
                case .decision(let decision): whole(decision)
                case .fact(let fact): self.fact(fact)
                case .erased: note(.erasedText)
                case .other: section(Attribute("class", "card")) { p { LedgerText(reader: reader).changed(hit) } }
                }
                section(Attribute("class", "card")) {
                    dl(Attribute("class", "facts")) {
                        pair(.recordNumber) { "\(hit.sequence)" }
                        pair(.persons) { persons }
                    }
                    p(Attribute("class", "hint")) { reader(DecisionWords.verifyHint) }
                }
            }
        }
    }

    private func note(_ word: DecisionWords) -> HTML {
        section(Attribute("class", "notice hold")) { p { reader(word) } }
    }

    private var persons: HTML {
        HTML {
            for person in hit.persons {
                a(.path("href", "\(frame.root)/person/\(person.hexadecimal)")) { code { person.hexadecimal } }
                " "
            }
            if hit.persons.isEmpty { "–" }
        }
    }

    @HTMLBuilder private func pair(_ word: DecisionWords, @HTMLBuilder _ value: () -> HTML) -> HTML {
        let content = value()
        if !content.isEmpty {
            div {
                dt { reader(word) }
                dd { content }
            }
        }
    }

    // MARK: A decision

    @HTMLBuilder private func whole(_ decision: DecisionRecord) -> HTML {
        let isAllowed = decision.verdict == .allow
        section(Attribute("class", "card flush")) {
            div(Attribute("class", "verdict \(isAllowed ? "is-yes" : "is-no")")) {
                (isAllowed ? Icon.yes : Icon.no).html("icon huge")
                p(Attribute("class", "asked")) { how(decision) }
                h2(Attribute("class", "answer")) { reader(isAllowed ? DecisionWords.oneAllowed : .oneDenied) }
            }
            div(Attribute("class", "inside")) {
                h3 { reader(DecisionWords.reasonsThen) }
                if decision.reasons.isEmpty { p { reader(DecisionWords.noReasons) } }
                div(Attribute("class", "prose")) { for reason in decision.reasons { part(reason, decision) } }
                if !decision.shadow.isEmpty {
                    h3 { reader(DecisionWords.shadowThen) }
                    div(Attribute("class", "prose")) { for reason in decision.shadow { part(reason, decision) } }
                }
            }
        }
        section(Attribute("class", "card"), Attribute("aria-labelledby", "asked")) {
            h2(Attribute("id", "asked")) { reader(DecisionWords.request) }
            dl(Attribute("class", "facts")) { asked(decision) }
        }
        section(Attribute("class", "card")) {
            dl(Attribute("class", "facts")) {
                pair(.decisionID) { code { decision.id.hexadecimal } }
                pair(.atInstant) { decision.evaluatedAt.description }
                pair(.nextAllowed) { decision.nextAllowedAt.map { $0.description } ?? decision.nextBasis.name }
                pair(.policyThen) {
                    if policies == nil {
                        code { String(decision.revision.prefix(16)) }
                        " – " + reader(DecisionWords.policyLost)
                    } else {
                        a(.path("href", "\(frame.root)/policies/\(decision.revision)")) {
                            code { String(decision.revision.prefix(16)) }
                        }
                    }
                }
            }
        }
    }

    private func how(_ decision: DecisionRecord) -> String {
        if decision.isHypothetical { return reader(DecisionWords.hypothetical) }
        if decision.confirmed != nil { return reader(DecisionWords.oneConfirmed) }
        return reader(decision.request.reserve ? DecisionWords.oneReserved : .oneChecked)
    }

    private func part(_ reason: RecordedReason, _ decision: DecisionRecord) -> HTML {
        let rule = policies?.rules.first { $0.id == reason.rule }
        return div {
            p(Attribute("class", "row tight")) {
                code { reason.code.name }
                if reason.limit > 0 {
                    span(Attribute("class", "chip")) {
                        reader(
                            DecisionWords.countOf,
                            ["count": reader.number(reason.count), "limit": reader.number(reason.limit)])
                    }
                }
                if let until = reason.until {
                    span(Attribute("class", "chip")) {
                        reader(DecisionWords.openAgain, ["when": reader.exact(until)])
                    }
                }
            }
            if let rule, let policies {
                RulePart(
                    reader: reader, prose: RuleProse(rule, in: policies, zones: zones),
                    link: rule.file == "builtin" ? nil : link(rule, decision)
                ).html
            } else {
                p { strong { reason.rule.isEmpty ? reason.code.name : reason.rule } }
            }
        }
    }

    private func link(_ rule: Rule, _ decision: DecisionRecord) -> String {
        "\(frame.root)/policies/\(decision.revision)"
            + FormFields.query([("file", rule.file), ("line", "\(rule.line)")]) + "#L\(rule.line)"
    }

    @HTMLBuilder private func asked(_ decision: DecisionRecord) -> HTML {
        let request = decision.request
        let names = request.names
        pair(.askedBy) {
            [names.text(request.caller.name), names.text(request.agency)].compactMap { $0 }.joined(separator: " · ")
        }
        pair(.channel) { names.text(request.channel).map { CommonWords.word($0, in: reader.language) } ?? "" }
        pair(.purpose) { names.text(request.purpose).map { CommonWords.word($0, in: reader.language) } ?? "" }
        pair(.campaign) { names.text(request.campaign) ?? "" }
        pair(.product) { names.text(request.product) ?? "" }
        pair(.brand) { names.text(request.brand) ?? "" }
        pair(.subject) { names.text(request.subject) ?? "" }
        pair(.accounts) { request.accounts.compactMap { names.text($0) }.joined(separator: ", ") }
        pair(.method) {
            switch request.method {
            case .live: reader(DecisionWords.live)
            case .automated: reader(DecisionWords.automated)
            case .prerecorded: reader(DecisionWords.prerecorded)
            case nil: ""
            }
        }
        pair(.party) {
            switch request.party {
            case .consumer: reader(DecisionWords.consumer)
            case .business: reader(DecisionWords.business)
            case .unknown: ""
            }
        }
        pair(.lineType) { request.lineType.name.replacing("_", with: " ") }
        let isStated = !request.whereabouts.statedZones.isEmpty
        let keys = isStated ? request.whereabouts.statedZones : request.whereabouts.addressZones
        pair(isStated ? .zonesStated : .zones) {
            keys.prefix(30).map { zoneNames[$0] ?? "?" }.joined(separator: ", ")
        }
        pair(.places) {
            request.whereabouts.addressJurisdictions.prefix(30).map(\.description).joined(separator: ", ")
        }
    }

    // MARK: A fact

    private func fact(_ record: FactEntryRecord) -> HTML {
        let text = FactText(reader: reader)
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "fact")) {
            h2(Attribute("id", "fact")) { LedgerText(reader: reader).kind(record.kind) }
            dl(Attribute("class", "facts")) {
                pair(.factTold) { record.caller }
                pair(.factEvidence) { record.evidence ?? reader(DecisionWords.noEvidence) }
                for fact in facts {
                    pair(.factTitle) { code { fact.id.hexadecimal } }
                    pair(.what) { text.title(fact, hit.names) }
                    pair(.scope) {
                        let scope = text.scope(fact, hit.names)
                        scope.isEmpty ? reader(PersonWords.everything) : scope
                    }
                    pair(.occurred) { fact.at.description }
                    pair(.received) { fact.receivedAt.description }
                }
                if facts.isEmpty { pair(.changed) { LedgerText(reader: reader).changed(hit) } }
            }
        }
    }

    private var facts: [Fact] {
        var seen: Set<FactID> = []
        return hit.changes.compactMap { change in
            guard case .fact(let fact) = change, seen.insert(fact.id).inserted else { return nil }
            return fact
        }
    }
}
