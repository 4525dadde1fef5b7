/// An instant: milliseconds since 1970-01-01T00:00:00Z, the precision of every store and every answer.
///
/// Spans of instants are half-open throughout: `[start, end)` for validities and hours, `(now - length, now]` for windows.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch; negative before 1970.
    public var milliseconds: Int64

    @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Before every instant that a request or a record may name.
    public static let distantPast = Timestamp(milliseconds: .min / 4)
    /// After every instant that a request or a record may name. Stands for "no end".
    public static let distantFuture = Timestamp(milliseconds: .max / 4)

    @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    @inlinable public static func + (a: Timestamp, b: Milliseconds) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds + b.count)
    }
    @inlinable public static func - (a: Timestamp, b: Milliseconds) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds - b.count)
    }
    @inlinable public static func - (a: Timestamp, b: Timestamp) -> Milliseconds {
        Milliseconds(a.milliseconds - b.milliseconds)
    }
}

/// A length of elapsed time in milliseconds, the same whatever the wall clock does meanwhile.
public struct Milliseconds: Hashable, Comparable, Sendable {
    public var count: Int64

    @inlinable public init(_ count: Int64) { self.count = count }

    @inlinable public static func < (a: Milliseconds, b: Milliseconds) -> Bool { a.count < b.count }
    @inlinable public static func seconds(_ n: Int64) -> Milliseconds { Milliseconds(n * 1_000) }
    @inlinable public static func minutes(_ n: Int64) -> Milliseconds { Milliseconds(n * 60_000) }
    @inlinable public static func hours(_ n: Int64) -> Milliseconds { Milliseconds(n * 3_600_000) }
    /// Days of exactly 24 hours.
    @inlinable public static func days(_ n: Int64) -> Milliseconds { Milliseconds(n * 86_400_000) }
}
