/// A day of the wall clock in the proleptic Gregorian calendar, whatever the zone.
public struct LocalDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public var days: Int32

    @inlinable public init(days: Int32) { self.days = days }

    /// Nil when the calendar has no such day.
    @inlinable public init?(year: Int, month: Int, day: Int) {
        guard (-5_000_000...5_000_000).contains(year), (1...12).contains(month), day >= 1,
            day <= LocalDate.length(ofMonth: month, year: year)
        else { return nil }
        days = LocalDate.days(year: year, month: month, day: day)
    }

    @inlinable public static func < (a: LocalDate, b: LocalDate) -> Bool { a.days < b.days }

    /// Year, month 1...12 and day 1...31.
    @inlinable public var components: (year: Int, month: Int, day: Int) {
        // Years start in March here, so that the leap day is the last one.
        let shifted = Int64(days) &+ 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = UInt32(truncatingIfNeeded: shifted &- era &* 146_097)
        let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        let day = Int(dayOfYear &- (153 &* shiftedMonth &+ 2) / 5) &+ 1
        let month = Int(shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9)
        return (Int(era) &* 400 &+ Int(yearOfEra) &+ (month <= 2 ? 1 : 0), month, day)
    }

    @inlinable public var year: Int { components.year }
    /// 1...12.
    @inlinable public var month: Int { components.month }
    /// 1...31.
    @inlinable public var day: Int { components.day }

    @inlinable public var weekday: Weekday {
        let index = (Int64(days) &+ 3) % 7
        return Weekday(rawValue: UInt8(truncatingIfNeeded: index < 0 ? index &+ 7 : index)).unsafelyUnwrapped
    }

    /// Midnight of this date as if the wall clock ran on UTC, in milliseconds since 1970.
    @inlinable public var localMilliseconds: Int64 { Int64(days) &* 86_400_000 }

    /// Stops at the ends of what 32 bits hold.
    @inlinable public func adding(days count: Int) -> LocalDate {
        let clamped = Int64(Int32(clamping: count))
        return LocalDate(days: Int32(clamping: Int64(days) &+ clamped))
    }

    /// Years and months first, as one step whose day is clamped to the month's end, then the days.
    @inlinable public func adding(years: Int = 0, months: Int, days count: Int = 0) -> LocalDate {
        let from = components
        let limit = 5_000_000
        let step = min(max(years, -limit), limit) &* 12 &+ min(max(months, -limit), limit)
        let total = from.year &* 12 &+ (from.month &- 1) &+ step
        let year = min(max(Int(floorDivide(Int64(total), by: 12)), -limit), limit)
        let month = total &- Int(floorDivide(Int64(total), by: 12)) &* 12 &+ 1
        let day = min(from.day, LocalDate.length(ofMonth: month, year: year))
        return LocalDate(days: LocalDate.days(year: year, month: month, day: day)).adding(days: count)
    }

    /// The latest `first` that is not after this date.
    @inlinable public func startOfWeek(first: Weekday = .monday) -> LocalDate {
        let past = (Int(weekday.rawValue) &- Int(first.rawValue) &+ 7) % 7
        return adding(days: -past)
    }

    @inlinable public var startOfMonth: LocalDate { adding(days: 1 &- day) }

    @inlinable public var startOfYear: LocalDate {
        LocalDate(days: LocalDate.days(year: year, month: 1, day: 1))
    }

    /// Days of a month, 28...31; `month` is in 1...12.
    @inlinable public static func length(ofMonth month: Int, year: Int) -> Int {
        if month == 2 { return isLeap(year) ? 29 : 28 }
        return 30 &+ ((month &+ (month >> 3)) & 1)
    }

    @inlinable public static func isLeap(_ year: Int) -> Bool {
        year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Days since 1970-01-01 of a day that exists.
    @inlinable static func days(year: Int, month: Int, day: Int) -> Int32 {
        let shiftedYear = month <= 2 ? year &- 1 : year
        let era = Int(floorDivide(Int64(shiftedYear), by: 400))
        let yearOfEra = shiftedYear &- era &* 400
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return Int32(clamping: era &* 146_097 &+ dayOfEra &- 719_468)
    }
}

extension LocalDate: CustomStringConvertible {
    /// Reads exactly `YYYY-MM-DD`, years 0000...9999. Does not allocate.
    public init(parsing utf8: UnsafeRawBufferPointer) throws(TimeFormatError) {
        guard utf8.count >= 10 else { throw .malformed(at: utf8.count) }
        guard utf8.count == 10 else { throw .malformed(at: 10) }
        self = try LocalDate(prefixOf: utf8)
    }

    /// Reads exactly `YYYY-MM-DD`, years 0000...9999.
    public init(parsing text: String) throws(TimeFormatError) {
        self = try text.withBytes { bytes throws(TimeFormatError) in try LocalDate(parsing: bytes) }
    }

    /// Reads the first ten bytes; there must be as many.
    @inline(__always)
    init(prefixOf utf8: UnsafeRawBufferPointer) throws(TimeFormatError) {
        let year = try digits(utf8, from: 0, count: 4)
        guard utf8[4] == UInt8(ascii: "-") else { throw .malformed(at: 4) }
        let month = try digits(utf8, from: 5, count: 2)
        guard utf8[7] == UInt8(ascii: "-") else { throw .malformed(at: 7) }
        let day = try digits(utf8, from: 8, count: 2)
        guard (1...12).contains(month) else { throw .noSuchValue(at: 5) }
        guard day >= 1, day <= LocalDate.length(ofMonth: month, year: year) else { throw .noSuchValue(at: 8) }
        days = LocalDate.days(year: year, month: month, day: day)
    }

    /// Writes the ten bytes of `YYYY-MM-DD`; years outside 0...9999 are written as the nearest of these.
    public func write(to out: UnsafeMutableRawPointer) {
        let (year, month, day) = min(max(self, .firstPrintable), .lastPrintable).components
        writeTwoDigits(year / 100, to: out, at: 0)
        writeTwoDigits(year % 100, to: out, at: 2)
        out.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 4, as: UInt8.self)
        writeTwoDigits(month, to: out, at: 5)
        out.storeBytes(of: UInt8(ascii: "-"), toByteOffset: 7, as: UInt8.self)
        writeTwoDigits(day, to: out, at: 8)
    }

    /// `YYYY-MM-DD`.
    public var description: String {
        String(unsafeUninitializedCapacity: 10) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            write(to: base)
            return 10
        }
    }

    /// 0000-01-01 and 9999-12-31.
    private static let firstPrintable = LocalDate(days: -719_528)
    private static let lastPrintable = LocalDate(days: 2_932_896)
}
