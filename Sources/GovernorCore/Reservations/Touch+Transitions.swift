extension Touch {
    /// An unconfirmed reservation whose time is over.
    @inlinable public func isExpired(at now: Timestamp) -> Bool { state == .reserved && now >= expiresAt }

    /// Still good for a call: reserved and not expired, or confirmed.
    @inlinable public func isOpen(at now: Timestamp) -> Bool {
        state == .confirmed || (state == .reserved && now < expiresAt)
    }

    /// The reservation's state as answers name it.
    public func stateName(at now: Timestamp) -> String {
        switch state {
        case .reserved: isExpired(at: now) ? "expired" : "reserved"
        case .confirmed: "confirmed"
        case .reported: "reported"
        case .released: "released"
        case .revoked: "revoked"
        case .external: "external"
        }
    }

    /// Just before dialing: from here on it counts from `now`.
    public mutating func confirm(at now: Timestamp) {
        at = max(at, now)
        state = .confirmed
    }

    /// Gives the budget back. A touch with an outcome was made and stays.
    /// - Returns: whether anything changed.
    public mutating func release() -> Bool {
        switch state {
        case .reserved, .confirmed:
            state = .released
            whereabouts = nil
            registryAnswers = []
            return true
        case .reported, .released, .revoked, .external: return false
        }
    }

    /// Takes an outcome. The one with the latest event time wins; a correction overrides what is not a later correction.
    ///
    /// A report on a released or revoked reservation makes it count again: the contact was made after all.
    /// - Returns: whether it changed what stands.
    public mutating func report(
        _ reported: EventName, at eventTime: Timestamp, accounts reportedAccounts: [Account]?, isCorrection: Bool
    ) -> Bool {
        if !outcome.isNone {
            let isNewer = eventTime > outcomeAt
            let wins = isCorrection ? !isCorrected || isNewer : !isCorrected && isNewer
            if !wins { return false }
        }
        outcome = reported
        outcomeAt = eventTime
        isCorrected = isCorrected || isCorrection
        if let reportedAccounts { accounts = reportedAccounts }
        if state != .external { state = .reported }
        whereabouts = nil
        registryAnswers = []
        return true
    }
}
