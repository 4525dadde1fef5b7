extension Situation {
    /// Closed until the gap after the last counted touch is over.
    func state(
        _ rule: UnsafePointer<MinGap>, _ counting: RuleTable.Counting, unless: UnsafePointer<[Exemption]>?,
        of record: RecordView, at t: Timestamp
    ) -> RuleState {
        guard counts(record, for: counting.keys.unit) else { return .open }
        var until = t
        var since: Timestamp?
        let admitted = ownNames(admittedBy: counting)
        var n = record.countable.count
        while n > 0 {
            n -= 1
            let touch = record.countable[n].touch
            let at = record.countable[n].at
            if case .elapsed(let gap) = rule.pointee.gap, at + gap <= until { break }
            if record.countable[n].countsFrom > t || !matches(record.countable[n], counting, admitted: admitted) {
                continue
            }
            var end = self.end(of: rule.pointee.gap, from: at, seenAt: t)
            if rule.pointee.releasesUnreported && touch.pointee.state == .reserved {
                end = min(end, touch.pointee.expiresAt)
            }
            if end <= until || wasExempt(touch, counting, unless, record) { continue }
            until = end
            since = at
        }
        let gap = historyGap(of: record, at: t) { end(of: rule.pointee.gap, from: $0, seenAt: t) }
        if let gap, gap.until > until { return .closed(gap) }
        return until > t ? .closed(Closure(.gapTooShort, until: until, since: since)) : .open
    }
}
