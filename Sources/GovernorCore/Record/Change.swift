/// One change of one person's record: what the ledger keeps, and what a replay applies.
///
/// Every change is idempotent: applied twice it leaves the record as applied once.
public enum Change: Hashable, Sendable {
    /// Adds an identifier, or replaces what is known of it.
    case identifier(KnownIdentifier)
    /// Adds a touch, or replaces the one with the same id.
    case touch(Touch)
    /// Adds a fact; one with the same id stays as it was first told.
    case fact(Fact)
    /// Adds a merge, or says that it is undone; what is undone stays so.
    case merge(Merge)
    /// Drops touches before the instant but those with one of the outcomes to spare; the record says so in `historyFrom`
    /// and `spared`.
    case forgetTouches(before: Timestamp, sparing: [EventName] = [])
    /// Everything that was written down up to the instant goes; what is to stay is said again by the changes after it.
    case erase(upTo: Timestamp)
}

extension PersonRecord {
    /// Applies one change as of `now`, with the texts of its names in `names`.
    public mutating func apply(_ change: Change, names other: NameTable, at now: Timestamp) {
        lastDecisionAt = max(lastDecisionAt, now)
        switch change {
        case .identifier(let identifier):
            if let i = identifiers.firstIndex(where: { $0.hash == identifier.hash }) {
                identifiers[i] = identifier
            } else {
                identifiers.append(identifier)
            }
            adoptNames(of: identifier, from: other)
        case .touch(let touch):
            // Nearly always the newest or new: search from the end.
            if let old = touches.lastIndex(where: { $0.id == touch.id }) { touches.remove(at: old) }
            var i = touches.count
            while i > 0 && touches[i - 1].at > touch.at { i -= 1 }
            touches.insert(touch, at: i)
            adoptNames(of: touch, from: other)
        case .fact(let fact):
            if let known = facts.firstIndex(where: { $0.id == fact.id }) {
                // Told of this very record too.
                if !fact.isBorrowed { facts[known].isBorrowed = false }
                return
            }
            var i = facts.count
            while i > 0 && facts[i - 1].at > fact.at { i -= 1 }
            facts.insert(fact, at: i)
            adoptNames(of: fact, from: other)
        case .merge(let merge):
            if let i = merges.firstIndex(where: { $0.id == merge.id }) {
                if merges[i].isInForce { merges[i] = merge }
            } else {
                merges.append(merge)
            }
            adoptNames(of: merge, from: other)
        case .forgetTouches(let before, let sparing):
            touches.removeAll { $0.at < before && ($0.outcome.isNone || !sparing.contains($0.outcome)) }
            // Applied again, or after a later one, it changes nothing.
            guard before > historyFrom else { return }
            spared = sparing.map { outcome in
                SparedOutcome(outcome, from: spared.first { $0.outcome == outcome }?.from ?? historyFrom)
            }
            historyFrom = before
            for outcome in sparing { names.adopt(outcome, from: other) }
        case .erase(let instant): erase(upTo: instant)
        }
    }

    /// What was written down later stays, so that it may be applied again at any time.
    private mutating func erase(upTo instant: Timestamp) {
        identifiers.removeAll { $0.addedAt <= instant }
        touches.removeAll { $0.recordedAt <= instant }
        facts.removeAll { $0.receivedAt <= instant }
        merges.removeAll { $0.at <= instant }
        createdAt = max(createdAt, instant)
        if instant > historyFrom {
            historyFrom = instant
            spared = []
        }
        erasedAt = max(erasedAt ?? instant, instant)
        let old = names
        names = NameTable()
        for identifier in identifiers { adoptNames(of: identifier, from: old) }
        for touch in touches { adoptNames(of: touch, from: old) }
        for fact in facts { adoptNames(of: fact, from: old) }
        for merge in merges { adoptNames(of: merge, from: old) }
    }

    private mutating func adoptNames(of identifier: KnownIdentifier, from other: NameTable) {
        names.adopt(identifier.namespace, from: other)
        for label in identifier.labels { names.adopt(label, from: other) }
        names.adopt(identifier.source, from: other)
    }

    private mutating func adoptNames(of merge: Merge, from other: NameTable) {
        names.adopt(merge.caller.name, from: other)
        names.adopt(merge.source, from: other)
        names.adopt(merge.undoneBy.name, from: other)
    }

    private mutating func adoptNames(of touch: Touch, from other: NameTable) {
        names.adopt(touch.channel, from: other)
        names.adopt(touch.purpose, from: other)
        names.adopt(touch.campaign, from: other)
        names.adopt(touch.subject, from: other)
        names.adopt(touch.product, from: other)
        names.adopt(touch.brand, from: other)
        names.adopt(touch.agency, from: other)
        names.adopt(touch.outcome, from: other)
        names.adopt(touch.role, from: other)
        for answer in touch.registryAnswers {
            names.adopt(answer.registry, from: other)
            names.adopt(answer.version, from: other)
        }
        names.adopt(touch.caller.name, from: other)
        names.adopt(touch.source, from: other)
        for account in touch.accounts { names.adopt(account, from: other) }
    }

    private mutating func adoptNames(of fact: Fact, from other: NameTable) {
        names.adopt(fact.caller.name, from: other)
        names.adopt(fact.source, from: other)
        adopt(fact.scope.channels, other)
        adopt(fact.scope.purposes, other)
        adopt(fact.scope.brands, other)
        adopt(fact.scope.products, other)
        adopt(fact.scope.families, other)
        adopt(fact.scope.campaigns, other)
        adopt(fact.scope.subjects, other)
        adopt(fact.scope.accounts, other)
        switch fact.body {
        case .consent(let name, _, _), .withdrawal(let name): names.adopt(name, from: other)
        case .event(let name, _): names.adopt(name, from: other)
        case .holding(let holding):
            names.adopt(holding.product, from: other)
            names.adopt(holding.family, from: other)
        case .optOut, .optIn, .appointment, .quietTime: break
        }
    }

    private mutating func adopt<Kind>(_ set: NameSet<Kind>, _ other: NameTable) {
        for name in set.names { names.adopt(name, from: other) }
    }
}

/// One person's part of a journal entry.
public struct RecordChanges: Hashable, Sendable {
    public var person: PersonID
    /// The record did not exist before.
    public var isNew: Bool
    public var changes: [Change]

    public init(person: PersonID, isNew: Bool, changes: [Change]) {
        self.person = person
        self.isNew = isNew
        self.changes = changes
    }

    /// Whether some of what was known goes.
    public var erases: Bool {
        changes.contains { if case .erase = $0 { true } else { false } }
    }
}
