public import GovernorCore
public import GovernorStore

/// What `decide` came to, with what is needed to write it down.
public struct DecisionAnswer: Sendable {
    public var id: DecisionID
    public var decision: Decision
    /// What was asked, and the policies and zones that it was judged by.
    public var plan: Plan
    /// The store could not answer, and the policy let it pass all the same.
    public var isDegraded = false

    public var policies: PolicySet { plan.policies }
    public var request: ContactRequest { plan.request }
    public var zones: ZoneAtlas { plan.zones }
}

/// A random id of one decision, as hexadecimal digits in answers.
public struct DecisionID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// Why there is no decision.
public enum DecideError: Error, Sendable {
    /// The same idempotency key is being answered right now.
    case inFlight
    /// The idempotency key came before, with a different request.
    case mismatch
    case store(StoreError)
}

extension Governor {
    /// Stop 2 of 6: reads the wall clock once and the policies once, and takes the request through the other stops.
    ///
    /// `asked` is the instant that the request itself names. The completion runs on the calling thread when the store has
    /// the records at hand and nothing was reserved; otherwise on a thread of the store's, after stop 6. It runs exactly
    /// once, within the store deadline.
    public func decide(
        _ request: ContactRequest, asked: Timestamp? = nil,
        completion: @escaping @Sendable (Result<DecisionAnswer, DecideError>) -> Void
    ) {
        let clockNow = clock.now()
        let policies = self.policies.current
        var request = request
        // What no rule asks for is not kept beside the contact.
        if !request.registryAnswers.isEmpty {
            request.registryAnswers.removeAll { !policies.registries.contains($0.registry) }
        }
        if let key = request.idempotency, request.reserve {
            switch idempotency.begin(key) {
            case .inFlight: return completion(.failure(.inFlight))
            case .mismatch: return completion(.failure(.mismatch))
            case .fresh: break
            }
        }
        let plan = policies.plan(for: request, zones: zones, at: asked ?? clockNow, isHypothetical: asked != nil)
        let call = DecisionCall(self, plan, id: DecisionID(random.pair()), completion: completion)
        var keys = request.identifiers.map { RecordKey.identifier($0.hash) }
        for counter in plan.counters { keys.append(.counter(counter)) }
        store.transact(keys, call)
        if !call.isSettled { deadlines.add(after: configuration.storeDeadline, call) }
    }

    /// Stops 4 and 5 between them: judges the plan over the records and changes them if a reservation was allowed.
    ///
    /// Pure but for random ids: the store may run it again over newer records.
    func decide(
        _ plan: Plan, over set: inout RecordSet, id: DecisionID
    ) -> Result<Decision, DecideError> {
        let request = plan.request
        let now = plan.isHypothetical ? plan.now : set.records.reduce(plan.now) { max($0, $1.lastDecisionAt) }
        if let key = request.idempotency, request.reserve,
            let found = set.records.lazy.flatMap({ record in record.touches.lazy.map { (record.id, $0) } })
                .first(where: { $0.1.idempotency?.high == key.high && $0.1.idempotency?.low == key.low })
        {
            if found.1.idempotency?.fingerprint != key.fingerprint { return .failure(.mismatch) }
            guard found.1.isOpen(at: now) || found.1.state == .reported else { return .success(.gone(at: now)) }
            var decision = Decision.standing(at: now)
            decision.reservation = Reservation(
                touch: found.1.id, person: found.0, expiresAt: found.1.expiresAt)
            return .success(decision)
        }
        let touchID = TouchID(bits: random.next())
        let evaluation = evaluate(plan, set.records, counters: set.counters, at: now, touchID: touchID)
        var decision = evaluation.decision
        let linking = request.linking(set.records, homes: set.homes, at: now)
        decision.isIdentityConflict = linking.isConflict
        if var touch = evaluation.touch {
            let persons = learn(linking, from: request, in: &set, at: now)
            let direct = concerned(set, request) + persons
            let all = set.withPartners(direct)
            if all.count > 1 { touch.peers = all.map { set.records[$0].id } }
            for position in all {
                touch.isBorrowed = !direct.contains(position)
                set.apply(.touch(touch), to: position, names: request.names, at: now)
                forgetOldTouches(of: position, in: &set, under: plan.policies, at: now)
            }
            for key in evaluation.counters {
                set.count(CounterChange(key: key, at: touch.at, attempts: 1), names: request.names, at: now)
            }
            decision.reservation = Reservation(
                touch: touch.id, person: set.records[all[0]].id, expiresAt: touch.expiresAt)
            set.record(journalEntry(of: decision, plan, id: id))
        } else if shouldRecord(decision) {
            set.record(journalEntry(of: decision, plan, id: id))
        } else {
            summaries.count(decision, request)
        }
        return .success(decision)
    }

    /// Applies what a request teaches about its identifiers; gives the positions of the records it made.
    func learn(
        _ linking: Linking, from request: ContactRequest, source: Name<LabelKind> = .none, in set: inout RecordSet,
        at now: Timestamp
    ) -> [Int] {
        func add(_ identifier: KnownIdentifier, to position: Int) {
            var identifier = identifier
            identifier.source = source
            set.apply(.identifier(identifier), to: position, names: request.names, at: now)
        }
        for (position, identifier) in linking.additions { add(identifier, to: position) }
        return linking.creations.map { identifiers in
            let (high, low) = random.pair()
            let position = set.create(PersonID(high: high, low: low), at: now)
            for identifier in identifiers { add(identifier, to: position) }
            return position
        }
    }

    /// The records that the request's own identifiers lead to, before anything was made.
    func concerned(_ set: RecordSet, _ request: ContactRequest) -> [Int] {
        var positions: [Int] = []
        for (i, home) in set.homes.prefix(request.identifiers.count).enumerated() {
            if home < 0 || positions.contains(home) { continue }
            // A placeholder beside real identifiers leads to nobody.
            if request.identifiers[i].isPlaceholder && request.namesSeveral { continue }
            positions.append(home)
        }
        return positions
    }

    /// Touches that no rule needs any more leave the record, a month's worth at a time.
    func forgetOldTouches(of position: Int, in set: inout RecordSet, under policies: PolicySet, at now: Timestamp) {
        if let change = policies.history.forgettable(set.records[position], at: now) {
            set.apply(change, to: position, names: policies.names, at: now)
        }
    }

    private func shouldRecord(_ decision: Decision) -> Bool {
        switch configuration.ledgerChecks {
        case .all: true
        case .denies: decision.verdict == .deny
        case .summary: false
        }
    }

    /// The answer when the store cannot: deny, unless the policy of this purpose says otherwise and the bound holds.
    func failed(_ plan: Plan, _ id: DecisionID, _ error: StoreError) -> Result<DecisionAnswer, DecideError> {
        metrics.storeFailures.add(1)
        guard plan.policies.onStoreFailure[plan.request.purpose] == .allow, !plan.isHypothetical,
            degraded.add(plan.request, at: plan.now)
        else { return .failure(.store(error)) }
        metrics.degradedAllows.add(1)
        let decision = Decision.standing(at: plan.now)
        return .success(
            DecisionAnswer(id: id, decision: decision, plan: plan, isDegraded: true))
    }

    /// Puts degraded allows on record now that the store answers again; called every second.
    public func reconcileDegraded() {
        guard let (request, at) = degraded.takeFirst() else { return }
        let id = TouchID(bits: random.next())
        let policies = self.policies.current
        let counters = policies.counters(for: request).map { RecordKey.counter($0) }
        store.transact(request.identifiers.map { .identifier($0.hash) } + counters) { [self] set -> Step<Bool> in
            if let more = set.partnersMissing { return .widen(more) }
            let now = set.records.reduce(clock.now()) { max($0, $1.lastDecisionAt) }
            let made = learn(request.linking(set.records, homes: set.homes, at: now), from: request, in: &set, at: now)
            var touch = request.touch(id, at: at, expiresAt: at)
            touch.state = .external
            let direct = concerned(set, request) + made
            let all = set.withPartners(direct)
            if all.count > 1 { touch.peers = all.map { set.records[$0].id } }
            for position in all {
                touch.isBorrowed = !direct.contains(position)
                set.apply(.touch(touch), to: position, names: request.names, at: now)
            }
            count(nil, touch, on: all, in: &set, policies: policies, names: request.names, at: now)
            return .done(true)
        } completion: { [self] result in
            switch result {
            case .success: reconcileDegraded()
            case .failure: degraded.putBack(request, at: at)
            }
        }
    }
}

extension DecisionID {
    init(_ pair: (UInt64, UInt64)) { self.init(high: pair.0, low: pair.1) }
}
