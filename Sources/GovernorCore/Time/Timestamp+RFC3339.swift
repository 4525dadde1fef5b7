extension Timestamp: CustomStringConvertible {
    /// The bytes that `write(to:)` writes.
    public static let printedByteCount = 24

    /// 1970-01-01T00:00:00Z, the first instant that a text may name.
    public static let firstAccepted = Timestamp(milliseconds: 0)
    /// 2200-12-31T23:59:59.999Z, the last instant that a text may name.
    public static let lastAccepted = Timestamp(milliseconds: 7_289_654_399_999)

    /// Reads an RFC 3339 instant: `Z` or an offset is required, up to nine digits of a second are cut to milliseconds.
    ///
    /// Nothing may stand before or after it. Second 60, hour 24 and a space for the `T` are refused, and so is
    /// whatever lies outside `firstAccepted...lastAccepted`. Does not allocate.
    /// Source: RFC 3339, section 5.6.
    public init(parsing utf8: UnsafeRawBufferPointer) throws(TimeFormatError) {
        guard utf8.count >= 10 else { throw .malformed(at: utf8.count) }
        let date = try LocalDate(prefixOf: utf8)
        guard utf8.count >= 19 else {
            if utf8.count > 10, utf8[10] | 0x20 != UInt8(ascii: "t") { throw .malformed(at: 10) }
            throw .malformed(at: utf8.count)
        }
        guard utf8[10] | 0x20 == UInt8(ascii: "t") else { throw .malformed(at: 10) }
        let hour = try digits(utf8, from: 11, count: 2)
        guard utf8[13] == UInt8(ascii: ":") else { throw .malformed(at: 13) }
        let minute = try digits(utf8, from: 14, count: 2)
        guard utf8[16] == UInt8(ascii: ":") else { throw .malformed(at: 16) }
        let second = try digits(utf8, from: 17, count: 2)
        guard hour < 24 else { throw .noSuchValue(at: 11) }
        guard minute < 60 else { throw .noSuchValue(at: 14) }
        guard second < 60 else { throw second == 60 ? .leapSecond : .noSuchValue(at: 17) }

        var position = 19
        var thousandths = 0
        if position < utf8.count, utf8[position] == UInt8(ascii: ".") {
            position += 1
            let start = position
            var scale = 100
            while position < utf8.count, utf8[position] &- 0x30 <= 9 {
                guard position &- start < 9 else { throw .malformed(at: position) }
                thousandths &+= Int(utf8[position] &- 0x30) &* scale
                scale /= 10
                position &+= 1
            }
            guard position > start else { throw .malformed(at: position) }
        }

        guard position < utf8.count else { throw .offsetMissing }
        var offsetMinutes = 0
        switch utf8[position] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            position &+= 1
        case let sign where sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"):
            guard utf8.count >= position &+ 6 else { throw .malformed(at: utf8.count) }
            let hours = try digits(utf8, from: position &+ 1, count: 2)
            guard utf8[position &+ 3] == UInt8(ascii: ":") else { throw .malformed(at: position &+ 3) }
            let minutes = try digits(utf8, from: position &+ 4, count: 2)
            guard hours < 24 else { throw .noSuchValue(at: position &+ 1) }
            guard minutes < 60 else { throw .noSuchValue(at: position &+ 4) }
            offsetMinutes = hours &* 60 &+ minutes
            if sign == UInt8(ascii: "-") { offsetMinutes = -offsetMinutes }
            position &+= 6
        default:
            throw .malformed(at: position)
        }
        guard position == utf8.count else { throw .malformed(at: position) }

        let seconds = (hour &* 60 &+ minute &- offsetMinutes) &* 60 &+ second
        milliseconds = date.localMilliseconds &+ Int64(seconds) &* 1_000 &+ Int64(thousandths)
        guard self >= .firstAccepted, self <= .lastAccepted else { throw .outOfRange }
    }

    /// Reads an RFC 3339 instant, as `init(parsing:)` over bytes does.
    public init(parsing text: String) throws(TimeFormatError) {
        self = try text.withBytes { bytes throws(TimeFormatError) in try Timestamp(parsing: bytes) }
    }

    /// Writes 24 bytes such as `2026-11-22T16:02:11.250Z`. Years outside 0...9999 are written as the nearest of these.
    public func write(to out: UnsafeMutableRawPointer) {
        let clamped = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let local = LocalDateTime(localMilliseconds: clamped)
        local.date.write(to: out)
        let total = Int(local.millisecondOfDay)
        let seconds = total / 1_000
        let minutes = seconds / 60
        out.storeBytes(of: UInt8(ascii: "T"), toByteOffset: 10, as: UInt8.self)
        writeTwoDigits(minutes / 60, to: out, at: 11)
        out.storeBytes(of: UInt8(ascii: ":"), toByteOffset: 13, as: UInt8.self)
        writeTwoDigits(minutes % 60, to: out, at: 14)
        out.storeBytes(of: UInt8(ascii: ":"), toByteOffset: 16, as: UInt8.self)
        writeTwoDigits(seconds % 60, to: out, at: 17)
        let thousandths = total % 1_000
        out.storeBytes(of: UInt8(ascii: "."), toByteOffset: 19, as: UInt8.self)
        out.storeBytes(of: UInt8(truncatingIfNeeded: thousandths / 100 &+ 0x30), toByteOffset: 20, as: UInt8.self)
        writeTwoDigits(thousandths % 100, to: out, at: 21)
        out.storeBytes(of: UInt8(ascii: "Z"), toByteOffset: 23, as: UInt8.self)
    }

    /// `2026-11-22T16:02:11.250Z`.
    public var description: String {
        String(unsafeUninitializedCapacity: Timestamp.printedByteCount) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            write(to: base)
            return Timestamp.printedByteCount
        }
    }
}
