package import GovernorRuntime

/// What rows of a file may be.
package enum ImportKind: String, CaseIterable, Sendable {
    case people
    case holdings
    case optOuts = "opt-outs"
    case optIns = "opt-ins"
    case consents
    case withdrawals
    case touches
    case events

    /// The route that takes them in batches.
    package var path: String { fact.path }

    /// What a row tells.
    package var fact: FactKind {
        switch self {
        case .people: .link
        case .holdings: .holding
        case .optOuts: .optOut
        case .optIns: .optIn
        case .consents: .consent
        case .withdrawals: .withdrawal
        case .touches: .touch
        case .events: .event
        }
    }

    /// Columns, named like the fields of the API.
    package var columns: [ImportColumn] {
        var columns = ImportColumn.contact + [.id, .at, .source, .evidence]
        switch self {
        case .people: return columns
        case .touches:
            return columns + [
                .direction, .channel, .purpose, .campaign, .subject, .product, .brand, .agency, .accounts, .method,
                .outcome, .outcomeAt,
            ]
        case .holdings: columns += [.product, .family, .status, .from, .to, .graceUntil]
        case .optOuts, .optIns: columns += [.reach]
        case .consents: columns += [.name, .until]
        case .withdrawals: columns += [.name]
        case .events: columns += [.event, .from, .to, .until]
        }
        return columns + ImportColumn.scope.filter { !(self == .touches && $0 == .scopeAccounts) }
    }

    /// Columns that every row must fill.
    package var required: [ImportColumn] {
        switch self {
        case .people, .optOuts, .withdrawals: []
        case .optIns: [.evidence]
        case .holdings: [.product, .status]
        case .consents: [.name]
        case .touches: [.channel, .purpose]
        case .events: [.event]
        }
    }
}

/// A column of an import file.
package enum ImportColumn: String, CaseIterable, Sendable {
    case phone, email, ids, country, region
    case postalCode = "postal_code"
    case timeZones = "time_zones"
    case party
    case lineType = "line_type"
    case role
    case id, at, source, evidence
    case direction, channel, purpose, campaign, subject, product, brand, agency, accounts, method, outcome
    case outcomeAt = "outcome_at"
    case family, status, from, to
    case graceUntil = "grace_until"
    case reach, name, until, event
    case channels, purposes, brands, products, families, campaigns, subjects
    /// `accounts` of a scope; a touch's own accounts are `accounts` too, and no kind of row has both.
    case scopeAccounts = "scope.accounts"

    package static let contact: [ImportColumn] = [
        .phone, .email, .ids, .country, .region, .postalCode, .timeZones, .party, .lineType, .role,
    ]
    package static let scope: [ImportColumn] = [
        .channels, .purposes, .brands, .products, .families, .campaigns, .subjects, .scopeAccounts,
    ]

    /// The name in the file and in the API.
    package var header: String { self == .scopeAccounts ? "accounts" : rawValue }
    package var isContact: Bool { Self.contact.contains(self) }
    package var isScope: Bool { Self.scope.contains(self) }
    /// Whether a cell holds several values, with spaces between them.
    package var isList: Bool { isScope || self == .ids || self == .timeZones || self == .accounts }
}
