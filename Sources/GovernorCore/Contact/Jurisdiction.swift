/// A country, or a state, province or region of one: `US`, `US-NY`, `CA-QC`.
///
/// Packed into 64 bits, so that comparing is one instruction and a list of them is a flat array.
public struct Jurisdiction: Hashable, Comparable, Sendable {
    /// The country's two letters in bits 32..<48, the region's one to three characters in bits 0..<24, both as ASCII,
    /// first character highest and right-aligned; zero where there is none. Stable: stores and the ledger keep it.
    public let bits: UInt64

    /// Takes bits that `Jurisdiction.bits` gave; `nil` for any others.
    public init?(bits: UInt64) {
        let country = bits >> 32
        let region = bits & 0xff_ffff
        guard bits & 0xffff_0000_ff00_0000 == 0 else { return nil }
        if bits != 0 {
            guard Self.isLetter(UInt8(truncatingIfNeeded: country >> 8)),
                Self.isLetter(UInt8(truncatingIfNeeded: country))
            else { return nil }
            var rest = region
            while rest != 0 {
                guard Self.isLetterOrDigit(UInt8(truncatingIfNeeded: rest)) else { return nil }
                rest >>= 8
            }
        }
        self.bits = bits
    }

    @inlinable init(unchecked bits: UInt64) { self.bits = bits }

    /// Takes `US` or `US-NY`: a country of two letters, and a region of one to three letters or digits after a hyphen.
    ///
    /// Lower case is taken as upper case. `nil` for anything else; whether the place exists is not asked.
    /// Source: the shapes of ISO 3166-1 alpha-2 and ISO 3166-2.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ Self(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = value
    }

    /// The same over UTF-8 bytes, without allocating.
    public init?(utf8 bytes: UnsafeRawBufferPointer) {
        switch bytes.count {
        case 2: self.init(country: bytes, region: UnsafeRawBufferPointer(start: nil, count: 0))
        case 4...6:
            guard bytes[2] == UInt8(ascii: "-") else { return nil }
            self.init(
                country: UnsafeRawBufferPointer(rebasing: bytes[0..<2]),
                region: UnsafeRawBufferPointer(rebasing: bytes[3...]))
        default: return nil
        }
    }

    /// Takes the two parts apart, as a contact's `country` and `region` are given; an empty region is none.
    public init?(country: UnsafeRawBufferPointer, region: UnsafeRawBufferPointer) {
        guard country.count == 2, region.count <= 3 else { return nil }
        var bits: UInt64 = 0
        for byte in country {
            let upper = Self.upper(byte)
            guard Self.isLetter(upper) else { return nil }
            bits = bits << 8 | UInt64(upper)
        }
        var regionBits: UInt64 = 0
        for byte in region {
            let upper = Self.upper(byte)
            guard Self.isLetterOrDigit(upper) else { return nil }
            regionBits = regionBits << 8 | UInt64(upper)
        }
        self.bits = bits << 32 | regionBits
    }

    /// The same from two texts.
    public init?(country: String, region: String) {
        var (country, region) = (country, region)
        let value = country.withUTF8 { country in
            region.withUTF8 { region in
                Self(country: UnsafeRawBufferPointer(country), region: UnsafeRawBufferPointer(region))
            }
        }
        guard let value else { return nil }
        self = value
    }

    /// No country is known: every rule's jurisdiction covers it.
    @inlinable public static var unknown: Jurisdiction { Jurisdiction(unchecked: 0) }
    @inlinable public var isUnknown: Bool { bits == 0 }
    @inlinable public var hasRegion: Bool { bits & 0xff_ffff != 0 }
    /// The country alone; `.unknown` stays itself.
    @inlinable public var country: Jurisdiction { Jurisdiction(unchecked: bits & 0xffff_0000_0000) }
    /// `US` for `US-NY`; empty when unknown.
    public var countryCode: String { Self.text(bits >> 32) }
    /// `NY` for `US-NY`; empty when there is none.
    public var regionCode: String { Self.text(bits & 0xff_ffff) }

    /// Whether a rule for this place applies to somebody who may be in `candidate`.
    ///
    /// A rule for a country covers all its regions, a rule for a region also its country with the region unknown, and
    /// every rule covers the unknown place: not knowing never takes a rule away.
    @inlinable public func covers(candidate: Jurisdiction) -> Bool {
        if candidate.bits == 0 || bits == 0 || candidate.bits == bits { return true }
        return candidate.bits >> 32 == bits >> 32 && (candidate.bits & 0xff_ffff == 0 || bits & 0xff_ffff == 0)
    }

    @inlinable public static func < (a: Jurisdiction, b: Jurisdiction) -> Bool { a.bits < b.bits }

    private static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7a ? byte & 0xdf : byte }
    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || (byte >= 0x30 && byte <= 0x39) }

    private static func text(_ packed: UInt64) -> String {
        var scalars = String.UnicodeScalarView()
        for shift in [16, 8, 0] as [UInt64] {
            let byte = UInt8(truncatingIfNeeded: packed >> shift)
            if byte != 0 { scalars.append(Unicode.Scalar(byte)) }
        }
        return String(scalars)
    }
}

extension Jurisdiction: CustomStringConvertible {
    /// `US`, `US-NY`, or `unknown`.
    public var description: String {
        isUnknown ? "unknown" : hasRegion ? "\(countryCode)-\(regionCode)" : countryCode
    }
}
