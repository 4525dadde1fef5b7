/// How one rule bore on one request.
public enum RuleOutcome: UInt8, Hashable, Sendable {
    /// Its dates are not these.
    case notInForce = 1
    /// It let the request pass.
    case open = 2
    /// It would have denied, but for an exemption written on it.
    case exempt = 3
    /// It denied, or would have if it were not in shadow.
    case closed = 4
}

/// What each rule that applies to a plan says, one by one, in the order of the policies.
///
/// For reports on policies, not for decisions: a decision is `evaluate`, which says the same of every rule.
public func ruleOutcomes(
    _ plan: Plan, _ records: [PersonRecord], counters: [CounterRecord] = [], at now: Timestamp,
    excluding: TouchID? = nil
) -> [(rule: UInt16, outcome: RuleOutcome)] {
    Situation.with(plan, records, counters: counters, excluding: excluding) { situation in
        situation.rules.compactMap { position in
            let entry = situation.table[position]
            return situation.isInside(entry) ? (position, situation.outcome(of: entry, at: now)) : nil
        }
    }
}

extension Situation {
    fileprivate func outcome(of entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp) -> RuleOutcome {
        if let dates = entry.pointee.effective, !isInForce(dates, at: t) { return .notInForce }
        if case .closed = state(of: entry, at: t) { return .closed }
        return entry.pointee.unless != nil && isClosedButForExemptions(entry, at: t) ? .exempt : .open
    }

    private func isClosedButForExemptions(_ entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp) -> Bool {
        func isClosed(_ state: RuleState) -> Bool { if case .closed = state { true } else { false } }
        switch entry.pointee.body {
        case .contactHours(let hours): return isClosed(state(hours, at: t))
        case .block(let block): return isClosed(state(block, at: t))
        case .frequencyCap(let cap, let counting):
            return records.contains { isClosed(state(cap, counting, unless: nil, of: $0, at: t)) }
        case .minGap(let gap, let counting):
            return records.contains { isClosed(state(gap, counting, unless: nil, of: $0, at: t)) }
        case .coolOff(let coolOff, let counting, let sketch):
            return records.contains { isClosed(state(coolOff, counting, after: sketch, of: $0, at: t)) }
        case .optOut(let optOut): return records.contains { isClosed(state(optOut, of: $0, at: t)) }
        case .consent(let consent): return records.contains { isClosed(state(consent, of: $0, at: t)) }
        case .holding(let holding): return records.contains { isClosed(state(holding, of: $0, at: t)) }
        case .registry(let registry): return records.contains { isClosed(state(registry, of: $0, at: t)) }
        case .campaignGuard(let body): return isClosed(state(body, entry, at: t).state)
        case .quietTimes: return records.contains { isClosed(quietState(of: $0, at: t)) }
        }
    }
}
