/// A name from a request, a record or a policy, as 64 bits: equal names have equal bits, and comparing is one instruction.
///
/// The bits live only in memory. Records and the ledger keep the text, in a `NameTable`, so the function may change.
/// `Kind` keeps a campaign from being compared with a product.
public struct Name<Kind>: Hashable, Sendable {
    /// Zero means absent.
    public let bits: UInt64

    @inlinable public init(bits: UInt64) { self.bits = bits }
    @inlinable public init(_ text: String) { bits = nameBits(text) }

    /// No name was given.
    @inlinable public static var none: Name { Name(bits: 0) }
    @inlinable public var isNone: Bool { bits == 0 }

    @inlinable public static func == (a: Name, b: Name) -> Bool { a.bits == b.bits }
    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(bits) }
}

extension Name: ExpressibleByStringLiteral, ExpressibleByUnicodeScalarLiteral,
    ExpressibleByExtendedGraphemeClusterLiteral
{
    @inlinable public init(stringLiteral text: String) { self.init(text) }
}

public enum ChannelKind: Sendable {}
public enum PurposeKind: Sendable {}
public enum CampaignKind: Sendable {}
public enum SubjectKind: Sendable {}
public enum ProductKind: Sendable {}
public enum FamilyKind: Sendable {}
public enum BrandKind: Sendable {}
public enum AgencyKind: Sendable {}
public enum AccountKind: Sendable {}
public enum EventKind: Sendable {}
public enum ConsentKind: Sendable {}
public enum LabelKind: Sendable {}
public enum RoleKind: Sendable {}
public enum RegistryKind: Sendable {}

/// `voice`, `sms`, `email`, `push`, `mail`, `whatsapp`, or a name of the company's own.
public typealias Channel = Name<ChannelKind>
/// `marketing`, `service`, `collections`, `survey`, `transactional`, or a name of the company's own.
public typealias Purpose = Name<PurposeKind>
/// What the contact is made for.
public typealias Campaign = Name<CampaignKind>
/// What the contact is about; "same subject matter" in several statutes.
public typealias Subject = Name<SubjectKind>
public typealias Product = Name<ProductKind>
/// A group of products, declared in a policy's `products:`.
public typealias Family = Name<FamilyKind>
/// In whose name.
public typealias Brand = Name<BrandKind>
/// By which caller; from the caller's credentials, never from the request alone.
public typealias Agency = Name<AgencyKind>
/// About which debt or contract.
public typealias Account = Name<AccountKind>
/// An outcome of a touch or an event that no touch of ours caused; one namespace, so that a rule may name either.
public typealias EventName = Name<EventKind>
/// The kind of a permission: `written`, `express`, `implied`, …
public typealias ConsentName = Name<ConsentKind>

/// Who somebody is in the matter: `consumer`, `spouse`, `attorney`, …
public typealias ContactRole = Name<RoleKind>
/// An outside list of endpoints: a national do-not-call register, or one of the company's own.
public typealias RegistryName = Name<RegistryKind>

/// FNV-1a over the UTF-8 bytes with a final mix; never zero for a non-empty text, zero for the empty one.
@inlinable public func nameBits(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { nameBits(UnsafeRawBufferPointer($0)) }
}

/// The same over bytes that are known to be UTF-8.
@inlinable public func nameBits(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    if bytes.isEmpty { return 0 }
    var h: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { h = (h ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    // Source: the finaliser of MurmurHash3 (fmix64), so that short names differ in all bits.
    h ^= h >> 33
    h = h &* 0xff51_afd7_ed55_8ccd
    h ^= h >> 33
    h = h &* 0xc4ce_b9fe_1a85_ec53
    h ^= h >> 33
    return h == 0 ? 1 : h
}
