extension Situation {
    /// What `rule` says at `t`, over every record it looks at, with its dates and exemptions.
    ///
    /// The closure's `until` is never later than the earliest later instant at which this rule alone would be open, so
    /// that the solver may jump to it.
    func state(of rule: Rule, at t: Timestamp) -> RuleState {
        if let dates = rule.effective, !isInForce(dates, at: t) { return .open }
        guard case .closed(var closure) = stateInForce(of: rule, at: t) else { return .open }
        if let dates = rule.effective { closure.open(by: endOfForce(dates, at: t)) }
        return .closed(closure)
    }

    private func stateInForce(of rule: Rule, at t: Timestamp) -> RuleState {
        switch rule.body {
        case .contactHours(let hours): return lifted(state(hours, at: t), by: rule.unless, of: nil, at: t)
        case .block(let block): return lifted(state(block, at: t), by: rule.unless, of: nil, at: t)
        default: break
        }
        var worst = RuleState.open
        for i in records.indices {
            let state = lifted(recordState(of: rule, records[i], at: t), by: rule.unless, of: i, at: t)
            guard case .closed(let closure) = state else { continue }
            if case .closed(let other) = worst, other.until >= closure.until { continue }
            worst = .closed(closure)
        }
        return worst
    }

    /// The state of a rule over one record, or over all (`nil`), as its exemptions leave it.
    ///
    /// One person's exemption does not lift what another's record denies.
    private func lifted(_ state: RuleState, by unless: [Exemption], of record: Int?, at t: Timestamp) -> RuleState {
        guard case .closed(var closure) = state, !unless.isEmpty else { return state }
        if isExempt(unless, of: record, at: t) { return .open }
        closure.open(by: firstFactInstant(of: record, after: t) { isExempt(unless, of: record, at: $0) })
        return .closed(closure)
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

    /// The next instant after `t` at which a rule that is open may close by time alone; a lower bound.
    func nextChange(of rule: Rule, after t: Timestamp) -> Timestamp {
        if let dates = rule.effective, !isInForce(dates, at: t) { return nextStartOfForce(dates, after: t) }
        var next = rule.unless.isEmpty ? .distantFuture : nextEndOfExemption(rule.unless, after: t)
        switch rule.body {
        case .contactHours(let hours):
            let end = openUntil(hours, at: t)
            if end > t { next = min(next, end) }
        case .quietTimes:
            for record in records { if let edge = nextQuietBoundary(record, after: t) { next = min(next, edge) } }
        case .block(let block): if let from = block.from, from > t { next = min(next, from) }
        case .holding:
            for record in records { next = min(next, nextHoldingBoundary(in: record, after: t)) }
        case .consent(let consent): next = min(next, nextEndOfPermission(consent, after: t))
        case .frequencyCap, .minGap:
            // A touch made elsewhere may be stamped a little ahead.
            for record in records { next = min(next, nextTouchInstant(of: record, after: t)) }
        case .coolOff, .optOut:
            for i in records.indices { next = min(next, nextFactInstant(of: i, after: t)) }
        }
        return next
    }
}

extension Closure {
    /// Moves the opening forward to `instant` if that is sooner.
    mutating func open(by instant: Timestamp) {
        if instant < until {
            until = instant
            basis = .time
        }
    }
}
