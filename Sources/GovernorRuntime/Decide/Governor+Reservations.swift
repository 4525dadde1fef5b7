public import GovernorCore
public import GovernorStore

/// Why an act on a reservation was refused.
public enum ReservationError: Error, Sendable {
    /// No such reservation, or it belongs to another caller.
    case notFound
    /// The person was erased, and with her everything about it.
    case erased
    /// An outcome was reported: it cannot be released any more.
    case alreadyReported
    case store(StoreError)
}

/// What reporting an outcome came to.
public struct OutcomeAnswer: Sendable {
    /// `reported`, or `superseded` when a later or corrected outcome stands.
    public var isApplied: Bool
    public var touch: Touch
    public var names: NameTable
    /// Caps that turn out to be passed now that the truth is known.
    public var overruns: [Overrun]
    public var policies: PolicySet
    public var recordedAt: Timestamp
    /// Other reservations that it took back: the outcome was an opt-out.
    public var revoked: [RevokedReservation] = []
}

/// A reservation that was given back.
public struct ReleaseAnswer: Sendable {
    public var touch: Touch
    public var names: NameTable
}

extension Governor {
    /// Judges a reservation again just before the contact is made (SPEC section 3, point 4).
    ///
    /// Same threads, deadline and completion as `decide`.
    public func confirm(
        _ touchID: TouchID, of person: PersonID, caller: CallerID,
        completion: @escaping @Sendable (Result<DecisionAnswer, ReservationError>) -> Void
    ) {
        let policies = self.policies.current
        let now = clock.now()
        let id = DecisionID(random.pair())
        let freshID = TouchID(bits: random.next())
        change(touchID, of: person, caller: caller, deadline: configuration.storeDeadline, completion: completion) {
            [self] touch, positions, set in
            let records = set.records
            let instant = records.reduce(now) { max($0, $1.lastDecisionAt) }
            let confirmation = policies.confirm(
                touch, on: records, counters: set.counters, zones: zones, at: instant, freshID: freshID)
            var decision = confirmation.decision
            let request = ContactRequest(touch, on: records)
            if var changed = confirmation.touch {
                for position in confirmation.isFresh ? set.withPartners(positions) : positions {
                    changed.isBorrowed =
                        !set.records[position].touches.contains { $0.id == touchID && !$0.isBorrowed }
                    set.apply(.touch(changed), to: position, names: request.names, at: instant)
                }
                count(
                    confirmation.isFresh ? nil : touch, changed, on: positions, in: &set, policies: policies,
                    names: request.names, at: instant)
            }
            if decision.verdict == .allow {
                let standing = confirmation.touch ?? touch
                let reservation = Reservation(touch: standing.id, person: person, expiresAt: standing.expiresAt)
                decision.reservation = reservation
                // After its expiry it is a fresh one.
                if standing.id != touchID { openReservations.add(reservation, caller: touch.caller) }
            }
            let plan = policies.plan(for: request, zones: zones, at: instant)
            if confirmation.touch != nil || shouldRecordConfirmation(decision) {
                set.record(journalEntry(of: decision, plan, id: id, kind: .reservation, confirming: touchID))
            }
            metrics.confirmed(decision)
            let answer = DecisionAnswer(id: id, decision: decision, plan: plan)
            return (.success(answer), decision.verdict == .allow || confirmation.touch != nil)
        }
    }

    private func shouldRecordConfirmation(_ decision: Decision) -> Bool {
        configuration.ledgerChecks != .summary && decision.verdict == .deny
    }

    /// Reports what happened, also with the accounts it was about. The outcome `opt_out` is an opt-out of the person.
    public func report(
        _ outcome: EventName, at eventTime: Timestamp, on touchID: TouchID, of person: PersonID, caller: CallerID,
        accounts: [Account]?, isCorrection: Bool, names: NameTable,
        completion: @escaping @Sendable (Result<OutcomeAnswer, ReservationError>) -> Void
    ) {
        let policies = self.policies.current
        let now = clock.now()
        change(
            touchID, of: person, caller: caller, deadline: configuration.factDeadline, completion: completion,
            announcing: \.revoked
        ) { [self] touch, positions, set in
            let before = touch
            var touch = touch
            let wasCounted = touch.isCountable
            let isApplied = touch.report(outcome, at: eventTime, accounts: accounts, isCorrection: isCorrection)
            var texts = names
            for position in positions { texts.adoptAll(from: set.records[position].names) }
            var revoked: [RevokedReservation] = []
            if isApplied {
                for position in positions { set.apply(.touch(touch), to: position, names: names, at: now) }
                count(before, touch, on: positions, in: &set, policies: policies, names: texts, at: now)
                if outcome == WellKnownOutcome.optOut {
                    revoked = optOut(
                        told: touch, positions: set.withPartners(positions), in: &set, now: now, policies: policies)
                }
                set.record(
                    journalEntry(
                        ofOutcome: touch, names: texts, policies: policies, at: now, isCorrection: isCorrection))
            }
            let overruns =
                isApplied
                ? policies.overruns(of: touch, on: set.records, zones: zones, at: now) : []
            if !overruns.isEmpty && !wasCounted { metrics.overruns.add(1) }
            return (
                .success(
                    OutcomeAnswer(
                        isApplied: isApplied, touch: touch, names: texts, overruns: overruns, policies: policies,
                        recordedAt: now, revoked: revoked)), true
            )
        }
    }

    /// Gives the budget of an unused reservation back.
    public func release(
        _ touchID: TouchID, of person: PersonID, caller: CallerID,
        completion: @escaping @Sendable (Result<ReleaseAnswer, ReservationError>) -> Void
    ) {
        let policies = self.policies.current
        let now = clock.now()
        change(touchID, of: person, caller: caller, deadline: configuration.factDeadline, completion: completion) {
            [self] touch, positions, set in
            let before = touch
            var touch = touch
            let names = set.records[positions[0]].names
            if touch.state == .reported || touch.state == .external { return (.failure(.alreadyReported), false) }
            guard touch.release() else { return (.success(ReleaseAnswer(touch: touch, names: names)), true) }
            for position in positions {
                set.apply(.touch(touch), to: position, names: set.records[position].names, at: now)
            }
            count(before, touch, on: positions, in: &set, policies: policies, names: names, at: now)
            set.record(
                journalEntry(
                    ofOutcome: touch, names: names, policies: policies, at: now, isCorrection: false))
            return (.success(ReleaseAnswer(touch: touch, names: names)), true)
        }
    }

    /// A touch on several records is revoked on each, and given back once.
    func countRevoked(
        _ before: Touch?, _ revoked: Touch, at position: Int, in set: inout RecordSet, policies: PolicySet,
        now: Timestamp
    ) {
        if let first = revoked.peers.first, first != set.records[position].id { return }
        count(
            before, revoked, on: [position], in: &set, policies: policies, names: set.records[position].names, at: now)
    }

    /// Runs `body` over every record that carries the touch, and answers when what it changed is durable.
    ///
    /// `body` gets the touch, the positions of its records, and says whether its answer must wait for the disk.
    private func change<Value: Sendable>(
        _ touchID: TouchID, of person: PersonID, caller: CallerID, deadline: Milliseconds,
        completion: @escaping @Sendable (Result<Value, ReservationError>) -> Void,
        announcing revoked: @escaping @Sendable (Value) -> [RevokedReservation] = { _ in [] },
        _ body: @escaping @Sendable (Touch, [Int], inout RecordSet) -> (Result<Value, ReservationError>, waits: Bool)
    ) {
        let owed = Owed(completion)
        let policies = self.policies.current
        store.transact([.person(person)]) { [self] set -> Step<(Result<Value, ReservationError>, Bool)> in
            if let home = set.homes.first, home >= 0, set.records[home].erasedAt != nil,
                !set.records[home].touches.contains(where: { $0.id == touchID })
            {
                return .done((.failure(.erased), false))
            }
            guard let home = set.homes.first, home >= 0,
                let touch = set.records[home].touches.last(where: { $0.id == touchID }),
                caller == CallerID(.none) || touch.caller == caller
            else { return .done((.failure(.notFound), false)) }
            let more =
                touch.peers.map { RecordKey.person($0) }.filter { !set.keys.contains($0) }
                + (set.partnersMissing ?? []).filter { !touch.peers.map(RecordKey.person).contains($0) }
                + countersMissing(of: [touch], in: set, policies: policies)
            if !more.isEmpty { return .widen(more) }
            let positions = set.records.indices.filter { i in set.records[i].touches.contains { $0.id == touchID } }
            return .done(body(touch, positions, &set))
        } completion: { [store, revocations, clock] result in
            switch result {
            case .failure(let error): owed(.failure(.store(error)))
            case .success(let committed):
                let (value, waits) = committed.result
                guard waits else { return owed(value) }
                store.whenDurable(committed.ticket) { durable in
                    switch durable {
                    case .success:
                        if case .success(let value) = value {
                            revocations.announce(revoked(value), .optOut, at: clock.now())
                        }
                        owed(value)
                    case .failure(let error): owed(.failure(.store(error)))
                    }
                }
            }
        }
        if !owed.isSettled {
            deadlines.add(after: deadline, Expiry { owed(.failure(.store(.timedOut(outcome: .unknown)))) })
        }
    }
}

/// Outcomes that mean something to the governor itself.
enum WellKnownOutcome {
    static let optOut = EventName("opt_out")
}
