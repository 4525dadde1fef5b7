package import GovernorCore

extension Touch {
    /// How far it has come: each step leads only to later ones, so of two accounts of a touch the one further on is newer.
    private var progress: Int {
        switch state {
        case .reserved: 0
        case .confirmed: 1
        case .released, .revoked: 2
        case .reported, .external: 3
        }
    }

    /// What stands when a ledger tells of a touch that is stored: the newer of both, the same in whatever order and
    /// however often they are told.
    package func merged(with told: Touch) -> Touch {
        if outcome.isNone != told.outcome.isNone { return outcome.isNone ? told : self }
        if !outcome.isNone {
            if isCorrected != told.isCorrected { return isCorrected ? self : told }
            return told.outcomeAt > outcomeAt ? told : self
        }
        if progress != told.progress { return progress < told.progress ? told : self }
        return told.at > at ? told : self
    }
}

extension KnownIdentifier {
    /// The stricter of both: what was ever said of an identifier is kept.
    package func merged(with told: KnownIdentifier) -> KnownIdentifier {
        var merged = self
        merged.isShared = isShared || told.isShared
        merged.isHousehold = isHousehold || told.isHousehold
        for label in told.labels where !merged.labels.contains(label) { merged.labels.append(label) }
        return merged
    }
}
