/// A contact that somebody wants to make, ready to be decided: identifiers hashed, names hashed, places resolved.
///
/// Made once per request by the door that received it. A name left out (`isNone`, or an empty list) matches everything.
public struct ContactRequest: Sendable {
    /// Every identifier the request names, without repetition; 1…17.
    public var identifiers: [RequestIdentifier]
    /// The position in `identifiers` of the one that the channel acts on; `nil` for a channel without one (`mail`).
    public var endpoint: Int?
    /// Where the person may be.
    public var whereabouts: RequestWhereabouts
    public var party: Party
    /// Stated by the caller, else derived from the endpoint's number.
    public var lineType: LineType
    public var channel: Channel
    public var purpose: Purpose
    public var campaign: Campaign
    public var subject: Subject
    public var product: Product
    public var brand: Brand
    /// From the caller's credentials.
    public var agency: Agency
    public var accounts: [Account]
    /// `nil` when not stated: the strictest is assumed.
    public var method: ContactMethod?
    /// The inbound touch that this contact answers.
    public var inReplyTo: FactID?
    public var exemption: RequestedExemption?
    public var reserve: Bool
    /// How long a reservation is held, at most; 1 s…1 h.
    public var holdFor: Milliseconds
    /// The caller's idempotency key, hashed together with the caller.
    public var idempotency: IdempotencyKey?
    /// Who the contacted person is in the matter; a name left out may be anybody.
    public var role: ContactRole
    /// What the outside lists say of the endpoint; one that is not here is not loaded.
    public var registryAnswers: [RegistryAnswer]
    /// Who asks: the id of the key or token.
    public var caller: CallerID
    /// The texts of all the names above.
    public var names: NameTable

    public init(
        identifiers: [RequestIdentifier], endpoint: Int?, whereabouts: RequestWhereabouts = RequestWhereabouts(),
        channel: Channel, purpose: Purpose, caller: CallerID = CallerID(.none), names: NameTable = NameTable()
    ) {
        self.identifiers = identifiers
        self.endpoint = endpoint
        self.whereabouts = whereabouts
        self.channel = channel
        self.purpose = purpose
        self.caller = caller
        self.names = names
        party = .unknown
        lineType = .unknown
        campaign = .none
        subject = .none
        product = .none
        brand = .none
        agency = .none
        accounts = []
        method = nil
        inReplyTo = nil
        exemption = nil
        reserve = true
        holdFor = .minutes(2)
        idempotency = nil
        role = .none
        registryAnswers = []
    }
}

/// One identifier of a request: its hash, and what its clear form told before it was dropped.
public struct RequestIdentifier: Hashable, Sendable {
    public var hash: IdentifierHash
    public var kind: IdentifierKind
    /// The namespace of a key such as `crm:8841`; `.none` for phones and addresses.
    public var namespace: Name<LabelKind>
    /// The namespace may hold one identifier per person.
    public var isUniqueInNamespace: Bool
    /// A known placeholder (`none@none.com`): never joins anybody.
    public var isPlaceholder: Bool
    /// Another form of the identifier that stands before it in the request, under which facts may have been told: the
    /// folded form of an address, the number before a country changed its numbers.
    public var isAlias: Bool
    public var zones: [ZoneKey]
    public var jurisdictions: [Jurisdiction]
    public var lineType: LineType

    public init(
        hash: IdentifierHash, kind: IdentifierKind, namespace: Name<LabelKind> = .none,
        isUniqueInNamespace: Bool = false,
        isPlaceholder: Bool = false, isAlias: Bool = false, zones: [ZoneKey] = [], jurisdictions: [Jurisdiction] = [],
        lineType: LineType = .unknown
    ) {
        self.hash = hash
        self.kind = kind
        self.namespace = namespace
        self.isUniqueInNamespace = isUniqueInNamespace
        self.isPlaceholder = isPlaceholder
        self.isAlias = isAlias
        self.zones = zones
        self.jurisdictions = jurisdictions
        self.lineType = lineType
    }
}

public enum IdentifierKind: UInt8, Hashable, Sendable {
    case phone = 1
    case email = 2
    case key = 3
}

/// What the request says of where the person may be, besides what her numbers' prefixes tell.
public struct RequestWhereabouts: Hashable, Sendable {
    /// Stated zones replace every derived one.
    public var statedZones: [ZoneKey] = []
    /// Zones that the stated country or region allows.
    public var addressZones: [ZoneKey] = []
    /// Jurisdictions from the stated country and region.
    public var addressJurisdictions: [Jurisdiction] = []

    public init() {}
}

/// A tz database zone by a hash of its name that records may keep: FNV-1a with 32 bits, checked for collisions when the
/// catalogue is loaded.
public struct ZoneKey: Hashable, Comparable, Sendable {
    public let bits: UInt32

    public init(bits: UInt32) { self.bits = bits }

    public init(name: String) {
        var h: UInt32 = 0x811c_9dc5
        for byte in name.utf8 { h = (h ^ UInt32(byte)) &* 0x0100_0193 }
        bits = h
    }

    public static func < (a: ZoneKey, b: ZoneKey) -> Bool { a.bits < b.bits }
}

/// Whom a contact addresses. Unknown is the strictest: rules for consumers and for businesses both apply.
public enum Party: UInt8, Hashable, Sendable {
    case unknown = 0
    case consumer = 1
    case business = 2
}

/// How a contact is made. A request that leaves it out is judged by every rule.
public enum ContactMethod: UInt8, Hashable, Sendable, CaseIterable {
    case live = 1
    case automated = 2
    case prerecorded = 3
}

/// An exemption that a caller claims; it only helps where a rule names it, and the touch is recorded with it.
public enum RequestedExemption: UInt8, Hashable, Sendable, CaseIterable {
    /// The one confirmation of an opt-out, within 5 minutes of it.
    case stopConfirmation = 1
    /// One reply to an inbound message; needs `in_reply_to`.
    case replyToInbound = 2
    /// The contact was agreed for a precise time; needs an appointment on record.
    case appointment = 3
}

/// The caller of a request: the id of an API key or token.
public typealias CallerID = CallerName
public struct CallerName: Hashable, Sendable {
    public let name: Name<LabelKind>
    @inlinable public init(_ name: Name<LabelKind>) { self.name = name }
}

/// The id that a caller gave to a fact, hashed together with the caller.
public struct FactID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64
    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id that a hash of 64 bits stands for: enough among the facts of one person, and a record need not keep the
    /// second half of it.
    @inlinable public init(_ hash: UInt64) { self.init(high: hash, low: hash &* 0x9e37_79b9_7f4a_7c15 ^ hash >> 32) }
}

/// An idempotency key, hashed together with its caller, and a fingerprint of the request that came with it.
public struct IdempotencyKey: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64
    /// Equal for equal requests; a different one under the same key is a mismatch.
    public let fingerprint: UInt64
    @inlinable public init(high: UInt64, low: UInt64, fingerprint: UInt64) {
        self.high = high
        self.low = low
        self.fingerprint = fingerprint
    }
}
