/// One contact attempt as it stands on a person's record: reserved, confirmed, then with an outcome.
public struct Touch: Hashable, Sendable {
    /// Unique on the record, random; the reservation id that callers hold is made from it and cannot be guessed from it.
    public var id: TouchID
    /// The instant from which it counts: its reservation, then its confirmation.
    public var at: Timestamp
    /// When the governor wrote it down.
    public var recordedAt: Timestamp
    /// When an unconfirmed reservation ends; `[recordedAt, expiresAt)`.
    public var expiresAt: Timestamp
    public var state: TouchState
    public var direction: Direction
    public var channel: Channel
    public var purpose: Purpose
    public var campaign: Campaign = .none
    public var subject: Subject = .none
    public var product: Product = .none
    public var brand: Brand = .none
    public var agency: Agency = .none
    public var accounts: [Account] = []
    public var method: ContactMethod?
    public var party: Party = .unknown
    public var lineType: LineType = .unknown
    public var exemption: RequestedExemption?
    public var inReplyTo: FactID?
    /// The identifier that it acted on.
    public var endpoint: IdentifierHash?
    public var outcome: EventName = .none
    /// The event time of the outcome; the latest one wins.
    public var outcomeAt: Timestamp = .distantPast
    /// The outcome was set by a correction, which later ordinary reports do not override.
    public var isCorrected = false
    public var caller: CallerID
    public var idempotency: IdempotencyKey?
    /// The id under which a caller reported a touch made elsewhere.
    public var factID: FactID?
    /// Where the report came from, as the caller named it.
    public var source: Name<LabelKind> = .none
    /// What the request stated of the person's place; kept while the reservation is open, for its confirmation.
    public var whereabouts: RequestWhereabouts?
    /// What the outside lists said of the endpoint; kept as long as `whereabouts`.
    public var registryAnswers: [RegistryAnswer] = []
    public var role: ContactRole = .none
    /// The other records that carry this same touch (identity conflicts, shared endpoints).
    public var peers: [PersonID] = []
    /// Made with another record of the same person, while a merge joined them. Once none does, it only forbids.
    public var isBorrowed = false

    public init(
        id: TouchID, at: Timestamp, expiresAt: Timestamp, state: TouchState, direction: Direction = .outbound,
        channel: Channel, purpose: Purpose, caller: CallerID = CallerID(.none)
    ) {
        self.id = id
        self.at = at
        self.recordedAt = at
        self.expiresAt = expiresAt
        self.state = state
        self.direction = direction
        self.channel = channel
        self.purpose = purpose
        self.caller = caller
    }

    /// Whether it stands in any count at all: released and revoked ones do not, nor do inbound ones.
    @inlinable public var isCountable: Bool {
        direction == .outbound && state != .released && state != .revoked
    }
}

public struct TouchID: Hashable, Sendable {
    public let bits: UInt64
    @inlinable public init(bits: UInt64) { self.bits = bits }
}

public enum TouchState: UInt8, Hashable, Sendable {
    case reserved = 1
    case confirmed = 2
    /// An outcome was reported.
    case reported = 3
    /// Given back unused.
    case released = 4
    /// Freed by a fact that arrived after the reservation, such as an opt-out.
    case revoked = 5
    /// Made elsewhere and told to us.
    case external = 6
}

public enum Direction: UInt8, Hashable, Sendable {
    case outbound = 1
    case inbound = 2
}
