import CPhoneNumber
public import GovernorCore

/// A phone number in its one canonical form, E.164: `+14155550123`.
///
/// Any common spelling is accepted, with a country for those that leave out the calling code. A number is refused when
/// it is impossible: wrong length, no such calling code, no number at all. A possible number that fits no known range
/// is accepted, for ranges are opened faster than data are updated; `details()` tells. Extensions are dropped: a person
/// is reached at the number.
/// Source: ITU-T E.164; libphonenumber.
public struct PhoneNumber: Hashable, Sendable {
    /// Calling code and national number as one decimal number: no calling code starts with a zero.
    public let digits: UInt64

    /// The most bytes of a spelling; longer ones are refused unread.
    public static let spellingBytesMax = 250

    init(digits: UInt64) { self.digits = digits }

    /// Reads a spelling. `country` (a region is ignored) is where a number without calling code is dialled from.
    public init(_ text: String, country: Jurisdiction = .unknown) throws(IdentifierError) {
        self = try withUTF8(text) { (bytes) throws(IdentifierError) in try Self(utf8: bytes, country: country) }
    }

    /// Reads a spelling. What already is canonical takes nanoseconds and allocates nothing; anything else some 10 µs.
    @inline(__always)
    public init(utf8 bytes: UnsafeRawBufferPointer, country: Jurisdiction = .unknown) throws(IdentifierError) {
        if let number = Self.canonical(utf8: bytes) {
            self = number
        } else {
            self = try Self.read(bytes, country)
        }
    }

    /// Takes only what surely is canonical already; `nil` means that the library has to look.
    ///
    /// Wherever this answers, libphonenumber gives the same number and calls it possible: lengths are those that every
    /// version of its data allows, and national numbers that it might rewrite are left to it.
    public static func canonical(utf8 bytes: UnsafeRawBufferPointer) -> PhoneNumber? {
        let count = bytes.count - 1
        guard count >= 7, count <= 15, bytes[0] == UInt8(ascii: "+") else { return nil }
        var digits: UInt64 = 0
        for byte in bytes[1...] {
            let digit = byte &- 0x30
            guard digit < 10 else { return nil }
            digits = digits &* 10 &+ UInt64(digit)
        }
        guard DialPlan.shared.isSurelyCanonical(UnsafeRawBufferPointer(rebasing: bytes[1...])) else { return nil }
        return PhoneNumber(digits: digits)
    }

    /// How many digits the number has; at most 19.
    public var digitCount: Int {
        var count = 1
        while count < 20, digits >= powersOfTen[count] { count += 1 }
        return count
    }

    /// Validity, line type and region as the library's data have them, some 20 µs.
    public func details() -> Details {
        let count = digitCount
        let codeDigits = DialPlan.shared.callingCodeDigits(digits: digits, count: count)
        let national = count - codeDigits
        let code = UInt16(truncatingIfNeeded: digits / powersOfTen[national])
        let answer = withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { buffer in
            var rest = digits
            for i in stride(from: national - 1, through: 0, by: -1) {
                buffer[i] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return governor_phone_describe(code, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), national)
        }
        let region = withUnsafeBytes(of: answer.region) { bytes in
            Jurisdiction(utf8: UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.firstIndex(of: 0) ?? bytes.count)]))
        }
        return Details(
            isValid: answer.status == UInt8(truncatingIfNeeded: GOVERNOR_PHONE_VALID.rawValue),
            lineType: Self.lineType(answer.type), region: region ?? .unknown)
    }

    /// What the library's data say of a number.
    public struct Details: Hashable, Sendable {
        /// False for a range that the data do not know, which may be new: a mark, never a reason to refuse.
        public var isValid: Bool
        public var lineType: LineType
        /// The country; `.unknown` also for numbers of no country.
        public var region: Jurisdiction
    }

    /// Writes `+` and the digits; `buffer` has room for 20 bytes. Returns how many were written.
    @discardableResult
    public func write(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = digitCount
        var rest = digits
        var i = count
        while i > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            buffer[i] = 0x30 + UInt8(truncatingIfNeeded: digit)
            rest = quotient
            i -= 1
        }
        buffer[0] = UInt8(ascii: "+")
        return count + 1
    }

    /// The canonical text, `+14155550123`. Never for a log, a metric or a store.
    public var e164: String { "+\(digits)" }

    /// Reads until the answer is a spelling of itself: of several national prefixes in a row the library drops one a
    /// time.
    @inline(never)
    private static func read(
        _ bytes: UnsafeRawBufferPointer, _ country: Jurisdiction
    ) throws(IdentifierError) -> PhoneNumber {
        var number = try ask(bytes, country)
        for _ in 0..<4 {
            let result = withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) {
                buffer -> Result<PhoneNumber, IdentifierError> in
                let text = UnsafeRawBufferPointer(rebasing: buffer[..<number.write(into: buffer)])
                if canonical(utf8: text) != nil { return .success(number) }
                do throws(IdentifierError) {
                    return .success(try ask(text, .unknown))
                } catch {
                    return .failure(error)
                }
            }
            let again = try result.get()
            if again == number { return number }
            number = again
        }
        throw .phone(.notANumber)
    }

    /// Asks the library.
    private static func ask(
        _ bytes: UnsafeRawBufferPointer, _ country: Jurisdiction
    ) throws(IdentifierError) -> PhoneNumber {
        let text = trimmed(bytes)
        guard !text.isEmpty else { throw .phone(.empty) }
        guard text.count <= spellingBytesMax else { throw .phone(.tooLong) }
        let answer: governor_phone
        if country.isUnknown {
            answer = governor_phone_parse(text.baseAddress, text.count, nil, false)
        } else {
            let bits = country.bits >> 32
            var region = (CChar(truncatingIfNeeded: bits >> 8), CChar(truncatingIfNeeded: bits & 0xff), CChar(0))
            answer = withUnsafePointer(to: &region) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 3) {
                    governor_phone_parse(text.baseAddress, text.count, $0, false)
                }
            }
        }
        switch governor_phone_status(UInt32(answer.status)) {
        case GOVERNOR_PHONE_VALID, GOVERNOR_PHONE_POSSIBLE: return PhoneNumber(digits: answer.digits)
        case GOVERNOR_PHONE_NOT_A_NUMBER: throw .phone(.notANumber)
        case GOVERNOR_PHONE_INVALID_CALLING_CODE:
            let hasCode = text.first == UInt8(ascii: "+") || !country.isUnknown
            throw .phone(hasCode ? .unknownCallingCode : .countryMissing)
        case GOVERNOR_PHONE_TOO_SHORT: return try newer(answer, else: .tooShort)
        case GOVERNOR_PHONE_TOO_LONG: return try newer(answer, else: .tooLong)
        case GOVERNOR_PHONE_INVALID_LENGTH: return try newer(answer, else: .impossibleLength)
        case GOVERNOR_PHONE_LOCAL_ONLY: return try newer(answer, else: .areaCodeMissing)
        default: throw .phone(.failed)
        }
    }

    /// A length that the library's data refuse and newer data allow is possible after all.
    private static func newer(
        _ answer: governor_phone, else problem: IdentifierError.Phone
    ) throws(IdentifierError) -> PhoneNumber {
        let number = PhoneNumber(digits: answer.digits)
        guard answer.digits > 0, DialPlan.shared.isPossible(digits: answer.digits, count: number.digitCount) else {
            throw .phone(problem)
        }
        return number
    }

    private static func lineType(_ type: UInt8) -> LineType {
        switch governor_phone_type(UInt32(type)) {
        case GOVERNOR_PHONE_FIXED: .fixed
        case GOVERNOR_PHONE_MOBILE: .mobile
        case GOVERNOR_PHONE_FIXED_OR_MOBILE: .fixedOrMobile
        case GOVERNOR_PHONE_TOLL_FREE: .tollFree
        case GOVERNOR_PHONE_PREMIUM: .premium
        case GOVERNOR_PHONE_SHARED_COST: .sharedCost
        case GOVERNOR_PHONE_VOIP: .voip
        case GOVERNOR_PHONE_PERSONAL: .personal
        case GOVERNOR_PHONE_PAGER: .pager
        case GOVERNOR_PHONE_UAN: .company
        case GOVERNOR_PHONE_VOICEMAIL: .voicemail
        default: .unknown
        }
    }
}

extension PhoneNumber: CustomStringConvertible {
    /// Never the number: descriptions end in logs.
    public var description: String { "a phone number" }
}
