import GovernorCore
import GovernorRuntime

extension ShadowReport {
    /// A table of the rules, then each by what its findings fall into, with examples.
    package var text: String {
        let period = [since.map { "from \($0)" }, until.map { "before \($0)" }].compactMap { $0 }
        var text = "\(decisions) decisions\(period.isEmpty ? "" : " " + period.joined(separator: ", "))"
        text += ", \(allowed) of them allowed\n"
        if rules.isEmpty { return text + "No rule in shadow would have denied any of them.\n" + notes }
        text += "\(switched) allowed contacts would have been denied by at least one rule in shadow"
        text += " (\(Self.percent(switched, allowed)))\n\n"
        let rows = ordered
        let width = max(4, rows.map(\.name.count).max() ?? 0)
        func pad(_ text: String, _ width: Int, isNumber: Bool = false) -> String {
            let space = String(repeating: " ", count: max(0, width - text.count))
            return isNumber ? space + text : text + space
        }
        text += pad("rule", width) + pad("would deny", 14, isNumber: true) + pad("now allowed", 14, isNumber: true)
        text += pad("of all allowed", 17, isNumber: true) + "\n"
        for (name, counts) in rows {
            text += pad(name, width) + pad(String(counts.total.denials), 14, isNumber: true)
            text += pad(String(counts.total.switched), 14, isNumber: true)
            text += pad(Self.percent(counts.total.switched, allowed), 17, isNumber: true) + "\n"
        }
        for (name, counts) in rows { text += "\n\(name)\n" + Self.detail(counts) }
        return text + notes
    }

    private var notes: String {
        var text = ""
        if hasSummaries {
            text += "\nSome checks are only summed up in this ledger (ledger_checks); their findings are not counted.\n"
        }
        if erased > 0 { text += "\n\(erased) records are erased and left out.\n" }
        return text
    }

    /// Those that change most first.
    var ordered: [(name: String, counts: RuleCounts)] {
        rules.map { ($0.key, $0.value) }.sorted { a, b in
            let (x, y) = (a.1.total, b.1.total)
            return x.switched != y.switched
                ? x.switched > y.switched : x.denials != y.denials ? x.denials > y.denials : a.0 < b.0
        }
    }

    private static let rowsMax = 15

    private static func detail(_ counts: RuleCounts) -> String {
        var text = "  from \(counts.first) to \(counts.last)\n"
        for (title, rows, isByName) in [
            ("channel", counts.byChannel, false), ("campaign", counts.byCampaign, false),
            ("agency", counts.byAgency, false), ("day (UTC)", counts.byDay, true), ("code", counts.byCode, false),
        ] {
            let sorted = rows.sorted { a, b in
                isByName || a.value.switched == b.value.switched ? a.key < b.key : a.value.switched > b.value.switched
            }
            let shown = sorted.prefix(rowsMax).map { "\($0.key) \($0.value.switched) of \($0.value.denials)" }
            text += "  by \(title): \(shown.joined(separator: ", "))"
            text += sorted.count > rowsMax ? " and \(sorted.count - rowsMax) more\n" : "\n"
        }
        for example in counts.examples {
            text += "  record \(example.sequence), \(example.at): \(example.request.words)"
            text += " – \(told(example.reason))\(example.wasDenied ? "; it was denied anyway" : "")\n"
        }
        return text
    }

    private static func told(_ reason: RecordedReason) -> String {
        var text = reason.code.name
        if reason.limit > 0 { text += " \(reason.count) of \(reason.limit)" }
        return text + (reason.until.map { " until \($0)" } ?? "")
    }

    static func percent(_ part: Int, _ whole: Int) -> String {
        if whole == 0 { return "–" }
        let tenths = (Double(part) * 1_000 / Double(whole)).rounded() / 10
        return "\(tenths) %"
    }

    package var json: String {
        struct Row: Encodable {
            var name: String
            var wouldDeny: Int
            var nowAllowed: Int
        }
        struct Sample: Encodable {
            var record: UInt64
            var at: String
            var channel: String?
            var purpose: String?
            var campaign: String?
            var agency: String?
            var code: String
            var until: String?
            var wasDenied: Bool
        }
        struct RuleRow: Encodable {
            var rule: String
            var wouldDeny: Int
            var nowAllowed: Int
            var first: String
            var last: String
            var byChannel: [Row]
            var byCampaign: [Row]
            var byAgency: [Row]
            var byDay: [Row]
            var byCode: [Row]
            var examples: [Sample]
        }
        struct Report: Encodable {
            var decisions: Int
            var allowed: Int
            var switched: Int
            var since: String?
            var until: String?
            var rules: [RuleRow]
            var hasSummaries: Bool
            var erased: Int
        }
        func rows(_ counts: [String: Count]) -> [Row] {
            counts.sorted { $0.key < $1.key }.map {
                Row(name: $0.key, wouldDeny: $0.value.denials, nowAllowed: $0.value.switched)
            }
        }
        return TestReport.encoded(
            Report(
                decisions: decisions, allowed: allowed, switched: switched, since: since?.description,
                until: until?.description,
                rules: ordered.map { name, counts in
                    RuleRow(
                        rule: name, wouldDeny: counts.total.denials, nowAllowed: counts.total.switched,
                        first: counts.first.description, last: counts.last.description,
                        byChannel: rows(counts.byChannel), byCampaign: rows(counts.byCampaign),
                        byAgency: rows(counts.byAgency), byDay: rows(counts.byDay), byCode: rows(counts.byCode),
                        examples: counts.examples.map { example in
                            let request = example.request
                            return Sample(
                                record: example.sequence, at: example.at.description,
                                channel: request.names.text(request.channel),
                                purpose: request.names.text(request.purpose),
                                campaign: request.names.text(request.campaign),
                                agency: request.names.text(request.agency), code: example.reason.code.name,
                                until: example.reason.until?.description, wasDenied: example.wasDenied)
                        })
                }, hasSummaries: hasSummaries, erased: erased))
    }
}
