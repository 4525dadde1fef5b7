/// What confirming a reservation came to.
public struct Confirmation: Sendable {
    public var decision: Decision
    /// The touch as it stands now, to be written on every record that carries it; `nil` when nothing changed.
    public var touch: Touch?
    /// A fresh touch, after the old one had expired.
    public var isFresh = false
}

/// A cap that a late report shows passed.
public struct Overrun: Hashable, Sendable {
    /// Position in the policy set.
    public var rule: UInt16
    public var count: UInt32
    public var limit: UInt32
}

extension PolicySet {
    /// Judges a reservation again just before the contact is made: everything but its own touch.
    ///
    /// Allowed: the touch counts from `now`. Denied by something that was said or learnt since (an opt-out, a withdrawn
    /// consent, a holding, a block): the reservation is revoked and its budget free. Denied by time (hours closed): it
    /// stays as it is. After its expiry: a fresh decision, in which the expired touch counts as its caps say.
    public func confirm(
        _ touch: Touch, on records: [PersonRecord], counters: [CounterRecord] = [], zones: ZoneAtlas, at now: Timestamp,
        freshID: TouchID
    ) -> Confirmation {
        var touch = touch
        switch touch.state {
        case .released, .revoked, .reported, .external:
            return Confirmation(decision: .gone(at: now), touch: nil)
        case .confirmed, .reserved: break
        }
        var request = ContactRequest(touch, on: records)
        if touch.state == .confirmed {
            // Asked again, it stands, unless something was said since that forbids it.
            request.reserve = false
            let plan = plan(for: request, zones: zones, at: now)
            let decision = evaluate(
                plan, records, counters: counters, at: now, touchID: freshID, excluding: touch.id
            ).decision
            return Confirmation(decision: decision.isForbidden ? decision : .standing(at: now), touch: nil)
        }
        request.reserve = true
        let isExpired = touch.isExpired(at: now)
        let plan = plan(for: request, zones: zones, at: now)
        let evaluation = evaluate(
            plan, records, counters: counters, at: now, touchID: freshID, excluding: isExpired ? nil : touch.id)
        if var fresh = evaluation.touch {
            if isExpired {
                fresh.confirm(at: now)
                fresh.peers = touch.peers
                // The key stays with the first touch: a retry of that request finds what became of it.
                fresh.idempotency = nil
                return Confirmation(decision: evaluation.decision, touch: fresh, isFresh: true)
            }
            touch.confirm(at: now)
            return Confirmation(decision: evaluation.decision, touch: touch)
        }
        if evaluation.decision.isForbidden && !isExpired {
            touch.state = .revoked
            return Confirmation(decision: evaluation.decision, touch: touch)
        }
        return Confirmation(decision: evaluation.decision, touch: nil)
    }

    /// The caps that are passed on the records at `now` as `touch` sees them: what a late report may bring to light.
    public func overruns(of touch: Touch, on records: [PersonRecord], zones: ZoneAtlas, at now: Timestamp) -> [Overrun]
    {
        guard hasCaps, touch.isCountable else { return [] }
        let plan = plan(for: ContactRequest(touch, on: records), zones: zones, at: now)
        let overruns = Situation.with(plan, records) { situation in
            situation.rules.compactMap { position in
                situation.overrun(of: position, at: now).map {
                    Overrun(rule: position, count: $0.count, limit: $0.limit)
                }
            }
        }
        return overruns
    }

    /// The counters of guards that a request may be about by its names: to be loaded.
    public func counters(for request: ContactRequest) -> [CounterKey] {
        if !index.table.hasGuards { return [] }
        return counters(for: request, families[request.product] ?? .none)
    }

    /// Those of them in whose places the person may be: in which her contact counts.
    public func counters(
        for request: ContactRequest, on records: [PersonRecord], zones: ZoneAtlas, at now: Timestamp
    ) -> [CounterKey] {
        if !index.table.hasGuards { return [] }
        return Situation.with(plan(for: request, zones: zones, at: now), records) { $0.countersInside() }
    }

    /// Whether anything is counted at all.
    public var hasGuards: Bool { index.table.hasGuards }

    /// The open reservations on `record` that are now denied for one of `codes`, as they are to be written.
    public func revokedReservations(
        on record: PersonRecord, because codes: Set<ReasonCode>, zones: ZoneAtlas, at now: Timestamp
    ) -> [Touch] {
        if codes.isEmpty { return [] }
        return record.touches.compactMap { touch in
            guard touch.state == .reserved, touch.isOpen(at: now) else { return nil }
            let plan = plan(for: ContactRequest(touch, on: [record]), zones: zones, at: now)
            let evaluation = evaluate(plan, [record], at: now, touchID: touch.id, excluding: touch.id)
            guard evaluation.decision.reasons.contains(where: { codes.contains($0.code) }) else { return nil }
            var revoked = touch
            revoked.state = .revoked
            return revoked
        }
    }
}

extension FactBody {
    /// The reasons for which a fact of this kind takes open reservations back as soon as it is told; any other denial shows
    /// itself at their confirmation.
    public var revokes: Set<ReasonCode> {
        switch self {
        case .optOut: [.optedOut]
        // An event may void a consent.
        case .withdrawal, .event: [.consentMissing]
        case .holding: [.alreadyHolds]
        case .optIn, .consent, .appointment, .quietTime: []
        }
    }
}

extension Decision {
    /// Whether something that was said or learnt forbids it, and not the time or a count.
    fileprivate var isForbidden: Bool {
        reasons.contains { reason in
            switch reason.code {
            case .optedOut, .consentMissing, .alreadyHolds, .blocked, .registryListed: true
            default: false
            }
        }
    }

    /// The reservation is released, revoked, expired or already reported.
    public static func gone(at now: Timestamp) -> Decision {
        Decision(
            verdict: .deny, reasons: [Reason(rule: nil, code: .reservationGone)], shadow: [], nextAllowedAt: nil,
            nextBasis: .act, remaining: [], obligations: [], reservation: nil, evaluatedAt: now)
    }

    /// An allow that no rule was asked about: one given before that still stands, or a policy's choice for a failed store.
    public static func standing(at now: Timestamp) -> Decision {
        Decision(
            verdict: .allow, reasons: [], shadow: [], nextAllowedAt: now, nextBasis: .time, remaining: [],
            obligations: [], reservation: nil, evaluatedAt: now)
    }
}
