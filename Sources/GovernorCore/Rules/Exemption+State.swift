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

    private func holds(_ exemption: Exemption, for record: RecordView, at t: Timestamp) -> Bool {
        switch exemption {
        case .purpose(let purpose): return own.purpose == purpose
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
            guard plan.request.exemption == .stopConfirmation, let said = lastOptOut(of: record, at: t)?.bindsFrom,
                t < said + Self.stopConfirmationWithin
            else { return false }
            return !record.touches.contains {
                $0.isCountable && $0.id != excluded && $0.exemption == .stopConfirmation && $0.at >= said
            }
        }
    }

    /// Whether the request answers an inbound touch on any of the records that nobody has answered yet.
    private func isFirstReply(at t: Timestamp) -> Bool {
        guard let asked = plan.request.inReplyTo else { return false }
        var isKnown = false
        var isMissing = false
        for record in records {
            var isHere = false
            for touch in record.touches {
                // Of an older one the reply may have left the record already.
                if touch.direction == .inbound, touch.factID == asked, touch.at <= t, touch.at >= record.historyFrom {
                    isHere = true
                }
                if touch.isCountable, touch.id != excluded, touch.inReplyTo == asked { return false }
            }
            isKnown = isKnown || isHere
            isMissing = isMissing || (!isHere && isPart(record))
        }
        return isKnown && !isMissing
    }

    /// Whether the record is one of several views of a person by merges: then each must permit by itself.
    private func isPart(_ record: RecordView) -> Bool {
        if record.record.pointee.merges.isEmpty { return false }
        return record.isMerged
            || records.contains {
                $0.record != record.record && $0.record.pointee.id == record.record.pointee.id
            }
    }

    /// A consent in force at `t`: its own time has come, its span is not over, nothing has ended it.
    private func hasConsent(
        _ name: ConsentName, _ within: Wait?, _ endsOn: [EventName], for topic: Topic, in record: RecordView,
        at t: Timestamp
    ) -> Bool {
        record.facts.contains { consent in
            guard case .consent(name, _, let until) = consent.body, consent.at <= t, topic.isInside(consent.scope)
            else {
                return false
            }
            if let until, until <= t { return false }
            if let within, earliestEnd(of: within, from: consent.at) <= t { return false }
            if isEnded(name, since: consent.at, for: topic, in: record, at: t) { return false }
            if endsOn.isEmpty { return true }
            // What has ended it may have left the record.
            if record.historyFrom != .distantPast, consent.at < record.record.pointee.completeFrom(NameSet(endsOn)) {
                return false
            }
            for fact in record.facts where fact.at >= consent.at && fact.bindsFrom <= t {
                guard case .event(let event, _) = fact.body else { continue }
                if endsOn.contains(event) && topic.isTouched(by: fact.scope) { return false }
            }
            for i in record.touches.indices {
                let touch = record.touches.baseAddress! + i
                if !touch.pointee.outcome.isNone && endsOn.contains(touch.pointee.outcome)
                    && touch.pointee.outcomeAt >= consent.at && isKnown(touch, at: t)
                {
                    return false
                }
            }
            return true
        }
    }

    /// Whether a touch was made under a consent that exempts it: such touches stay uncounted.
    func wasExempt(
        _ touch: UnsafePointer<Touch>, _ counting: RuleTable.Counting, _ exemptions: UnsafePointer<[Exemption]>?,
        _ record: RecordView
    ) -> Bool {
        guard counting.exempts, let exemptions, record.kinds.contains(.consent) else { return false }
        let family = plan.policies.families[touch.pointee.product] ?? .none
        for exemption in exemptions.pointee {
            if case .consent(let name, let within, let endsOn) = exemption {
                // A conversation that ends the consent was itself still made under it.
                let topic = Topic(touch.pointee, family: family)
                if hasConsent(name, within, endsOn, for: topic, in: record, at: touch.pointee.at) { return true }
            }
        }
        return false
    }

    /// Whether the outcome of a touch binds at `t`: from its time, or from its arrival when it was stamped ahead. What is
    /// on record has arrived by the plan's own instant.
    func isKnown(_ touch: UnsafePointer<Touch>, at t: Timestamp) -> Bool {
        touch.pointee.outcomeAt <= t || (!plan.isHypothetical && t >= plan.now)
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

    func firstFactInstant(of record: RecordView, after t: Timestamp, where isTrue: (Timestamp) -> Bool) -> Timestamp {
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

    func nextFactInstant(of record: RecordView, after t: Timestamp) -> Timestamp {
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
    func nextTouchInstant(of record: RecordView, after t: Timestamp) -> Timestamp {
        if record.lastTouchInstant <= t { return .distantFuture }
        var next = Timestamp.distantFuture
        func candidate(_ instant: Timestamp) { if instant > t && instant < next { next = instant } }
        for i in record.touches.indices {
            let touch = record.touches.baseAddress! + i
            candidate(touch.pointee.at)
            candidate(touch.pointee.recordedAt)
            candidate(touch.pointee.outcomeAt)
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
