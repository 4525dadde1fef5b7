extension Situation {
    /// Closed by a listing that binds and nothing lifts, and while nobody can say whether there is one.
    ///
    /// Time opens it only where a consent or a relationship begins.
    func state(_ rule: UnsafePointer<RegistryRule>, of record: RecordView, at t: Timestamp) -> RuleState {
        guard counts(record, for: .person), let denial = denial(rule.pointee, of: record, at: t) else { return .open }
        let until = firstFactInstant(of: record, after: t) { self.denial(rule.pointee, of: record, at: $0) == nil }
        return .closed(Closure(denial.code, until: until, since: denial.since))
    }

    private func answer(_ registry: RegistryName) -> RegistryAnswer? {
        plan.request.registryAnswers.first { $0.registry == registry }
    }

    private func denial(
        _ rule: RegistryRule, of record: RecordView, at t: Timestamp
    ) -> (code: ReasonCode, since: Timestamp?)? {
        if rule.or.contains(where: { isRelated($0, in: record, at: t) }) { return nil }
        let answer = answer(rule.registry)
        var listedSince: Timestamp?
        if case .listed(let since) = answer?.listing { listedSince = since }
        for override in rule.overriddenBy {
            if isOverridden(override, listedSince: listedSince, in: record, at: t) { return nil }
        }
        guard let answer else { return (.registryNotLoaded, nil) }
        if let maxAge = rule.maxAge, earliestEnd(of: maxAge, from: answer.snapshotAt) <= t {
            return (.registryStale, answer.snapshotAt)
        }
        guard case .listed(let since) = answer.listing else { return nil }
        if let since, let wait = rule.afterListing, earliestEnd(of: wait, from: since) > t { return nil }
        return (.registryListed, since)
    }

    private func isOverridden(
        _ override: RegistryOverride, listedSince: Timestamp?, in record: RecordView, at t: Timestamp
    ) -> Bool {
        record.facts.contains { fact in
            switch override.given {
            case .any: break
            case .before: guard let listedSince, fact.at < listedSince else { return false }
            case .after: guard let listedSince, fact.at > listedSince else { return false }
            }
            return isGiven(fact, override.consent, in: record, at: t)
        }
    }

    /// The next instant after `t` at which a registry rule that is open may close.
    func nextEndOfClearance(_ rule: UnsafePointer<RegistryRule>, after t: Timestamp) -> Timestamp {
        var next = nextFactInstant(of: nil, after: t)
        func candidate(_ instant: Timestamp) { if instant > t && instant < next { next = instant } }
        if let answer = answer(rule.pointee.registry) {
            if let maxAge = rule.pointee.maxAge { candidate(earliestEnd(of: maxAge, from: answer.snapshotAt)) }
            if case .listed(let since?) = answer.listing, let wait = rule.pointee.afterListing {
                candidate(earliestEnd(of: wait, from: since))
            }
        }
        for override in rule.pointee.overriddenBy {
            guard let validFor = override.consent.validFor else { continue }
            candidate(nextEndOfConsent(validFor, after: t))
        }
        candidate(nextEndOfRelationship(rule.pointee.or, after: t))
        return next
    }
}
