/// A maximal span `[start, end)` in which a zone's wall clock keeps one distance from UTC.
public struct ZoneSegment: Hashable, Sendable {
    /// `.distantPast` for the first one.
    public let start: Timestamp
    /// `.distantFuture` for the last one.
    public let end: Timestamp
    /// Local time minus UTC, whole seconds given in milliseconds.
    public let offsetMilliseconds: Int64

    @inlinable public init(start: Timestamp, end: Timestamp, offsetMilliseconds: Int64) {
        self.start = start
        self.end = end
        self.offsetMilliseconds = offsetMilliseconds
    }

    @inlinable public func contains(_ instant: Timestamp) -> Bool { start <= instant && instant < end }

    /// Milliseconds since 1970-01-01T00:00 on the wall clock.
    @inlinable public func localMilliseconds(at instant: Timestamp) -> Int64 {
        instant.milliseconds &+ offsetMilliseconds
    }

    @inlinable public func local(at instant: Timestamp) -> LocalDateTime {
        LocalDateTime(localMilliseconds: localMilliseconds(at: instant))
    }

    /// When the wall clock would show this time if the segment had no ends.
    @inlinable public func instant(ofLocalMilliseconds local: Int64) -> Timestamp {
        Timestamp(milliseconds: local &- offsetMilliseconds)
    }
}
