import GovernorCore

/// Local time worked out the slow way: by looking at the clock again and again.
final class NaiveClock {
    private struct Reach: Hashable {
        var zone: ObjectIdentifier
        var date: LocalDate
    }
    private struct Step: Hashable {
        var zone: ObjectIdentifier
        var from: Timestamp
        var steps: ISODuration
    }
    private var reached: [Reach: Timestamp] = [:]
    private var stepped: [Step: Timestamp] = [:]

    private static let quarter = Milliseconds.minutes(15)
    private static let minute = Milliseconds.minutes(1)

    /// The first instant at which the clock shows this date or a later one.
    func firstInstant(of date: LocalDate, in zone: ZoneTable) -> Timestamp {
        let key = Reach(zone: ObjectIdentifier(zone), date: date)
        if let known = reached[key] { return known }
        let found = first(from: Timestamp(milliseconds: date.localMilliseconds) - .hours(27)) {
            zone.local(at: $0).date >= date
        }
        reached[key] = found
        return found
    }

    /// Years and months as one step that is clamped to the month's end, then days, at the same time of day, then the
    /// elapsed rest. A time that is skipped is the end of the gap, one that comes twice the first.
    func adding(_ steps: ISODuration, to instant: Timestamp, in zone: ZoneTable) -> Timestamp {
        if steps.years == 0 && steps.months == 0 && steps.days == 0 {
            return instant + Milliseconds(steps.milliseconds)
        }
        let key = Step(zone: ObjectIdentifier(zone), from: instant, steps: steps)
        if let known = stepped[key] { return known }
        let local = zone.local(at: instant)
        var year = local.date.year + Int(steps.years)
        var month = local.date.month + Int(steps.months)
        while month > 12 {
            month -= 12
            year += 1
        }
        while month < 1 {
            month += 12
            year -= 1
        }
        var day = local.date.day
        while LocalDate(year: year, month: month, day: day) == nil { day -= 1 }
        let date = LocalDate(days: LocalDate(year: year, month: month, day: day)!.days + steps.days)
        let wanted = date.localMilliseconds + Int64(local.millisecondOfDay)

        var shown: Timestamp?
        var offsets: Set<Int64> = []
        for quarter in -108...108 {
            offsets.insert(
                zone.offsetMilliseconds(at: Timestamp(milliseconds: wanted) + .minutes(Int64(quarter) * 15)))
        }
        for offset in offsets {
            let candidate = Timestamp(milliseconds: wanted - offset)
            if zone.offsetMilliseconds(at: candidate) == offset { shown = min(shown ?? candidate, candidate) }
        }
        let result =
            (shown
                ?? first(from: Timestamp(milliseconds: wanted) - .hours(27)) {
                    zone.local(at: $0).localMilliseconds > wanted
                }) + Milliseconds(steps.milliseconds)
        stepped[key] = result
        return result
    }

    /// The first whole minute from `start` on at which `isTrue`, which stays true long enough for a quarter to see it.
    private func first(from start: Timestamp, where isTrue: (Timestamp) -> Bool) -> Timestamp {
        var at = Timestamp(milliseconds: start.milliseconds / 900_000 * 900_000)
        while !isTrue(at) { at = at + Self.quarter }
        var early = at - Self.quarter
        while early < at {
            if isTrue(early) { return early }
            early = early + Self.minute
        }
        return at
    }
}
