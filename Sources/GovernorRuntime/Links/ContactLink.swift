public import GovernorCore

/// What a signed link stands for: one address of one person, and what it lets its holder do. No address, only its hash.
public struct ContactLink: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable {
        /// One click says no.
        case unsubscribe = 1
        /// A page to see and to choose on.
        case preferences = 2
    }

    public var kind: Kind
    public var endpoint: IdentifierHash
    public var identifier: IdentifierKind
    /// Of the opt-out that an unsubscribe link makes.
    public var reach: Reach
    /// Names by dimension, as the caller wrote them; none means everything.
    public var scope: [ScopeDimension: [String]]
    /// In whose name; empty when none was named.
    public var brand: String
    /// The key that made the link, and its agency.
    public var caller: String
    public var agency: String
    public var issuedAt: Timestamp
    /// Not included; `nil`: for good.
    public var expiresAt: Timestamp?

    public init(
        kind: Kind, endpoint: IdentifierHash, identifier: IdentifierKind, reach: Reach = .person,
        scope: [ScopeDimension: [String]] = [:], brand: String = "", caller: String, agency: String,
        issuedAt: Timestamp, expiresAt: Timestamp? = nil
    ) {
        self.kind = kind
        self.endpoint = endpoint
        self.identifier = identifier
        self.reach = reach
        self.scope = scope
        self.brand = brand
        self.caller = caller
        self.agency = agency
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    /// The dimensions of a scope, as the link keeps them.
    public enum ScopeDimension: UInt8, Hashable, Sendable, CaseIterable {
        case channels = 1
        case purposes, brands, products, families, campaigns, subjects, accounts
    }
}

extension ContactLink {
    /// The address it is about, as a request names it, with the texts of every name a fact told by it may hold.
    func about() -> ContactRequest {
        var names = NameTable()
        let callerName: Name<LabelKind> = names.intern(caller)
        var request = ContactRequest(
            identifiers: [RequestIdentifier(hash: endpoint, kind: identifier)], endpoint: 0, channel: .none,
            purpose: .none, caller: CallerID(callerName))
        request.agency = agency.isEmpty ? .none : names.intern(agency)
        request.names = names
        return request
    }

    static func factScope(_ scope: [ScopeDimension: [String]], _ names: inout NameTable) -> FactScope {
        func set<Kind>(_ dimension: ScopeDimension, _ kind: Name<Kind>.Type) -> NameSet<Kind> {
            NameSet((scope[dimension] ?? []).map { names.intern($0, as: kind) })
        }
        var made = FactScope()
        made.channels = set(.channels, Channel.self)
        made.purposes = set(.purposes, Purpose.self)
        made.brands = set(.brands, Brand.self)
        made.products = set(.products, Product.self)
        made.families = set(.families, Family.self)
        made.campaigns = set(.campaigns, Campaign.self)
        made.subjects = set(.subjects, Subject.self)
        made.accounts = set(.accounts, Account.self)
        return made
    }

    // MARK: As bytes

    func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: 96)
        out.byte(kind.rawValue)
        out.byte(identifier.rawValue)
        out.byte(reach.rawValue)
        out.fixed128(high: endpoint.high, low: endpoint.low)
        out.zigzag(issuedAt.milliseconds)
        out.zigzag(expiresAt?.milliseconds ?? 0)
        for text in [brand, caller, agency] { out.text(text) }
        let dimensions = scope.filter { !$0.value.isEmpty }.sorted { $0.key.rawValue < $1.key.rawValue }
        out.varint(dimensions.count)
        for (dimension, texts) in dimensions {
            out.byte(dimension.rawValue)
            out.varint(texts.count)
            for text in texts { out.text(text) }
        }
        return out.bytes
    }

    init?(decoding bytes: [UInt8]) {
        let read = bytes.withUnsafeBytes { bytes -> ContactLink? in
            var input = ByteReader(bytes)
            do throws(DecodeError) {
                guard let kind = Kind(rawValue: try input.byte("a kind")),
                    let identifier = IdentifierKind(rawValue: try input.byte("an identifier's kind")),
                    let reach = Reach(rawValue: try input.byte("a reach"))
                else { return nil }
                let (high, low) = try input.fixed128("an identifier")
                let issuedAt = Timestamp(milliseconds: try input.zigzag("an instant"))
                let expiry = try input.zigzag("an instant")
                let brand = try input.text("a brand")
                let caller = try input.text("a caller")
                let agency = try input.text("an agency")
                var scope: [ScopeDimension: [String]] = [:]
                for _ in 0..<(try input.count(bytesEach: 2, "a scope")) {
                    guard let dimension = ScopeDimension(rawValue: try input.byte("a dimension")) else { return nil }
                    var texts: [String] = []
                    for _ in 0..<(try input.count(bytesEach: 1, "a list")) { texts.append(try input.text("a name")) }
                    scope[dimension] = texts
                }
                guard input.isAtEnd else { return nil }
                return ContactLink(
                    kind: kind, endpoint: IdentifierHash(high: high, low: low), identifier: identifier, reach: reach,
                    scope: scope, brand: brand, caller: caller, agency: agency, issuedAt: issuedAt,
                    expiresAt: expiry == 0 ? nil : Timestamp(milliseconds: expiry))
            } catch {
                return nil
            }
        }
        guard let read else { return nil }
        self = read
    }
}
