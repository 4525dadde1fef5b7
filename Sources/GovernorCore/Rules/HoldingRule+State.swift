extension Situation {
    /// Closed while a holding that the rule names is in one of its states, or was until recently.
    ///
    /// The state of a holding changes at its dates, so the next open instant is found by stepping through them.
    func state(_ holding: UnsafePointer<HoldingRule>, of record: RecordView, at t: Timestamp) -> RuleState {
        let rule = holding.pointee
        guard isHeld(rule, in: record, at: t) else { return .open }
        var at = t
        while let next = nextHoldingInstant(rule, in: record, after: at) {
            if !isHeld(rule, in: record, at: next) { return .closed(Closure(.alreadyHolds, until: next)) }
            at = next
        }
        return .closed(Closure(.alreadyHolds, until: .distantFuture))
    }

    private func isHeld(_ rule: HoldingRule, in record: RecordView, at t: Timestamp) -> Bool {
        for (i, fact) in record.facts.enumerated() {
            guard case .holding(let holding) = fact.body, concerns(holding, rule.holds),
                rules(i, holding, in: record, at: t)
            else { continue }
            let (status, since) = holding.status(at: t, recordedAt: fact.at)
            if rule.status.contains(status), !isPast(rule.forFirst, since: since, at: t),
                !isInRenewal(rule.renewalWindow, of: holding, status, at: t)
            {
                return true
            }
            // A status lingers from its own date (cancelled), and after the holding has left it.
            for (lingering, wait) in rule.andFor {
                if lingering == status, end(of: wait, from: since, seenAt: t) > t { return true }
                if let left = holding.left(lingering, at: t, recordedAt: fact.at),
                    end(of: wait, from: left, seenAt: t) > t
                {
                    return true
                }
            }
        }
        return false
    }

    private func isPast(_ first: Wait?, since: Timestamp, at t: Timestamp) -> Bool {
        guard let first else { return false }
        return end(of: first, from: since, seenAt: t) <= t
    }

    /// Whether an active holding is so near its end that it may be spoken of again.
    private func isInRenewal(
        _ window: ISODuration?, of holding: Holding, _ status: HoldingStatus, at t: Timestamp
    ) -> Bool {
        guard let window, status == .active, holding.status == .active, let to = holding.to else { return false }
        return t >= startOfRenewal(window, before: to)
    }

    /// The instant from which a holding that ends at `to` is in its renewal window in every zone.
    private func startOfRenewal(_ window: ISODuration, before to: Timestamp) -> Timestamp {
        if let length = window.elapsed { return to - length }
        var start = Timestamp.distantPast
        for zone in zones { start = max(start, zone.adding(window.negated, to: to)) }
        return start
    }

    /// Whether the fact at `position` is the latest record of its product that is not after `t`.
    private func rules(_ position: Int, _ holding: Holding, in record: RecordView, at t: Timestamp) -> Bool {
        if record.facts[position].at > t { return false }
        for later in record.facts[(position + 1)...] where later.at <= t {
            if case .holding(let other) = later.body, other.product == holding.product { return false }
        }
        return true
    }

    /// Whether some holding is in one of these states at `t`.
    func holds(_ which: Holds, _ status: [HoldingStatus], in record: RecordView, at t: Timestamp) -> Bool {
        for (i, fact) in record.facts.enumerated() {
            guard case .holding(let holding) = fact.body, concerns(holding, which),
                rules(i, holding, in: record, at: t)
            else { continue }
            if status.contains(holding.status(at: t, recordedAt: fact.at).0) { return true }
        }
        return false
    }

    private func concerns(_ holding: Holding, _ which: Holds) -> Bool {
        let family = holding.family.isNone ? plan.policies.families[holding.product] ?? .none : holding.family
        return switch which {
        case .any: true
        case .sameProduct: same(holding.product, own.product)
        case .sameFamily: same(holding.product, own.product) || same(family, own.family)
        case .products(let products): products.contains(holding.product)
        case .families(let families): families.contains(family)
        }
    }

    /// The next instant after `t` at which the state of some holding may change.
    private func nextHoldingInstant(_ rule: HoldingRule, in record: RecordView, after t: Timestamp) -> Timestamp? {
        var next = Timestamp.distantFuture
        func candidate(_ instant: Timestamp?) {
            guard let instant else { return }
            if instant > t && instant < next { next = instant }
        }
        for fact in record.facts {
            guard case .holding(let holding) = fact.body else { continue }
            for boundary in [fact.at, holding.from, holding.to, holding.graceUntil] {
                guard let boundary else { continue }
                candidate(boundary)
                for wait in rule.andFor.values { candidate(end(of: wait, from: boundary, seenAt: t)) }
                if let first = rule.forFirst { candidate(end(of: first, from: boundary, seenAt: t)) }
            }
            if let window = rule.renewalWindow, let to = holding.to { candidate(startOfRenewal(window, before: to)) }
        }
        return next == .distantFuture ? nil : next
    }

    /// The next instant after `t` at which a holding rule that is open may close.
    func nextHoldingBoundary(in record: RecordView, after t: Timestamp) -> Timestamp {
        var next = Timestamp.distantFuture
        for fact in record.facts {
            guard case .holding(let holding) = fact.body else { continue }
            for boundary in [fact.at, holding.from, holding.to, holding.graceUntil] {
                if let boundary, boundary > t && boundary < next { next = boundary }
            }
        }
        return next
    }
}

extension HoldingStatus {
    /// The person has it, is about to, or still enjoys its grace.
    var isCurrent: Bool {
        switch self {
        case .active, .grace, .pending, .quote: true
        case .lapsed, .cancelled: false
        }
    }
}

extension Holding {
    /// The status at `t` and since when, read from its dates: past `to` in grace until `graceUntil`, then lapsed; a
    /// cancellation or lapse dated ahead leaves it active until then.
    func status(at t: Timestamp, recordedAt: Timestamp) -> (HoldingStatus, since: Timestamp) {
        switch status {
        case .active, .grace:
            if let from, t < from, status == .active { return (.pending, recordedAt) }
            guard let to else { return (status, from ?? recordedAt) }
            if t < to { return (status, from ?? recordedAt) }
            if let graceUntil, t < graceUntil { return (.grace, to) }
            return (.lapsed, graceUntil.map { max($0, to) } ?? to)
        case .cancelled, .lapsed:
            if let to, t < to { return (.active, from ?? recordedAt) }
            return (status, to ?? recordedAt)
        case .pending, .quote:
            guard let to, t >= to else { return (status, from ?? recordedAt) }
            return (.lapsed, to)
        }
    }

    /// When it left a status that the person has something in; `nil` while it has not.
    ///
    /// Where its dates do not show that it ever was in that status, when it ended.
    func left(_ left: HoldingStatus, at t: Timestamp, recordedAt: Timestamp) -> Timestamp? {
        guard left.isCurrent else { return nil }
        if status == .active {
            if left == .active { return to.flatMap { $0 <= t ? $0 : nil } }
            if left == .pending, let from, from > recordedAt { return from <= t ? from : nil }
        }
        let (now, since) = status(at: t, recordedAt: recordedAt)
        return now.isCurrent ? nil : since
    }
}
