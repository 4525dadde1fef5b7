import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorWorkbench

/// Campaign guards: how far each campaign and agency has used up its right, and its attempts of the last day by hour.
struct GuardsPage {
    let reader: Reader
    let frame: Frame
    let zones: ZoneAtlas
    let policies: PolicySet
    let reports: [GuardReport]

    private static let hours = 24
    /// Campaigns or agencies of one guard, the nearest to its limit first.
    private static let shown = 20

    var html: HTML {
        let positions = policies.rules.indices.filter {
            if case .campaignGuard = policies.rules[$0].body { true } else { false }
        }
        return HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(GuardWords.title) }
                p(Attribute("class", "lede")) { reader(GuardWords.intro) }
            }
            if positions.isEmpty {
                section(Attribute("class", "card empty")) {
                    Icon.guards.html()
                    h2 { reader(GuardWords.none) }
                    p { reader(GuardWords.noneText) }
                }
            }
            for position in positions { part(position) }
        }
    }

    private func part(_ position: Int) -> HTML {
        let rule = policies.rules[position]
        let own = reports.filter { $0.rule == position }.sorted { use($0) > use($1) }
        let id = "guard-\(position)"
        return section(Attribute("class", "card"), Attribute("aria-labelledby", id)) {
            h2(Attribute("id", id)) {
                a(.path("href", PolicyPlace.path(of: rule, root: frame.root))) { rule.id }
            }
            p(Attribute("class", "soft"), Attribute("lang", "en")) {
                RuleProse(rule, in: policies, zones: zones).demand
            }
            if own.isEmpty { p { reader(GuardWords.nothingYet) } }
            for (i, report) in own.prefix(Self.shown).enumerated() { one(report, "\(id)-\(i)") }
        }
    }

    @HTMLBuilder private func one(_ report: GuardReport, _ id: String) -> HTML {
        let word: GuardWords = report.guardRule.per == .campaign ? .campaign : .agency
        h3 { report.name.isEmpty ? reader(OverviewWords.noCampaign) : reader(word, ["name": report.name]) }
        ul(Attribute("class", "bars")) {
            BarLine(
                name: counted(report), value: reader(report.standing.isUsedUp ? GuardWords.usedUp : .room),
                part: use(report), most: max(1_000, use(report)),
                denied: report.standing.isUsedUp ? use(report) : 0
            ).html
        }
        let hours = hours(report.counter)
        if hours.contains(where: { $0.count > 0 }) {
            Columns(
                values: hours.map { ($0.count, 0) },
                labels: hours.enumerated().map { $0.offset % 6 == 0 ? reader.time($0.element.start) : "" },
                label: reader(GuardWords.perHour), number: { reader.number($0) }
            ).html
            HTML.element("details", [Attribute("class", "numbers"), Attribute("id", id)]) {
                HTML.element("summary") { reader(FrameWords.showNumbers) }
                table {
                    caption { reader(GuardWords.perHour) }
                    thead {
                        tr {
                            th(Attribute("scope", "col")) { reader(GuardWords.hour) }
                            th(Attribute("scope", "col"), Attribute("class", "n")) { reader(GuardWords.count) }
                        }
                    }
                    tbody {
                        for hour in hours.reversed() where hour.count > 0 {
                            tr {
                                th(Attribute("scope", "row")) { reader.moment(hour.start) }
                                td(Attribute("class", "n")) { reader.number(hour.count) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func counted(_ report: GuardReport) -> String {
        let standing = report.standing
        switch report.guardRule.demand {
        case .attempts(let limit):
            return reader(
                GuardWords.attempts, ["part": reader.number(standing.part), "limit": reader.number(limit)])
        case .share(_, _, let millionths, _):
            return reader(
                GuardWords.share,
                [
                    "part": reader.number(standing.part), "whole": reader.number(standing.whole),
                    "percent": reader.share(standing.part, of: standing.whole),
                    "limit": reader.share(millionths, of: 1_000_000),
                ])
        }
    }

    /// Of what is permitted, in thousandths.
    private func use(_ report: GuardReport) -> Int {
        let standing = report.standing
        switch report.guardRule.demand {
        case .attempts(let limit): return limit == 0 ? 1_000 : Int(standing.part * 1_000 / UInt64(limit))
        case .share(_, _, let millionths, _):
            if standing.whole == 0 { return 0 }
            let share = standing.part * 1_000_000 / standing.whole
            return millionths == 0 ? (share > 0 ? 1_000 : 0) : Int(share * 1_000 / UInt64(millionths))
        }
    }

    /// The attempts of the last day, an hour at a time, the oldest first.
    private func hours(_ counter: CounterRecord) -> [(start: Timestamp, count: Int)] {
        let length = Milliseconds.hours(1).count
        let last = reader.now.milliseconds / length
        return (0..<Self.hours).map { i in
            let hour = last - Int64(Self.hours - 1 - i)
            let count = counter.buckets.reduce(0) {
                $0 + ($1.start.milliseconds / length == hour ? Int($1.attempts) : 0)
            }
            return (Timestamp(milliseconds: hour * length), count)
        }
    }
}
