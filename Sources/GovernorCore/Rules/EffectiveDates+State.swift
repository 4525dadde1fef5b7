extension Situation {
    /// In force at `t` if the date in any candidate zone says so.
    func isInForce(_ dates: EffectiveDates, at t: Timestamp) -> Bool {
        for zone in zones where isInForce(dates, on: zone.date(at: t)) { return true }
        return false
    }

    private func isInForce(_ dates: EffectiveDates, on date: LocalDate) -> Bool {
        if let from = dates.from, date < from { return false }
        if let until = dates.until, date >= until { return false }
        return true
    }

    /// When a rule that is in force at `t` is so no more, in every zone.
    func endOfForce(_ dates: EffectiveDates, at t: Timestamp) -> Timestamp {
        guard let until = dates.until else { return .distantFuture }
        var end = t
        var moved = true
        while moved {
            moved = false
            for zone in zones where isInForce(dates, on: zone.date(at: end)) {
                end = zone.firstInstant(notBefore: until, after: end)
                moved = true
            }
        }
        return end
    }

    /// The next instant after `t` at which a rule may come into force in some zone.
    func nextStartOfForce(_ dates: EffectiveDates, after t: Timestamp) -> Timestamp {
        guard let from = dates.from else { return .distantFuture }
        var start = Timestamp.distantFuture
        for zone in zones where zone.date(at: t) < from {
            start = min(start, zone.firstInstant(notBefore: from, after: t))
        }
        return start
    }
}
