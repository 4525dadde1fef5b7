extension Situation {
    /// What `rule` says at `t`, over every record it looks at, with its dates and exemptions.
    ///
    /// The closure's `until` is the earliest later instant at which this rule alone would be open: never later than
    /// that, so that the solver may jump to it, and never at an instant at which it is closed for another reason of its
    /// own than time after time.
    func state(of rule: Rule, at t: Timestamp) -> RuleState {
        if let dates = rule.effective, !isInForce(dates, at: t) { return .open }
        if !rule.unless.isEmpty && isExempt(rule.unless, at: t) { return .open }
        guard case .closed(var closure) = bodyState(of: rule, at: t) else { return .open }
        var sooner = Timestamp.distantFuture
        if let dates = rule.effective { sooner = endOfForce(dates, at: t) }
        if !rule.unless.isEmpty { sooner = min(sooner, nextExemption(rule.unless, after: t)) }
        if sooner < closure.until {
            closure.until = sooner
            closure.basis = .time
        }
        return .closed(closure)
    }

    private func bodyState(of rule: Rule, at t: Timestamp) -> RuleState {
        switch rule.body {
        case .contactHours(let hours): return state(hours, at: t)
        case .block(let block): return state(block, at: t)
        default: break
        }
        if records.isEmpty { return recordState(of: rule, Self.nobody, at: t) }
        var worst = RuleState.open
        for record in records {
            guard case .closed(let closure) = recordState(of: rule, record, at: t) else { continue }
            if case .closed(let other) = worst, other.until >= closure.until { continue }
            worst = .closed(closure)
        }
        return worst
    }

    private func recordState(of rule: Rule, _ record: PersonRecord, at t: Timestamp) -> RuleState {
        switch rule.body {
        case .frequencyCap(let cap): state(cap, unless: rule.unless, of: record, at: t)
        case .minGap(let gap): state(gap, unless: rule.unless, of: record, at: t)
        case .coolOff(let coolOff): state(coolOff, of: record, at: t)
        case .optOut(let optOut): state(optOut, of: record, at: t)
        case .consent(let consent): state(consent, of: record, at: t)
        case .holding(let holding): state(holding, of: record, at: t)
        case .quietTimes: quietState(of: record, at: t)
        case .contactHours, .block: .open
        }
    }

    /// A person of whom nothing is known.
    private static let nobody = PersonRecord(id: PersonID(high: 0, low: 0), createdAt: .distantPast)

    /// The next instant after `t` at which a rule that is open may close by time alone; a lower bound.
    func nextChange(of rule: Rule, after t: Timestamp) -> Timestamp {
        var next = Timestamp.distantFuture
        if let dates = rule.effective {
            if !isInForce(dates, at: t) { return nextStartOfForce(dates, after: t) }
        }
        if !rule.unless.isEmpty { next = min(next, nextEndOfExemption(rule.unless, after: t)) }
        switch rule.body {
        case .contactHours(let hours):
            let end = openUntil(hours, at: t)
            if end > t { next = min(next, end) }
        case .quietTimes:
            for record in records { if let edge = nextQuietBoundary(record, after: t) { next = min(next, edge) } }
        case .block(let block): if let from = block.from, from > t { next = min(next, from) }
        case .holding:
            for record in records { next = min(next, nextHoldingBoundary(in: record, after: t)) }
        case .consent(let consent):
            next = min(next, nextFactInstant(after: t))
            for record in records {
                for fact in record.facts {
                    var ends: [Timestamp] = []
                    if case .consent = fact.body, let validFor = consent.validFor {
                        ends.append(earliestEnd(of: validFor, from: fact.at))
                    }
                    if case .event = fact.body {
                        for case .event(_, let within) in consent.or { ends.append(earliestEnd(of: within, from: fact.at)) }
                    }
                    for end in ends where end > t { next = min(next, end) }
                }
            }
        case .frequencyCap, .minGap, .coolOff, .optOut: break
        }
        return next
    }
}
