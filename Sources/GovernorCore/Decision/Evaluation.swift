/// What `evaluate` found: the answer, and the touch that an allowed reservation adds to every record concerned.
public struct Evaluation: Sendable {
    public var decision: Decision
    /// The touch to write on every record, when the request was allowed and asked for a reservation.
    public var touch: Touch?
}

/// Stop 5 of 6: pure: judges a plan over the records it concerns, at one instant.
///
/// Every rule that applies is evaluated and any failing one denies. The reasons come most restrictive first: those that
/// time does not lift, then by falling `until`, then in the order of the policies. `excluding` leaves one touch out of
/// account, for its own confirmation. `touchID` names the touch of an allowed reservation.
/// - Parameter at: the later of the clock and the newest decision on the records, or the request's own instant.
public func evaluate(
    _ plan: Plan, _ records: [PersonRecord], at now: Timestamp, touchID: TouchID, excluding: TouchID? = nil
) -> Evaluation {
    let situation = Situation(plan: plan, records: records, excluding: excluding)
    let rules = plan.policies.rules
    var reasons: [Reason] = []
    var shadow: [Reason] = []
    var remaining: [Remaining] = []
    var obligations: [UInt16] = []
    var enforced = ContiguousArray<UInt16>()
    enforced.reserveCapacity(plan.rules.count)
    var closedUntil = Timestamp.distantPast
    var isHopeless: NextBasis?

    for position in plan.rules {
        let i = Int(position)
        guard situation.isInside(rules[i].scope) else { continue }
        let state = situation.state(of: rules[i], at: now)
        let isEnforced = rules[i].mode == .enforce
        if isEnforced { enforced.append(position) }
        if case .closed(let closure) = state {
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
        guard isEnforced else { continue }
        if case .frequencyCap(let cap) = rules[i].body {
            if let dates = rules[i].effective, !situation.isInForce(dates, at: now) { continue }
            var left = cap.limit
            for record in situation.records { left = min(left, situation.left(cap, unless: rules[i].unless, of: record, at: now)) }
            remaining.append(Remaining(rule: position, left: left))
        }
        if !rules[i].obligations.isEmpty { obligations.append(position) }
    }
    // A confirmation moves a touch that is there already.
    let adds = plan.request.reserve && excluding == nil
    for record in records where adds && record.touches.count >= PersonRecord.touchesMax {
        reasons.append(Reason(rule: nil, code: .recordFull, count: UInt32(record.touches.count)))
        isHopeless = strongest(isHopeless, .act)
    }

    if reasons.isEmpty {
        var decision = Decision(
            verdict: .allow, reasons: [], shadow: shadow, nextAllowedAt: now, nextBasis: .time, remaining: remaining,
            obligations: obligations, reservation: nil, evaluatedAt: now)
        guard plan.request.reserve else { return Evaluation(decision: decision, touch: nil) }
        for i in decision.remaining.indices {
            // This touch itself may be one that the cap does not count.
            let rule = rules[Int(decision.remaining[i].rule)]
            if case .frequencyCap(let cap) = rule.body, situation.countsOwn(cap, rule.unless, at: now) {
                decision.remaining[i].left -= min(1, decision.remaining[i].left)
            }
        }
        let expiresAt = situation.firstClosing(of: enforced, after: now, before: now + plan.request.holdFor)
        return Evaluation(decision: decision, touch: plan.request.touch(touchID, at: now, expiresAt: expiresAt))
    }

    reasons.sort { a, b in
        let (x, y) = (a.until ?? .distantFuture, b.until ?? .distantFuture)
        return x != y ? x > y : (a.rule ?? 0) < (b.rule ?? 0)
    }
    var decision = Decision(
        verdict: .deny, reasons: reasons, shadow: shadow, nextAllowedAt: nil, nextBasis: .act, remaining: remaining,
        obligations: [], reservation: nil, evaluatedAt: now)
    if let isHopeless {
        decision.nextBasis = isHopeless
    } else {
        (decision.nextAllowedAt, decision.nextBasis) = situation.solve(enforced, from: closedUntil)
    }
    return Evaluation(decision: decision, touch: nil)
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
    func solve(_ rules: ContiguousArray<UInt16>, from start: Timestamp) -> (Timestamp?, NextBasis) {
        let all = plan.policies.rules
        var candidate = start
        var anchor = start
        // Bounds the search whatever the rules say; a real one takes a handful of steps.
        for _ in 0..<20_000 {
            var latest = candidate
            var isByDates = false
            var isOnlyHours = true
            var hopeless: NextBasis?
            for position in rules {
                guard case .closed(let closure) = state(of: all[Int(position)], at: candidate) else { continue }
                if closure.until == .distantFuture { hopeless = strongest(hopeless, closure.basis) }
                latest = max(latest, closure.until)
                switch all[Int(position)].body {
                case .contactHours(let hours): if hours.dependsOnDates { isByDates = true }
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
    func firstClosing(of rules: ContiguousArray<UInt16>, after now: Timestamp, before limit: Timestamp) -> Timestamp {
        let all = plan.policies.rules
        var at = now
        while true {
            var next = limit
            for position in rules { next = min(next, nextChange(of: all[Int(position)], after: at)) }
            if next >= limit { return limit }
            for position in rules {
                if case .closed = state(of: all[Int(position)], at: next) { return next }
            }
            at = next
        }
    }

    /// Whether the touch that this request would make counts in `cap`.
    func countsOwn(_ cap: FrequencyCap, _ unless: [Exemption], at now: Timestamp) -> Bool {
        let own = request.touch(TouchID(bits: 0), at: now, expiresAt: now + request.holdFor)
        return names(of: own, pass: cap.count)
            && records.contains { counts($0, for: cap.per.unit) && !wasExempt(own, unless, $0) }
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
        return touch
    }
}
