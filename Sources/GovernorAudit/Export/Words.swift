import GovernorCore
import GovernorRuntime

// How exports call what the domain knows as cases.

extension TouchID {
    var text: String { hexadecimal(bits) }
}

extension IdentifierHash {
    /// The first eight hexadecimal digits: enough to tell a person's identifiers apart.
    var short: String { String(hexadecimal(high).prefix(8)) }
}

extension TouchState {
    var word: String {
        switch self {
        case .reserved: "reserved"
        case .confirmed: "confirmed"
        case .reported: "reported"
        case .released: "released"
        case .revoked: "revoked"
        case .external: "external"
        }
    }
}

extension ContactMethod {
    var word: String {
        switch self {
        case .live: "live"
        case .automated: "automated"
        case .prerecorded: "prerecorded"
        }
    }
}

extension HoldingStatus {
    var word: String {
        switch self {
        case .active: "active"
        case .grace: "grace"
        case .lapsed: "lapsed"
        case .cancelled: "cancelled"
        case .pending: "pending"
        case .quote: "quote"
        }
    }
}
