import Foundation
package import GovernorCore

/// Rules in plain English: those of files, or those that bear on a kind of contact, taken together.
package struct Explanation: Sendable {
    /// What a rule is there for; the order in which a reader wants to know.
    package enum Chapter: Int, CaseIterable, Sendable {
        case never, permission, times, frequency, afterwards, possessions

        var title: String {
            switch self {
            case .never: "Never"
            case .permission: "What the person said"
            case .times: "When"
            case .frequency: "How often"
            case .afterwards: "After something happened"
            case .possessions: "What the person has"
            }
        }

        init(_ body: RuleBody) {
            switch body {
            case .block: self = .never
            case .frequencyCap(let cap): self = cap.limit == 0 ? .never : .frequency
            case .optOut, .consent, .registry: self = .permission
            case .contactHours, .quietTimes: self = .times
            case .minGap, .campaignGuard: self = .frequency
            case .coolOff: self = .afterwards
            case .holding: self = .possessions
            }
        }
    }

    package let kind: ContactKind
    package let rules: [RuleProse]

    /// - Parameter ids: only these rules; empty for all.
    package init(_ policies: PolicySet, for kind: ContactKind, ids: [String] = [], zones: ZoneAtlas) {
        self.kind = kind
        rules = kind.rules(of: policies, zones: zones)
            .filter { rule in ids.isEmpty || ids.contains { rule.id == $0 || rule.id.hasSuffix("/" + $0) } }
            .map { RuleProse($0, in: policies, zones: zones) }
    }

    /// For a kind of contact by chapters, with what the hours leave together; for files rule by rule.
    package var text: String {
        if kind.isAnything { return rules.map { $0.text(showsAbout: true) }.joined(separator: "\n") }
        let decisive = rules.filter { $0.rule.mode == .enforce }.count
        var text = "\(kind.title): \(Phrases.count(Int64(decisive), "rule")) decide"
        text += decisive == 1 ? "s" : ""
        if rules.count > decisive { text += ", \(rules.count - decisive) in shadow" }
        text += ".\nEach one must let it pass; what is not known about a person takes no rule away.\n"
        for chapter in Chapter.allCases {
            let own = rules.filter { Chapter($0.rule.body) == chapter }
            if own.isEmpty { continue }
            text += "\n## \(chapter.title)\n\n" + own.map { $0.text(showsAbout: true) }.joined(separator: "\n")
            if chapter == .times, let together { text += "\n\(together)\n" }
        }
        return text
    }

    /// What several rules on hours leave when each must hold; `nil` for fewer than two.
    private var together: String? {
        let hours = rules.filter { $0.rule.mode == .enforce && $0.rule.effective == nil }.compactMap { prose in
            if case .contactHours(let hours) = prose.rule.body, hours.zone == nil { hours.days } else { nil }
        }
        guard hours.count > 1 else { return nil }
        let days = hours.dropFirst().reduce(hours[0]) { together, days in
            (0..<7).map { Self.common(together[$0], days[$0]) }
        }
        if days.allSatisfy(\.isEmpty) { return "Taken together, these hours leave nothing." }
        return "Taken together, exemptions and holidays apart: \(Phrases.week(days))."
    }

    private static func common(
        _ a: [ContactHours.DaySpan], _ b: [ContactHours.DaySpan]
    ) -> [ContactHours.DaySpan] {
        a.flatMap { x in
            b.compactMap { y in
                let (open, close) = (max(x.open, y.open), min(x.close, y.close))
                return open < close ? ContactHours.DaySpan(open: open, close: close) : nil
            }
        }
    }

    package var json: String {
        struct Told: Encodable {
            var rule: String
            var kind: String
            var mode: String
            var file: String
            var line: Int
            var about: String
            var demand: String
            var unless: [String]
            var standing: [String]
            var because: String?
            var cite: String?
            var obligations: [String]
        }
        struct Whole: Encodable {
            var title: String
            var rules: [Told]
            var together: String?
        }
        return TestReport.encoded(
            Whole(
                title: kind.isAnything ? "Every contact" : kind.title,
                rules: rules.map { prose in
                    Told(
                        rule: prose.rule.id, kind: prose.rule.body.kind,
                        mode: prose.rule.mode == .shadow ? "shadow" : "enforce", file: prose.rule.file,
                        line: prose.rule.line, about: prose.about, demand: prose.demand, unless: prose.exemptions,
                        standing: prose.standing, because: prose.rule.because, cite: prose.rule.cite,
                        obligations: prose.rule.obligations)
                }, together: together))
    }
}

extension RuleProse {
    /// A paragraph: the name, what it demands, about what, what lifts it, and what it says of itself.
    package func text(showsAbout: Bool) -> String {
        var text = "\(rule.id)  (\(rule.file == "builtin" ? "built in" : "\(rule.file):\(rule.line)"))\n"
        func add(_ line: String) { text += "    \(line)\n" }
        add(demand)
        if showsAbout { add("About: \(about)") }
        for line in standing { add(line) }
        if !exemptions.isEmpty { add("Unless: \(exemptions.joined(separator: "; or ")).") }
        for obligation in rule.obligations { add("An allowed caller must: \(obligation)") }
        if let because = rule.because { add("It says: “\(because)”") }
        if let cite = rule.cite { add("Source: \(cite)") }
        return text
    }
}
