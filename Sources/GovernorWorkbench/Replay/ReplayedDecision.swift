package import GovernorCore
package import GovernorRuntime

/// One decision of the ledger, as it was made and as it would be made now.
package struct ReplayedDecision: Sendable {
    package var sequence: UInt64
    package var record: DecisionRecord
    package var verdict: Verdict
    package var nextBasis: NextBasis
    package var nextAllowedAt: Timestamp?
    package var reasons: [RecordedReason]
    package var shadow: [RecordedReason]

    /// Allowed before and denied now, or the other way.
    package var isFlip: Bool { verdict != record.verdict }

    /// Every verdict, reason and next instant is the same.
    package var isSame: Bool {
        verdict == record.verdict && nextAllowedAt == record.nextAllowedAt && nextBasis == record.nextBasis
            && reasons == record.reasons && shadow == record.shadow
    }
}

/// What replaying a ledger came to.
package struct ReplayTally: Sendable {
    /// Flips in one direction each.
    package struct Flips: Sendable {
        package var toDeny = 0
        package var toAllow = 0
        package var total: Int { toDeny + toAllow }

        mutating func add(_ decision: ReplayedDecision) {
            if decision.verdict == .deny { toDeny += 1 } else { toAllow += 1 }
        }

        mutating func merge(_ other: Flips) {
            toDeny += other.toDeny
            toAllow += other.toAllow
        }
    }

    package var decisions = 0
    package var allowedBefore = 0
    package var allowedNow = 0
    package var flips = Flips()
    /// The verdict stays, a reason or the next instant does not.
    package var otherDifferences = 0
    package var byRule: [String: Flips] = [:]
    package var byCampaign: [String: Flips] = [:]
    package var byAgency: [String: Flips] = [:]
    package var byDay: [LocalDate: Flips] = [:]
    /// The first of each direction, by their place in the ledger.
    package var examples: [ReplayedDecision] = []
    /// Decisions whose records do not say which address was used: judged as if it could be any.
    package var withoutEndpoint = 0
    /// Confirmations of reservations that the changed policies would not have given.
    package var skippedConfirmations = 0
    /// Facts, outcomes and links that were applied.
    package var changes = 0
    package var erased = 0
    /// Decisions of a request log that tells no answers: there is nothing to compare them with.
    package var withoutAnswer = 0
    package var first: Timestamp?
    package var last: Timestamp?

    static let examplesMax = 20

    init() {}

    mutating func add(_ decision: ReplayedDecision) {
        decisions += 1
        if decision.record.verdict == .allow { allowedBefore += 1 }
        if decision.verdict == .allow { allowedNow += 1 }
        let at = decision.record.evaluatedAt
        first = min(first ?? at, at)
        last = max(last ?? at, at)
        if decision.isSame { return }
        guard decision.isFlip else {
            otherDifferences += 1
            return keep(decision)
        }
        flips.add(decision)
        let names = decision.record.request.names
        byCampaign[names.text(decision.record.request.campaign) ?? "(none)", default: Flips()].add(decision)
        byAgency[names.text(decision.record.request.agency) ?? "(none)", default: Flips()].add(decision)
        byDay[LocalDateTime(localMilliseconds: at.milliseconds).date, default: Flips()].add(decision)
        // The rules that made the difference: those that deny now, or that denied then.
        let blamed = decision.verdict == .deny ? decision.reasons : decision.record.reasons
        for rule in Set(blamed.map { $0.rule.isEmpty ? "(no rule)" : $0.rule }) {
            byRule[rule, default: Flips()].add(decision)
        }
        keep(decision)
    }

    private mutating func keep(_ decision: ReplayedDecision) {
        let isAlike: (ReplayedDecision) -> Bool = { $0.isFlip == decision.isFlip && $0.verdict == decision.verdict }
        if examples.count(where: isAlike) < Self.examplesMax { examples.append(decision) }
    }

    mutating func merge(_ other: ReplayTally) {
        decisions += other.decisions
        allowedBefore += other.allowedBefore
        allowedNow += other.allowedNow
        flips.merge(other.flips)
        otherDifferences += other.otherDifferences
        byRule.merge(other.byRule) { $0.merged($1) }
        byCampaign.merge(other.byCampaign) { $0.merged($1) }
        byAgency.merge(other.byAgency) { $0.merged($1) }
        byDay.merge(other.byDay) { $0.merged($1) }
        withoutEndpoint += other.withoutEndpoint
        skippedConfirmations += other.skippedConfirmations
        changes += other.changes
        erased += other.erased
        withoutAnswer += other.withoutAnswer
        first = [first, other.first].compactMap { $0 }.min()
        last = [last, other.last].compactMap { $0 }.max()
        let all = (examples + other.examples).sorted { $0.sequence < $1.sequence }
        examples = []
        for example in all { keep(example) }
    }
}

extension ReplayTally.Flips {
    func merged(_ other: Self) -> Self {
        var result = self
        result.merge(other)
        return result
    }
}
