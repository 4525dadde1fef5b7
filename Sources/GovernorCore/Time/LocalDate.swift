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
    ///
    /// Source: Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms", 2022.
    @inlinable public var components: (year: Int, month: Int, day: Int) {
        // Counted from a 1 March so early that no date is negative; January and February end the year before.
        let quarters = 4 &* UInt64(bitPattern: Int64(days) &+ LocalDate.epochShift) &+ 3
        let century = quarters / 146_097
        let dayOfCentury = (quarters % 146_097) | 3
        let product = 2_939_745 &* dayOfCentury
        let dayOfYear = UInt32(truncatingIfNeeded: product) / 2_939_745 / 4
        let packed = 2_141 &* dayOfYear &+ 197_913
        let isNextYear = dayOfYear >= 306
        let year = Int(100 &* century &+ product >> 32) &- LocalDate.yearShift &+ (isNextYear ? 1 : 0)
        return (year, Int(packed >> 16) &- (isNextYear ? 12 : 0), Int((packed & 0xffff) / 2_141) &+ 1)
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

    /// Days since 1970-01-01 of a day that exists, in years -5,000,000...5,000,000.
    ///
    /// Source: as for `components`.
    @inlinable static func days(year: Int, month: Int, day: Int) -> Int32 {
        let isLate = month <= 2
        let shiftedYear = UInt64(bitPattern: Int64(year &+ yearShift &- (isLate ? 1 : 0)))
        let shiftedMonth = UInt32(truncatingIfNeeded: isLate ? month &+ 12 : month)
        let century = shiftedYear / 100
        let yearDays = 1_461 &* shiftedYear / 4 &- century &+ century / 4
        let monthDays = Int64((979 &* shiftedMonth &- 2_919) / 32)
        return Int32(truncatingIfNeeded: Int64(yearDays) &+ monthDays &+ Int64(day) &- 1 &- epochShift)
    }

    /// 14,700 cycles of 400 years, more than 32 bits of days reach back.
    @inlinable @inline(__always) static var yearShift: Int { 400 * 14_700 }
    /// The days from 1 March of the year `-yearShift` to 1970-01-01.
    @inlinable @inline(__always) static var epochShift: Int64 { 719_468 + 146_097 * 14_700 }
}

extension LocalDate: CustomStringConvertible {
    /// Reads exactly `YYYY-MM-DD`, years 0000...9999. Does not allocate.
    public init(parsing utf8: UnsafeRawBufferPointer) throws(TimeFormatError) {
        guard utf8.count >= 10 else { throw .malformed(at: utf8.count) }
        self = try LocalDate(prefixOf: utf8)
        guard utf8.count == 10 else { throw .malformed(at: 10) }
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
        // 0000-01-01 and 9999-12-31.
        let (year, month, day) = LocalDate(days: min(max(days, -719_528), 2_932_896)).components
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
}
