/// An ISO 8601 duration, kept as written: a part for the calendar and a part of elapsed time.
///
/// What a day means is the user's to say: a window takes it as 24 hours (`elapsed`), a step on the wall clock as the
/// same time on the next date (`ZoneTable.adding(_:to:)`). Months and years have no length of their own.
public struct ISODuration: Hashable, Sendable {
    public var years: Int32
    public var months: Int32
    /// Weeks are folded in as seven days each.
    public var days: Int32
    /// Hours, minutes and seconds.
    public var milliseconds: Int64

    @inlinable public init(years: Int32 = 0, months: Int32 = 0, days: Int32 = 0, milliseconds: Int64 = 0) {
        self.years = years
        self.months = months
        self.days = days
        self.milliseconds = milliseconds
    }

    /// The most that each part of a text may say: 1,000 years, in its own unit.
    static let yearsMax = 1_000
    static let monthsMax = 12_000
    static let daysMax = 366_000
    static let millisecondsMax = 366_000 * 86_400_000

    /// No months and no years, so that it has one length everywhere.
    @inlinable public var isElapsedOnly: Bool { years == 0 && months == 0 }

    /// The length with days of 24 hours; nil with months or years.
    @inlinable public var elapsed: Milliseconds? {
        isElapsedOnly ? Milliseconds(Int64(days) &* 86_400_000 &+ milliseconds) : nil
    }

    @inlinable public var isZero: Bool { years == 0 && months == 0 && days == 0 && milliseconds == 0 }

    /// The same step backwards. Clamped month ends do not come back: 31 March less a month is 28 February.
    @inlinable public var negated: ISODuration {
        ISODuration(years: -years, months: -months, days: -days, milliseconds: -milliseconds)
    }
}

extension ISODuration: CustomStringConvertible {
    /// Reads `P…Y…M…W…DT…H…M…S`: upper case, no sign, parts in order and each at most once, none empty, whole numbers
    /// but for at most three decimals of the seconds. Does not allocate.
    public init(parsing utf8: UnsafeRawBufferPointer) throws(TimeFormatError) {
        self.init()
        guard utf8.count > 0 else { throw .malformed(at: 0) }
        guard utf8[0] == UInt8(ascii: "P") else { throw .malformed(at: 0) }
        var position = 1
        var inTime = false
        // The rank of the last part read; parts come in rising rank.
        var rank = 0
        var days = 0
        var elapsed = 0
        while position < utf8.count {
            if utf8[position] == UInt8(ascii: "T") {
                guard !inTime else { throw .malformed(at: position) }
                inTime = true
                rank = 4
                position += 1
                guard position < utf8.count else { throw .malformed(at: position) }
                continue
            }
            let start = position
            var value = 0
            while position < utf8.count, utf8[position] &- 0x30 <= 9 {
                value = value * 10 + Int(utf8[position] &- 0x30)
                // The largest bound has fourteen digits.
                guard value <= ISODuration.millisecondsMax else { throw .outOfRange }
                position += 1
            }
            guard position > start, position < utf8.count else { throw .malformed(at: position) }
            var thousandths = 0
            var hasFraction = false
            if utf8[position] == UInt8(ascii: "."), inTime {
                hasFraction = true
                position += 1
                let fraction = position
                var scale = 100
                while position < utf8.count, utf8[position] &- 0x30 <= 9 {
                    guard position - fraction < 3 else { throw .malformed(at: position) }
                    thousandths += Int(utf8[position] &- 0x30) * scale
                    scale /= 10
                    position += 1
                }
                guard position > fraction, position < utf8.count else { throw .malformed(at: position) }
            }
            let part: (rank: Int, unit: Int)
            switch (utf8[position], inTime) {
            case (UInt8(ascii: "Y"), false): part = (1, 0)
            case (UInt8(ascii: "M"), false): part = (2, 0)
            case (UInt8(ascii: "W"), false): part = (3, 7)
            case (UInt8(ascii: "D"), false): part = (4, 1)
            case (UInt8(ascii: "H"), true): part = (5, 3_600_000)
            case (UInt8(ascii: "M"), true): part = (6, 60_000)
            case (UInt8(ascii: "S"), true): part = (7, 1_000)
            default: throw .malformed(at: position)
            }
            guard part.rank > rank, !hasFraction || part.rank == 7 else { throw .malformed(at: position) }
            rank = part.rank
            switch rank {
            case 1:
                guard value <= ISODuration.yearsMax else { throw .outOfRange }
                years = Int32(value)
            case 2:
                guard value <= ISODuration.monthsMax else { throw .outOfRange }
                months = Int32(value)
            case 3, 4:
                guard value <= ISODuration.daysMax else { throw .outOfRange }
                days += value * part.unit
                guard days <= ISODuration.daysMax else { throw .outOfRange }
            default:
                guard value <= ISODuration.millisecondsMax / part.unit else { throw .outOfRange }
                elapsed += value * part.unit + thousandths
                guard elapsed <= ISODuration.millisecondsMax else { throw .outOfRange }
            }
            position += 1
        }
        guard rank > 0 else { throw .malformed(at: position) }
        self.days = Int32(days)
        milliseconds = Int64(elapsed)
    }

    /// Reads an ISO 8601 duration, as `init(parsing:)` over bytes does.
    public init(parsing text: String) throws(TimeFormatError) {
        self = try text.withBytes { bytes throws(TimeFormatError) in try ISODuration(parsing: bytes) }
    }

    /// The shortest text that reads back as the same value; negative parts keep their sign and do not read back.
    public var description: String {
        if isZero { return "PT0S" }
        var text = "P"
        if years != 0 { text += "\(years)Y" }
        if months != 0 { text += "\(months)M" }
        if days != 0 { text += "\(days)D" }
        guard milliseconds != 0 else { return text }
        text += "T"
        let sign = milliseconds < 0 ? "-" : ""
        let total = milliseconds.magnitude
        let (hours, minutes, seconds) = (total / 3_600_000, total / 60_000 % 60, total / 1_000 % 60)
        if hours != 0 { text += "\(sign)\(hours)H" }
        if minutes != 0 { text += "\(sign)\(minutes)M" }
        let thousandths = total % 1_000
        if thousandths != 0 {
            var fraction = String(thousandths + 1_000).dropFirst()
            while fraction.last == "0" { fraction.removeLast() }
            text += "\(sign)\(seconds).\(fraction)S"
        } else if seconds != 0 {
            text += "\(sign)\(seconds)S"
        }
        return text
    }
}
