/// How many contacts a guard counted for one campaign or agency, and what came of them, by time.
///
/// Not a person's record: it has no version and never conflicts, since its changes only add and subtract. It is exact to
/// the minute for two hours, to the quarter of an hour for two days, and to the hour for nine weeks; a guard looks at it
/// as coarsely as its window will be kept, so that an answer does not change when minutes are put together. A question
/// about the past is answered from what is kept today, so that its instant may come up to an hour late.
public struct CounterRecord: Hashable, Sendable {
    public var key: CounterKey
    /// The earliest contact ever counted; `distantFuture`: none yet.
    public var firstUse: Timestamp
    /// Ascending, disjoint; those without anything in them are left out.
    public internal(set) var buckets: [CounterBucket]
    /// The texts of the outcomes.
    public internal(set) var names: NameTable

    /// Windows of guards are at most this long.
    public static let windowMax = Milliseconds.days(62)
    static let minutesKept = Milliseconds.minutes(136)
    static let quartersKept = Milliseconds.hours(49)
    static let hoursKept = Milliseconds.days(63)

    public init(key: CounterKey) {
        self.key = key
        firstUse = .distantFuture
        buckets = []
        names = NameTable()
    }
}

/// What was counted in one span of time.
public struct CounterBucket: Hashable, Sendable {
    public enum Grain: UInt8, Hashable, Comparable, Sendable {
        case minute = 1
        case quarter = 2
        case hour = 3

        var length: Int64 {
            switch self {
            case .minute: 60_000
            case .quarter: 900_000
            case .hour: 3_600_000
            }
        }

        public static func < (a: Grain, b: Grain) -> Bool { a.rawValue < b.rawValue }

        func start(of instant: Timestamp) -> Timestamp {
            let ms = instant.milliseconds
            return Timestamp(milliseconds: ms - (ms % length + length) % length)
        }
    }

    /// A whole multiple of its grain since the epoch.
    public var start: Timestamp
    public var grain: Grain
    public var attempts: UInt32
    public var outcomes: [OutcomeCount]

    public struct OutcomeCount: Hashable, Sendable {
        public var outcome: EventName
        public var count: UInt32
    }

    init(start: Timestamp, grain: Grain) {
        self.start = start
        self.grain = grain
        attempts = 0
        outcomes = []
    }

    /// Not included.
    public var end: Timestamp { start + Milliseconds(grain.length) }

    /// Its end as a window sees it that is kept no finer than `grain`.
    func end(seenAs grain: Grain) -> Timestamp {
        grain <= self.grain ? end : grain.start(of: start) + Milliseconds(grain.length)
    }

    func count(of set: NameSet<EventKind>) -> UInt64 {
        var count: UInt64 = 0
        for item in outcomes where set.contains(item.outcome) { count += UInt64(item.count) }
        return count
    }

    mutating func add(_ outcome: EventName, _ n: Int64) {
        if outcome.isNone { return }
        if let i = outcomes.firstIndex(where: { $0.outcome == outcome }) {
            outcomes[i].count = UInt32(clamping: Int64(outcomes[i].count) + n)
            if outcomes[i].count == 0 { outcomes.remove(at: i) }
        } else if n > 0 {
            outcomes.append(OutcomeCount(outcome: outcome, count: UInt32(clamping: n)))
        }
    }

    fileprivate mutating func merge(_ other: CounterBucket) {
        attempts = UInt32(clamping: Int64(attempts) + Int64(other.attempts))
        for item in other.outcomes { add(item.outcome, Int64(item.count)) }
    }
}

/// One bucket of a counter as it stands: what a journal keeps, so that making it twice makes no difference.
public struct CounterState: Hashable, Sendable {
    public var key: CounterKey
    public var firstUse: Timestamp
    public var bucket: CounterBucket
    /// The texts of the bucket's outcomes.
    public var names: NameTable
}

extension CounterRecord {
    /// Makes one change as of `now`, with the text of its outcome in `other`; gives the bucket as it stands after it.
    @discardableResult
    public mutating func apply(_ change: CounterChange, names other: NameTable, at now: Timestamp) -> CounterState {
        if change.attempts > 0 { firstUse = min(firstUse, change.at) }
        names.adopt(change.outcome, from: other)
        let i = index(at: change.at, now: now)
        buckets[i].attempts = UInt32(clamping: Int64(buckets[i].attempts) + Int64(change.attempts))
        buckets[i].add(change.outcomeBefore, -1)
        buckets[i].add(change.outcome, 1)
        let state = CounterState(key: key, firstUse: firstUse, bucket: buckets[i], names: namesOf(buckets[i]))
        tidy(at: now)
        return state
    }

    /// Puts a bucket where the journal says it stood, as of `now`.
    public mutating func apply(_ state: CounterState, at now: Timestamp) {
        firstUse = min(firstUse, state.firstUse)
        // Minutes that were put together since: what is here is newer.
        if buckets.contains(where: {
            $0.grain > state.bucket.grain && $0.start <= state.bucket.start && $0.end > state.bucket.start
        }) {
            return
        }
        for item in state.bucket.outcomes { names.adopt(item.outcome, from: state.names) }
        buckets.removeAll { $0.start >= state.bucket.start && $0.end <= state.bucket.end }
        buckets.insert(state.bucket, at: buckets.firstIndex { $0.start > state.bucket.start } ?? buckets.count)
        tidy(at: now)
    }

    private func namesOf(_ bucket: CounterBucket) -> NameTable {
        var table = NameTable()
        for item in bucket.outcomes { table.adopt(item.outcome, from: names) }
        return table
    }

    /// The bucket that holds an instant, made when there is none.
    private mutating func index(at instant: Timestamp, now: Timestamp) -> Int {
        // Nearly always the newest: search from the end.
        var i = buckets.count
        while i > 0 && buckets[i - 1].start > instant { i -= 1 }
        if i > 0 && instant < buckets[i - 1].end { return i - 1 }
        var grain = Self.grain(of: instant, at: now)
        // A coarse one must not cover finer ones that are there already.
        while grain > .minute {
            let new = CounterBucket(start: grain.start(of: instant), grain: grain)
            let covers = i < buckets.count && buckets[i].start < new.end || i > 0 && buckets[i - 1].end > new.start
            if !covers { break }
            grain = grain == .hour ? .quarter : .minute
        }
        buckets.insert(CounterBucket(start: grain.start(of: instant), grain: grain), at: i)
        return i
    }

    /// How finely an instant is kept at `now`.
    private static func grain(of instant: Timestamp, at now: Timestamp) -> CounterBucket.Grain {
        if instant > now - minutesKept { return .minute }
        return instant > now - quartersKept ? .quarter : .hour
    }

    /// Puts together what is old enough, and lets go what no window reaches.
    private mutating func tidy(at now: Timestamp) {
        guard isDue(at: now) else { return }
        var kept: [CounterBucket] = []
        kept.reserveCapacity(buckets.count)
        for bucket in buckets where bucket.end > now - Self.hoursKept {
            if bucket.attempts == 0 && bucket.outcomes.isEmpty { continue }
            let grain = max(bucket.grain, Self.grain(of: bucket.end, at: now))
            var coarse = CounterBucket(start: grain.start(of: bucket.start), grain: grain)
            coarse.merge(bucket)
            if let last = kept.indices.last, kept[last].end > coarse.start {
                if kept[last].grain >= grain {
                    kept[last].merge(coarse)
                } else {
                    // Finer ones before it in the same span are taken in.
                    while let finer = kept.last, finer.start >= coarse.start {
                        coarse.merge(finer)
                        kept.removeLast()
                    }
                    kept.append(coarse)
                }
            } else {
                kept.append(coarse)
            }
        }
        buckets = kept
    }

    /// Whether the oldest bucket of any grain has come to the end of it.
    private func isDue(at now: Timestamp) -> Bool {
        guard let first = buckets.first else { return false }
        if first.end <= now - Self.hoursKept - Milliseconds.days(1) { return true }
        var i = buckets.count
        while i > 0 && buckets[i - 1].grain == .minute { i -= 1 }
        // A quarter of an hour at a time.
        if i < buckets.count && buckets[i].end <= now - Self.minutesKept - Milliseconds.minutes(15) { return true }
        while i > 0 && buckets[i - 1].grain == .quarter { i -= 1 }
        return i < buckets.count && buckets[i].grain == .quarter
            && buckets[i].end <= now - Self.quartersKept
                - Milliseconds.hours(1)
    }
}
