extension Situation {
    /// Closed by the opt-out that binds longest; open when every one is over or lifted.
    func state(_ rule: OptOutRule, of record: PersonRecord, at t: Timestamp) -> RuleState {
        var until = Timestamp.distantPast
        var since: Timestamp?
        for fact in record.facts {
            guard isOptOut(fact, coveringRequestAt: t) else { continue }
            if isLifted(fact, by: record, at: t) { continue }
            let end = rule.lasts.map { self.end(of: $0, from: fact.at) } ?? Timestamp.distantFuture
            if end > until {
                until = end
                since = fact.at
            }
        }
        return until > t ? .closed(Closure(.optedOut, until: until, since: since)) : .open
    }

    /// Whether `fact` is an opt-out in force at `t` that is about this request, whatever came after it.
    func isOptOut(_ fact: Fact, coveringRequestAt t: Timestamp) -> Bool {
        guard case .optOut(let reach, let endpoints) = fact.body, fact.bindsFrom <= t, admits(fact.scope) else {
            return false
        }
        switch reach {
        case .person: return true
        case .endpoint:
            // A request that names no endpoint could reach any of them.
            guard let own = request.endpoint else { return true }
            return endpoints.contains(request.identifiers[own].hash)
        }
    }

    /// Whether an opt-in given after `optOut` lifts it for this request. Event time orders them; a tie goes to the no.
    private func isLifted(_ optOut: Fact, by record: PersonRecord, at t: Timestamp) -> Bool {
        record.facts.contains { fact in
            guard case .optIn(let reach, let endpoints) = fact.body, fact.at > optOut.at, fact.at <= t,
                isInside(fact.scope)
            else { return false }
            switch reach {
            case .person: return true
            case .endpoint:
                guard let own = request.endpoint else { return false }
                return endpoints.contains(request.identifiers[own].hash)
            }
        }
    }

    /// The latest instant not after `t` of an opt-out that covers this request, lifted or not.
    func lastOptOut(of record: PersonRecord, at t: Timestamp) -> Timestamp? {
        var last: Timestamp?
        for fact in record.facts where isOptOut(fact, coveringRequestAt: t) { last = max(last ?? fact.at, fact.at) }
        return last
    }
}
