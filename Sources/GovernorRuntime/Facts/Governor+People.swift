public import GovernorCore
public import GovernorStore

extension Governor {
    /// The records that a contact leads to, without repetition, and those merged with them; nothing is written.
    public func lookUp(
        _ about: ContactRequest, completion: @escaping @Sendable (Result<[PersonRecord], StoreError>) -> Void
    ) {
        read(about.identifiers.map { .identifier($0.hash) }, completion: completion)
    }

    /// One person's record, and after it those that are merged with it; empty when nobody has that id.
    public func person(
        _ id: PersonID, completion: @escaping @Sendable (Result<[PersonRecord], StoreError>) -> Void
    ) {
        read([.person(id)]) { result in
            completion(result.map { records in records.filter { $0.id == id } + records.filter { $0.id != id } })
        }
    }

    /// Decides the same contact for several channels and purposes at once, without counting or teaching anything.
    ///
    /// `asked` is another instant to ask for; `nil`: now.
    public func status(
        _ requests: [ContactRequest], asked: Timestamp? = nil,
        completion: @escaping @Sendable (Result<[DecisionAnswer], StoreError>) -> Void
    ) {
        guard let first = requests.first else { return completion(.success([])) }
        let policies = self.policies.current
        let clockNow = clock.now()
        let zones = self.zones
        let plans = requests.map { request in
            var request = request
            request.reserve = false
            return policies.plan(for: request, zones: zones, at: asked ?? clockNow, isHypothetical: asked != nil)
        }
        let ids = requests.map { _ in DecisionID(random.pair()) }
        let owed = Owed(completion)
        var keys = first.identifiers.map { RecordKey.identifier($0.hash) }
        for key in Set(plans.flatMap(\.counters)).sorted() where keys.count < RecordKey.countMax {
            keys.append(.counter(key))
        }
        store.transact(keys) { set -> Step<[Decision]> in
            if let more = set.partnersMissing { return .widen(more) }
            let now = asked ?? set.records.reduce(clockNow) { max($0, $1.lastDecisionAt) }
            let linking = first.linking(set.records, homes: set.homes, at: now)
            return .done(
                plans.map { plan in
                    var decision = evaluate(
                        plan, set.records, counters: set.counters, at: now, touchID: TouchID(bits: 0)
                    ).decision
                    decision.isIdentityConflict = linking.isConflict
                    return decision
                })
        } completion: { result in
            owed(
                result.map { committed in
                    zip(zip(ids, committed.result), plans).map { pair, plan in
                        DecisionAnswer(id: pair.0, decision: pair.1, plan: plan)
                    }
                })
        }
        expire(owed)
    }

    func read(
        _ keys: [RecordKey], completion: @escaping @Sendable (Result<[PersonRecord], StoreError>) -> Void
    ) {
        let owed = Owed(completion)
        store.transact(keys) { set -> Step<[PersonRecord]> in
            if let more = set.partnersMissing { return .widen(more) }
            return .done(set.records)
        } completion: { result in
            owed(result.map(\.result))
        }
        expire(owed)
    }

    private func expire<Value>(_ owed: Owed<Result<Value, StoreError>>) {
        if owed.isSettled { return }
        deadlines.add(after: configuration.factDeadline, Expiry { owed(.failure(.timedOut(outcome: .notStored))) })
    }
}
