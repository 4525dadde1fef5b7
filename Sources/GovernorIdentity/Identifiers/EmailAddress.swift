import CIDN2
import Foundation

/// An e-mail address in the one form that is hashed: trimmed, lower-cased, the domain in its ASCII (IDNA) form.
///
/// Dots and plus-tags are kept, for they may be different people. The local part is lower-cased although a server may
/// tell case apart: none in use does, and one person must stay one person. An internationalised local part is brought
/// to NFC before and after lower-casing; quoted local parts and address literals are refused.
/// Source: RFC 5321 sections 4.1.2 and 4.5.3.1, RFC 5891, UTS 46 (non-transitional), RFC 6532 section 3.1.
public struct EmailAddress: Hashable, Sendable {
    /// The canonical form, at most 254 bytes.
    public let text: String

    public static let bytesMax = 254
    public static let localPartBytesMax = 64
    public static let domainBytesMax = 253

    public init(_ text: String) throws(IdentifierError) {
        self = try withUTF8(text) { (bytes) throws(IdentifierError) in try Self(utf8: bytes) }
    }

    public init(utf8 bytes: UnsafeRawBufferPointer) throws(IdentifierError) {
        text = try Self.withCanonical(utf8: bytes) { String(decoding: $0, as: UTF8.self) }
    }

    /// Hands the canonical bytes to `body` without building a string. An ASCII address allocates nothing.
    ///
    /// The bytes are valid during the call only.
    @inline(__always)
    static func withCanonical<R>(
        utf8 bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R
    ) throws(IdentifierError) -> R {
        let result = withUnsafeTemporaryAllocation(byteCount: bytesMax + 2, alignment: 1) { buffer in
            do throws(IdentifierError) {
                let count = try canonicalise(bytes, into: buffer)
                return Result<R, IdentifierError>.success(body(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Writes the canonical form and returns its length.
    private static func canonicalise(
        _ input: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(IdentifierError) -> Int {
        var bytes = trimmed(input)
        // A `mailto:` link as it is pasted; its query would name other things than the address.
        if bytes.count > 7, bytes[6] == UInt8(ascii: ":"),
            zip(bytes, "mailto".utf8).allSatisfy({ $0 | 0x20 == $1 })
        {
            bytes = UnsafeRawBufferPointer(rebasing: bytes[7...])
        }
        guard !bytes.isEmpty else { throw .email(.empty) }
        // Bounds the work below; a canonical form of 254 bytes has no spelling of more than four times that.
        guard bytes.count <= 4 * bytesMax else { throw .email(.tooLong) }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { throw .email(.atSignMissing) }
        let local = UnsafeRawBufferPointer(rebasing: bytes[..<at])
        let domain = UnsafeRawBufferPointer(rebasing: bytes[(at + 1)...])
        guard !local.isEmpty else { throw .email(.localPartEmpty) }
        guard !domain.isEmpty else { throw .email(.domainEmpty) }

        var count = 0
        if local.first == UInt8(ascii: "\"") { throw .email(.localPartQuoted) }
        if local.contains(where: { $0 >= 0x80 }) {
            guard isValidUTF8(local) else { throw .email(.invalidUTF8) }
            let text = String(decoding: local, as: UTF8.self).precomposedStringWithCanonicalMapping.lowercased()
                .precomposedStringWithCanonicalMapping
            guard text.unicodeScalars.allSatisfy({ isAllowed($0) }) else { throw .email(.localPartCharacter) }
            count = text.utf8.count
            guard count <= localPartBytesMax else { throw .email(.localPartTooLong) }
            buffer.copyBytes(from: text.utf8)
        } else {
            guard local.count <= localPartBytesMax else { throw .email(.localPartTooLong) }
            for byte in local {
                guard isAtext(byte) else { throw .email(.localPartCharacter) }
                buffer[count] = lowered(byte)
                count += 1
            }
        }
        buffer[count] = UInt8(ascii: "@")
        count += 1
        count += try canonicaliseDomain(domain, into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
        guard count <= bytesMax else { throw .email(.tooLong) }
        return count
    }

    private static func canonicaliseDomain(
        _ domain: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(IdentifierError) -> Int {
        if domain.first == UInt8(ascii: "[") { throw .email(.domainIsAddress) }
        if isInternational(domain) {
            guard isValidUTF8(domain) else { throw .email(.invalidUTF8) }
            return try mapDomain(domain, into: buffer)
        }
        return try copyDomain(domain, into: buffer)
    }

    /// Lower-cases an ASCII domain and checks its shape; a single dot at the end is dropped.
    private static func copyDomain(
        _ domain: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(IdentifierError) -> Int {
        var end = domain.count
        if domain.last == UInt8(ascii: ".") { end -= 1 }
        guard end > 0 else { throw .email(.domainLabelEmpty) }
        guard end <= domainBytesMax else { throw .email(.domainTooLong) }
        var labelStart = 0
        var dots = 0
        var isNumeric = true
        var i = 0
        while i <= end {
            let byte = i < end ? domain[i] : UInt8(ascii: ".")
            if byte == UInt8(ascii: ".") {
                let length = i - labelStart
                guard length > 0 else { throw .email(.domainLabelEmpty) }
                guard length <= 63 else { throw .email(.domainLabelTooLong) }
                guard domain[labelStart] != UInt8(ascii: "-"), domain[i - 1] != UInt8(ascii: "-") else {
                    throw .email(.domainHyphen)
                }
                if i == end {
                    guard dots > 0 else { throw .email(.domainWithoutDot) }
                    // No top-level domain is a number: `user@192.0.2.1` means a host.
                    guard !isNumeric else { throw .email(.domainIsAddress) }
                    break
                }
                dots += 1
                labelStart = i + 1
                isNumeric = true
            } else {
                let small = lowered(byte)
                switch small {
                case 0x61...0x7a, UInt8(ascii: "-"): isNumeric = false
                case 0x30...0x39: break
                default: throw .email(.domainCharacter)
                }
            }
            guard i < buffer.count else { throw .email(.tooLong) }
            buffer[i] = lowered(byte)
            i += 1
        }
        guard end <= buffer.count else { throw .email(.tooLong) }
        return end
    }

    /// Maps an internationalised domain to its A-labels.
    private static func mapDomain(
        _ domain: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(IdentifierError) -> Int {
        guard !domain.contains(0) else { throw .email(.domainCharacter) }
        let status = withUnsafeTemporaryAllocation(byteCount: domain.count + 1, alignment: 1) {
            terminated -> (Int32, UnsafeMutablePointer<UInt8>?) in
            terminated.copyMemory(from: domain)
            terminated[domain.count] = 0
            var mapped: UnsafeMutablePointer<UInt8>?
            let source = terminated.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let code = idn2_lookup_u8(
                source, &mapped, Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue))
            return (code, mapped)
        }
        guard status.0 == IDN2_OK.rawValue, let mapped = status.1 else {
            switch status.0 {
            case IDN2_TOO_BIG_LABEL.rawValue: throw .email(.domainLabelTooLong)
            case IDN2_TOO_BIG_DOMAIN.rawValue: throw .email(.domainTooLong)
            default: throw .email(.domainNotInternational)
            }
        }
        defer { idn2_free(mapped) }
        var count = 0
        while mapped[count] != 0 { count += 1 }
        guard count > 0 else { throw .email(.domainEmpty) }
        return try copyDomain(UnsafeRawBufferPointer(start: mapped, count: count), into: buffer)
    }

    /// Whether a domain needs libidn2: bytes beyond ASCII, or a label with hyphens in third and fourth place (`xn--`).
    private static func isInternational(_ domain: UnsafeRawBufferPointer) -> Bool {
        var inLabel = 0
        var previous: UInt8 = 0
        for byte in domain {
            if byte >= 0x80 { return true }
            if byte == UInt8(ascii: ".") {
                inLabel = 0
            } else {
                inLabel += 1
                if inLabel == 4, byte == UInt8(ascii: "-"), previous == UInt8(ascii: "-") { return true }
            }
            previous = byte
        }
        return false
    }

    @inline(__always) private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }

    /// RFC 5322's atext, and the dot wherever it stands: addresses with two dots in a row exist.
    @inline(__always) private static func isAtext(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7a, 0x41...0x5a, 0x30...0x39: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x2f, 0x3d, 0x3f, 0x5e, 0x5f, 0x60, 0x7b...0x7e: true
        default: false
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isAtext(UInt8(truncatingIfNeeded: scalar.value)) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}

extension EmailAddress: CustomStringConvertible {
    /// Never the address: descriptions end in logs.
    public var description: String { "an e-mail address" }
}
