import GovernorCore
import GovernorRuntime

extension ReplayTally {
    /// What a person reads: the totals, who flips by what, and examples.
    package var text: String {
        guard let first, let last else {
            return withoutAnswer == 0
                ? "There is no decision that can be replayed.\n"
                : "\(withoutAnswer) decisions have no answer to compare with: name the policies before with --before.\n"
        }
        var text = "\(decisions) decisions from \(first) to \(last)\n\n"
        text += "             recorded      changed\n"
        text += "allowed  \(Self.column(allowedBefore)) \(Self.column(allowedNow))\n"
        text += "denied   \(Self.column(decisions - allowedBefore)) \(Self.column(decisions - allowedNow))\n\n"
        if flips.total == 0 {
            text +=
                otherDifferences == 0
                ? "Every verdict, reason and next instant is the same.\n"
                : "No decision flips; \(otherDifferences) have other reasons or another next instant.\n"
        } else {
            text += "\(flips.toDeny) flip from allowed to denied, \(flips.toAllow) from denied to allowed"
            text += otherDifferences == 0 ? ".\n" : "; \(otherDifferences) others have other reasons or instants.\n"
            text += Self.table("rule", byRule) + Self.table("campaign", byCampaign) + Self.table("agency", byAgency)
            text += Self.table(
                "day", Dictionary(uniqueKeysWithValues: byDay.map { ($0.key.description, $0.value) }), byName: true)
        }
        if !examples.isEmpty { text += "\nExamples\n" + examples.map(Self.example).joined() }
        if skippedConfirmations > 0 {
            text +=
                "\n\(skippedConfirmations) confirmations were of contacts that these policies would not have allowed.\n"
        }
        if withoutEndpoint > 0 {
            text += "\n\(withoutEndpoint) denials were recorded without their address and are judged for any.\n"
        }
        if withoutAnswer > 0 { text += "\n\(withoutAnswer) decisions have no answer to compare with.\n" }
        if erased > 0 { text += "\n\(erased) records are erased and left out.\n" }
        return text
    }

    private static func column(_ n: Int) -> String {
        let text = String(n)
        return String(repeating: " ", count: max(0, 12 - text.count)) + text
    }

    private static let rowsMax = 30

    private static func table(_ title: String, _ flips: [String: Flips], byName: Bool = false) -> String {
        let rows = flips.sorted { a, b in
            byName || a.value.total == b.value.total ? a.key < b.key : a.value.total > b.value.total
        }
        let width = rows.prefix(rowsMax).map(\.key.count).max() ?? 0
        var text = "\nby \(title)\n"
        for (name, flips) in rows.prefix(rowsMax) {
            let pad = String(repeating: " ", count: width - name.count)
            text += "  \(name)\(pad)  \(flips.toDeny) to denied, \(flips.toAllow) to allowed\n"
        }
        if rows.count > rowsMax { text += "  and \(rows.count - rowsMax) more\n" }
        return text
    }

    private static func example(_ decision: ReplayedDecision) -> String {
        var text = "  record \(decision.sequence), \(decision.record.evaluatedAt): \(decision.record.request.words)\n"
        text +=
            "    recorded: \(told(decision.record.verdict, decision.record.reasons, decision.record.nextAllowedAt))\n"
        text += "    changed:  \(told(decision.verdict, decision.reasons, decision.nextAllowedAt))\n"
        return text
    }

    private static func told(_ verdict: Verdict, _ reasons: [RecordedReason], _ next: Timestamp?) -> String {
        if verdict == .allow { return "allow" }
        let rules = reasons.map { $0.rule.isEmpty ? $0.code.name : $0.rule }
        return "deny by \(rules.joined(separator: ", ")); next \(next.map { "at \($0)" } ?? "not by itself")"
    }

    package var json: String {
        struct Row: Encodable {
            var name: String
            var toDeny: Int
            var toAllow: Int
        }
        struct Example: Encodable {
            var record: UInt64
            var at: String
            var campaign: String?
            var agency: String?
            var channel: String?
            var purpose: String?
            var recorded: String
            var changed: String
        }
        struct Report: Encodable {
            var decisions: Int
            var allowedRecorded: Int
            var allowedChanged: Int
            var toDeny: Int
            var toAllow: Int
            var otherDifferences: Int
            var byRule: [Row]
            var byCampaign: [Row]
            var byAgency: [Row]
            var byDay: [Row]
            var examples: [Example]
            var skippedConfirmations: Int
            var withoutEndpoint: Int
            var erased: Int
            var withoutAnswer: Int
        }
        func rows(_ flips: [String: Flips]) -> [Row] {
            flips.sorted { $0.key < $1.key }.map {
                Row(name: $0.key, toDeny: $0.value.toDeny, toAllow: $0.value.toAllow)
            }
        }
        return TestReport.encoded(
            Report(
                decisions: decisions, allowedRecorded: allowedBefore, allowedChanged: allowedNow, toDeny: flips.toDeny,
                toAllow: flips.toAllow, otherDifferences: otherDifferences, byRule: rows(byRule),
                byCampaign: rows(byCampaign), byAgency: rows(byAgency),
                byDay: rows(Dictionary(uniqueKeysWithValues: byDay.map { ($0.key.description, $0.value) })),
                examples: examples.map { decision in
                    let request = decision.record.request
                    return Example(
                        record: decision.sequence, at: decision.record.evaluatedAt.description,
                        campaign: request.names.text(request.campaign), agency: request.names.text(request.agency),
                        channel: request.names.text(request.channel), purpose: request.names.text(request.purpose),
                        recorded: Self.told(
                            decision.record.verdict, decision.record.reasons, decision.record.nextAllowedAt),
                        changed: Self.told(decision.verdict, decision.reasons, decision.nextAllowedAt))
                }, skippedConfirmations: skippedConfirmations, withoutEndpoint: withoutEndpoint, erased: erased,
                withoutAnswer: withoutAnswer))
    }
}
