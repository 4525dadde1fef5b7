extension Situation {
    /// What a rule says at `t`, over every record it looks at, with its dates and exemptions.
    ///
    /// The closure's `until` is never later than the earliest later instant at which this rule alone would be open, so
    /// that the solver may jump to it.
    func state(of entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp) -> RuleState {
        if let dates = entry.pointee.effective {
            if !isInForce(dates, at: t) { return .open }
            guard case .closed(var closure) = stateInForce(of: entry, at: t) else { return .open }
            closure.open(by: endOfForce(dates, at: t))
            return .closed(closure)
        }
        return stateInForce(of: entry, at: t)
    }

    private func stateInForce(of entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp) -> RuleState {
        switch entry.pointee.body {
        case .contactHours(let hours): return lifted(state(hours, at: t), by: entry.pointee.unless, of: nil, at: t)
        case .block(let block): return lifted(state(block, at: t), by: entry.pointee.unless, of: nil, at: t)
        case .campaignGuard(let body):
            return lifted(state(body, entry, at: t).state, by: entry.pointee.unless, of: nil, at: t)
        default: break
        }
        var worst = RuleState.open
        for i in records.indices {
            guard case .closed(let closed) = recordState(of: entry, records[i], at: t),
                case .closed(let closure) = lifted(.closed(closed), by: entry.pointee.unless, of: i, at: t)
            else { continue }
            if case .closed(let other) = worst, other.until >= closure.until { continue }
            worst = .closed(closure)
        }
        return worst
    }

    /// The state of a rule over one record, or over all (`nil`), as its exemptions leave it.
    ///
    /// One person's exemption does not lift what another's record denies.
    private func lifted(
        _ state: RuleState, by unless: UnsafePointer<[Exemption]>?, of record: Int?, at t: Timestamp
    ) -> RuleState {
        guard let unless, case .closed(var closure) = state else { return state }
        if isExempt(unless.pointee, of: record, at: t) { return .open }
        closure.open(by: firstFactInstant(of: record, after: t) { isExempt(unless.pointee, of: record, at: $0) })
        return .closed(closure)
    }

    private func recordState(
        of entry: UnsafePointer<RuleTable.Entry>, _ record: RecordView, at t: Timestamp
    ) -> RuleState {
        switch entry.pointee.body {
        case .frequencyCap(let cap, let counting):
            state(cap, counting, unless: entry.pointee.unless, of: record, at: t)
        case .minGap(let gap, let counting): state(gap, counting, unless: entry.pointee.unless, of: record, at: t)
        case .coolOff(let coolOff, let counting, let sketch):
            state(coolOff, counting, after: sketch, of: record, at: t)
        case .optOut(let optOut): record.kinds.contains(.optOut) ? state(optOut, of: record, at: t) : .open
        case .consent(let consent): state(consent, of: record, at: t)
        case .holding(let holding): record.kinds.contains(.holding) ? state(holding, of: record, at: t) : .open
        case .quietTimes: record.kinds.contains(.quietTime) ? quietState(of: record, at: t) : .open
        case .registry(let registry): state(registry, of: record, at: t)
        case .contactHours, .campaignGuard, .block: .open
        }
    }

    /// The next instant after `t` at which a rule that is open may close by time alone; a lower bound, and any instant
    /// from `limit` on when it does not close before.
    func nextChange(
        of entry: UnsafePointer<RuleTable.Entry>, after t: Timestamp, before limit: Timestamp
    ) -> Timestamp {
        if entry.pointee.isSteady && lastTouchInstant <= t { return .distantFuture }
        if let dates = entry.pointee.effective, !isInForce(dates, at: t) { return nextStartOfForce(dates, after: t) }
        var next = entry.pointee.unless.map { nextEndOfExemption($0.pointee, after: t) } ?? .distantFuture
        switch entry.pointee.body {
        case .contactHours(let hours):
            let end = openUntil(hours, at: t, limit: limit)
            if end > t { next = min(next, end) }
        case .quietTimes:
            for record in records where record.kinds.contains(.quietTime) {
                if let edge = nextQuietBoundary(record, after: t) { next = min(next, edge) }
            }
        case .block(let block): if let from = block.pointee.from, from > t { next = min(next, from) }
        case .registry(let registry): next = min(next, nextEndOfClearance(registry, after: t))
        case .holding:
            for record in records where record.kinds.contains(.holding) {
                next = min(next, nextHoldingBoundary(in: record, after: t))
            }
        case .consent(let consent): next = min(next, nextEndOfPermission(consent, after: t))
        case .campaignGuard(let body): next = min(next, nextChange(of: body, entry, after: t))
        case .frequencyCap, .minGap:
            // A touch made elsewhere may be stamped a little ahead.
            for record in records { next = min(next, nextTouchInstant(of: record, after: t)) }
        case .coolOff:
            for record in records {
                next = min(
                    next,
                    record.kinds.contains(.event)
                        ? nextFactInstant(of: record, after: t) : nextTouchInstant(of: record, after: t))
            }
        case .optOut:
            for record in records where record.kinds.contains(.optOut) {
                next = min(next, nextFactInstant(of: record, after: t))
            }
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
