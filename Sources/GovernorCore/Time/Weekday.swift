/// A day of the week, Monday first.
public enum Weekday: UInt8, CaseIterable, Hashable, Comparable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    @inlinable public static func < (a: Weekday, b: Weekday) -> Bool { a.rawValue < b.rawValue }
    /// Saturday or Sunday.
    @inlinable public var isWeekend: Bool { rawValue >= 5 }
}
