import GovernorCore

/// What a guard means, by the attempts themselves rather than by what a counter keeps of them.
extension Oracle {
    func isUsedUp(_ body: CampaignGuard, at t: Timestamp) -> Bool {
        let counted = counted(body, at: t)
        switch body.demand {
        case .attempts(let limit): return counted.count >= limit
        case .share(let of, let among, let millionths, let atLeast):
            let whole = counted.count { among.names.contains($0.outcome) }
            let part = counted.count { of.names.contains($0.outcome) }
            return whole > 0 && whole >= atLeast && Double(part) / Double(whole) > Double(millionths) / 1_000_000
        }
    }

    /// The attempts inside the window at `t`.
    func counted(_ body: CampaignGuard, at t: Timestamp) -> [RandomCase.Attempt] {
        let hour: Int64 = 3_600_000
        func floor(_ instant: Timestamp, _ unit: Int64) -> Timestamp {
            Timestamp(milliseconds: Int64((Double(instant.milliseconds) / Double(unit)).rounded(.down)) * unit)
        }
        /// The last instant that is seen as one with an attempt's.
        func last(_ attempt: RandomCase.Attempt, _ unit: Int64) -> Timestamp {
            floor(attempt.at, unit) + Milliseconds(unit - 1)
        }
        switch body.window {
        case .elapsed(let length):
            let unit = length <= .hours(2) ? 60_000 : length <= .hours(48) ? 900_000 : hour
            return attempts.filter { last($0, unit) > t - length }
        case .calendar(let period, let weekStarts, let zone):
            let zone = zone.flatMap(zoneTable) ?? ZoneTable(fixedOffsetSeconds: 0)
            func isCurrent(_ instant: Timestamp) -> Bool {
                if instant >= t { return true }
                // A date that has begun goes on, even where clocks set back lead into the day before (St John's, 2010).
                if zone.offsetMilliseconds(at: instant - .hours(2)) > zone.offsetMilliseconds(at: instant),
                    period != .hour,
                    (1...120).contains(where: { isCurrentByClock(instant - .minutes($0)) })
                {
                    return true
                }
                return isCurrentByClock(instant)
            }
            func isCurrentByClock(_ instant: Timestamp) -> Bool {
                let (then, today) = (zone.local(at: instant), zone.local(at: t))
                switch period {
                case .hour:
                    // The clock hour of now, as the zone's offset is now.
                    let offset = zone.offsetMilliseconds(at: t)
                    return instant.milliseconds + offset >= floor(t + Milliseconds(offset), hour).milliseconds
                case .day: return then.date >= today.date
                case .week:
                    func week(_ date: LocalDate) -> Int {
                        (Int(date.days) + 719_162 * 7 + 3 - Int(weekStarts.rawValue)) / 7
                    }
                    return week(then.date) >= week(today.date)
                case .month: return then.date.year * 12 + then.date.month >= today.date.year * 12 + today.date.month
                }
            }
            let unit = period == .hour || period == .day ? 900_000 : hour
            return attempts.filter { isCurrent(last($0, unit)) }
        case .periods(let length):
            guard let first = attempts.map(\.at).min() else { return [] }
            let origin = floor(min(first, t), hour)
            let start = origin + Milliseconds((t - origin).count / length.count * length.count)
            return attempts.filter { last($0, hour) >= start }
        }
    }
}
