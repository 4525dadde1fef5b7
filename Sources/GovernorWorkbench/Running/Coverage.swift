package import GovernorCore

/// Which ways through the rules the tests have taken.
package struct Coverage: Sendable {
    /// A rule as the policies hold it; the same file under several tests counts once.
    package struct RuleKey: Hashable, Sendable {
        package var file: String
        package var line: Int
        package var id: String
    }

    package enum Branch: String, CaseIterable, Hashable, Sendable {
        case denied, allowed, exempted
    }

    /// The branches there are, by rule, and how often each was taken.
    package private(set) var rules: [RuleKey: [Branch: Int]] = [:]

    package init() {}

    /// Every rule of a set counts, whether a question ever meets it or not; built-in ones do not.
    package mutating func add(_ policies: PolicySet) {
        for rule in policies.rules where rule.file != "builtin" {
            let key = Self.key(rule)
            for branch in Self.branches(of: rule) { rules[key, default: [:]][branch, default: 0] += 0 }
        }
    }

    /// Counts one answer of one rule.
    package mutating func count(_ outcome: RuleOutcome, of rule: Rule) {
        let branch: Branch
        switch outcome {
        case .closed: branch = .denied
        case .open: branch = .allowed
        case .exempt: branch = .exempted
        case .notInForce: return
        }
        let key = Self.key(rule)
        rules[key, default: [:]][branch, default: 0] += 1
    }

    /// Adds what another has counted, of the branches that are known here.
    package mutating func merge(_ other: Coverage) {
        for (key, branches) in other.rules {
            for (branch, count) in branches where rules[key]?[branch] != nil { rules[key]?[branch]? += count }
        }
    }

    package static func key(_ rule: Rule) -> RuleKey { RuleKey(file: rule.file, line: rule.line, id: rule.id) }

    /// A rule that always denies has no way to allow, and one without exemptions none to exempt.
    private static func branches(of rule: Rule) -> [Branch] {
        var branches: [Branch] = [.denied]
        switch rule.body {
        case .block(let block):
            if block.from != nil || block.until != nil || !block.labels.isAny { branches.append(.allowed) }
        case .frequencyCap(let cap): if cap.limit > 0 { branches.append(.allowed) }
        default: branches.append(.allowed)
        }
        if !rule.unless.isEmpty { branches.append(.exempted) }
        return branches
    }

    package var branchCount: Int { rules.values.reduce(0) { $0 + $1.count } }
    package var coveredCount: Int { rules.values.reduce(0) { $0 + $1.values.count { $0 > 0 } } }
    /// Of the branches, 0…100; 100 when there is none.
    package var percent: Double {
        branchCount == 0 ? 100 : Double(coveredCount) * 100 / Double(branchCount)
    }

    /// By file and line.
    package var ordered: [(key: RuleKey, branches: [Branch: Int])] {
        rules.sorted { ($0.key.file, $0.key.line, $0.key.id) < ($1.key.file, $1.key.line, $1.key.id) }
            .map { ($0.key, $0.value) }
    }

    /// The rules some of whose branches no test takes, with those branches.
    package var gaps: [(key: RuleKey, missing: [Branch])] {
        ordered.compactMap { key, branches in
            let missing = Branch.allCases.filter { branches[$0] == 0 }
            return missing.isEmpty ? nil : (key, missing)
        }
    }
}
