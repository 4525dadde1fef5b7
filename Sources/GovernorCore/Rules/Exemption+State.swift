extension Situation {
    /// The one confirmation of an opt-out is due within this of it. Source: 47 CFR 64.1200(a)(12).
    static let stopConfirmationWithin = Milliseconds.minutes(5)

    /// Whether any of the exemptions written on a rule holds at `t`.
    func isExempt(_ exemptions: [Exemption], at t: Timestamp) -> Bool {
        for exemption in exemptions where holds(exemption, at: t) { return true }
        return false
    }

    private func holds(_ exemption: Exemption, at t: Timestamp) -> Bool {
        switch exemption {
        case .purpose(let purpose): return request.purpose == purpose
        case .consent(let name, let within, let endsOn):
            return records.contains { hasConsent(name, within, endsOn, in: $0, at: t) }
        case .event(let name, let within):
            return records.contains { record in
                lastEvent(name, in: record, notAfter: t).map { earliestEnd(of: within, from: $0) > t } ?? false
            }
        case .holding(let which, let status):
            return records.contains { holds(which, status, in: $0, at: t) }
        case .appointment:
            return records.contains { record in
                record.facts.contains { fact in
                    if case .appointment(let from, let to) = fact.body {
                        return from <= t && t < to && isInside(fact.scope)
                    }
                    return false
                }
            }
        case .replyToInbound:
            guard let asked = request.inReplyTo else { return false }
            var isKnown = false
            for record in records {
                for touch in record.touches {
                    if touch.direction == .inbound, touch.factID == asked, touch.at <= t { isKnown = true }
                    if touch.isCountable, touch.id != excluded, touch.inReplyTo == asked { return false }
                }
            }
            return isKnown
        case .stopConfirmation:
            guard request.exemption == .stopConfirmation else { return false }
            var said: Timestamp?
            for record in records {
                if let last = lastOptOut(of: record, at: t) { said = max(said ?? last, last) }
            }
            guard let said, t < said + Self.stopConfirmationWithin else { return false }
            return !records.contains { record in
                record.touches.contains {
                    $0.isCountable && $0.id != excluded && $0.exemption == .stopConfirmation && $0.at >= said
                }
            }
        }
    }

    /// A consent in force at `t`: its own time has come, its span is not over, nothing has ended it.
    private func hasConsent(
        _ name: ConsentName, _ within: Wait?, _ endsOn: [EventName], in record: PersonRecord, at t: Timestamp
    ) -> Bool {
        record.facts.contains { consent in
            guard case .consent(name, _, let until) = consent.body, consent.at <= t, isInside(consent.scope) else {
                return false
            }
            if let until, until <= t { return false }
            if let within, earliestEnd(of: within, from: consent.at) <= t { return false }
            for fact in record.facts where fact.at >= consent.at && fact.bindsFrom <= t {
                switch fact.body {
                case .withdrawal(let withdrawn):
                    if (withdrawn.isNone || withdrawn == name) && admits(fact.scope) { return false }
                case .optOut: if isOptOut(fact, coveringRequestAt: t) { return false }
                case .event(let event, _): if endsOn.contains(event) && admits(fact.scope) { return false }
                case .optIn, .consent, .holding, .appointment, .quietTime: break
                }
            }
            return endsOn.isEmpty
                || !record.touches.contains {
                    !$0.outcome.isNone && endsOn.contains($0.outcome) && $0.outcomeAt >= consent.at
                        && $0.outcomeAt <= t
                }
        }
    }

    /// Whether a touch at `at` was made under a consent that exempts it: such touches stay uncounted.
    func wasExempt(_ at: Timestamp, _ exemptions: [Exemption], _ record: PersonRecord) -> Bool {
        for exemption in exemptions {
            if case .consent(let name, let within, let endsOn) = exemption,
                hasConsent(name, within, endsOn, in: record, at: at)
            {
                return true
            }
        }
        return false
    }

    /// The earliest instant after `t` at which one of the exemptions holds by time alone: an agreed appointment, a
    /// permission stamped a little ahead, a holding dated ahead.
    func nextExemption(_ exemptions: [Exemption], after t: Timestamp) -> Timestamp {
        if exemptions.isEmpty { return .distantFuture }
        var at = t
        while true {
            let next = nextFactInstant(after: at)
            if next == .distantFuture { return next }
            if isExempt(exemptions, at: next) { return next }
            at = next
        }
    }

    /// The next instant after `t` that any fact names.
    func nextFactInstant(after t: Timestamp) -> Timestamp {
        var next = Timestamp.distantFuture
        func candidate(_ instant: Timestamp?) {
            if let instant, instant > t, instant < next { next = instant }
        }
        for record in records {
            for fact in record.facts {
                candidate(fact.at)
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
        }
        return next
    }

    /// The next instant after `t` at which an exemption that holds may end.
    func nextEndOfExemption(_ exemptions: [Exemption], after t: Timestamp) -> Timestamp {
        if exemptions.isEmpty { return .distantFuture }
        var next = nextFactInstant(after: t)
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
                    if let said = lastOptOut(of: record, at: t) { candidate(said + Self.stopConfirmationWithin) }
                }
            case .consent, .holding, .appointment, .replyToInbound, .purpose: break
            }
        }
        return next
    }
}
