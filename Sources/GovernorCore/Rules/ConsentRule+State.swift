extension Situation {
    /// Open while some consent, or a relationship in its place, is valid.
    func state(_ rule: ConsentRule, of record: PersonRecord, at t: Timestamp) -> RuleState {
        if isPermitted(rule, by: record, at: t) { return .open }
        // Only a permission with a stamp of its own in the near future opens it by time.
        var until = Timestamp.distantFuture
        for fact in record.facts where fact.at > t && fact.at < until {
            if isPermitted(rule, by: record, at: fact.at) { until = fact.at }
        }
        return .closed(Closure(.consentMissing, until: until))
    }

    private func isPermitted(_ rule: ConsentRule, by record: PersonRecord, at t: Timestamp) -> Bool {
        for fact in record.facts where fact.at <= t {
            guard case .consent(let name, let endpoints, let end) = fact.body,
                rule.require.isAny || rule.require.contains(name), isInside(fact.scope)
            else { continue }
            if rule.isBoundToEndpoint {
                guard let own = request.endpoint, endpoints.contains(request.identifiers[own].hash) else { continue }
            }
            if let end, end <= t { continue }
            if let validFor = rule.validFor, earliestEnd(of: validFor, from: fact.at) <= t { continue }
            if isEnded(name, since: fact.at, voidOn: rule.voidOn, in: record, at: t) { continue }
            return true
        }
        return rule.or.contains { isRelated($0, in: record, at: t) }
    }

    /// Whether a withdrawal, a covering opt-out or a voiding event since `start` has ended a consent.
    private func isEnded(
        _ name: ConsentName, since start: Timestamp, voidOn: NameSet<EventKind>, in record: PersonRecord,
        at t: Timestamp
    ) -> Bool {
        if !voidOn.isAny && record.touches.contains(where: { $0.outcomeAt >= start && voidOn.contains($0.outcome) }) {
            return true
        }
        return record.facts.contains { fact in
            guard fact.at >= start, fact.bindsFrom <= t else { return false }
            switch fact.body {
            case .withdrawal(let withdrawn): return (withdrawn.isNone || withdrawn == name) && admits(fact.scope)
            case .optOut: return isOptOut(fact, coveringRequestAt: t)
            case .event(let event, let endpoints):
                guard !voidOn.isAny, voidOn.contains(event) else { return false }
                guard let own = request.endpoint, !endpoints.isEmpty else { return true }
                return endpoints.contains(request.identifiers[own].hash)
            case .optIn, .consent, .holding, .appointment, .quietTime: return false
            }
        }
    }

    /// Whether a relationship holds at `t` that no covering opt-out has ended.
    private func isRelated(_ relationship: Relationship, in record: PersonRecord, at t: Timestamp) -> Bool {
        let ended = lastOptOut(of: record, at: t) ?? .distantPast
        switch relationship {
        case .event(let name, let within):
            return lastEvent(name, in: record, notAfter: t, after: ended).map {
                earliestEnd(of: within, from: $0) > t
            } ?? false
        case .holding(let holds, let status):
            return ended == .distantPast && self.holds(holds, status, in: record, at: t)
        }
    }

    /// The latest instant, in `(after, t]`, of an event or outcome of that name that is about this request.
    func lastEvent(
        _ name: EventName, in record: PersonRecord, notAfter t: Timestamp, after: Timestamp = .distantPast
    ) -> Timestamp? {
        var last: Timestamp?
        for fact in record.facts where fact.at <= t && fact.at > after {
            guard case .event(name, _) = fact.body, admits(fact.scope) else { continue }
            last = max(last ?? fact.at, fact.at)
        }
        for touch in record.touches where touch.outcome == name && touch.outcomeAt <= t && touch.outcomeAt > after {
            last = max(last ?? touch.outcomeAt, touch.outcomeAt)
        }
        return last
    }
}
