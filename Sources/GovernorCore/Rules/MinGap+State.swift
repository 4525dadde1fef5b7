extension Situation {
    /// Closed until the gap after the last counted touch is over.
    func state(_ rule: MinGap, unless: [Exemption], of record: PersonRecord, at t: Timestamp) -> RuleState {
        guard counts(record, for: rule.per.unit) else { return .open }
        if let closure = historyGap(of: record, reachingBackTo: earliestStart(of: rule.gap, at: t)) {
            return .closed(closure)
        }
        var until = Timestamp.distantPast
        var since: Timestamp?
        for account in rule.per.perAccount && !request.accounts.isEmpty ? request.accounts : [.none] {
            record.touches.withUnsafeBufferPointer { touches in
                var n = touches.count
                while n > 0 {
                    n -= 1
                    let at = touches[n].at
                    if case .elapsed(let gap) = rule.gap, at + gap <= t { break }
                    if !matches(touches[n], rule.count, rule.per, account: account, at: t) { continue }
                    if wasExempt(at, unless, record) { continue }
                    var end = self.end(of: rule.gap, from: at)
                    if rule.releasesUnreported && touches[n].state == .reserved { end = min(end, touches[n].expiresAt) }
                    if end > until {
                        until = end
                        since = at
                    }
                }
            }
        }
        return until > t ? .closed(Closure(.gapTooShort, until: until, since: since)) : .open
    }

    /// A lower bound of the instants that a wait still touching `t` can have begun at.
    func earliestStart(of wait: Wait, at t: Timestamp) -> Timestamp {
        switch wait {
        case .elapsed(let length): t - length
        case .localDays(let days, _): t - .days(Int64(days) + 2)
        case .businessDays(let days, _, _): t - .days(Int64(days) * 2 + 30)
        case .steps(let d):
            t - .days(Int64(d.years) * 366 + Int64(d.months) * 31 + Int64(d.days) + 2) - Milliseconds(d.milliseconds)
        case .forever: t
        }
    }
}
