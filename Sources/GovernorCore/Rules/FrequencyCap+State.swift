extension Situation {
    /// Counts the touches in the cap's window at `t`, for every key the request brings, and says whether one more passes.
    func state(_ cap: FrequencyCap, unless: [Exemption], of record: PersonRecord, at t: Timestamp) -> RuleState {
        guard counts(record, for: cap.per.unit) else { return .open }
        if cap.limit == 0 { return .closed(Closure(.capReached, until: .distantFuture, limit: 0)) }
        var worst = RuleState.open
        if let gap = historyGap(of: record, at: t, end: { leave(cap.window, $0, seenAt: t) }) { worst = .closed(gap) }
        for account in cap.per.perAccount && !request.accounts.isEmpty ? request.accounts : [.none] {
            guard case .closed(let closure) = tally(cap, unless, record, account: account, at: t).state else { continue }
            if case .closed(let other) = worst, other.until >= closure.until { continue }
            worst = .closed(closure)
        }
        return worst
    }

    /// What is left of the cap at `t` before this request; the least over its keys.
    func left(_ cap: FrequencyCap, unless: [Exemption], of record: PersonRecord, at t: Timestamp) -> UInt32 {
        guard counts(record, for: cap.per.unit) else { return cap.limit }
        guard cap.per.perAccount, !request.accounts.isEmpty else {
            return tally(cap, unless, record, account: .none, at: t).left
        }
        return request.accounts.reduce(cap.limit) { min($0, tally(cap, unless, record, account: $1, at: t).left) }
    }

    private func tally(
        _ cap: FrequencyCap, _ unless: [Exemption], _ record: PersonRecord, account: Account, at t: Timestamp
    ) -> (state: RuleState, left: UInt32) {
        let isKept = cap.keep.map { keep in
            !keep.admitsKept(campaign: request.campaign, purpose: request.purpose)
        }
        var worst = RuleState.open
        var left = cap.limit
        // Elapsed time is the same everywhere; dates are judged in each zone.
        let zoneCount = if case .elapsed = cap.window { 1 } else { zones.count }
        for i in 0..<zoneCount {
            let span = WindowSpan(cap.window, in: zones[i], at: t)
            var seats = Seats(limit: cap.limit, keptSlots: isKept == true ? cap.keep!.slots : 0)
            record.touches.withUnsafeBufferPointer { touches in
                var n = touches.count
                while n > 0 {
                    n -= 1
                    if touches[n].at < span.start { break }
                    if !matches(touches[n], cap.count, cap.per, account: account, at: t) { continue }
                    var leaves = span.leave(touches[n].at, seenAt: t)
                    if leaves <= t { continue }
                    if cap.releasesUnreported && touches[n].state == .reserved {
                        if touches[n].expiresAt <= t { continue }
                        leaves = min(leaves, touches[n].expiresAt)
                    }
                    if wasExempt(touches[n], unless, record) { continue }
                    let kept =
                        isKept == true
                        && cap.keep!.admitsKept(campaign: touches[n].campaign, purpose: touches[n].purpose)
                    seats.take(touches[n].at, until: leaves, kept: kept)
                }
            }
            left = min(left, seats.left)
            guard let free = seats.free else { continue }
            let closure = Closure(
                seats.isKeptBinding ? .capKept : .capReached, until: free, count: seats.count, limit: cap.limit,
                since: seats.newest)
            if case .closed(let other) = worst, other.until >= free { continue }
            worst = .closed(closure)
        }
        return (worst, left)
    }

    /// When a touch has left the window in every zone.
    private func leave(_ window: Window, _ at: Timestamp, seenAt t: Timestamp) -> Timestamp {
        zones.reduce(.distantPast) { max($0, WindowSpan(window, in: $1, at: t).leave(at, seenAt: t)) }
    }

    /// A denial while a touch that has left the record could still matter: one made just before what the record keeps,
    /// which matters until `end` of its instant.
    func historyGap(of record: PersonRecord, at t: Timestamp, end: (Timestamp) -> Timestamp) -> Closure? {
        if record.historyFrom == .distantPast { return nil }
        let end = end(record.historyFrom - Milliseconds(1))
        return end > t ? Closure(.historyIncomplete, until: end, since: record.historyFrom) : nil
    }
}

extension KeptBudget {
    /// Whether something with these names draws on the kept part.
    func admitsKept(campaign: Campaign, purpose: Purpose) -> Bool {
        (!campaigns.isAny && campaigns.contains(campaign)) || (!purposes.isAny && purposes.contains(purpose))
    }
}

/// One window as it lies at one instant in one zone: where it starts, and when a touch inside it leaves.
struct WindowSpan {
    let window: Window
    let zone: ZoneTable
    /// Touches before this are outside; for calendar steps a lower bound, since months differ.
    let start: Timestamp

    init(_ window: Window, in zone: ZoneTable, at t: Timestamp) {
        self.window = window
        self.zone = zone
        switch window {
        case .elapsed(let length): start = t - length + Milliseconds(1)
        case .localDays(let days): start = zone.firstInstant(notBefore: zone.date(at: t).adding(days: 1 - Int(days)))
        case .calendar(let unit, let first):
            start = zone.firstInstant(notBefore: zone.date(at: t).startOfPeriod(unit, weekStarts: first))
        case .steps(let steps):
            let days = Int64(steps.years) * 366 + Int64(steps.months) * 31 + Int64(steps.days) + 2
            start = t - .days(days) - Milliseconds(steps.milliseconds)
        }
    }

    /// The instant at which a touch made at `at` no longer counts; not after `t` when it does not count there.
    ///
    /// A date that a clock shows again, after it was set back over midnight, counts again.
    func leave(_ at: Timestamp, seenAt t: Timestamp) -> Timestamp {
        switch window {
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
    let keptSlots: UInt32
    private(set) var count: UInt32 = 0
    private(set) var kept: UInt32 = 0
    private(set) var newest: Timestamp?
    /// Leaving instants; few enough for one small array, which is only made when a cap is nearly full.
    private var leaving = LeavingList()

    init(limit: UInt32, keptSlots: UInt32) {
        self.limit = limit
        self.keptSlots = keptSlots
    }

    mutating func take(_ at: Timestamp, until leaves: Timestamp, kept isKept: Bool) {
        count += 1
        if isKept { kept += 1 }
        if newest == nil { newest = at }
        leaving.add(leaves, isKept)
    }

    private var used: UInt32 { count - kept + max(keptSlots, kept) }
    var left: UInt32 { used >= limit ? 0 : limit - used }
    var isKeptBinding: Bool { count < limit && used >= limit }

    /// When a seat becomes free; `nil` when one is now, `distantFuture` when none ever is (all slots are kept).
    var free: Timestamp? {
        if used < limit { return nil }
        return leaving.instantWhenFree(count: count, kept: kept, keptSlots: keptSlots, limit: limit)
    }
}

/// Leaving instants, the first sixteen without an allocation.
private struct LeavingList {
    private var inline: InlineArray<16, Int64> = InlineArray(repeating: 0)
    private var inlineKept: UInt16 = 0
    private var count = 0
    private var rest: [(Int64, Bool)] = []

    mutating func add(_ instant: Timestamp, _ isKept: Bool) {
        if count < 16 {
            inline[count] = instant.milliseconds
            if isKept { inlineKept |= 1 << UInt16(count) }
        } else {
            rest.append((instant.milliseconds, isKept))
        }
        count += 1
    }

    /// Lets them leave one after another until others + max(slots, kept) falls under the limit.
    func instantWhenFree(count total: UInt32, kept: UInt32, keptSlots: UInt32, limit: UInt32) -> Timestamp {
        var total = total
        var kept = kept
        var after = (Int64.min, -1)
        while total > 0 {
            // The next to leave, by instant, then by position.
            var next = (Int64.max, Int.max)
            for i in 0..<count {
                let leaves = instant(i)
                if (leaves, i) > after && (leaves, i) < next { next = (leaves, i) }
            }
            total -= 1
            if isKept(next.1) { kept -= 1 }
            after = next
            if total - kept + max(keptSlots, kept) < limit { return Timestamp(milliseconds: next.0) }
        }
        return .distantFuture
    }

    private func instant(_ i: Int) -> Int64 { i < 16 ? inline[i] : rest[i - 16].0 }
    private func isKept(_ i: Int) -> Bool { i < 16 ? inlineKept & (1 << UInt16(i)) != 0 : rest[i - 16].1 }
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
