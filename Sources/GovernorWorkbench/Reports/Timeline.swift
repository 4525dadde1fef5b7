import GovernorCore

/// A scenario drawn as text: what happened when, from the top down, with the time between.
struct Timeline {
    let result: ScenarioResult

    private struct Row {
        var at: Timestamp
        var mark: String
        var text: String
        var more: [String] = []
    }

    var lines: [String] {
        let zone = result.scenario.zone
        var rows: [Row] = []
        for (position, step) in result.steps.enumerated() {
            let isFailed = result.mismatches.contains { $0.act == position }
            var row = Row(at: step.at, mark: step.isQuestion ? (isFailed ? "✗" : "?") : "●", text: step.summary)
            if let line = step.result { row.more.append("→ " + line) }
            row.more += step.reasons.map { "  " + $0 }
            for mismatch in result.mismatches where mismatch.act == position {
                row.more.append("✗ \(mismatch.what): expected \(mismatch.expected), got \(mismatch.actual)")
            }
            rows.append(row)
        }
        // Where the last denial would have ended, and where the author thought it would.
        if let last = result.steps.last, let next = last.nextAllowedAt {
            rows.append(Row(at: next, mark: "○", text: "next allowed"))
        }
        var lines: [String] = []
        var before: Timestamp?
        for row in rows {
            if let before, row.at != before {
                lines.append("    " + pad(length(row.at - before), 33) + " │")
            }
            let clock = "\(weekday(row.at, zone)) \(TestTime.wallClock(row.at, zone))\(TestTime.offset(row.at, zone))"
            lines.append("    " + pad(row.at == before ? "" : clock, 33) + " \(row.mark) \(row.text)")
            for text in row.more { lines.append("    " + pad("", 33) + " │   " + text) }
            before = row.at
        }
        return lines
    }

    private func weekday(_ at: Timestamp, _ zone: ScenarioZone) -> String {
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        // 1970-01-01 was a Thursday.
        let days = Int(zone.table.date(at: at).days)
        return names[((days + 3) % 7 + 7) % 7]
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// `+ 1 d 2 h`, of the units that are not zero the first two.
    private func length(_ span: Milliseconds) -> String {
        var rest = span.count
        var parts: [String] = []
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)] {
            let count = rest / Int64(size)
            rest %= Int64(size)
            if count > 0 { parts.append("\(count) \(unit)") }
        }
        return "        + " + parts.joined(separator: " ")
    }
}
