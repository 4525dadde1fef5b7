/// Why a text is not the instant, date or duration it should be.
public enum TimeFormatError: Error, Hashable, Sendable {
    /// The text stops following the format at this byte, counted from 0; its length when it ends too early.
    case malformed(at: Int)
    /// An instant with neither `Z` nor an offset such as `-05:00`: it names a different moment in every zone.
    case offsetMissing
    /// Second 60. No clock that this product compares with counts it.
    case leapSecond
    /// The digits are in place but name no day of the calendar or no time of a day.
    case noSuchValue(at: Int)
    /// Well formed, but outside what records can hold.
    case outOfRange
}

extension TimeFormatError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let position): "not in the expected format at character \(position + 1)"
        case .offsetMissing: "an instant needs `Z` or an offset such as `-05:00`"
        case .leapSecond: "second 60 is not accepted, write second 59"
        case .noSuchValue(let position): "no such date or time, at character \(position + 1)"
        case .outOfRange: "outside the accepted range"
        }
    }
}

extension String {
    /// Runs `body` over the text's bytes, with a typed error.
    func withBytes<Value>(
        _ body: (UnsafeRawBufferPointer) throws(TimeFormatError) -> Value
    ) throws(TimeFormatError) -> Value {
        var text = self
        let result = text.withUTF8 { bytes -> Result<Value, TimeFormatError> in
            do throws(TimeFormatError) {
                return .success(try body(UnsafeRawBufferPointer(bytes)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// The value of `count` decimal digits from `start`, or the position of the first byte that is not one.
@inline(__always)
func digits(
    _ bytes: UnsafeRawBufferPointer, from start: Int, count: Int
) throws(TimeFormatError) -> Int {
    var value = 0
    for position in start..<(start &+ count) {
        let digit = bytes[position] &- 0x30
        guard digit <= 9 else { throw .malformed(at: position) }
        value = value &* 10 &+ Int(digit)
    }
    return value
}

/// Writes two decimal digits; `value` is in 0...99.
@inline(__always)
func writeTwoDigits(_ value: Int, to out: UnsafeMutableRawPointer, at offset: Int) {
    let tens = (UInt32(truncatingIfNeeded: value) &* 103) >> 10
    let ones = UInt32(truncatingIfNeeded: value) &- tens &* 10
    out.storeBytes(
        of: UInt16(truncatingIfNeeded: (tens | ones << 8) &+ 0x3030).littleEndian, toByteOffset: offset, as: UInt16.self
    )
}

/// Division that rounds towards minus infinity; `divisor` is positive.
@inlinable @inline(__always)
func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : ~(~value / divisor)
}
