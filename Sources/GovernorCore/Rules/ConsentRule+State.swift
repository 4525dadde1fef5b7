extension Situation {
    /// Open while some consent, or a relationship in its place, is valid.
    ///
    /// A shared identifier's record gives no permission for anybody, and needs none beside a person's.
    func state(_ consent: UnsafePointer<ConsentRule>, of record: RecordView, at t: Timestamp) -> RuleState {
        guard counts(record, for: .person) else { return .open }
        let rule = consent.pointee
        if isPermitted(rule, by: record, at: t) { return .open }
        let until = firstFactInstant(of: record, after: t) { isPermitted(rule, by: record, at: $0) }
        return .closed(Closure(.consentMissing, until: until))
    }

    private func isPermitted(_ rule: ConsentRule, by record: RecordView, at t: Timestamp) -> Bool {
        record.facts.contains { isGiven($0, rule.require, in: record, at: t) }
            || rule.or.contains { isRelated($0, in: record, at: t) }
    }

    /// Whether `fact` is a consent on these terms that is in force at `t` for this request.
    func isGiven(_ fact: Fact, _ terms: ConsentTerms, in record: RecordView, at t: Timestamp) -> Bool {
        guard case .consent(let name, let endpoints, let end) = fact.body, fact.at <= t,
            terms.names.isAny || terms.names.contains(name), own.isInside(fact.scope),
            fact.hasEvidence || !terms.needsEvidence
        else { return false }
        if terms.isBoundToEndpoint {
            guard let endpoint = own.endpoint, endpoints.contains(endpoint) else { return false }
        }
        if let end, end <= t { return false }
        if let validFor = terms.validFor, earliestEnd(of: validFor, from: fact.at) <= t { return false }
        return !isEnded(name, since: fact.at, for: own, in: record, at: t)
            && !isVoid(terms.voidOn, since: fact.at, in: record, at: t)
    }

    /// Whether a withdrawal or an opt-out that covers `topic` has ended a consent given at `start`; a tie ends it.
    func isEnded(
        _ name: ConsentName, since start: Timestamp, for topic: Topic, in record: RecordView, at t: Timestamp
    ) -> Bool {
        record.facts.contains { fact in
            guard fact.at >= start, fact.bindsFrom <= t else { return false }
            switch fact.body {
            case .withdrawal(let withdrawn):
                return (withdrawn.isNone || withdrawn == name) && topic.isTouched(by: fact.scope)
            case .optOut: return isOptOut(fact, covering: topic, at: t)
            case .event, .optIn, .consent, .holding, .appointment, .quietTime: return false
            }
        }
    }

    /// Whether an event or outcome that voids a consent given at `start` has come since, about the request's endpoint.
    private func isVoid(
        _ voidOn: NameSet<EventKind>, since start: Timestamp, in record: RecordView, at t: Timestamp
    ) -> Bool {
        if voidOn.isAny { return false }
        // What has voided it may have left the record.
        if record.historyFrom != .distantPast, start < record.record.pointee.completeFrom(voidOn) { return true }
        for fact in record.facts where fact.at >= start && fact.bindsFrom <= t {
            if case .event(let name, let endpoints) = fact.body, voidOn.contains(name), own.isConcerned(by: endpoints) {
                return true
            }
        }
        for i in record.touches.indices {
            let touch = record.touches.baseAddress! + i
            if voidOn.contains(touch.pointee.outcome), touch.pointee.outcomeAt >= start, isKnown(touch, at: t),
                touch.pointee.endpoint == nil || own.endpoint == nil || touch.pointee.endpoint == own.endpoint
            {
                return true
            }
        }
        return false
    }

    /// Whether a relationship holds at `t` that no covering opt-out has ended.
    func isRelated(_ relationship: Relationship, in record: RecordView, at t: Timestamp) -> Bool {
        let ended = lastOptOut(of: record, at: t)?.at
        switch relationship {
        case .event(let name, let within):
            return lastEvent(name, in: record, notAfter: t, after: ended ?? .distantPast).map {
                earliestEnd(of: within, from: $0) > t
            } ?? false
        case .holding(let holds, let status):
            return ended == nil && self.holds(holds, status, in: record, at: t)
        }
    }

    /// The latest instant, in `(after, t]`, of an event or outcome of that name that is about this request.
    func lastEvent(
        _ name: EventName, in record: RecordView, notAfter t: Timestamp, after: Timestamp = .distantPast
    ) -> Timestamp? {
        var last: Timestamp?
        for fact in record.facts where fact.at <= t && fact.at > after {
            guard case .event(name, _) = fact.body, own.isTouched(by: fact.scope) else { continue }
            last = max(last ?? fact.at, fact.at)
        }
        for i in record.touches.indices {
            let touch = record.touches.baseAddress! + i
            guard touch.pointee.outcome == name else { continue }
            let at = touch.pointee.outcomeAt
            if at <= t && at > after { last = max(last ?? at, at) }
        }
        return last
    }

    /// The next instant after `t` at which a permission may end.
    func nextEndOfPermission(_ rule: UnsafePointer<ConsentRule>, after t: Timestamp) -> Timestamp {
        var next = nextFactInstant(of: nil, after: t)
        if let validFor = rule.pointee.require.validFor { next = min(next, nextEndOfConsent(validFor, after: t)) }
        return min(next, nextEndOfRelationship(rule.pointee.or, after: t))
    }

    /// The next instant after `t` at which a consent that lasts so long may end.
    func nextEndOfConsent(_ validFor: Wait, after t: Timestamp) -> Timestamp {
        var next = Timestamp.distantFuture
        for record in records where record.kinds.contains(.consent) {
            for fact in record.facts {
                guard case .consent = fact.body else { continue }
                let end = earliestEnd(of: validFor, from: fact.at)
                if end > t && end < next { next = end }
            }
        }
        return next
    }

    /// The next instant after `t` at which an event is too long ago to be a relationship.
    func nextEndOfRelationship(_ relationships: [Relationship], after t: Timestamp) -> Timestamp {
        var next = Timestamp.distantFuture
        for case .event(let name, let within) in relationships {
            for record in records {
                guard let last = lastEvent(name, in: record, notAfter: t) else { continue }
                let end = earliestEnd(of: within, from: last)
                if end > t && end < next { next = end }
            }
        }
        return next
    }
}
