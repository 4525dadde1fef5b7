public import GovernorCore
public import GovernorStore

/// What erasing a person came to in the store.
public struct ErasureAnswer: Sendable {
    /// How much of it there was.
    public struct Count: Hashable, Sendable {
        public var identifiers = 0
        public var touches = 0
        public var facts = 0
        public var merges = 0

        init() {}

        init(_ records: [PersonRecord]) {
            for record in records {
                identifiers += record.identifiers.count
                touches += record.touches.count
                facts += record.facts.count
                merges += record.merges.count
            }
        }
    }

    /// What was written down up to here is gone.
    public var erasedAt: Timestamp
    /// Nothing more went than had gone before.
    public var isRepeated: Bool
    /// Every record that stood for the person.
    public var persons: [PersonID]
    /// What there was; what is left of it is in `kept`.
    public var before: Count
    /// The records as they are now: vacant, or what goes on forbidding.
    public var kept: [PersonRecord]
    public var revoked: [RevokedReservation]
    /// Keyed hashes that only she was known by.
    package var hashes: Set<IdentifierHash>
}

/// Why somebody is not erased.
public enum ErasureError: Error, Sendable {
    case unknownPerson
    case store(StoreError)
    /// What is to be done cannot be noted down, so it was not begun.
    case folder(String)
}

extension Governor {
    /// Takes everything out of the store that is held about a person, with all records that are the same person, but what
    /// goes on forbidding; see `Erasure`.
    ///
    /// Atomic and idempotent. Her open reservations are revoked on every record that carries them, and announced. Answered
    /// once what stays is on record in the ledger; what the ledger held before is not touched. Repeated, what stays is said
    /// once more, so that it is on record whatever became of the first time.
    func eraseRecords(
        of person: PersonID, callerText: String,
        completion: @escaping @Sendable (Result<ErasureAnswer, ErasureError>) -> Void
    ) {
        let owed = Owed(completion)
        let clockNow = clock.now()
        let policies = self.policies.current
        store.transact([.person(person)]) { [self] set -> Step<Result<ErasureAnswer, ErasureError>> in
            guard let home = set.homes.first, home >= 0 else { return .done(.failure(.unknownPerson)) }
            if let more = set.partnersMissing { return .widen(more) }
            let own = set.withPartners([home])
            let open = own.flatMap { i in set.records[i].touches.filter { $0.isOpen(at: clockNow) } }
            let more = missing(for: open, in: set, policies)
            if !more.isEmpty { return .widen(more) }
            // Where her identifiers lead by now, as far as there is room to ask.
            let unasked = own.flatMap { set.records[$0].identifiers }.map { RecordKey.identifier($0.hash) }
                .filter { !set.keys.contains($0) }.prefix(RecordKey.countMax - set.keys.count)
            if !unasked.isEmpty { return .widen(Array(unasked)) }
            return .done(.success(erase(own, in: &set, at: clockNow, policies, callerText: callerText)))
        } completion: { [store, revocations] result in
            switch result {
            case .failure(let error): owed(.failure(.store(error)))
            case .success(let committed):
                guard case .success(let answer) = committed.result else { return owed(committed.result) }
                store.whenDurable(committed.ticket) { durable in
                    switch durable {
                    case .success:
                        revocations.announce(answer.revoked, .erasure, at: answer.erasedAt)
                        owed(committed.result)
                    case .failure(let error): owed(.failure(.store(error)))
                    }
                }
            }
        }
        if !owed.isSettled {
            deadlines.add(
                after: configuration.factDeadline, Expiry { owed(.failure(.store(.timedOut(outcome: .unknown)))) })
        }
    }

    /// Other records that carry open reservations, and the counters that they are counted in, as far as there is room.
    private func missing(for open: [Touch], in set: RecordSet, _ policies: PolicySet) -> [RecordKey] {
        var missing: [RecordKey] = []
        for key in open.flatMap(\.peers).map(RecordKey.person)
        where !set.keys.contains(key) && !missing.contains(key)
            && !set.records.contains(where: { .person($0.id) == key })
            && set.keys.count + missing.count < RecordKey.countMax
        {
            missing.append(key)
        }
        return missing.isEmpty ? countersMissing(of: open, in: set, policies: policies) : missing
    }

    private func erase(
        _ own: [Int], in set: inout RecordSet, at clockNow: Timestamp, _ policies: PolicySet, callerText: String
    ) -> ErasureAnswer {
        let records = own.map { set.records[$0] }
        let erasure = Erasure(of: records, under: policies, at: clockNow)
        let isRepeated = records.allSatisfy(\.isBare)
        var revoked: [RevokedReservation] = []
        for position in own {
            for touch in set.records[position].touches where touch.isOpen(at: clockNow) {
                revoked.append(RevokedReservation(touch, on: set.records[position]))
                revoke(touch, at: position, own: own, in: &set, now: erasure.at, policies)
            }
        }
        let elsewhere = own.map { i in set.elsewhere(of: i) }
        for (position, changes) in zip(own, erasure.changes(of: own.map { set.records[$0] }, elsewhere: elsewhere)) {
            let names = set.records[position].names
            for change in changes { set.apply(change, to: position, names: names, at: erasure.at) }
        }
        set.record(
            journalEntry(ofFact: "erasure", caller: callerText, evidence: nil, at: erasure.at, kind: .link))
        let kept = own.map { set.records[$0] }
        return ErasureAnswer(
            erasedAt: erasure.at, isRepeated: isRepeated, persons: kept.map(\.id),
            before: ErasureAnswer.Count(records), kept: kept, revoked: revoked,
            hashes: Set(records.flatMap(\.identifiers).filter { !$0.isShared }.map(\.hash)))
    }

    /// Frees what an open reservation holds, also on the records of others that carry it.
    private func revoke(
        _ touch: Touch, at position: Int, own: [Int], in set: inout RecordSet, now: Timestamp, _ policies: PolicySet
    ) {
        var freed = touch
        freed.state = .revoked
        countRevoked(touch, freed, at: position, in: &set, policies: policies, now: now)
        for other in set.records.indices where !own.contains(other) {
            guard let known = set.records[other].touches.first(where: { $0.id == touch.id }), known.isOpen(at: now)
            else {
                continue
            }
            freed.isBorrowed = known.isBorrowed
            set.apply(.touch(freed), to: other, names: set.records[other].names, at: now)
        }
    }

    /// Says once more what the store holds of a person, so that it is on record again: for when earlier records go.
    ///
    /// Nothing changes. Blocks; not to be called from an event loop.
    func restate(_ person: PersonID) throws(StoreError) {
        guard let record = try waiting({ read([.person(person)], completion: $0) }).first(where: { $0.id == person })
        else { return }
        let hashes = record.identifiers.map(\.hash).prefix(RecordKey.countMax - 1)
        let clockNow = clock.now()
        try written([.person(person)] + hashes.map { .identifier($0) }) { set in
            guard let home = set.homes.first, home >= 0 else { return }
            let elsewhere = set.elsewhere(of: home)
            let record = set.records[home]
            let homes = Set(record.identifiers.filter { $0.isShared || !elsewhere.contains($0.hash) }.map(\.hash))
            let now = max(clockNow, record.lastDecisionAt)
            for change in record.restated(homes: homes) { set.apply(change, to: home, names: record.names, at: now) }
        }
    }

    /// The same for a counter's bucket that holds an instant.
    func restate(_ counter: CounterKey, at instant: Timestamp) throws(StoreError) {
        let now = clock.now()
        try written([.counter(counter)]) { set in
            set.count(
                CounterChange(key: counter, at: instant, attempts: 0, outcome: .none), names: NameTable(), at: now)
        }
    }

    /// Runs `body` over records and returns when what it changed is on disk.
    private func written(
        _ keys: [RecordKey], _ body: @escaping @Sendable (inout RecordSet) -> Void
    ) throws(StoreError) {
        let ticket = try waiting { (completion: @escaping @Sendable (Result<StoreTicket, StoreError>) -> Void) in
            store.transact(keys) { set -> Step<Void> in
                body(&set)
                return .done(())
            } completion: { result in
                completion(result.map(\.ticket))
            }
        }
        try waiting { store.whenDurable(ticket, $0) }
    }
}

extension RecordSet {
    /// Identifiers among the keys that do not lead to a record.
    fileprivate func elsewhere(of position: Int) -> Set<IdentifierHash> {
        Set(
            zip(keys, homes).compactMap { key, home in
                if case .identifier(let hash) = key, home != position { hash } else { nil }
            })
    }
}

extension PersonRecord {
    /// Whether nothing is on it but what an erasure left.
    fileprivate var isBare: Bool {
        guard let erasedAt else { return false }
        return touches.isEmpty && merges.isEmpty && identifiers.allSatisfy { $0.addedAt == erasedAt }
            && facts.allSatisfy { $0.receivedAt <= erasedAt }
    }
}

/// Waits for an answer on a thread that may block.
func waiting<Value: Sendable, Failure: Error>(
    _ start: (@escaping @Sendable (Result<Value, Failure>) -> Void) -> Void
) throws(Failure) -> Value {
    let box = AnswerBox<Result<Value, Failure>>()
    start { box.put($0) }
    return try box.take().get()
}
