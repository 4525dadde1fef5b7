/// What an erasure leaves of a person: every no, and nothing else.
///
/// A no is an opt-out that nothing has lifted, or an event or outcome that says no by its nature (`events`). It stays as it
/// was told, without evidence; so do the keyed hashes that it binds, without whereabouts, labels and source.
public struct Erasure: Sendable {
    /// Everything that was written down up to here goes.
    public let at: Timestamp
    /// Events and outcomes that go on forbidding.
    public let events: Set<EventName>
    /// Rules take every opt-out for one of the person.
    public let bindsPersons: Bool

    /// Whatever a policy makes of them: somebody said no, or must not be contacted.
    public static let events: Set<EventName> = ["complaint", "refused", "refusal", "attorney", "deceased"]

    /// - Parameters:
    ///   - records: those of the person; nothing on them was written down after `now` as they are stored.
    ///   - policies: name what else forbids for good.
    public init(of records: [PersonRecord], under policies: PolicySet, at now: Timestamp) {
        var events = Self.events
        var bindsPersons = false
        for rule in policies.rules {
            switch rule.body {
            case .coolOff(let coolOff) where coolOff.wait == .forever: events.formUnion(coolOff.after.names)
            case .optOut(let optOut) where optOut.reach == .person: bindsPersons = true
            default: break
            }
        }
        self.events = events
        self.bindsPersons = bindsPersons
        var latest = now
        for record in records {
            latest = max(latest, record.lastDecisionAt, record.erasedAt ?? latest)
            for identifier in record.identifiers { latest = max(latest, identifier.addedAt) }
            for touch in record.touches { latest = max(latest, touch.recordedAt) }
            for fact in record.facts { latest = max(latest, fact.receivedAt) }
            for merge in record.merges { latest = max(latest, merge.at) }
        }
        // What no clock says is no instant to go by.
        at = latest < .distantFuture ? latest : now
    }

    /// What makes of each record what stays of it, in their order; to be applied one after the other.
    /// - Parameter elsewhere: identifiers that a record lists and that lead to somebody else by now; they stay with her.
    public func changes(of records: [PersonRecord], elsewhere: [Set<IdentifierHash>]) -> [[Change]] {
        let noes = records.map { self.noes(of: $0) }
        return records.indices.map { i in
            var facts = noes[i]
            // A no told of one record binds all that are the same person, merged or not from now on.
            for j in records.indices where j != i {
                for var fact in noes[j] where bindsPerson(fact) && !facts.contains(where: { $0.id == fact.id }) {
                    fact.isBorrowed = true
                    facts.append(fact)
                }
            }
            let bound = facts.contains(where: bindsPerson) ? nil : Set(facts.flatMap(\.body.endpoints))
            let identifiers = records[i].identifiers.filter { known in
                (bound?.contains(known.hash) ?? true || known.isShared) && !elsewhere[i].contains(known.hash)
            }
            // One that only names addresses which are another record's has its place there.
            if bound != nil {
                facts.removeAll { fact in !identifiers.contains { fact.body.endpoints.contains($0.hash) } }
            }
            return [.erase(upTo: at)] + identifiers.map { .identifier(bare($0)) } + facts.map { .fact($0) }
        }
    }

    private func bindsPerson(_ fact: Fact) -> Bool {
        switch fact.body {
        case .optOut(let reach, let endpoints): reach == .person || bindsPersons || endpoints.isEmpty
        default: true
        }
    }

    /// An identifier as a hash alone, and that it must not join people.
    private func bare(_ known: KnownIdentifier) -> KnownIdentifier {
        var bare = KnownIdentifier(hash: known.hash, kind: known.kind, namespace: known.namespace, addedAt: at)
        bare.isShared = known.isShared
        bare.isHousehold = known.isHousehold
        return bare
    }

    private func noes(of record: PersonRecord) -> [Fact] {
        var noes: [Fact] = []
        for var fact in record.facts {
            switch fact.body {
            case .optOut: if isLifted(fact, on: record) { continue }
            case .event(let name, _): if !events.contains(name) { continue }
            case .optIn, .consent, .withdrawal, .holding, .appointment, .quietTime: continue
            }
            fact.hasEvidence = false
            noes.append(fact)
        }
        for touch in record.touches where events.contains(touch.outcome) && touch.state != .released {
            var fact = Fact(
                id: FactID(high: touch.id.bits, low: Self.outcomeMark), at: touch.outcomeAt,
                receivedAt: touch.recordedAt, body: .event(touch.outcome, endpoints: touch.endpoint.map { [$0] } ?? []),
                caller: touch.caller)
            fact.isBorrowed = touch.isBorrowed
            if !noes.contains(where: { $0.id == fact.id }) { noes.append(fact) }
        }
        return noes
    }

    /// "outcome", so that the same touch gives the same fact whenever it is erased.
    private static let outcomeMark: UInt64 = 0x6f75_7463_6f6d_6500

    /// Whether a later opt-in takes back all of it.
    private func isLifted(_ fact: Fact, on record: PersonRecord) -> Bool {
        guard case .optOut(let reach, let endpoints) = fact.body else { return false }
        return record.facts.contains { other in
            guard case .optIn(let lifted, let addresses) = other.body, !other.isBorrowed, other.at > fact.at,
                other.scope.contains(fact.scope)
            else { return false }
            if lifted == .person { return true }
            return reach == .endpoint && !bindsPersons && !endpoints.isEmpty
                && endpoints.allSatisfy { addresses.contains($0) }
        }
    }
}

extension FactBody {
    /// The addresses that it names.
    var endpoints: [IdentifierHash] {
        switch self {
        case .optOut(_, let endpoints), .optIn(_, let endpoints), .consent(_, let endpoints, _),
            .event(_, let endpoints):
            endpoints
        case .withdrawal, .holding, .appointment, .quietTime: []
        }
    }
}

extension PersonRecord {
    /// The record said again as changes, which leave it as it is and bring it back where it was lost; those of its
    /// identifiers alone that are among `homes`.
    public func restated(homes: Set<IdentifierHash>) -> [Change] {
        var changes: [Change] = []
        if let erasedAt { changes.append(.erase(upTo: erasedAt)) }
        let spared = Set(self.spared.map(\.outcome))
        if historyFrom > .distantPast, erasedAt != historyFrom,
            touches.allSatisfy({ $0.at >= historyFrom || (!$0.outcome.isNone && spared.contains($0.outcome)) })
        {
            changes.append(.forgetTouches(before: historyFrom, sparing: self.spared.map(\.outcome)))
        }
        changes += identifiers.filter { homes.contains($0.hash) }.map { .identifier($0) }
        changes += facts.map { .fact($0) }
        changes += touches.map { .touch($0) }
        changes += merges.map { .merge($0) }
        return changes
    }
}
