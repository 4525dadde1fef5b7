extension Situation {
    /// The one confirmation of an opt-out is due within this of it. Source: 47 CFR 64.1200(a)(12).
    static let stopConfirmationWithin = Milliseconds.minutes(5)

    /// Whether any of the exemptions written on a rule holds at `t` for one record, or for every person (`nil`).
    func isExempt(_ exemptions: [Exemption], of record: Int?, at t: Timestamp) -> Bool {
        if let record { return exemptions.contains { holds($0, for: records[record], at: t) } }
        for record in records where counts(record, for: .person) {
            if !exemptions.contains(where: { holds($0, for: record, at: t) }) { return false }
        }
        return true
    }

    private func holds(_ exemption: Exemption, for record: PersonRecord, at t: Timestamp) -> Bool {
        switch exemption {
        case .purpose(let purpose): return request.purpose == purpose
        case .consent(let name, let within, let endsOn):
            return hasConsent(name, within, endsOn, for: own, in: record, at: t)
        case .event(let name, let within):
            return lastEvent(name, in: record, notAfter: t).map { earliestEnd(of: within, from: $0) > t } ?? false
        case .holding(let which, let status):
            return holds(which, status, in: record, at: t)
        case .appointment:
            return record.facts.contains { fact in
                if case .appointment(let from, let to) = fact.body {
                    return from <= t && t < to && own.isInside(fact.scope)
                }
                return false
            }
        case .replyToInbound: return isFirstReply(at: t)
        case .stopConfirmation:
            guard request.exemption == .stopConfirmation, let said = lastOptOut(of: record, at: t)?.bindsFrom,
                t < said + Self.stopConfirmationWithin
            else { return false }
            return !record.touches.contains {
                $0.isCountable && $0.id != excluded && $0.exemption == .stopConfirmation && $0.at >= said
            }
        }
    }

    /// Whether the request answers an inbound touch on any of the records that nobody has answered yet.
    private func isFirstReply(at t: Timestamp) -> Bool {
        guard let asked = request.inReplyTo else { return false }
        var isKnown = false
        for record in records {
            for touch in record.touches {
                if touch.direction == .inbound, touch.factID == asked, touch.at <= t { isKnown = true }
                if touch.isCountable, touch.id != excluded, touch.inReplyTo == asked { return false }
            }
        }
        return isKnown
    }

    /// A consent in force at `t`: its own time has come, its span is not over, nothing has ended it.
    private func hasConsent(
        _ name: ConsentName, _ within: Wait?, _ endsOn: [EventName], for topic: Topic, in record: PersonRecord,
        at t: Timestamp
    ) -> Bool {
        record.facts.contains { consent in
            guard case .consent(name, _, let until) = consent.body, consent.at <= t, topic.isInside(consent.scope) else {
                return false
            }
            if let until, until <= t { return false }
            if let within, earliestEnd(of: within, from: consent.at) <= t { return false }
            if isEnded(name, since: consent.at, for: topic, in: record, at: t) { return false }
            if endsOn.isEmpty { return true }
            for fact in record.facts where fact.at >= consent.at && fact.bindsFrom <= t {
                guard case .event(let event, _) = fact.body else { continue }
                if endsOn.contains(event) && topic.isTouched(by: fact.scope) { return false }
            }
            return !record.touches.contains {
                !$0.outcome.isNone && endsOn.contains($0.outcome) && $0.outcomeAt >= consent.at && isKnown($0, at: t)
            }
        }
    }

    /// Whether a touch was made under a consent that exempts it: such touches stay uncounted.
    func wasExempt(_ touch: Touch, _ exemptions: [Exemption], _ record: PersonRecord) -> Bool {
        for exemption in exemptions {
            if case .consent(let name, let within, let endsOn) = exemption {
                let topic = Topic(touch, family: plan.policies.families[touch.product] ?? .none)
                // A conversation that ends the consent was itself still made under it.
                if hasConsent(name, within, endsOn, for: topic, in: record, at: touch.at) { return true }
            }
        }
        return false
    }

    /// Whether the outcome of a touch binds at `t`: from its time, or from its arrival when it was stamped ahead. What is
    /// on record has arrived by the plan's own instant.
    func isKnown(_ touch: borrowing Touch, at t: Timestamp) -> Bool {
        touch.outcomeAt <= t || (!plan.isHypothetical && t >= plan.now)
    }

    /// The first instant after `t` that a fact or touch names and at which `isTrue`; `distantFuture` when none is.
    ///
    /// For what becomes true by an appointment, a permission stamped a little ahead, or a holding's dates, and only so.
    func firstFactInstant(of record: Int?, after t: Timestamp, where isTrue: (Timestamp) -> Bool) -> Timestamp {
        var at = t
        while true {
            at = nextFactInstant(of: record, after: at)
            if at == .distantFuture || isTrue(at) { return at }
        }
    }

    func firstFactInstant(of record: PersonRecord, after t: Timestamp, where isTrue: (Timestamp) -> Bool) -> Timestamp {
        var at = t
        while true {
            at = nextFactInstant(of: record, after: at)
            if at == .distantFuture || isTrue(at) { return at }
        }
    }

    /// The next instant after `t` that a fact or touch of a record, or of any (`nil`), names.
    func nextFactInstant(of record: Int?, after t: Timestamp) -> Timestamp {
        if let record { return nextFactInstant(of: records[record], after: t) }
        var next = Timestamp.distantFuture
        for record in records { next = min(next, nextFactInstant(of: record, after: t)) }
        return next
    }

    private func nextFactInstant(of record: PersonRecord, after t: Timestamp) -> Timestamp {
        var next = nextTouchInstant(of: record, after: t)
        func candidate(_ instant: Timestamp?) {
            if let instant, instant > t, instant < next { next = instant }
        }
        for fact in record.facts {
            candidate(fact.at)
            candidate(fact.bindsFrom)
            switch fact.body {
            case .appointment(let from, let to):
                candidate(from)
                candidate(to)
            case .holding(let holding):
                candidate(holding.from)
                candidate(holding.to)
                candidate(holding.graceUntil)
            case .consent(_, _, let until): candidate(until)
            case .quietTime(_, let until): candidate(until)
            case .optOut, .optIn, .withdrawal, .event: break
            }
        }
        return next
    }

    /// The next instant after `t` at which a touch begins to count or its outcome happens.
    func nextTouchInstant(of record: PersonRecord, after t: Timestamp) -> Timestamp {
        var next = Timestamp.distantFuture
        for touch in record.touches {
            if touch.countsFrom > t { next = min(next, touch.countsFrom) }
            if touch.at > t { next = min(next, touch.at) }
            if touch.outcomeAt > t { next = min(next, touch.outcomeAt) }
        }
        return next
    }

    /// The next instant after `t` at which an exemption that holds may end.
    func nextEndOfExemption(_ exemptions: [Exemption], after t: Timestamp) -> Timestamp {
        var next = nextFactInstant(of: nil, after: t)
        func candidate(_ instant: Timestamp) { if instant > t && instant < next { next = instant } }
        for exemption in exemptions {
            switch exemption {
            case .consent(let name, let within?, _):
                for record in records {
                    for fact in record.facts {
                        if case .consent(name, _, _) = fact.body { candidate(earliestEnd(of: within, from: fact.at)) }
                    }
                }
            case .event(let name, let within):
                for record in records {
                    if let last = lastEvent(name, in: record, notAfter: t) {
                        candidate(earliestEnd(of: within, from: last))
                    }
                }
            case .stopConfirmation:
                for record in records {
                    if let said = lastOptOut(of: record, at: t) {
                        candidate(said.bindsFrom + Self.stopConfirmationWithin)
                    }
                }
            case .consent, .holding, .appointment, .replyToInbound, .purpose: break
            }
        }
        return next
    }
}

extension Touch {
    /// A restricting fact binds from the earlier of its stamp and its arrival.
    var countsFrom: Timestamp { min(at, recordedAt) }
}
