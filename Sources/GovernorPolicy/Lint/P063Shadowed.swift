import GovernorCore

extension DiagnosticCode {
    /// A rule that another one makes superfluous.
    static let shadowed = DiagnosticCode(
        "P063", "shadowed", .warning,
        what: """
            Wherever this rule applies, another rule of the same file and kind, or a block, applies too and is at least as \
            strict, so that this one never decides. A rule that cites a law of its own is left alone, and rules of \
            different files are not compared: each file is to stand by itself.
            """,
        why: """
            Its author believes that it does something. Most often the stricter one was meant for fewer contacts, or the \
            other one was forgotten.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
              - id: two-marketing-calls
                kind: frequency_cap
                scope: { channels: [voice], purposes: [marketing] }
                limit: 2
                window: PT24H
                because: We have called you twice in the last 24 hours.
            """,
        instead: """
            policy: house
            rules:
              - id: three-calls-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 3
                window: PT24H
                because: We have called you three times in the last 24 hours.
              - id: two-marketing-calls
                kind: frequency_cap
                scope: { channels: [voice], purposes: [marketing] }
                limit: 2
                window: PT24H
                because: We have called you twice in the last 24 hours.
            """)
}

extension MeaningChecks {
    /// Pairs of rules that are compared, at most; past it the check is silent.
    private static let pairsMax = 250_000

    func checkShadows() {
        let wider = WiderRules(rules)
        let strictness = Strictness(families: context.families)
        var pairs = 0
        for (index, read) in rules.enumerated() where read.rule.mode == .enforce {
            for other in wider.candidates(for: read.rule) where other != index {
                pairs += 1
                guard pairs <= Self.pairsMax else { return }
                let strict = rules[other]
                guard strictness.isShadowed(read.rule, by: strict.rule) else { continue }
                // Of two that say the same, the later one.
                if other > index, strictness.isShadowed(strict.rule, by: read.rule) { continue }
                report(read, by: strict)
                break
            }
        }
    }

    private func report(_ read: ReadRule, by strict: ReadRule) {
        let message =
            if case .block = strict.rule.body {
                "\(quoted(read.rule.id)) is never reached: \(quoted(strict.rule.id)) blocks everything that it is for"
            } else {
                "\(quoted(read.rule.id)) never decides: \(quoted(strict.rule.id)) is at least as strict wherever it applies"
            }
        read.findings.report(
            .shadowed, at: read.head, message,
            hint: "that one stands in line \(strict.rule.line); remove this one, or give the other a narrower scope")
    }
}

/// Finds the rules whose scope may hold another's, without comparing each with each.
private struct WiderRules {
    private struct Key: Hashable {
        var file: String
        var kind: String
        /// 0 for a rule that restricts no dimension by which rules are filed.
        var dimension: Int
        var name: UInt64
    }

    private var filed: [Key: [Int]] = [:]

    init(_ rules: [ReadRule]) {
        for (index, read) in rules.enumerated() where read.rule.mode == .enforce {
            let (file, kind) = (read.rule.file, read.rule.body.kind)
            if let (dimension, names) = Self.dimensions(read.rule.scope).first(where: { !$0.names.isEmpty }) {
                for name in Set(names) {
                    filed[Key(file: file, kind: kind, dimension: dimension, name: name), default: []].append(index)
                }
            } else {
                filed[Key(file: file, kind: kind, dimension: 0, name: 0), default: []].append(index)
            }
        }
    }

    /// A rule that is wider restricts each dimension less: under its first name it is found, or it is not filed there.
    func candidates(for rule: Rule) -> [Int] {
        var keys: [Key] = []
        let file = rule.file
        for kind in Set([rule.body.kind, "block"]) {
            keys.append(Key(file: file, kind: kind, dimension: 0, name: 0))
            for (dimension, names) in Self.dimensions(rule.scope) {
                guard let name = names.first else { continue }
                keys.append(Key(file: file, kind: kind, dimension: dimension, name: name))
                let isPlace = dimension == Self.places
                if isPlace, let country = Jurisdiction(bits: name)?.country, country.bits != name {
                    keys.append(Key(file: file, kind: kind, dimension: dimension, name: country.bits))
                }
            }
        }
        return keys.flatMap { filed[$0] ?? [] }.sorted()
    }

    private static let places = 7

    private static func dimensions(_ scope: RuleScope) -> [(dimension: Int, names: [UInt64])] {
        [
            (1, scope.campaigns.names.map(\.bits)), (2, scope.agencies.names.map(\.bits)),
            // By their family, products may lie inside a scope that names none: those rules are filed elsewhere.
            (3, scope.products.names.map(\.bits)), (4, scope.brands.names.map(\.bits)),
            (5, scope.subjects.names.map(\.bits)), (6, scope.purposes.names.map(\.bits)),
            (places, scope.jurisdictions.map(\.bits)), (8, scope.channels.names.map(\.bits)),
        ]
    }
}
