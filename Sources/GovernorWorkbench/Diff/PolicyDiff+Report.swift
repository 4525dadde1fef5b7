import GovernorCore

extension PolicyDiff {
    /// What a person reads: what is written differently, then an example of what is decided differently.
    package var text: String {
        if isSame {
            return casesTried == 0 ? "No rule differs.\n" : "No rule differs; \(effort)\n"
        }
        var text = ""
        if !changes.declarations.isEmpty {
            text += "Declarations\n" + changes.declarations.map { "  \($0)\n" }.joined() + "\n"
        }
        for change in changes.rules { text += Self.words(change) + "\n" }
        for (i, difference) in differences.enumerated() {
            text += "Example \(i + 1), \(Self.title(difference))\n\(Self.words(difference))\n"
        }
        for rule in withoutExample { text += "\(rule): no question was found that is answered differently.\n" }
        for rule in wordsOnly { text += "\(rule): only sentences differ; they decide nothing.\n" }
        return text + "\(effort)\n"
    }

    private var effort: String {
        casesTried == 0
            ? "No question was tried."
            : "\(casesTried) questions with a past were tried at instants around every edge. What they do not show may "
                + "still differ."
    }

    private static func words(_ change: PolicyChanges.RuleChange) -> String {
        let rule = change.new ?? change.old
        let place = rule.map { $0.file == "builtin" ? "built in" : "\($0.file):\($0.line)" } ?? ""
        switch (change.old, change.new) {
        case (nil, _?): return "+ \(change.id)  (\(place)) is new, or no longer off\n    \(change.demandNow ?? "")\n"
        case (_?, nil): return "− \(change.id)  (\(place)) is gone, or off\n    \(change.demandBefore ?? "")\n"
        default:
            var text = "~ \(change.id)  (\(place)) says something else\n"
            for key in change.keys { text += "    \(key.text)\n" }
            if change.demandBefore != change.demandNow {
                text += "    before: \(change.demandBefore ?? "")\n    now:    \(change.demandNow ?? "")\n"
            }
            return text
        }
    }

    private static func title(_ difference: DecisionDifference) -> String {
        switch difference.kind {
        case .toDeny: "allowed before, denied now, by way of \(difference.rule)"
        case .toAllow: "denied before, allowed now, by way of \(difference.rule)"
        case .told: "the same verdict, told differently, by way of \(difference.rule)"
        }
    }

    private static func words(_ difference: DecisionDifference) -> String {
        var text = ""
        for (at, what) in difference.history {
            text += "  \(at.map { clock($0, difference) } ?? "it is so that"): \(what)\n"
        }
        text += "  \(clock(difference.at, difference)): \(difference.question)?\n"
        text += "    before: \(told(difference.old, besides: difference.new))\n"
        return text + "    now:    \(told(difference.new, besides: difference.old))\n"
    }

    /// On the clock of the place, as tests of policies write it.
    private static func clock(_ instant: Timestamp, _ difference: DecisionDifference) -> String {
        "\(difference.local(instant)) (\(difference.zone))"
    }

    private static func told(_ decision: ToldDecision, besides other: ToldDecision) -> String {
        var text = "allow"
        if decision.verdict == .deny {
            text = "deny by \(decision.reasons.joined(separator: ", "))"
            text += decision.nextAllowedAt.map { "; next at \($0)" } ?? "; next: \(decision.nextBasis.name)"
        }
        if decision.shadow != other.shadow {
            text += "; in shadow: \(decision.shadow.isEmpty ? "nothing" : decision.shadow.joined(separator: ", "))"
        }
        if decision.obligations != other.obligations {
            let duties = decision.obligations.joined(separator: "; ")
            text += "; the caller must: \(duties.isEmpty ? "nothing" : duties)"
        }
        return text
    }

    package var json: String {
        struct Key: Encodable {
            var key: String
            var before: [String]
            var now: [String]
        }
        struct Changed: Encodable {
            var rule: String
            var change: String
            var file: String
            var line: Int
            var keys: [Key]
            var before: String?
            var now: String?
        }
        struct Happened: Encodable {
            var at: String?
            var what: String
        }
        struct Told: Encodable {
            var verdict: String
            var reasons: [String]
            var nextAllowedAt: String?
            var nextBasis: String
            var shadow: [String]
            var obligations: [String]
        }
        struct Example: Encodable {
            var rule: String
            var kind: String
            var at: String
            var zone: String
            var question: String
            var history: [Happened]
            var before: Told
            var now: Told
        }
        struct Report: Encodable {
            var same: Bool
            var declarations: [String]
            var rules: [Changed]
            var examples: [Example]
            var withoutExample: [String]
            var wordsOnly: [String]
            var casesTried: Int
        }
        func told(_ decision: ToldDecision) -> Told {
            Told(
                verdict: decision.verdict == .allow ? "allow" : "deny", reasons: decision.reasons,
                nextAllowedAt: decision.nextAllowedAt?.description, nextBasis: decision.nextBasis.name,
                shadow: decision.shadow, obligations: decision.obligations)
        }
        let kinds: [DecisionDifference.Kind: String] = [.toDeny: "to_deny", .toAllow: "to_allow", .told: "told"]
        return TestReport.encoded(
            Report(
                same: isSame, declarations: changes.declarations,
                rules: changes.rules.map { change in
                    Changed(
                        rule: change.id,
                        change: change.old == nil ? "added" : change.new == nil ? "removed" : "changed",
                        file: (change.new ?? change.old)?.file ?? "", line: (change.new ?? change.old)?.line ?? 0,
                        keys: change.keys.map { Key(key: $0.key, before: $0.old, now: $0.new) },
                        before: change.demandBefore, now: change.demandNow)
                },
                examples: differences.map { difference in
                    Example(
                        rule: difference.rule, kind: kinds[difference.kind] ?? "", at: difference.at.description,
                        zone: difference.zone, question: difference.question,
                        history: difference.history.map { Happened(at: $0.at?.description, what: $0.what) },
                        before: told(difference.old), now: told(difference.new))
                }, withoutExample: withoutExample, wordsOnly: wordsOnly, casesTried: casesTried))
    }
}

extension DecisionDifference {
    fileprivate func local(_ instant: Timestamp) -> String {
        guard let table else { return instant.description }
        let zone = ScenarioZone(name: zone, table: table)
        return TestTime.wallClock(instant, zone) + TestTime.offset(instant, zone)
    }
}
