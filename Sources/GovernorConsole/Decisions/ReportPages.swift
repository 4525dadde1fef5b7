import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorWorkbench

/// What rules in shadow would have done, and what switching each on would change.
struct ShadowPage {
    let reader: Reader
    let frame: Frame
    let report: ShadowReport
    let since: Timestamp
    let days: Int64
    let isCut: Bool
    let recordsMax: Int
    let policies: PolicySet

    static let namesShown = 6

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(PolicyWords.shadowTitle) }
                p(Attribute("class", "lede")) { reader(PolicyWords.shadowIntro) }
                PeriodForm(reader: reader, path: frame.root + "/shadow", days: days).html
            }
            div(Attribute("class", "stack")) {
                section(Attribute("class", "card")) {
                    p {
                        reader(
                            PolicyWords.shadowPeriod,
                            [
                                "decisions": reader.number(report.decisions), "when": reader.date(since),
                                "allowed": reader.number(report.allowed),
                            ])
                    }
                    if isCut {
                        p(Attribute("class", "hint")) {
                            reader(PolicyWords.shadowRead, ["count": reader.number(recordsMax)])
                        }
                    }
                    if report.hasSummaries { p(Attribute("class", "hint")) { reader(PolicyWords.summariesOnly) } }
                }
                if report.rules.isEmpty {
                    section(Attribute("class", "card empty")) {
                        Icon.shadow.html()
                        h2 { reader(PolicyWords.shadowNone) }
                        p { reader(PolicyWords.shadowNoneText) }
                    }
                }
                for (id, counts) in report.rules.sorted(by: {
                    ($0.value.total.switched, $1.key) > ($1.value.total.switched, $0.key)
                }) {
                    part(id, counts)
                }
            }
        }
    }

    private func part(_ id: String, _ counts: ShadowReport.RuleCounts) -> HTML {
        section(Attribute("class", "card"), Attribute("aria-label", id)) {
            h2 { id }
            p(Attribute("class", "row")) {
                span(Attribute("class", "chip")) {
                    strong { reader.number(counts.total.denials) }
                    " " + reader(PolicyWords.wouldDeny)
                }
                span(Attribute("class", "chip is-later")) {
                    strong { reader.number(counts.total.switched) }
                    " " + reader(PolicyWords.wouldSwitch)
                }
                span(Attribute("class", "small soft")) {
                    reader(PolicyWords.lastSeen, ["when": reader.moment(counts.last)])
                }
            }
            p {
                reader(
                    PolicyWords.ofAllowed,
                    [
                        "count": reader.number(counts.total.switched),
                        "share": reader.share(counts.total.switched, of: report.allowed),
                    ])
            }
            if let rule = policies.rules.first(where: { $0.id == id && $0.mode == .shadow }) {
                p(Attribute("class", "small soft")) {
                    reader(PolicyWords.shadowHow, ["place": "\(rule.file):\(rule.line)"]) + " "
                    a(.path("href", PolicyPlace.path(of: rule, root: frame.root))) { rule.id }
                }
            }
            div(Attribute("class", "columns two")) {
                names(.byChannel, counts.byChannel)
                names(.byCampaign, counts.byCampaign)
                names(.byAgency, counts.byAgency)
                div {
                    h3 { reader(PolicyWords.examples) }
                    ul {
                        for example in counts.examples {
                            li {
                                a(.path("href", "\(frame.root)/decisions/\(example.sequence)")) {
                                    reader.exact(example.at)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @HTMLBuilder private func names(_ word: PolicyWords, _ counts: [String: ShadowReport.Count]) -> HTML {
        let rows = counts.sorted { ($0.value.switched, $1.key) > ($1.value.switched, $0.key) }.prefix(Self.namesShown)
        let most = rows.map(\.value.denials).max() ?? 0
        div {
            h3 { reader(word) }
            ul(Attribute("class", "bars")) {
                for (name, count) in rows {
                    BarLine(
                        name: CommonWords.word(name, in: reader.language),
                        value: "\(reader.number(count.switched)) / \(reader.number(count.denials))",
                        part: count.denials, most: most
                    ).html
                }
            }
        }
    }
}

/// Opt-outs by source, and how long each took.
struct OptOutsPage {
    let reader: Reader
    let frame: Frame
    let report: OptOutReport
    let days: Int64

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(PolicyWords.optOutsTitle) }
                p(Attribute("class", "lede")) { reader(PolicyWords.optOutsIntro) }
                PeriodForm(reader: reader, path: frame.root + "/opt-outs", days: days).html
            }
            if report.total.count == 0 {
                section(Attribute("class", "card empty")) {
                    Icon.optOuts.html()
                    h2 { reader(PolicyWords.optOutsNone) }
                    p { reader(PolicyWords.optOutsNoneText) }
                }
            } else {
                div(Attribute("class", "columns two")) {
                    sources
                    perDay
                }
            }
        }
    }

    private var sources: HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "sources")) {
            h2(Attribute("id", "sources")) { reader(PolicyWords.source) }
            table(Attribute("class", "folds")) {
                thead {
                    tr {
                        th(Attribute("scope", "col")) { reader(PolicyWords.source) }
                        for word in [PolicyWords.count, .share] {
                            th(Attribute("scope", "col"), Attribute("class", "n")) { reader(word) }
                        }
                        th(Attribute("scope", "col")) { reader(PolicyWords.delay) }
                    }
                }
                tbody {
                    for (name, source) in report.bySource.sorted(by: { $0.value.count > $1.value.count }).prefix(30) {
                        row(name.isEmpty ? reader(FrameWords.unknown) : name, source)
                    }
                    row(reader(PolicyWords.total), report.total)
                }
            }
            p(Attribute("class", "hint")) { reader(PolicyWords.delayNote) }
        }
    }

    private func row(_ name: String, _ source: OptOutReport.Source) -> HTML {
        tr {
            th(Attribute("scope", "row")) { name }
            td(Attribute("class", "n"), Attribute("data-label", reader(PolicyWords.count))) {
                reader.number(source.count)
            }
            td(Attribute("class", "n"), Attribute("data-label", reader(PolicyWords.share))) {
                reader.share(source.count, of: report.total.count)
            }
            td(Attribute("data-label", reader(PolicyWords.delay))) {
                if let median = source.median, let worst = source.worst {
                    "\(reader(PolicyWords.delayMedian)) \(reader.length(median)), "
                        + "\(reader(PolicyWords.delayWorst)) \(reader.length(worst))"
                }
            }
        }
    }

    private var perDay: HTML {
        let today = reader.zone.date(at: reader.now)
        let shown = min(days, 60)
        let dates = (0..<shown).map { today.adding(days: -Int($0)) }.reversed()
        let counts = dates.map { report.byDay[$0] ?? 0 }
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "per-day")) {
            h2(Attribute("id", "per-day")) { reader(PolicyWords.perDay) }
            Columns(
                values: counts.map { (allow: 0, deny: $0) },
                labels: dates.enumerated().map { i, date in
                    i % max(1, Int(shown) / 6) == 0 ? "\(date.day).\(date.month)." : ""
                },
                label: reader(PolicyWords.perDay), number: { reader.number($0) }
            ).html
            HTML.element("details", [Attribute("class", "numbers")]) {
                HTML.element("summary") { reader(FrameWords.showNumbers) }
                table {
                    caption { reader(PolicyWords.perDay) }
                    tbody {
                        for (date, count) in zip(dates, counts) where count > 0 {
                            tr {
                                th(Attribute("scope", "row")) { reader.date(date) }
                                td(Attribute("class", "n")) { reader.number(count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How far back a report reaches.
struct PeriodForm {
    let reader: Reader
    let path: String
    let days: Int64

    var html: HTML {
        form(get: path, Attribute("class", "row tight")) {
            label(Attribute("for", "days"), Attribute("class", "hidden-visually")) { reader(PolicyWords.period) }
            select(Attribute("id", "days"), Attribute("name", "days")) {
                for choice in [1, 7, 30, 90, 365] as [Int64] {
                    option(Attribute("value", "\(choice)"), Attribute("selected", choice == days)) {
                        reader(PolicyWords.days, ["count": reader.number(choice)])
                    }
                }
            }
            button(Attribute("class", "quiet")) { reader(PolicyWords.show) }
        }
    }
}
