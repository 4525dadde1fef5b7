extension Situation {
    /// Closed until the gap after the last counted touch is over.
    func state(_ rule: MinGap, unless: [Exemption], of record: PersonRecord, at t: Timestamp) -> RuleState {
        guard counts(record, for: rule.per.unit) else { return .open }
        var until = Timestamp.distantPast
        var since: Timestamp?
        record.touches.withUnsafeBufferPointer { touches in
            var n = touches.count
            while n > 0 {
                n -= 1
                let at = touches[n].at
                if case .elapsed(let gap) = rule.gap, at + gap <= t { break }
                if !matches(touches[n], rule.count, rule.per, anyOf: request.accounts, at: t) { continue }
                var end = self.end(of: rule.gap, from: at, seenAt: t)
                if rule.releasesUnreported && touches[n].state == .reserved { end = min(end, touches[n].expiresAt) }
                if end <= until || wasExempt(touches[n], unless, record) { continue }
                until = end
                since = at
            }
        }
        let gap = historyGap(of: record, at: t) { end(of: rule.gap, from: $0, seenAt: t) }
        if let gap, gap.until > until { return .closed(gap) }
        return until > t ? .closed(Closure(.gapTooShort, until: until, since: since)) : .open
    }
}
