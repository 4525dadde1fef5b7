/// The answer to one request: allowed or not, every reason, and when to ask again.
public struct Decision: Sendable {
    public var verdict: Verdict
    /// Every failing rule, most restrictive first; empty exactly when allowed.
    public var reasons: [Reason]
    /// Failing rules in shadow mode; they decide nothing.
    public var shadow: [Reason]
    /// The earliest instant at which this same request would be allowed if only time passed; now when allowed.
    public var nextAllowedAt: Timestamp?
    public var nextBasis: NextBasis
    public var remaining: [Remaining]
    /// Positions of rules in the policy set whose obligations an allowed caller takes on.
    public var obligations: [UInt16]
    public var reservation: Reservation?
    /// Several persons answer to the request's identifiers: all were checked, nothing was joined.
    public var isIdentityConflict = false
    public var evaluatedAt: Timestamp
}

public enum Verdict: UInt8, Hashable, Sendable {
    case allow = 1
    case deny = 2
}

/// One failing rule.
public struct Reason: Hashable, Sendable {
    /// Position in the policy set; `nil` for reasons that no rule gave (`record.full`, `reservation.gone`).
    public var rule: UInt16?
    public var code: ReasonCode
    public var count: UInt32
    public var limit: UInt32
    /// The instant at which this rule alone would be open again, if time brings it.
    public var until: Timestamp?
    /// The touch, fact or date it speaks of.
    public var since: Timestamp?

    public init(
        rule: UInt16?, code: ReasonCode, count: UInt32 = 0, limit: UInt32 = 0, until: Timestamp? = nil,
        since: Timestamp? = nil
    ) {
        self.rule = rule
        self.code = code
        self.count = count
        self.limit = limit
        self.until = until
        self.since = since
    }
}

/// What is left of a cap, over all the keys it counts by; after this touch, when it was allowed and reserved.
public struct Remaining: Hashable, Sendable {
    public var rule: UInt16
    public var left: UInt32
}

/// A reserved touch as its caller sees it.
public struct Reservation: Hashable, Sendable {
    public var touch: TouchID
    public var person: PersonID
    public var expiresAt: Timestamp

    public init(touch: TouchID, person: PersonID, expiresAt: Timestamp) {
        self.touch = touch
        self.person = person
        self.expiresAt = expiresAt
    }
}

/// What could change a denial.
public enum NextBasis: UInt8, Hashable, Sendable {
    /// Time alone, at `nextAllowedAt`.
    case time = 1
    /// Only an act: a consent, an opt-in, a changed record or policy.
    case act = 2
    /// Nothing: the hours of the zones the person may be in never meet.
    case never = 3
    /// No permitted hours within 400 days.
    case horizon = 4

    public var name: String {
        switch self {
        case .time: "time"
        case .act: "act"
        case .never: "never"
        case .horizon: "horizon"
        }
    }
}

/// Codes of reasons: part of the API, they stay.
public enum ReasonCode: UInt8, Hashable, Sendable, CaseIterable {
    case capReached = 1
    case capKept = 2
    case gapTooShort = 3
    case coolingOff = 4
    case hoursClosed = 5
    case hoursUnknownZone = 6
    case calendarRunOut = 7
    case quietTime = 8
    case optedOut = 9
    case consentMissing = 10
    case alreadyHolds = 11
    case blocked = 12
    case historyIncomplete = 13
    case recordFull = 14
    case reservationGone = 15
    case storeUnavailable = 16
    case registryListed = 20
    case registryStale = 21
    case registryNotLoaded = 22
    case guardAttempts = 23
    case guardShare = 24

    public var name: String {
        switch self {
        case .capReached: "cap.reached"
        case .capKept: "cap.kept"
        case .gapTooShort: "gap.too_short"
        case .coolingOff: "cool_off.active"
        case .hoursClosed: "hours.closed"
        case .hoursUnknownZone: "hours.zone_unknown"
        case .calendarRunOut: "hours.calendar_run_out"
        case .quietTime: "quiet_time.active"
        case .optedOut: "opt_out.active"
        case .consentMissing: "consent.missing"
        case .alreadyHolds: "holding.present"
        case .blocked: "block.active"
        case .historyIncomplete: "history.incomplete"
        case .recordFull: "record.full"
        case .reservationGone: "reservation.gone"
        case .storeUnavailable: "store.unavailable"
        case .registryListed: "registry.listed"
        case .registryStale: "registry.stale"
        case .registryNotLoaded: "registry.not_loaded"
        case .guardAttempts: "guard.attempts"
        case .guardShare: "guard.share"
        }
    }
}
