/// What one rule says of one instant.
enum RuleState {
    case open
    case closed(Closure)
}

/// Why a rule is closed at an instant, and until when by itself.
struct Closure {
    /// The earliest later instant at which this rule alone would be open if only time passed; `distantFuture` for none.
    var until: Timestamp
    /// Why there is none; `.time` when there is.
    var basis: NextBasis = .time
    var code: ReasonCode
    var count: UInt32 = 0
    var limit: UInt32 = 0
    /// The touch, fact or date that the reason speaks of.
    var since: Timestamp?

    init(
        _ code: ReasonCode, until: Timestamp, basis: NextBasis = .time, count: UInt32 = 0, limit: UInt32 = 0,
        since: Timestamp? = nil
    ) {
        self.code = code
        self.until = until
        self.basis = until == .distantFuture && basis == .time ? .act : basis
        self.count = count
        self.limit = limit
        self.since = since
    }
}
