/// Something that a person, or a system that knows her, told us.
public struct Fact: Hashable, Sendable {
    public var id: FactID
    /// The event's own time.
    public var at: Timestamp
    public var receivedAt: Timestamp
    public var scope: FactScope
    public var body: FactBody
    /// Who reported it: the key or token.
    public var caller: CallerID
    /// The source as the caller named it (`ivr`, `agent`, `web`, …).
    public var source: Name<LabelKind>
    /// It was told with evidence, which the ledger keeps.
    public var hasEvidence: Bool
    /// Told of another record of the same person, while a merge joined them. Once none does, it only forbids.
    public var isBorrowed = false

    public init(
        id: FactID, at: Timestamp, receivedAt: Timestamp, scope: FactScope = FactScope(), body: FactBody,
        caller: CallerID = CallerID(.none), source: Name<LabelKind> = .none, hasEvidence: Bool = false
    ) {
        self.id = id
        self.at = at
        self.receivedAt = receivedAt
        self.scope = scope
        self.body = body
        self.caller = caller
        self.source = source
        self.hasEvidence = hasEvidence
    }

    /// Restricting facts bind from the earlier of stamp and arrival.
    @inlinable public var bindsFrom: Timestamp { min(at, receivedAt) }
}

/// What a fact says.
public enum FactBody: Hashable, Sendable {
    /// "No." Binds the person, or only `endpoints`; the addresses it names are always bound.
    case optOut(reach: Reach, endpoints: [IdentifierHash])
    /// "Yes again." Lifts earlier opt-outs, but only for requests that lie wholly inside its scope.
    case optIn(reach: Reach, endpoints: [IdentifierHash])
    /// A permission by name; `until` not included.
    case consent(ConsentName, endpoints: [IdentifierHash], until: Timestamp?)
    /// Ends consents of that name, or all when the name is `.none`.
    case withdrawal(ConsentName)
    case holding(Holding)
    /// A complaint, refusal, purchase, inquiry, conversation, reassigned, flag, or a name that a policy declares.
    case event(EventName, endpoints: [IdentifierHash])
    /// Agreed precisely: contact is expected in `[from, to)`.
    case appointment(from: Timestamp, to: Timestamp)
    /// The person's own quiet hours, by her wall clock, until an instant or for good.
    case quietTime([WeeklySpan], until: Timestamp?)
}

public enum Reach: UInt8, Hashable, Sendable {
    case person = 1
    case endpoint = 2
}

/// A product that the person has, had or asked for.
public struct Holding: Hashable, Sendable {
    public var product: Product
    public var family: Family
    public var status: HoldingStatus
    public var from: Timestamp?
    /// Not included. Past it: in grace until `graceUntil`, then lapsed.
    public var to: Timestamp?
    public var graceUntil: Timestamp?

    public init(
        product: Product, family: Family = .none, status: HoldingStatus, from: Timestamp? = nil, to: Timestamp? = nil,
        graceUntil: Timestamp? = nil
    ) {
        self.product = product
        self.family = family
        self.status = status
        self.from = from
        self.to = to
        self.graceUntil = graceUntil
    }
}

public enum HoldingStatus: UInt8, Hashable, Sendable, CaseIterable {
    case active = 1
    case grace = 2
    case lapsed = 3
    case cancelled = 4
    case pending = 5
    /// An open quote.
    case quote = 6
}

/// A span of every week by the wall clock: days of the week as a mask (bit 0 = Monday), `[start, end)` in milliseconds of
/// the day, 0…86,400,000.
public struct WeeklySpan: Hashable, Sendable {
    public var days: UInt8
    public var start: Int32
    public var end: Int32

    public init(days: UInt8, start: Int32, end: Int32) {
        self.days = days
        self.start = start
        self.end = end
    }
}

/// What a fact is about: dimensions are ANDed, their values ORed, and none means everything.
public struct FactScope: Hashable, Sendable {
    public var channels: NameSet<ChannelKind> = []
    public var purposes: NameSet<PurposeKind> = []
    public var brands: NameSet<BrandKind> = []
    public var products: NameSet<ProductKind> = []
    public var families: NameSet<FamilyKind> = []
    public var campaigns: NameSet<CampaignKind> = []
    public var subjects: NameSet<SubjectKind> = []
    public var accounts: NameSet<AccountKind> = []

    public init() {}

    /// Everything.
    public var isUnlimited: Bool {
        channels.isAny && purposes.isAny && brands.isAny && products.isAny && families.isAny && campaigns.isAny
            && subjects.isAny && accounts.isAny
    }

    /// Whether everything inside `inner` is also inside this scope.
    public func contains(_ inner: FactScope) -> Bool {
        func holds<K>(_ outer: NameSet<K>, _ inner: NameSet<K>) -> Bool {
            outer.isAny || (!inner.isAny && inner.names.allSatisfy { outer.contains($0) })
        }
        return holds(channels, inner.channels) && holds(purposes, inner.purposes) && holds(brands, inner.brands)
            && holds(products, inner.products) && holds(families, inner.families)
            && holds(campaigns, inner.campaigns) && holds(subjects, inner.subjects)
            && holds(accounts, inner.accounts)
    }
}
