extension Situation {
    /// Counts the touches in the cap's window at `t`, for every key the request brings, and says whether one more passes.
    func state(
        _ cap: UnsafePointer<FrequencyCap>, _ counting: RuleTable.Counting, unless: UnsafePointer<[Exemption]>?,
        of record: RecordView, at t: Timestamp
    ) -> RuleState {
        tally(cap, counting, unless: unless, of: record, at: t, findsInstant: true).state
    }

    /// The same, with what is left of the cap before this request and the most touches that any key counts.
    func tally(
        _ cap: UnsafePointer<FrequencyCap>, _ counting: RuleTable.Counting, unless: UnsafePointer<[Exemption]>?,
        of record: RecordView, at t: Timestamp, findsInstant: Bool
    ) -> Tally {
        var tally = Tally(left: cap.pointee.limit)
        guard counts(record, for: counting.keys.unit) else { return tally }
        let gap = historyGap(of: record, at: t) { leave(cap.pointee.window, $0, seenAt: t) }
        if let gap, cap.pointee.limit > 0 { tally.close(gap) }
        withUnsafeTemporaryAllocation(of: CountedTouch.self, capacity: record.countable.count) { counted in
            if counting.keys.perAccount && !own.accounts.isEmpty {
                for account in own.accounts {
                    count(cap, counting, unless, record, account: account, at: t, counted, findsInstant, &tally)
                }
            } else {
                count(cap, counting, unless, record, account: .none, at: t, counted, findsInstant, &tally)
            }
        }
        if cap.pointee.limit == 0 {
            tally.close(Closure(.capReached, until: .distantFuture, count: tally.most, limit: 0))
        }
        return tally
    }

    /// The most touches in the window over the zones, for a cap that nothing complicates; `nil` leaves it to `tally`.
    ///
    /// Nearly every cap of nearly every request: no budget kept, no account named, nothing released or exempt.
    func plainCount(
        _ cap: UnsafePointer<FrequencyCap>, _ counting: RuleTable.Counting, of record: UnsafePointer<RecordView>,
        at t: Timestamp
    ) -> UInt32? {
        if cap.pointee.limit == 0 || cap.pointee.keep != nil || cap.pointee.releasesUnreported || counting.exempts
            || counting.keys.perAccount || counting.keys.perFamily || record.pointee.historyFrom != .distantPast
            || lastTouchInstant > t
        {
            return nil
        }
        if !counts(record.pointee, for: counting.keys.unit) { return 0 }
        let keyed = counting.keyed.subtracting(ownNames.absent)
        let isAdmitted = counting.names.isSubset(of: ownNames(admittedBy: counting))
        let countable = record.pointee.countable
        /// Of the touches from `start` on, newest first, those that match.
        @inline(__always)
        func count(from start: Timestamp, _ isInside: (Timestamp) -> Bool) -> UInt32 {
            var count: UInt32 = 0
            var n = countable.count
            while n > 0 {
                n &-= 1
                let at = countable[n].at
                if at < start { break }
                if !keyed.isSubset(of: countable[n].same) { continue }
                let touch = countable[n].touch
                if !(isAdmitted && counting.names.isSubset(of: countable[n].same)), !names(of: touch, pass: counting) {
                    continue
                }
                if counting.outcomes, !passes(touch, counting.filter) { continue }
                if isInside(at) { count &+= 1 }
            }
            return count
        }
        switch cap.pointee.window {
        case .elapsed(let length): return count(from: t - length + Milliseconds(1)) { _ in true }
        case .steps: return nil
        case .localDays, .calendar:
            var most: UInt32 = 0
            for zone in zones {
                let start = WindowStart(cap.pointee.window, in: zone, at: t)
                most = max(
                    most,
                    count(from: start.instant) { at in
                        at > start.instant + .hours(26) || zone.date(at: at) >= start.date
                    })
            }
            return most
        }
    }

    /// For one account: gathers the touches that may count, newest first, then judges the window in each zone.
    private func count(
        _ cap: UnsafePointer<FrequencyCap>, _ counting: RuleTable.Counting, _ unless: UnsafePointer<[Exemption]>?,
        _ record: RecordView, account: Account, at t: Timestamp, _ counted: UnsafeMutableBufferPointer<CountedTouch>,
        _ findsInstant: Bool, _ tally: inout Tally
    ) {
        // Others draw on what is not kept; those it is kept for may use all.
        let keepsForOthers =
            cap.pointee.keep != nil
            && !cap.pointee.keep!.isKept(for: own.campaign, own.purpose)
        // Elapsed time is the same everywhere; dates are judged in each zone.
        let isElapsed = if case .elapsed = cap.pointee.window { true } else { false }
        let zoneCount = isElapsed ? 1 : zones.count
        var earliest = WindowStart(cap.pointee.window, in: zones[0], at: t)
        var start = earliest.instant
        for i in 1..<max(1, zoneCount) {
            start = min(start, WindowStart(cap.pointee.window, in: zones[i], at: t).instant)
        }

        let admitted = ownNames(admittedBy: counting)
        var n = record.countable.count
        var found = 0
        while n > 0 {
            n -= 1
            let at = record.countable[n].at
            if at < start { break }
            let touch = record.countable[n].touch
            if record.countable[n].countsFrom > t
                || !matches(record.countable[n], counting, admitted: admitted, account: account)
            {
                continue
            }
            var expires = Timestamp.distantFuture
            if cap.pointee.releasesUnreported && touch.pointee.state == .reserved {
                expires = touch.pointee.expiresAt
                if expires <= t { continue }
            }
            if counting.exempts && wasExempt(touch, counting, unless, record) { continue }
            let isKept =
                keepsForOthers && cap.pointee.keep!.isKept(for: touch.pointee.campaign, touch.pointee.purpose)
            counted[found] = CountedTouch(at: at, expires: expires, isKept: isKept)
            found += 1
        }

        let slots = keepsForOthers ? cap.pointee.keep!.slots : 0
        for i in 0..<zoneCount {
            if i > 0 { earliest = WindowStart(cap.pointee.window, in: zones[i], at: t) }
            var seats = Seats(limit: cap.pointee.limit, slots: slots)
            var newest: Timestamp?
            if isElapsed && !keepsForOthers {
                seats.take(UInt32(truncatingIfNeeded: found))
                if found > 0 { newest = counted[0].at }
            } else {
                for k in 0..<found where isInside(cap.pointee.window, counted[k].at, earliest, zones[i], at: t) {
                    seats.take(isKept: counted[k].isKept)
                    if newest == nil { newest = counted[k].at }
                }
            }
            tally.most = max(tally.most, seats.count)
            tally.left = min(tally.left, seats.left)
            if seats.left > 0 || cap.pointee.limit == 0 || !findsInstant { continue }
            let code: ReasonCode = seats.count < cap.pointee.limit ? .capKept : .capReached
            let count = seats.count
            let free = withUnsafeTemporaryAllocation(of: Leaving.self, capacity: Int(seats.count)) { leaving in
                var next = 0
                for k in 0..<found where isInside(cap.pointee.window, counted[k].at, earliest, zones[i], at: t) {
                    let leaves = cap.pointee.window.leave(counted[k].at, in: zones[i], seenAt: t)
                    leaving[next] = Leaving(
                        instant: min(leaves, counted[k].expires), isKept: counted[k].isKept)
                    next += 1
                }
                return seats.instantWhenFree(leaving)
            }
            tally.close(
                Closure(code, until: free, count: count, limit: cap.pointee.limit, since: newest))
        }
    }

    /// Whether a touch from the window's start on is inside it.
    ///
    /// Only calendar steps, and the hours after a date began, in which a clock may have been set back to the date before,
    /// need a second look.
    @inline(__always)
    private func isInside(
        _ window: Window, _ at: Timestamp, _ start: WindowStart, _ zone: ZoneTable, at t: Timestamp
    ) -> Bool {
        if at < start.instant { return false }
        switch window {
        case .elapsed: return true
        case .localDays, .calendar: return at > start.instant + .hours(26) || zone.date(at: at) >= start.date
        case .steps(let steps): return zone.adding(steps, to: at) > t
        }
    }

    /// When a touch has left the window in every zone.
    private func leave(_ window: Window, _ at: Timestamp, seenAt t: Timestamp) -> Timestamp {
        var end = Timestamp.distantPast
        for zone in zones { end = max(end, window.leave(at, in: zone, seenAt: t)) }
        return end
    }

    /// A denial while a touch that has left the record could still matter: one made just before what the record keeps,
    /// which matters until `end` of its instant.
    @inline(__always)
    func historyGap(of record: RecordView, at t: Timestamp, end: (Timestamp) -> Timestamp) -> Closure? {
        historyGap(from: record.historyFrom, at: t, end: end)
    }

    /// The same for a rule that looks at touches with one of these outcomes only.
    @inline(__always)
    func historyGap(
        of record: RecordView, _ outcomes: NameSet<EventKind>, at t: Timestamp, end: (Timestamp) -> Timestamp
    ) -> Closure? {
        if record.historyFrom == .distantPast { return nil }
        return historyGap(from: record.record.pointee.completeFrom(outcomes), at: t, end: end)
    }

    @inline(__always)
    private func historyGap(from: Timestamp, at t: Timestamp, end: (Timestamp) -> Timestamp) -> Closure? {
        if from == .distantPast { return nil }
        let end = end(from - Milliseconds(1))
        return end > t ? Closure(.historyIncomplete, until: end, since: from) : nil
    }
}

/// What counting came to, at worst over accounts and zones.
struct Tally {
    var state = RuleState.open
    var left: UInt32
    var most: UInt32 = 0

    init(left: UInt32) { self.left = left }

    var isOpen: Bool { if case .open = state { true } else { false } }

    mutating func close(_ closure: Closure) {
        if case .closed(let other) = state, other.until >= closure.until { return }
        state = .closed(closure)
    }
}

/// A touch that may be inside the window.
private struct CountedTouch {
    var at: Timestamp
    var expires: Timestamp
    var isKept: Bool
}

private struct Leaving {
    var instant: Timestamp
    var isKept: Bool
}

extension KeptBudget {
    /// Whether something with these names draws on the kept part.
    func isKept(for campaign: Campaign, _ purpose: Purpose) -> Bool {
        (!campaigns.isAny && campaigns.contains(campaign)) || (!purposes.isAny && purposes.contains(purpose))
    }
}

/// Where a window begins at one instant in one zone.
private struct WindowStart {
    /// Touches before this are outside; for calendar steps a lower bound, since months differ.
    let instant: Timestamp
    /// For windows of dates.
    let date: LocalDate

    init(_ window: Window, in zone: ZoneTable, at t: Timestamp) {
        switch window {
        case .elapsed(let length):
            date = LocalDate(days: 0)
            instant = t - length + Milliseconds(1)
        case .localDays(let days):
            date = zone.date(at: t).adding(days: 1 - Int(days))
            instant = zone.firstInstant(notBefore: date)
        case .calendar(let unit, let first):
            date = zone.date(at: t).startOfPeriod(unit, weekStarts: first)
            instant = zone.firstInstant(notBefore: date)
        case .steps(let steps):
            date = LocalDate(days: 0)
            let days = Int64(steps.years) * 366 + Int64(steps.months) * 31 + Int64(steps.days) + 2
            instant = t - .days(days) - Milliseconds(steps.milliseconds)
        }
    }
}

extension Window {
    /// The instant at which a touch made at `at` no longer counts; not after `t` when it does not count there.
    ///
    /// A date that a clock shows again, after it was set back over midnight, counts again.
    func leave(_ at: Timestamp, in zone: ZoneTable, seenAt t: Timestamp) -> Timestamp {
        switch self {
        case .elapsed(let length): at + length
        case .localDays(let days):
            zone.firstInstant(notBefore: zone.date(at: at).adding(days: Int(days)), after: t)
        case .calendar(let unit, let first):
            zone.firstInstant(notBefore: zone.date(at: at).startOfNextPeriod(unit, weekStarts: first), after: t)
        case .steps(let steps): zone.adding(steps, to: at)
        }
    }
}

/// The seats of a cap: who sits, and when the next one becomes free.
///
/// Others pass only while `others + max(slots, kept) < limit`; without kept slots that is `count < limit`.
private struct Seats {
    let limit: UInt32
    let slots: UInt32
    private(set) var count: UInt32 = 0
    private(set) var kept: UInt32 = 0

    init(limit: UInt32, slots: UInt32) {
        self.limit = limit
        self.slots = slots
    }

    mutating func take(_ others: UInt32) { count += others }

    mutating func take(isKept: Bool) {
        count += 1
        if isKept { kept += 1 }
    }

    private var used: UInt32 { count - kept + max(slots, kept) }
    var left: UInt32 { used >= limit ? 0 : limit - used }

    /// Lets them leave one after another until one more passes; `distantFuture` when all slots are kept.
    consuming func instantWhenFree(_ leaving: UnsafeMutableBufferPointer<Leaving>) -> Timestamp {
        var leaving = leaving
        leaving.sort { $0.instant < $1.instant }
        for next in leaving {
            count -= 1
            if next.isKept { kept -= 1 }
            if used < limit { return next.instant }
        }
        return .distantFuture
    }
}

extension LocalDate {
    func startOfPeriod(_ unit: CalendarUnit, weekStarts: Weekday) -> LocalDate {
        switch unit {
        case .day: self
        case .week: startOfWeek(first: weekStarts)
        case .month: startOfMonth
        case .year: startOfYear
        }
    }

    func startOfNextPeriod(_ unit: CalendarUnit, weekStarts: Weekday) -> LocalDate {
        let start = startOfPeriod(unit, weekStarts: weekStarts)
        return switch unit {
        case .day: start.adding(days: 1)
        case .week: start.adding(days: 7)
        case .month: start.adding(months: 1)
        case .year: start.adding(months: 12)
        }
    }
}
