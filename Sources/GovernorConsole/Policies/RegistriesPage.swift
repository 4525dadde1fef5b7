import GovernorCore
import GovernorPages
import GovernorRegistry
import GovernorRuntime

/// Outside lists with their age, and an alarm where a rule can no longer rely on one.
struct RegistriesPage {
    let reader: Reader
    let frame: Frame
    let snapshots: [RegistryInfo]
    let policies: PolicySet

    private struct Row {
        var name: String
        var info: RegistryInfo?
        var rules: [(rule: Rule, maxAge: Wait?)]
    }

    private var rows: [Row] {
        var rows = snapshots.map { Row(name: $0.name, info: $0, rules: []) }
        for rule in policies.rules {
            guard case .registry(let body) = rule.body else { continue }
            let name = policies.names.text(body.registry) ?? "?"
            if !rows.contains(where: { $0.name == name }) { rows.append(Row(name: name, info: nil, rules: [])) }
            if let i = rows.firstIndex(where: { $0.name == name }) { rows[i].rules.append((rule, body.maxAge)) }
        }
        return rows.sorted { $0.name < $1.name }
    }

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(PolicyWords.registriesTitle) }
                p(Attribute("class", "lede")) { reader(PolicyWords.registriesIntro) }
            }
            let rows = rows
            if rows.isEmpty {
                section(Attribute("class", "card empty")) {
                    Icon.registries.html()
                    h2 { reader(PolicyWords.registriesNone) }
                    p { reader(PolicyWords.registriesNoneText) }
                }
            } else {
                section(
                    Attribute("class", "card scroll"), Attribute("tabindex", "0"), Attribute("role", "region"),
                    Attribute("aria-label", reader(PolicyWords.registriesTitle))
                ) {
                    table(Attribute("class", "folds")) {
                        thead {
                            tr {
                                for word in [PolicyWords.name, .status] {
                                    th(Attribute("scope", "col")) { reader(word) }
                                }
                                for word in [PolicyWords.numbers, .asOf, .age, .added, .removed] {
                                    th(Attribute("scope", "col"), Attribute("class", "n")) { reader(word) }
                                }
                                th(Attribute("scope", "col")) { reader(PolicyWords.askedBy) }
                            }
                        }
                        tbody { for row in rows { part(row) } }
                    }
                }
            }
        }
    }

    private func part(_ row: Row) -> HTML {
        tr {
            th(Attribute("scope", "row")) { row.name }
            td(Attribute("data-label", reader(PolicyWords.status))) { state(row) }
            number(.numbers) { row.info.map { reader.number($0.count) } }
            number(.asOf) { row.info.map { reader.date($0.asOf) } }
            number(.age) { row.info.map { reader.length(reader.now - $0.asOf) } }
            number(.added) { row.info.map { reader.number($0.addedCount) } }
            number(.removed) { row.info.map { reader.number($0.removedCount) } }
            td(Attribute("data-label", reader(PolicyWords.askedBy))) {
                if row.rules.isEmpty { reader(PolicyWords.noRuleAsks) }
                for (rule, maxAge) in row.rules.prefix(5) {
                    div {
                        a(.path("href", PolicyPlace.path(of: rule, root: frame.root))) { rule.id }
                        if let maxAge { span(Attribute("class", "small soft")) { " " + age(maxAge) } }
                    }
                }
            }
        }
    }

    private func number(_ word: PolicyWords, _ value: () -> String?) -> HTML {
        td(Attribute("class", "n"), Attribute("data-label", reader(word))) { value() ?? "–" }
    }

    private func age(_ wait: Wait) -> String {
        let length =
            switch wait {
            case .elapsed(let length): reader.length(length)
            case .steps(let steps): "\(steps)"
            case .localDays(let days, _), .businessDays(let days, _, _):
                reader(PolicyWords.days, ["count": reader.number(days)])
            case .forever: "–"
            }
        return reader(PolicyWords.maxAge, ["length": length])
    }

    /// Whether a list of that instant is past the age that a rule permits; a day's zone apart, as the rule itself sees it.
    private func isOlder(_ asOf: Timestamp, than wait: Wait) -> Bool {
        switch wait {
        case .elapsed(let length): reader.now - asOf > length
        case .steps(let steps): ZoneTable(fixedOffsetSeconds: 0).adding(steps, to: asOf) < reader.now
        case .localDays(let days, _), .businessDays(let days, _, _): reader.now - asOf > .days(Int64(days) + 1)
        case .forever: false
        }
    }

    private func state(_ row: Row) -> HTML {
        guard let info = row.info else {
            return span(Attribute("class", "chip is-no")) {
                Icon.no.html()
                reader(PolicyWords.alarmMissing)
            }
        }
        let isOld = row.rules.contains { $0.maxAge.map { isOlder(info.asOf, than: $0) } ?? false }
        return span(Attribute("class", "chip \(isOld ? "is-no" : "is-yes")")) {
            (isOld ? Icon.no : Icon.yes).html()
            reader(isOld ? PolicyWords.alarmOld : .alarmFine)
        }
    }
}
