import GovernorCore

// What a file and its rules say of themselves: their law, when it was read, how sure their author is, how long records
// are kept.
extension FileReader {
    /// The date on which a law was read; one that has not come yet is a mistake.
    func readingDate(_ node: LocatedNode) -> LocalDate? {
        guard let date = date(node, "read") else { return nil }
        if let today = context.today, date > today.adding(days: 1) {
            findings.report(
                .badDate, at: node, "nobody can have read the law on \(date)", expected: "the date of the last reading")
        }
        return date
    }

    func readAbout(_ keys: inout KeyReader, _ rule: inout Rule, readOn: LocalDate?) {
        if let node = keys.take("cite") { rule.cite = text(node, "cite") }
        rule.readOn = keys.take("read").flatMap { readingDate($0) } ?? (rule.cite == nil ? nil : readOn)
        let confidence = keys.take("confidence")
        rule.confidence = confidence.flatMap {
            word(
                $0, "confidence",
                [
                    ("text", Confidence.text), ("two_sources", .twoSources), ("one_source", .oneSource),
                    ("memory", .memory),
                ])
        }
        if let node = keys.take("note") { rule.note = text(node, "note") }
        if let confidence, let known = rule.confidence, !known.isEnough, rule.mode == .enforce {
            findings.report(
                .unconfirmed, at: confidence, "the rule decides, but its law is known from \(known.described) alone",
                hint: "read the law or find a second source; until then write `mode: shadow`")
        }
    }

    /// `retention: { opt_outs: P10Y }`: the longest of all files holds.
    func readRetention(_ node: LocatedNode) {
        guard var keys = KeyReader(node, what: "`retention`", findings: findings) else { return }
        for kind in RecordKind.allCases {
            guard let node = keys.take(kind.name), let length = duration(node, kind.name) else { continue }
            context.keep(kind, for: length)
        }
        keys.finish(findings)
    }
}

extension Confidence {
    fileprivate var described: String {
        switch self {
        case .text: "its text"
        case .twoSources: "two sources"
        case .oneSource: "one source"
        case .memory: "memory"
        }
    }
}
