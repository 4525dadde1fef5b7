import GovernorRuntime

/// A fact as a caller spells it: the fields of every kind together, each kind taking its own.
struct FactForm: Sendable {
    var id = ""
    var contact = ContactForm()
    var at: String?
    var scope = ScopeForm()
    var source: String?
    var evidence: String?
    var reach: String?
    var name: String?
    var until: String?
    var product: String?
    var family: String?
    var status: String?
    var from: String?
    var to: String?
    var graceUntil: String?
    var event: String?
    /// Spans by the name of their days; `nil` when left out.
    var hours: [String: [String]]?
    var direction: String?
    var channel: String?
    var purpose: String?
    var campaign: String?
    var subject: String?
    var brand: String?
    var agency: String?
    var accounts: [String] = []
    var method: String?
    var outcome: String?
    var outcomeAt: String?
    var shared: Bool?
    var household: Bool?
    var labels: [String]?
}

/// The scope of a fact: values by dimension.
struct ScopeForm: Sendable {
    var values: [ScopeField: [String]] = [:]
}

enum ScopeField: String, JSONField {
    case channels, purposes, brands, products, families, campaigns, subjects, accounts
    var isRequired: Bool { false }

    static let valuesMax = 16
}

/// The kinds of fact, one per route.
enum FactKind: String, CaseIterable, Sendable {
    case optOut = "opt_out"
    case optIn = "opt_in"
    case consent, withdrawal, holding, touch, event, link
    case identifier

    /// Facts of one body.
    static let itemsMax = 1_000
    /// A body may not be longer than this.
    static let bodyBytesMax = 2 * 1024 * 1024

    var path: String {
        switch self {
        case .optOut: "/v1/opt-outs"
        case .optIn: "/v1/opt-ins"
        case .consent: "/v1/consents"
        case .withdrawal: "/v1/consents/withdrawals"
        case .holding: "/v1/holdings"
        case .touch: "/v1/touches"
        case .event: "/v1/events"
        case .link: "/v1/links"
        case .identifier: "/v1/identifiers"
        }
    }
}

// MARK: Fields of each kind

enum OptOutField: String, JSONField {
    case id, contact, at, scope, source, evidence, reach
    var isRequired: Bool { self == .id || self == .contact }
}

enum OptInField: String, JSONField {
    case id, contact, at, scope, source, evidence, reach
    var isRequired: Bool { self == .id || self == .contact || self == .evidence }
}

enum ConsentField: String, JSONField {
    case id, contact, at, scope, source, evidence, name, until
    var isRequired: Bool { self == .id || self == .contact || self == .name }
}

enum WithdrawalField: String, JSONField {
    case id, contact, at, scope, source, evidence, name
    var isRequired: Bool { self == .id || self == .contact }
}

enum HoldingField: String, JSONField {
    case id, contact, at, scope, source, evidence, product, family, status, from, to
    case graceUntil = "grace_until"
    var isRequired: Bool { self == .id || self == .contact || self == .product || self == .status }
}

enum TouchField: String, JSONField {
    case id, contact, at, source, evidence, direction, channel, purpose, campaign, subject, product, brand, agency
    case accounts, method, outcome
    case outcomeAt = "outcome_at"
    var isRequired: Bool { self == .id || self == .contact || self == .channel || self == .purpose }
}

enum EventField: String, JSONField {
    case id, contact, at, scope, source, evidence, event, from, to, hours, until
    var isRequired: Bool { self == .id || self == .contact || self == .event }
}

enum LinkField: String, JSONField {
    case id, contact, at, source, evidence
    var isRequired: Bool { self == .id || self == .contact }
}

enum IdentifierField: String, JSONField {
    case id, contact, at, source, evidence, shared, household, labels
    var isRequired: Bool { self == .id || self == .contact }
}

enum HoursField: String, JSONField {
    case daily, weekdays, weekend, mon, tue, wed, thu, fri, sat, sun
    var isRequired: Bool { false }

    static let spansMax = 8
}
