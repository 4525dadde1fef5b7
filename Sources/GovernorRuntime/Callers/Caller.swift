public import GovernorCore

/// Who asks: what a key or token says of its holder. The agency comes from here, never from the request alone.
public struct Caller: Hashable, Sendable {
    /// The id of the key; on record with everything it does.
    public let id: String
    public let role: Role
    /// Empty for callers of the company itself.
    public let agency: String
    /// `id` as touches carry it.
    public let callerID: CallerID
    /// `agency` as rules see it.
    public let agencyName: Agency
    /// What its key is limited to; `nil`: nothing.
    public let bounds: CallerBounds?

    public init(id: String, role: Role, agency: String = "", bounds: CallerBounds? = nil) {
        self.bounds = bounds
        self.id = id
        self.role = role
        self.agency = agency
        callerID = CallerID(Name(id))
        agencyName = Name(agency)
    }

    /// Whether it came with a token of the company's identity provider instead of a key.
    public var isByToken: Bool { id.hasPrefix(TokenRules.idPrefix) }

    /// The same caller without the limits of its key, for what is always taken.
    public var unbounded: Caller { bounds == nil ? self : Caller(id: id, role: role, agency: agency) }

    public static func == (a: Caller, b: Caller) -> Bool {
        a.id == b.id && a.role == b.role && a.agency == b.agency && a.bounds?.limits == b.bounds?.limits
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(role)
        hasher.combine(agency)
    }
}

/// What a caller may do.
public enum Role: String, Hashable, Sendable, CaseIterable, Codable {
    /// Dialers and mailers: decide, reserve, report, tell what a person said.
    case dialer
    /// People with a customer on the line: also look a person up.
    case agent
    /// Also evidence, policies and everything about a person.
    case compliance
    /// Everything.
    case admin

    /// Whether answers may name other agencies and what a person holds.
    public var seesEverything: Bool { self == .compliance || self == .admin }
}
