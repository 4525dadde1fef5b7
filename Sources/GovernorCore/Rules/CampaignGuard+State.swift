/// A guard looks at its counter alone: never at a person's record, but for the touch that is being confirmed.
extension Situation {
    func state(
        _ body: UnsafePointer<CampaignGuard>, _ entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp
    ) -> GuardTally {
        let counter = counter(of: entry)
        let span = GuardSpan(body.pointee.window, firstUse: counter?.pointee.firstUse, plan.zones, at: t)
        switch body.pointee.demand {
        case .attempts(let limit): return attempts(counter, span, limit, body.pointee.per, at: t)
        case .share(let of, let among, let millionths, let atLeast):
            let share = GuardShare(of: of, among: among, millionths: millionths, atLeast: atLeast)
            return GuardTally(state: self.share(counter, span, share, at: t))
        }
    }

    /// What is left of the attempts before this one; `nil` for a share, and while the rule is not in force.
    func attemptsLeft(
        _ body: UnsafePointer<CampaignGuard>, _ entry: UnsafePointer<RuleTable.Entry>, at t: Timestamp
    ) -> UInt32? {
        if let dates = entry.pointee.effective, !isInForce(dates, at: t) { return nil }
        return state(body, entry, at: t).left
    }

    private func attempts(
        _ counter: UnsafePointer<CounterRecord>?, _ span: GuardSpan, _ limit: UInt32, _ unit: CounterKey.Unit,
        at t: Timestamp
    ) -> GuardTally {
        if limit == 0 {
            return GuardTally(state: .closed(Closure(.guardAttempts, until: .distantFuture, limit: 0)), left: 0)
        }
        guard let counter else { return GuardTally(left: limit) }
        let own = ownInstant(unit, in: counter)
        /// Without the touch that is being confirmed.
        func attempts(_ bucket: CounterBucket) -> UInt64 {
            let isOwn = own.map { bucket.start <= $0 && $0 < bucket.end } ?? false
            return UInt64(bucket.attempts) - (isOwn && bucket.attempts > 0 ? 1 : 0)
        }
        var count: UInt64 = 0
        for bucket in counter.pointee.buckets where span.holds(bucket, at: t) { count += attempts(bucket) }
        if count < limit { return GuardTally(left: limit - UInt32(count)) }
        // They leave the window one after another, until one more has room.
        var rest = count
        var until = t
        for bucket in counter.pointee.buckets where span.holds(bucket, at: t) {
            if rest < limit { break }
            rest -= attempts(bucket)
            until = max(until, span.leaves(bucket))
        }
        let closure = Closure(.guardAttempts, until: until, count: UInt32(clamping: count), limit: limit)
        return GuardTally(state: .closed(closure), left: 0)
    }

    private func share(
        _ counter: UnsafePointer<CounterRecord>?, _ span: GuardSpan, _ share: GuardShare, at t: Timestamp
    ) -> RuleState {
        guard let counter else { return .open }
        var count = GuardShare.Count()
        for bucket in counter.pointee.buckets where span.holds(bucket, at: t) { count.add(share.count(bucket), 1) }
        if !share.isPassed(by: count) { return .open }
        var rest = count
        var until = Timestamp.distantFuture
        var leaving: Timestamp?
        for bucket in counter.pointee.buckets where span.holds(bucket, at: t) {
            let leaves = span.leaves(bucket)
            // Those that leave together are judged together.
            if let leaving, leaving < leaves, !share.isPassed(by: rest) {
                until = leaving
                break
            }
            rest.add(share.count(bucket), -1)
            leaving = leaves
        }
        if until == .distantFuture, let leaving { until = leaving }
        return .closed(
            Closure(
                .guardShare, until: until, count: UInt32(clamping: count.part), limit: UInt32(clamping: count.whole)))
    }

    /// The next instant after `t` at which an open guard may close by time: contacts that went well leave the window.
    func nextChange(
        of body: UnsafePointer<CampaignGuard>, _ entry: UnsafePointer<RuleTable.Entry>, after t: Timestamp
    ) -> Timestamp {
        guard case .share = body.pointee.demand, case .elapsed = body.pointee.window, let counter = counter(of: entry)
        else { return .distantFuture }
        let span = GuardSpan(body.pointee.window, firstUse: counter.pointee.firstUse, plan.zones, at: t)
        for bucket in counter.pointee.buckets where span.holds(bucket, at: t) { return span.leaves(bucket) }
        return .distantFuture
    }

    /// The counters of the guards in whose places the person may be.
    func countersInside() -> [CounterKey] {
        if plan.counters.isEmpty { return [] }
        return plan.counters.filter { key in
            rules.contains { position in
                let entry = table[position]
                return entry.pointee.rule.pointee.id == key.rule && isInside(entry)
            }
        }
    }

    private func counter(of entry: UnsafePointer<RuleTable.Entry>) -> UnsafePointer<CounterRecord>? {
        // A handful at most.
        for i in counters.indices where counters[i].key.rule == entry.pointee.rule.pointee.id {
            if plan.counters.contains(counters[i].key) { return counters.baseAddress! + i }
        }
        return nil
    }

    /// The instant at which the touch that is being confirmed counts in a counter.
    private func ownInstant(_ unit: CounterKey.Unit, in counter: UnsafePointer<CounterRecord>) -> Timestamp? {
        guard let excluded else { return nil }
        for record in records {
            for i in record.touches.indices where record.touches[i].id == excluded && record.touches[i].isCountable {
                return record.touches[i].at
            }
        }
        return nil
    }
}

/// How far a guard is used up for one campaign or agency.
public struct GuardStanding: Hashable, Sendable {
    /// Attempts, or the contacts that the share is of.
    public var part: UInt64
    /// The limit of attempts, or the contacts that the share is among.
    public var whole: UInt64
    /// The next contact is denied.
    public var isUsedUp: Bool

    public init(part: UInt64, whole: UInt64, isUsedUp: Bool) {
        self.part = part
        self.whole = whole
        self.isUsedUp = isUsedUp
    }
}

extension CampaignGuard {
    /// What a counter says of this guard at `t`, whoever asks.
    public func standing(of counter: CounterRecord, _ zones: ZoneAtlas, at t: Timestamp) -> GuardStanding {
        let span = GuardSpan(window, firstUse: counter.firstUse, zones, at: t)
        let buckets = counter.buckets.filter { span.holds($0, at: t) }
        switch demand {
        case .attempts(let limit):
            let count = buckets.reduce(0) { $0 + UInt64($1.attempts) }
            return GuardStanding(part: count, whole: UInt64(limit), isUsedUp: count >= limit)
        case .share(let of, let among, let millionths, let atLeast):
            let share = GuardShare(of: of, among: among, millionths: millionths, atLeast: atLeast)
            var count = GuardShare.Count()
            for bucket in buckets { count.add(share.count(bucket), 1) }
            return GuardStanding(part: count.part, whole: count.whole, isUsedUp: share.isPassed(by: count))
        }
    }
}

/// What a guard's counting came to.
struct GuardTally {
    var state = RuleState.open
    var left: UInt32?

    init(state: RuleState = .open, left: UInt32? = nil) {
        self.state = state
        self.left = left
    }
}

/// A guard's window as it lies at one instant.
struct GuardSpan {
    /// For elapsed time its length; else where the period begins and the next one does.
    private enum Kind {
        case elapsed(Milliseconds)
        case fixed(start: Timestamp, end: Timestamp)
    }

    private let kind: Kind
    /// As coarsely as the counter will be kept before anything leaves the window.
    private let grain: CounterBucket.Grain

    private static let utc = ZoneTable(fixedOffsetSeconds: 0)

    init(_ window: GuardWindow, firstUse: Timestamp?, _ zones: ZoneAtlas, at t: Timestamp) {
        switch window {
        case .elapsed(let length):
            kind = .elapsed(length)
            grain = length <= .hours(2) ? .minute : length <= .hours(48) ? .quarter : .hour
        case .calendar(let unit, let weekStarts, let zoneKey):
            let zone = zoneKey.flatMap { zones[$0] } ?? Self.utc
            grain = unit == .hour || unit == .day ? .quarter : .hour
            switch unit {
            case .hour:
                let offset = Milliseconds(zone.offsetMilliseconds(at: t))
                let start = CounterBucket.Grain.hour.start(of: t + offset) - offset
                kind = .fixed(start: start, end: start + .hours(1))
            case .day, .week, .month:
                let date = zone.date(at: t)
                let period: CalendarUnit = unit == .day ? .day : unit == .week ? .week : .month
                kind = .fixed(
                    start: zone.firstInstant(notBefore: date.startOfPeriod(period, weekStarts: weekStarts)),
                    end: zone.firstInstant(notBefore: date.startOfNextPeriod(period, weekStarts: weekStarts), after: t))
            }
        case .periods(let length):
            grain = .hour
            let origin = CounterBucket.Grain.hour.start(of: min(firstUse ?? t, t))
            let n = (t - origin).count / length.count
            let start = origin + Milliseconds(n * length.count)
            kind = .fixed(start: start, end: start + length)
        }
    }

    /// Whether what was counted in a bucket still counts at `t`: any instant of it, as coarsely as it is seen.
    func holds(_ bucket: CounterBucket, at t: Timestamp) -> Bool {
        switch kind {
        case .elapsed: leaves(bucket) > t
        case .fixed(let start, _): bucket.end(seenAs: grain) > start
        }
    }

    /// When it no longer counts.
    func leaves(_ bucket: CounterBucket) -> Timestamp {
        switch kind {
        case .elapsed(let length): bucket.end(seenAs: grain) - Milliseconds(1) + length
        case .fixed(_, let end): end
        }
    }
}

/// A share and what it is judged by.
private struct GuardShare {
    struct Count {
        var part: UInt64 = 0
        var whole: UInt64 = 0

        mutating func add(_ other: Count, _ sign: Int) {
            part = sign > 0 ? part + other.part : part - other.part
            whole = sign > 0 ? whole + other.whole : whole - other.whole
        }
    }

    var of: NameSet<EventKind>
    var among: NameSet<EventKind>
    var millionths: UInt32
    var atLeast: UInt32

    func count(_ bucket: CounterBucket) -> Count {
        Count(part: bucket.count(of: of), whole: bucket.count(of: among))
    }

    func isPassed(by count: Count) -> Bool {
        count.whole > 0 && count.whole >= UInt64(atLeast)
            && count.part * 1_000_000 > UInt64(millionths) * count.whole
    }
}
