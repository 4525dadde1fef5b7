extension Situation {
    /// Closed while the wait after the latest matching event or outcome lasts; a new one starts it again.
    func state(_ rule: CoolOff, of record: PersonRecord, at t: Timestamp) -> RuleState {
        var until = Timestamp.distantPast
        var since: Timestamp?
        func start(_ at: Timestamp) {
            let end = self.end(of: rule.wait, from: at, seenAt: t)
            if end > until {
                until = end
                since = at
            }
        }
        for fact in record.facts {
            guard case .event(let name, let endpoints) = fact.body, rule.after.contains(name), fact.bindsFrom <= t else {
                continue
            }
            guard own.isTouched(by: fact.scope), rule.per.unit != .endpoint || own.isConcerned(by: endpoints) else {
                continue
            }
            start(fact.at)
        }
        guard counts(record, for: rule.per.unit) else {
            return until > t ? .closed(Closure(.coolingOff, until: until, since: since)) : .open
        }
        for touch in record.touches where !touch.outcome.isNone && rule.after.contains(touch.outcome) {
            // Inbound touches never count in caps but start cool-offs.
            guard touch.id != excluded, touch.state != .released, isKnown(touch, at: t),
                names(of: touch, pass: rule.count), sameKeys(touch, rule.per, anyOf: request.accounts)
            else { continue }
            start(touch.outcomeAt)
        }
        let gap = historyGap(of: record, at: t) { end(of: rule.wait, from: $0, seenAt: t) }
        if let gap, gap.until > until { return .closed(gap) }
        return until > t ? .closed(Closure(.coolingOff, until: until, since: since)) : .open
    }
}
