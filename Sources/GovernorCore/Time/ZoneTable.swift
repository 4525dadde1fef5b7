/// The wall clock of one zone: when it changes, and what it shows.
///
/// Immutable. Every query is free of allocation; finding the offset costs a few nanoseconds from 1970 on. Listed
/// changes and the rule after them are expanded through 2202; later, the last offset stays.
///
/// `@unchecked Sendable`: the two buffers are filled before `init` returns, never written again, and freed in `deinit`.
public final class ZoneTable: @unchecked Sendable {
    /// The name it was built under; an alias has the name of its target.
    public let name: String

    /// Contiguous, from `.distantPast` to `.distantFuture`.
    @usableFromInline let segments: UnsafePointer<ZoneSegment>
    @usableFromInline let count: Int
    /// The segment in which each span of 2^33 ms (99 days) since 1970 begins, so that a look-up starts beside its goal.
    @usableFromInline let buckets: UnsafePointer<UInt16>
    @usableFromInline let bucketCount: Int64

    @usableFromInline static let bucketShift: Int64 = 33
    /// No zone's wall clock is further from UTC than this. Source: RFC 8536, section 3.2 (less than 26 hours).
    static let offsetMax: Int64 = 26 * 3_600_000
    /// The rule after the listed changes is expanded through the end of this year.
    static let lastYear = 2202

    /// A zone that never changes its clock, less than 26 hours from UTC, named like `UTC-06:00` unless named otherwise.
    public convenience init(fixedOffsetSeconds seconds: Int, name: String? = nil) {
        precondition(abs(seconds) < 26 * 3_600, "an offset is less than 26 hours")
        self.init(
            name: name ?? ZoneTable.fixedName(offsetSeconds: seconds),
            initialOffset: Int64(seconds) * 1_000, changes: [])
    }

    /// Changes are in ascending order, fewer than 65,536; those that change nothing are dropped.
    init(name: String, initialOffset: Int64, changes: [(at: Timestamp, offset: Int64)]) {
        var list: [ZoneSegment] = []
        list.reserveCapacity(changes.count + 1)
        var start = Timestamp.distantPast
        var offset = initialOffset
        for change in changes where change.offset != offset {
            if change.at > start {
                list.append(ZoneSegment(start: start, end: change.at, offsetMilliseconds: offset))
                start = change.at
            }
            offset = change.offset
            // Two changes at one instant may cancel each other.
            if let last = list.last, last.offsetMilliseconds == offset {
                start = last.start
                list.removeLast()
            }
        }
        list.append(ZoneSegment(start: start, end: .distantFuture, offsetMilliseconds: offset))
        precondition(list.count <= Int(UInt16.max))

        let lastStart = list[list.count - 1].start.milliseconds
        let bucketCount = lastStart >= 0 ? (lastStart >> ZoneTable.bucketShift) + 1 : 0
        let buckets = UnsafeMutablePointer<UInt16>.allocate(capacity: max(1, Int(bucketCount)))
        var index = 0
        for bucket in 0..<bucketCount {
            let begin = Timestamp(milliseconds: bucket << ZoneTable.bucketShift)
            while begin >= list[index].end { index += 1 }
            buckets[Int(bucket)] = UInt16(index)
        }
        let segments = UnsafeMutablePointer<ZoneSegment>.allocate(capacity: list.count)
        segments.initialize(from: list, count: list.count)

        self.name = name
        self.segments = UnsafePointer(segments)
        self.count = list.count
        self.buckets = UnsafePointer(buckets)
        self.bucketCount = bucketCount
    }

    deinit {
        segments.deallocate()
        buckets.deallocate()
    }

    /// `UTC`, `UTC-06:00`, `UTC+05:30`; seconds are added where there are any.
    public static func fixedName(offsetSeconds: Int) -> String {
        if offsetSeconds == 0 { return "UTC" }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let total = abs(offsetSeconds)
        let seconds = total % 60 == 0 ? "" : ":" + two(total % 60)
        return "UTC\(offsetSeconds < 0 ? "-" : "+")\(two(total / 3_600)):\(two(total / 60 % 60))\(seconds)"
    }

    // MARK: What the clock shows

    /// How many spans of constant offset there are, the two unbounded ones included.
    public var segmentCount: Int { count }

    /// The span of constant offset around an instant.
    @inlinable public func segment(at instant: Timestamp) -> ZoneSegment {
        withExtendedLifetime(self) { segments[index(at: instant)] }
    }

    /// Local time minus UTC in milliseconds.
    @inlinable public func offsetMilliseconds(at instant: Timestamp) -> Int64 {
        withExtendedLifetime(self) { segments[index(at: instant)].offsetMilliseconds }
    }

    /// Local time minus UTC in whole seconds.
    @inlinable public func offset(at instant: Timestamp) -> Int {
        Int(offsetMilliseconds(at: instant) / 1_000)
    }

    @inlinable public func local(at instant: Timestamp) -> LocalDateTime {
        LocalDateTime(localMilliseconds: instant.milliseconds &+ offsetMilliseconds(at: instant))
    }

    @inlinable public func date(at instant: Timestamp) -> LocalDate {
        let local = instant.milliseconds &+ offsetMilliseconds(at: instant)
        return LocalDate(days: Int32(clamping: floorDivide(local, by: 86_400_000)))
    }

    @inlinable func index(at instant: Timestamp) -> Int {
        let bucket = instant.milliseconds >> ZoneTable.bucketShift
        guard bucket >= 0 else { return earlyIndex(at: instant) }
        guard bucket < bucketCount else { return count &- 1 }
        var index = Int(buckets[Int(bucket)])
        while instant >= segments[index].end { index &+= 1 }
        return index
    }

    /// The index of an instant before 1970.
    @usableFromInline func earlyIndex(at instant: Timestamp) -> Int {
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if instant >= segments[middle].end { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: When the clock shows it

    /// The earliest instant at which the wall clock's date is `date` or a later one, not before `after`.
    ///
    /// A midnight that is skipped opens when the gap ends. Where midnight comes twice, the first one opens the date, and
    /// an `after` in the hour that falls back to the day before waits for the second.
    public func firstInstant(notBefore date: LocalDate, after: Timestamp? = nil) -> Timestamp {
        withExtendedLifetime(self) {
            let midnight = date.localMilliseconds
            var earliest = Timestamp(milliseconds: midnight - ZoneTable.offsetMax)
            if let after, after > earliest { earliest = after }
            var index = index(at: earliest)
            while true {
                let segment = segments[index]
                let opens = max(segment.instant(ofLocalMilliseconds: midnight), segment.start, earliest)
                if opens < segment.end || index == count - 1 { return opens }
                index += 1
            }
        }
    }

    /// The first instant after `instant` at which the wall clock shows another date, be it the day before.
    public func nextDateChange(after instant: Timestamp) -> Timestamp {
        withExtendedLifetime(self) {
            var index = index(at: instant)
            let day = floorDivide(segments[index].localMilliseconds(at: instant), by: 86_400_000)
            while true {
                let segment = segments[index]
                let midnight = segment.instant(ofLocalMilliseconds: (day + 1) * 86_400_000)
                if midnight < segment.end || index == count - 1 { return midnight }
                index += 1
                let next = segments[index]
                if floorDivide(next.localMilliseconds(at: next.start), by: 86_400_000) != day { return next.start }
            }
        }
    }

    /// The first instant at which the wall clock shows this time; the end of the gap for a time that is skipped.
    ///
    /// `millisecondOfDay` may be 86,400,000, the midnight at the end of the date.
    public func instant(of date: LocalDate, millisecondOfDay: Int32 = 0) -> Timestamp {
        instant(ofLocalMilliseconds: date.localMilliseconds + Int64(millisecondOfDay))
    }

    /// The first instant at which the wall clock shows this time; the end of the gap for a time that is skipped.
    public func instant(of local: LocalDateTime) -> Timestamp {
        instant(ofLocalMilliseconds: local.localMilliseconds)
    }

    func instant(ofLocalMilliseconds local: Int64) -> Timestamp {
        withExtendedLifetime(self) {
            var index = index(at: Timestamp(milliseconds: local - ZoneTable.offsetMax))
            while true {
                let segment = segments[index]
                let shown = segment.instant(ofLocalMilliseconds: local)
                if shown < segment.end || index == count - 1 { return max(shown, segment.start) }
                index += 1
            }
        }
    }

    /// A step on the wall clock: years and months clamped to the month's end, then days, at the same time of day (the
    /// end of the gap when it is skipped, the first when it comes twice), and then the elapsed time.
    ///
    /// A duration without a calendar part moves by elapsed time alone.
    public func adding(_ duration: ISODuration, to instant: Timestamp) -> Timestamp {
        guard duration.years != 0 || duration.months != 0 || duration.days != 0 else {
            return instant + Milliseconds(duration.milliseconds)
        }
        let local = local(at: instant)
        let date = local.date.adding(
            years: Int(duration.years), months: Int(duration.months), days: Int(duration.days))
        return self.instant(of: date, millisecondOfDay: local.millisecondOfDay) + Milliseconds(duration.milliseconds)
    }
}

extension ZoneTable: CustomStringConvertible {
    public var description: String { name }
}
