extension Situation {
    /// Closed while the wait after the latest matching event or outcome lasts; a new one starts it again.
    func state(
        _ rule: UnsafePointer<CoolOff>, _ counting: RuleTable.Counting, after sketch: NameSketch,
        of record: RecordView, at t: Timestamp
    ) -> RuleState {
        var until = t
        var since: Timestamp?
        func start(_ at: Timestamp) {
            let end = self.end(of: rule.pointee.wait, from: at, seenAt: t)
            if end > until {
                until = end
                since = at
            }
        }
        if record.kinds.contains(.event) {
            for fact in record.facts {
                guard case .event(let name, let endpoints) = fact.body, rule.pointee.after.contains(name),
                    fact.bindsFrom <= t, own.isTouched(by: fact.scope),
                    counting.keys.unit != .endpoint || own.isConcerned(by: endpoints)
                else { continue }
                start(fact.at)
            }
        }
        if counts(record, for: counting.keys.unit) {
            for i in record.touches.indices where sketch.mayMeet(record.outcomes) {
                let touch = record.touches.baseAddress! + i
                if touch.pointee.outcome.isNone || !rule.pointee.after.contains(touch.pointee.outcome) { continue }
                // Inbound touches never count in caps but start cool-offs.
                guard touch.pointee.id != excluded, touch.pointee.state != .released, isKnown(touch, at: t),
                    names(of: touch, pass: counting),
                    !counting.isKeyed || sameKeys(touch, counting.keys)
                else { continue }
                start(touch.pointee.outcomeAt)
            }
            let gap = historyGap(of: record, rule.pointee.after, at: t) {
                end(of: rule.pointee.wait, from: $0, seenAt: t)
            }
            if let gap, gap.until > until { return .closed(gap) }
        }
        return until > t ? .closed(Closure(.coolingOff, until: until, since: since)) : .open
    }
}
