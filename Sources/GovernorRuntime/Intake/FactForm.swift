/// A fact as a caller spells it: the fields of every kind together, each kind taking its own.
package struct FactForm: Sendable {
    package var id = ""
    package var contact = ContactForm()
    package var at: String?
    package var scope = ScopeForm()
    package var source: String?
    package var evidence: String?
    package var reach: String?
    package var name: String?
    package var until: String?
    package var product: String?
    package var family: String?
    package var status: String?
    package var from: String?
    package var to: String?
    package var graceUntil: String?
    package var event: String?
    /// Spans by the name of their days; `nil` when left out.
    package var hours: [String: [String]]?
    package var direction: String?
    package var channel: String?
    package var purpose: String?
    package var campaign: String?
    package var subject: String?
    package var brand: String?
    package var agency: String?
    package var accounts: [String] = []
    package var method: String?
    package var outcome: String?
    package var outcomeAt: String?
    package var shared: Bool?
    package var household: Bool?
    package var labels: [String]?

    package init() {}
}

/// The scope of a fact: values by dimension.
package struct ScopeForm: Sendable {
    package var values: [ScopeField: [String]] = [:]

    package init() {}
}

package enum ScopeField: String, CaseIterable, Sendable {
    case channels, purposes, brands, products, families, campaigns, subjects, accounts
    package var isRequired: Bool { false }

    package static let valuesMax = 16
}

/// The kinds of fact, one per route.
package enum FactKind: String, CaseIterable, Sendable {
    case optOut = "opt_out"
    case optIn = "opt_in"
    case consent, withdrawal, holding, touch, event, link
    case identifier

    /// Facts of one body.
    package static let itemsMax = 1_000
    /// A body may not be longer than this.
    package static let bodyBytesMax = 2 * 1024 * 1024

    package var path: String {
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

extension FactKind {
    /// What a body of this kind may say, in the order of the API's description.
    package var fields: [(name: String, isRequired: Bool)] {
        switch self {
        case .optOut: OptOutField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .optIn: OptInField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .consent: ConsentField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .withdrawal: WithdrawalField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .holding: HoldingField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .touch: TouchField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .event: EventField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .link: LinkField.allCases.map { ($0.rawValue, $0.isRequired) }
        case .identifier: IdentifierField.allCases.map { ($0.rawValue, $0.isRequired) }
        }
    }
}

// MARK: Fields of each kind

package enum OptOutField: String, CaseIterable, Sendable {
    case id, contact, at, scope, source, evidence, reach
    package var isRequired: Bool { self == .id || self == .contact }
}

package enum OptInField: String, CaseIterable, Sendable {
    case id, contact, at, scope, source, evidence, reach
    package var isRequired: Bool { self == .id || self == .contact || self == .evidence }
}

package enum ConsentField: String, CaseIterable, Sendable {
    case id, contact, at, scope, source, evidence, name, until
    package var isRequired: Bool { self == .id || self == .contact || self == .name }
}

package enum WithdrawalField: String, CaseIterable, Sendable {
    case id, contact, at, scope, source, evidence, name
    package var isRequired: Bool { self == .id || self == .contact }
}

package enum HoldingField: String, CaseIterable, Sendable {
    case id, contact, at, scope, source, evidence, product, family, status, from, to
    case graceUntil = "grace_until"
    package var isRequired: Bool { self == .id || self == .contact || self == .product || self == .status }
}

package enum TouchField: String, CaseIterable, Sendable {
    case id, contact, at, source, evidence, direction, channel, purpose, campaign, subject, product, brand, agency
    case accounts, method, outcome
    case outcomeAt = "outcome_at"
    package var isRequired: Bool { self == .id || self == .contact || self == .channel || self == .purpose }
}

package enum EventField: String, CaseIterable, Sendable {
    case id, contact, at, scope, source, evidence, event, from, to, hours, until
    package var isRequired: Bool { self == .id || self == .contact || self == .event }
}

package enum LinkField: String, CaseIterable, Sendable {
    case id, contact, at, source, evidence
    package var isRequired: Bool { self == .id || self == .contact }
}

package enum IdentifierField: String, CaseIterable, Sendable {
    case id, contact, at, source, evidence, shared, household, labels
    package var isRequired: Bool { self == .id || self == .contact }
}

package enum HoursField: String, CaseIterable, Sendable {
    case daily, weekdays, weekend, mon, tue, wed, thu, fri, sat, sun
    package var isRequired: Bool { false }

    package static let spansMax = 8
}
