/// Not if the endpoint stands on a list that somebody else keeps.
///
/// A list that is not loaded, or older than `maxAge`, denies: nobody can say that the endpoint is not on it.
public struct RegistryRule: Hashable, Sendable {
    public var registry: RegistryName
    /// How old the list may be; `nil`: any age.
    public var maxAge: Wait?
    /// A listing binds only this long after it was made; one without a date binds at once.
    public var afterListing: Wait?
    /// Consents that lift a listing.
    public var overriddenBy: [RegistryOverride]
    /// In place of a consent.
    public var or: [Relationship]

    public init(
        registry: RegistryName, maxAge: Wait? = nil, afterListing: Wait? = nil, overriddenBy: [RegistryOverride] = [],
        or: [Relationship] = []
    ) {
        self.registry = registry
        self.maxAge = maxAge
        self.afterListing = afterListing
        self.overriddenBy = overriddenBy
        self.or = or
    }
}

/// Which consents lift a listing, by when they were given.
public struct RegistryOverride: Hashable, Sendable {
    public enum Given: UInt8, Hashable, Sendable {
        /// Whenever: it also stands in for a list that nobody can consult.
        case any = 1
        /// Before the listing, which it then outlives.
        case before = 2
        /// After the listing, which ended what was given before it.
        case after = 3
    }

    public var consent: ConsentTerms
    /// A listing without a date is lifted by `any` alone.
    public var given: Given

    public init(_ consent: ConsentTerms, given: Given = .any) {
        self.consent = consent
        self.given = given
    }
}

/// What a consent must be to count.
public struct ConsentTerms: Hashable, Sendable {
    /// Any one of these names is enough.
    public var names: NameSet<ConsentKind>
    /// It must name the endpoint that the request acts on.
    public var isBoundToEndpoint: Bool
    /// It must have been told with evidence.
    public var needsEvidence: Bool
    /// How long it lasts from its own time.
    public var validFor: Wait?
    /// Events after it that end it (`reassigned`).
    public var voidOn: NameSet<EventKind>

    public init(
        names: NameSet<ConsentKind>, isBoundToEndpoint: Bool = false, needsEvidence: Bool = false,
        validFor: Wait? = nil, voidOn: NameSet<EventKind> = []
    ) {
        self.names = names
        self.isBoundToEndpoint = isBoundToEndpoint
        self.needsEvidence = needsEvidence
        self.validFor = validFor
        self.voidOn = voidOn
    }
}
