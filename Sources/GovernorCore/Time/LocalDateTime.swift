/// What a wall clock shows: a date and the milliseconds since its midnight. In which zone is the caller's to know.
public struct LocalDateTime: Hashable, Comparable, Sendable {
    public var date: LocalDate
    /// 0..<86,400,000, as the wall clock reads, not as time has passed since midnight.
    public var millisecondOfDay: Int32

    @inlinable public init(date: LocalDate, millisecondOfDay: Int32) {
        self.date = date
        self.millisecondOfDay = millisecondOfDay
    }

    /// From the milliseconds since 1970-01-01T00:00 on the same wall clock.
    @inlinable public init(localMilliseconds: Int64) {
        let day = floorDivide(localMilliseconds, by: 86_400_000)
        date = LocalDate(days: Int32(clamping: day))
        millisecondOfDay = Int32(truncatingIfNeeded: localMilliseconds &- day &* 86_400_000)
    }

    /// Milliseconds since 1970-01-01T00:00 on the same wall clock.
    @inlinable public var localMilliseconds: Int64 { date.localMilliseconds &+ Int64(millisecondOfDay) }

    @inlinable public var hour: Int { Int(millisecondOfDay) / 3_600_000 }
    @inlinable public var minute: Int { Int(millisecondOfDay) / 60_000 % 60 }
    @inlinable public var second: Int { Int(millisecondOfDay) / 1_000 % 60 }
    @inlinable public var millisecond: Int { Int(millisecondOfDay) % 1_000 }

    @inlinable public static func < (a: LocalDateTime, b: LocalDateTime) -> Bool {
        a.date == b.date ? a.millisecondOfDay < b.millisecondOfDay : a.date < b.date
    }
}

extension LocalDateTime: CustomStringConvertible {
    /// `2026-11-22T16:02:11.250`.
    public var description: String { String(Timestamp(milliseconds: localMilliseconds).description.dropLast()) }
}
