package import GovernorCore

/// What two versions of a policy set say and decide differently.
package struct PolicyDiff: Sendable {
    package let changes: PolicyChanges
    package let differences: [DecisionDifference]
    /// Questions with a past at an instant that were put to both versions.
    package let casesTried: Int
    /// Rules that changed and for which the search found nothing.
    package let withoutExample: [String]
    /// Rules of which only sentences changed, which decide nothing.
    package let wordsOnly: [String]

    /// Nothing is written differently that a decision or an answer could show.
    package var isSame: Bool { changes.isEmpty && differences.isEmpty }

    package static let casesPerRuleMax = 40_000
    private static let casesMax = 1_000_000

    /// - Parameter start: where in time the search begins; the same one gives the same examples.
    package init(
        from old: PolicySet, to new: PolicySet, zones: ZoneAtlas, start: Timestamp,
        casesPerRuleMax: Int = casesPerRuleMax
    ) {
        changes = PolicyChanges(from: old, to: new, zones: zones)
        var withoutExample: [String] = []
        var search = DiffSearch(
            DiffWorld(old: old, new: new, zones: zones, start: start),
            casesPerRuleMax: min(casesPerRuleMax, max(1_000, Self.casesMax / max(1, changes.rules.count))))
        for change in changes.rules where change.mayDecide {
            let known = search.differences.count
            search.search(change)
            if search.differences.count == known { withoutExample.append(change.id) }
        }
        for change in changes.touched { search.search(change) }
        wordsOnly = changes.rules.filter { !$0.mayDecide }.map(\.id)
        differences = search.differences
        casesTried = search.casesTried
        self.withoutExample = withoutExample
    }
}

extension PolicyChanges.RuleChange {
    /// Sentences alone decide nothing.
    var mayDecide: Bool {
        old == nil || new == nil || keys.contains { !["because", "cite"].contains($0.key) }
    }
}
