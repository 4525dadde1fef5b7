/// What kind of line a phone number is, as the request states it or as the numbering plan suggests.
///
/// A plan cannot see ported numbers, so a stated type wins. Raw values are stable: stores and the ledger keep them.
public enum LineType: UInt8, CaseIterable, Hashable, Sendable {
    case unknown = 0
    case mobile = 1
    case fixed = 2
    /// The plan does not tell the two apart, as in North America.
    case fixedOrMobile = 3
    case voip = 4
    case tollFree = 5
    case premium = 6
    case sharedCost = 7
    /// A number that follows its owner from line to line.
    case personal = 8
    case pager = 9
    /// One company-wide number.
    case company = 10
    case voicemail = 11

    /// The name in requests, policies and answers: `mobile`, `fixed_or_mobile`, …
    public var name: String {
        switch self {
        case .unknown: "unknown"
        case .mobile: "mobile"
        case .fixed: "fixed"
        case .fixedOrMobile: "fixed_or_mobile"
        case .voip: "voip"
        case .tollFree: "toll_free"
        case .premium: "premium"
        case .sharedCost: "shared_cost"
        case .personal: "personal"
        case .pager: "pager"
        case .company: "company"
        case .voicemail: "voicemail"
        }
    }

    /// The inverse of `name`; `nil` for any other text.
    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    /// Whether a rule for lines of type `other` applies to this line: unknown may be anything, `fixed_or_mobile`
    /// either.
    @inlinable public func mayBe(_ other: LineType) -> Bool {
        if self == other || self == .unknown || other == .unknown { return true }
        switch (self, other) {
        case (.fixedOrMobile, .mobile), (.fixedOrMobile, .fixed), (.mobile, .fixedOrMobile), (.fixed, .fixedOrMobile):
            return true
        default: return false
        }
    }
}
