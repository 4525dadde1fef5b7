extension Situation {
    /// Closed by the opt-out that binds longest; open when every one is over or lifted.
    func state(_ rule: UnsafePointer<OptOutRule>, of record: RecordView, at t: Timestamp) -> RuleState {
        var until = Timestamp.distantPast
        var since: Timestamp?
        for fact in record.facts {
            guard isOptOut(fact, covering: own, at: t, reach: rule.pointee.reach) else { continue }
            var end = rule.pointee.lasts.map { self.end(of: $0, from: fact.at, seenAt: t) } ?? .distantFuture
            if let lift = lift(of: fact, by: record) { end = min(end, lift) }
            if end > until {
                until = end
                since = fact.at
            }
        }
        return until > t ? .closed(Closure(.optedOut, until: until, since: since)) : .open
    }

    /// Whether `fact` is an opt-out in force at `t` that is about this topic, whatever came after it.
    ///
    /// `reach` is what a rule says of every opt-out, in place of what this one says of itself.
    func isOptOut(_ fact: Fact, covering topic: Topic, at t: Timestamp, reach ruled: Reach? = nil) -> Bool {
        guard case .optOut(let told, let endpoints) = fact.body, fact.bindsFrom <= t, topic.isTouched(by: fact.scope)
        else { return false }
        // One told for the person need not name an endpoint; then it binds them all.
        if told == .person && (ruled != .endpoint || endpoints.isEmpty) { return true }
        if ruled == .person { return true }
        // A request that names no endpoint could reach any of them.
        return topic.endpoint.map { endpoints.contains($0) || topic.aliases.contains(where: endpoints.contains) }
            ?? true
    }

    /// The time of the first opt-in that lifts an opt-out for this request. Event time orders them; a tie goes to the no.
    private func lift(of optOut: Fact, by record: RecordView) -> Timestamp? {
        var first: Timestamp?
        for fact in record.facts where fact.at > optOut.at && fact.at < first ?? .distantFuture {
            guard case .optIn(let reach, let endpoints) = fact.body, own.isInside(fact.scope) else { continue }
            if reach == .endpoint {
                guard let endpoint = own.endpoint, endpoints.contains(endpoint) else { continue }
            }
            first = fact.at
        }
        return first
    }

    /// Of the opt-outs that bind at `t` and cover this request, lifted or not: the latest time of one, and the latest
    /// instant from which one binds.
    func lastOptOut(of record: RecordView, at t: Timestamp) -> (at: Timestamp, bindsFrom: Timestamp)? {
        var last: (at: Timestamp, bindsFrom: Timestamp)?
        for fact in record.facts where isOptOut(fact, covering: own, at: t) {
            last = (max(last?.at ?? fact.at, fact.at), max(last?.bindsFrom ?? fact.bindsFrom, fact.bindsFrom))
        }
        return last
    }
}
