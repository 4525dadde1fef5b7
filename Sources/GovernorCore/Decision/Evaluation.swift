/// What `evaluate` found: the answer, and the touch that an allowed reservation adds to every record concerned.
public struct Evaluation: Sendable {
    public var decision: Decision
    /// The touch to write on every record, when the request was allowed and asked for a reservation.
    public var touch: Touch?
    /// The counters in which that touch counts.
    public var counters: [CounterKey] = []
}

/// Stop 5 of 6: pure: judges a plan over the records it concerns, at one instant.
///
/// Every rule that applies is evaluated and any failing one denies. The reasons come most restrictive first: those that
/// time does not lift, then by falling `until`, then in the order of the policies. `excluding` leaves one touch out of
/// account, for its own confirmation. `touchID` names the touch of an allowed reservation. `counters` are those that the
/// plan names, as far as they exist.
/// - Parameter at: the later of the clock and the newest decision on the records, or the request's own instant.
public func evaluate(
    _ plan: Plan, _ records: [PersonRecord], counters: [CounterRecord] = [], at now: Timestamp, touchID: TouchID,
    excluding: TouchID? = nil
) -> Evaluation {
    Situation.with(plan, records, counters: counters, excluding: excluding) { situation in
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: situation.rules.count) { enforced in
            situation.evaluate(at: now, touchID: touchID, enforced)
        }
    }
}

extension Situation {
    fileprivate func evaluate(
        at now: Timestamp, touchID: TouchID, _ buffer: UnsafeMutableBufferPointer<UInt16>
    ) -> Evaluation {
        var reasons: [Reason] = []
        var shadow: [Reason] = []
        var remaining: [Remaining] = []
        var obligations: [UInt16] = []
        var enforcedCount = 0
        var closedUntil = Timestamp.distantPast
        var isHopeless: NextBasis?

        for position in rules {
            let entry = table[position]
            guard isInside(entry) else { continue }
            let isEnforced = entry.pointee.mode == .enforce
            var state: RuleState
            if isEnforced, case .frequencyCap(let cap, let counting) = entry.pointee.body {
                // Its count is told whether it closes or not.
                var left: UInt32?
                state = self.state(ofCap: cap, counting, entry, at: now, left: &left)
                if let left {
                    if remaining.isEmpty { remaining.reserveCapacity(rules.count) }
                    remaining.append(Remaining(rule: position, left: left))
                }
            } else if isEnforced, case .campaignGuard(let body) = entry.pointee.body,
                let left = attemptsLeft(body, entry, at: now)
            {
                remaining.append(Remaining(rule: position, left: left))
                state = self.state(of: entry, at: now)
            } else {
                state = self.state(of: entry, at: now)
            }
            if isEnforced {
                buffer[enforcedCount] = position
                enforcedCount += 1
                if entry.pointee.hasObligations { obligations.append(position) }
            }
            guard case .closed(let closure) = state else { continue }
            let reason = Reason(
                rule: position, code: closure.code, count: closure.count, limit: closure.limit,
                until: closure.until == .distantFuture ? nil : closure.until, since: closure.since)
            if isEnforced {
                reasons.append(reason)
                closedUntil = max(closedUntil, closure.until)
                if closure.until == .distantFuture { isHopeless = strongest(isHopeless, closure.basis) }
            } else {
                shadow.append(reason)
            }
        }
        // A confirmation moves a touch that is there already.
        if plan.request.reserve && excluded == nil {
            for record in records {
                guard let until = plan.policies.history.fullUntil(record.touches, at: now) else { continue }
                reasons.append(
                    Reason(
                        rule: nil, code: .recordFull, count: UInt32(record.touches.count),
                        limit: UInt32(PersonRecord.touchesMax), until: until == .distantFuture ? nil : until))
                closedUntil = max(closedUntil, until)
                if until == .distantFuture { isHopeless = strongest(isHopeless, .act) }
            }
        }
        let enforced = UnsafeBufferPointer(rebasing: buffer[..<enforcedCount])

        if reasons.isEmpty {
            var decision = Decision(
                verdict: .allow, reasons: [], shadow: shadow, nextAllowedAt: now, nextBasis: .time,
                remaining: remaining, obligations: obligations, reservation: nil, evaluatedAt: now)
            guard plan.request.reserve else { return Evaluation(decision: decision, touch: nil) }
            let expiresAt = firstClosing(of: enforced, after: now, before: now + plan.request.holdFor)
            let touch = plan.request.touch(touchID, at: now, expiresAt: expiresAt)
            for i in decision.remaining.indices where decision.remaining[i].left > 0 {
                // This touch itself may be one that the cap does not count.
                let entry = table[decision.remaining[i].rule]
                switch entry.pointee.body {
                case .frequencyCap(_, let counting) where isCounted(touch, counting, entry):
                    decision.remaining[i].left -= 1
                case .campaignGuard: decision.remaining[i].left -= 1
                default: break
                }
            }
            return Evaluation(decision: decision, touch: touch, counters: countersInside())
        }

        if reasons.count > 1 {
            reasons.sort { a, b in
                let (x, y) = (a.until ?? .distantFuture, b.until ?? .distantFuture)
                return x != y ? x > y : (a.rule ?? 0) < (b.rule ?? 0)
            }
        }
        var decision = Decision(
            verdict: .deny, reasons: reasons, shadow: shadow, nextAllowedAt: nil, nextBasis: .act,
            remaining: remaining, obligations: [], reservation: nil, evaluatedAt: now)
        if let isHopeless {
            decision.nextBasis = isHopeless
        } else {
            (decision.nextAllowedAt, decision.nextBasis) = solve(enforced, from: closedUntil)
        }
        return Evaluation(decision: decision, touch: nil)
    }

    /// A cap's state with what is left of it; `left` stays `nil` while the rule is not in force.
    private func state(
        ofCap cap: UnsafePointer<FrequencyCap>, _ counting: RuleTable.Counting,
        _ entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp, left: inout UInt32?
    ) -> RuleState {
        if let dates = entry.pointee.effective, !isInForce(dates, at: t) { return .open }
        var least = cap.pointee.limit
        var isClosed = false
        for i in records.indices {
            if let count = plainCount(cap, counting, of: records.baseAddress! + i, at: t) {
                let left = count < cap.pointee.limit ? cap.pointee.limit - count : 0
                least = min(least, left)
                if left == 0 { isClosed = true }
                continue
            }
            let tally = tally(cap, counting, unless: entry.pointee.unless, of: records[i], at: t, findsInstant: false)
            least = min(least, tally.left)
            if tally.left == 0 || !tally.isOpen { isClosed = true }
        }
        left = least
        return isClosed ? state(of: entry, at: t) : .open
    }

    /// Whether the touch that this request makes counts in a cap.
    private func isCounted(
        _ touch: Touch, _ counting: RuleTable.Counting, _ entry: UnsafePointer<RuleTable.Entry>
    ) -> Bool {
        withUnsafePointer(to: touch) { touch in
            if !names(of: touch, pass: counting) { return false }
            for record in records where counts(record, for: counting.keys.unit) {
                if !wasExempt(touch, counting, entry.pointee.unless, record) { return true }
            }
            return false
        }
    }

    /// How many touches an enforced cap counts at `t`, when they are more than its limit.
    func overrun(of position: UInt16, at t: Timestamp) -> (count: UInt32, limit: UInt32)? {
        let entry = table[position]
        guard entry.pointee.mode == .enforce, isInside(entry),
            case .frequencyCap(let cap, let counting) = entry.pointee.body
        else { return nil }
        var most: UInt32 = 0
        for record in records {
            let tally = tally(cap, counting, unless: entry.pointee.unless, of: record, at: t, findsInstant: false)
            most = max(most, tally.most)
        }
        return most > cap.pointee.limit ? (most, cap.pointee.limit) : nil
    }
}

/// Of two reasons why time does not help, the one to tell: an act could help, so it is told first.
private func strongest(_ a: NextBasis?, _ b: NextBasis) -> NextBasis {
    guard let a else { return b }
    if a == .act || b == .act { return .act }
    return a == .never || b == .never ? .never : .horizon
}

extension Situation {
    /// The earliest instant from `start` on at which every rule is open.
    ///
    /// Each closed rule names its own next opening, and the candidate moves to the latest of them: no instant between is
    /// open for all, so none is skipped, and the first candidate that all agree on is the answer. Hours are followed for
    /// 400 days after the last jump that was not theirs.
    func solve(_ rules: UnsafeBufferPointer<UInt16>, from start: Timestamp) -> (Timestamp?, NextBasis) {
        var candidate = start
        var anchor = start
        // Bounds the search whatever the rules say; a real one takes a handful of steps.
        for _ in 0..<20_000 {
            var latest = candidate
            var isByDates = false
            var isOnlyHours = true
            var hopeless: NextBasis?
            for position in rules {
                guard case .closed(let closure) = state(of: table[position], at: candidate) else { continue }
                if closure.until == .distantFuture { hopeless = strongest(hopeless, closure.basis) }
                latest = max(latest, closure.until)
                switch table[position].pointee.body {
                case .contactHours(let hours): if hours.pointee.dependsOnDates { isByDates = true }
                case .quietTimes: break
                default: isOnlyHours = false
                }
            }
            if let hopeless { return (nil, hopeless) }
            if latest == candidate { return (candidate, .time) }
            candidate = latest
            if !isOnlyHours { anchor = candidate }
            if candidate - anchor > Self.hoursHorizon { return (nil, isByDates ? .horizon : .never) }
        }
        return (nil, .horizon)
    }

    /// When the first of `rules`, all open at `now`, closes by time alone; `limit` when none does before it.
    func firstClosing(of rules: UnsafeBufferPointer<UInt16>, after now: Timestamp, before limit: Timestamp) -> Timestamp
    {
        var at = now
        while true {
            var next = limit
            for position in rules { next = min(next, nextChange(of: table[position], after: at, before: limit)) }
            if next >= limit { return limit }
            for position in rules {
                if case .closed = state(of: table[position], at: next) { return next }
            }
            at = next
        }
    }
}

extension ContactRequest {
    /// The touch that reserving this request makes.
    public func touch(_ id: TouchID, at now: Timestamp, expiresAt: Timestamp) -> Touch {
        var touch = Touch(
            id: id, at: now, expiresAt: expiresAt, state: .reserved, channel: channel, purpose: purpose, caller: caller)
        touch.campaign = campaign
        touch.subject = subject
        touch.product = product
        touch.brand = brand
        touch.agency = agency
        touch.accounts = accounts
        touch.method = method
        touch.party = party
        touch.lineType = lineType
        touch.exemption = exemption
        touch.inReplyTo = inReplyTo
        touch.endpoint = endpoint.map { identifiers[$0].hash }
        touch.idempotency = idempotency
        touch.whereabouts = whereabouts == RequestWhereabouts() ? nil : whereabouts
        touch.role = role
        touch.registryAnswers = registryAnswers
        return touch
    }
}
