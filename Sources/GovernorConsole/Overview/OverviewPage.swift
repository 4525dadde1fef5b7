import GovernorCore
import GovernorPages
import GovernorRuntime

/// What a node has decided lately, and how it is.
struct OverviewPage {
    let reader: Reader
    let root: String
    let governor: Governor
    let history: TrafficTally.History
    let status: PolicyService.Status
    let trouble: String?
    let startedAt: Timestamp
    let sessions: Int

    static let rowsShown = 7

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(OverviewWords.title) }
                span(Attribute("class", "live"), Attribute("id", "live-mark"), Attribute("hidden")) {
                    reader(OverviewWords.live)
                }
                p(Attribute("class", "lede")) { reader(OverviewWords.intro) }
            }
            div(.path("data-live", root + "/overview/live"), Attribute("data-mark", "live-mark")) { part }
        }
    }

    /// What changes while somebody looks.
    var part: HTML {
        let recent = history.recent
        return div(Attribute("class", "stack")) {
            tiles
            if history.hours.isEmpty {
                section(Attribute("class", "card empty")) {
                    Icon.overview.html()
                    h2 { reader(OverviewWords.none) }
                    p { reader(OverviewWords.noneText) }
                }
            } else {
                div(Attribute("class", "columns two")) {
                    minutes
                    heat
                    pressure
                    denials(.reasons, recent) { kind in
                        let code = ReasonCode(rawValue: kind.code).map { "\($0)" } ?? ""
                        return ReasonNames.of(code).map { reader($0) } ?? code
                    }
                    asked(.channels, recent) { CommonWords.word($0.channel, in: reader.language) }
                    asked(.campaigns, recent) { $0.campaign.isEmpty ? reader(OverviewWords.noCampaign) : $0.campaign }
                    asked(.agencies, recent) { agency($0.agency) }
                    denials(.rules, recent) { $0.rule.isEmpty ? reader(OverviewWords.others) : $0.rule }
                }
            }
        }
    }

    private func agency(_ name: String) -> String { name.isEmpty ? reader(OverviewWords.ownHouse) : name }

    // MARK: Tiles

    private var tiles: HTML {
        let pairs = history.minutes.values
        let (allows, denies) = (pairs.reduce(0) { $0 + $1.allows }, pairs.reduce(0) { $0 + $1.denies })
        let latency = governor.metrics.latency
        return div(Attribute("class", "tiles")) {
            tile(.decisionsHour, reader.number(allows + denies)) {
                reader(OverviewWords.lastHour) + " · "
                    + reader(OverviewWords.allowedShare, ["share": reader.share(allows, of: allows + denies)])
            }
            tile(.latency, latency.quantile(0.5).map { milliseconds($0) } ?? "–") {
                latency.quantile(0.99).map { reader(OverviewWords.latencyNote, ["value": plain($0)]) } ?? ""
            }
            section(Attribute("class", "card tile")) {
                p(Attribute("class", "label")) { reader(OverviewWords.store) }
                p {
                    span(Attribute("class", "chip \(trouble == nil ? "is-yes" : "is-no")")) {
                        (trouble == nil ? Icon.yes : Icon.no).html()
                        trouble == nil ? reader(OverviewWords.storeGood) : String((trouble ?? "").prefix(200))
                    }
                }
                p(Attribute("class", "small soft")) {
                    [
                        reader(OverviewWords.misses, ["count": reader.number(governor.metrics.deadlinesMissed.count)]),
                        reader(OverviewWords.degraded, ["count": reader.number(governor.metrics.degradedAllows.count)]),
                    ].joined(separator: " · ")
                }
            }
            section(Attribute("class", "card tile")) {
                p(Attribute("class", "label")) { reader(OverviewWords.policies) }
                p {
                    let isFresh = status.rejectedAt == nil
                    a(.path("href", root + "/policies"), Attribute("class", "chip \(isFresh ? "is-yes" : "is-no")")) {
                        (isFresh ? Icon.yes : Icon.no).html()
                        isFresh
                            ? reader(OverviewWords.policiesGood, ["count": reader.number(status.ruleCount)])
                            : reader(PolicyWords.stale)
                    }
                }
                p(Attribute("class", "small soft")) {
                    reader(OverviewWords.overruns, ["count": reader.number(governor.metrics.overruns.count)])
                }
            }
            section(Attribute("class", "card tile")) {
                p(Attribute("class", "label")) { reader(OverviewWords.uptime) }
                p { strong { reader.moment(startedAt) } }
                p(Attribute("class", "small soft")) {
                    reader(OverviewWords.node, ["name": Visit.node]) + " · "
                        + reader(OverviewWords.sessions, ["count": reader.number(sessions)])
                }
            }
        }
    }

    private func tile(_ word: OverviewWords, _ value: String, _ note: () -> String) -> HTML {
        section(Attribute("class", "card tile")) {
            p(Attribute("class", "label")) { reader(word) }
            p(Attribute("class", "value")) { value }
            p(Attribute("class", "small soft")) { note() }
        }
    }

    private func plain(_ nanoseconds: UInt64) -> String {
        nanoseconds < 10_000_000
            ? reader.decimal(Double(nanoseconds) / 1e6) : reader.number(Int((Double(nanoseconds) / 1e6).rounded()))
    }

    private func milliseconds(_ nanoseconds: UInt64) -> String {
        reader(OverviewWords.latencyValue, ["value": plain(nanoseconds)])
    }

    // MARK: Charts

    private var minutes: HTML {
        let now = reader.now.milliseconds / 60_000
        let shown = (0..<60).map { now - 59 + Int64($0) }
        let pairs = shown.map { history.minutes[$0] ?? TrafficTally.Pair() }
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "minutes")) {
            h2(Attribute("id", "minutes")) { reader(OverviewWords.perMinute) }
            Columns(
                values: pairs.map { (Int($0.allows), Int($0.denies)) },
                labels: shown.map { $0 % 15 == 0 ? reader.time(Timestamp(milliseconds: $0 * 60_000)) : "" },
                label: reader(OverviewWords.perMinute), number: { reader.number($0) }
            ).html
            legend
            numbers("minutes-numbers", .perMinute) {
                thead {
                    tr {
                        th(Attribute("scope", "col")) { reader(OverviewWords.minute) }
                        th(Attribute("scope", "col"), Attribute("class", "n")) { reader(OverviewWords.allowed) }
                        th(Attribute("scope", "col"), Attribute("class", "n")) { reader(OverviewWords.denied) }
                    }
                }
                tbody {
                    for (minute, pair) in zip(shown, pairs).reversed() where pair.total > 0 {
                        tr {
                            th(Attribute("scope", "row")) { reader.time(Timestamp(milliseconds: minute * 60_000)) }
                            td(Attribute("class", "n")) { reader.number(pair.allows) }
                            td(Attribute("class", "n")) { reader.number(pair.denies) }
                        }
                    }
                }
            }
        }
    }

    private var legend: HTML {
        ul(Attribute("class", "legend")) {
            li(Attribute("class", "key")) {
                swatch { Chart.rect("allow", x: 0, y: 0, width: 14, height: 14) }
                reader(OverviewWords.allowed)
            }
            li(Attribute("class", "key")) {
                swatch {
                    HTML.element(
                        "rect",
                        [Attribute("fill", "url(#stripes)"), Attribute("width", "14"), Attribute("height", "14")])
                }
                reader(OverviewWords.denied)
            }
        }
    }

    private func swatch(@HTMLBuilder _ content: () -> HTML) -> HTML {
        HTML.element(
            "svg", [Attribute("class", "chart"), Attribute("viewBox", "0 0 14 14"), Attribute("aria-hidden", "true")],
            content)
    }

    private func numbers(_ id: String, _ word: OverviewWords, @HTMLBuilder _ rows: () -> HTML) -> HTML {
        HTML.element("details", [Attribute("class", "numbers"), Attribute("id", id)]) {
            HTML.element("summary") { reader(FrameWords.showNumbers) }
            table {
                caption { reader(word) }
                rows()
            }
        }
    }

    private var heat: HTML {
        var values = [[Int]](repeating: [Int](repeating: 0, count: 24), count: 7)
        for (hour, pair) in history.hours {
            let at = Timestamp(milliseconds: hour * 3_600_000)
            let local = reader.zone.local(at: at)
            values[Int(local.date.weekday.rawValue)][local.hour] += Int(pair.total)
        }
        let days = (0..<7).map { reader.weekday($0) }
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "heat")) {
            h2(Attribute("id", "heat")) { reader(OverviewWords.heat) }
            HeatMap(values: values, days: days, label: reader(OverviewWords.heat)).html
            p(Attribute("class", "hint")) { reader(OverviewWords.heatNote) }
            numbers("heat-numbers", .heat) {
                tbody {
                    for (day, hours) in values.enumerated() {
                        for (hour, value) in hours.enumerated() where value > 0 {
                            tr {
                                th(Attribute("scope", "row")) { "\(days[day]) \(hour):00" }
                                td(Attribute("class", "n")) { reader.number(value) }
                            }
                        }
                    }
                }
            }
        }
    }

    private var pressure: HTML {
        func sum(_ table: [Int64: [String: UInt64]]) -> [String: UInt64] {
            table.values.reduce(into: [:]) { sum, hour in sum.merge(hour) { $0 + $1 } }
        }
        let (pressing, asked) = (sum(history.pressure), sum(history.asked))
        let rows = pressing.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(Self.rowsShown)
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "pressure")) {
            h2(Attribute("id", "pressure")) { reader(OverviewWords.pressure) }
            p(Attribute("class", "hint")) { reader(OverviewWords.pressureIntro) }
            if let first = rows.first {
                p {
                    strong {
                        reader(
                            OverviewWords.pressureLine,
                            ["name": agency(first.key), "count": reader.number(first.value)])
                    }
                }
                ul(Attribute("class", "bars")) {
                    for (name, count) in rows {
                        BarLine(
                            name: agency(name),
                            value: "\(reader.number(count)) · \(reader.share(count, of: asked[name] ?? count))",
                            part: Int(count), most: Int(rows.first?.value ?? 1)
                        ).html
                    }
                }
            } else {
                p(Attribute("class", "soft")) { reader(OverviewWords.pressureNone) }
            }
        }
    }

    private func denials(
        _ word: OverviewWords, _ recent: [TrafficTally.Kind: UInt64], _ name: (TrafficTally.Kind) -> String
    ) -> HTML {
        var sums: [String: UInt64] = [:]
        for (kind, count) in recent where kind.verdict == .deny { sums[name(kind), default: 0] += count }
        return bars(word, sums.mapValues { ($0, 0) })
    }

    private func asked(
        _ word: OverviewWords, _ recent: [TrafficTally.Kind: UInt64], _ name: (TrafficTally.Kind) -> String
    ) -> HTML {
        var sums: [String: (UInt64, UInt64)] = [:]
        for (kind, count) in recent {
            let known = sums[name(kind)] ?? (0, 0)
            sums[name(kind)] = (known.0 + count, known.1 + (kind.verdict == .deny ? count : 0))
        }
        return bars(word, sums)
    }

    private func bars(_ word: OverviewWords, _ sums: [String: (UInt64, UInt64)]) -> HTML {
        let rows = sums.sorted { ($0.value.0, $1.key) > ($1.value.0, $0.key) }.prefix(Self.rowsShown)
        return section(Attribute("class", "card"), Attribute("aria-label", reader(word))) {
            h2 { reader(word) }
            if rows.isEmpty { p(Attribute("class", "soft")) { "–" } }
            ul(Attribute("class", "bars")) {
                for (name, (count, denied)) in rows {
                    BarLine(
                        name: name,
                        value: denied > 0
                            ? "\(reader.number(count)) · \(reader.number(denied)) \(reader(OverviewWords.denied))"
                            : reader.number(count), part: Int(count), most: Int(rows.first?.value.0 ?? 1),
                        denied: Int(denied)
                    ).html
                }
            }
        }
    }
}
