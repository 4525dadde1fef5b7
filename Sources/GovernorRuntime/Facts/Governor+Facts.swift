public import GovernorCore
public import GovernorStore

/// A fact ready to be told: about whom, what, by whom.
public struct ToldFact: Sendable {
    /// The contact's identifiers, as a request's; only these and the names are looked at.
    public var about: ContactRequest
    public var fact: Fact
    /// Kept in the ledger, not in the record.
    public var evidence: String?
    /// The name of the route's kind: `opt_out`, `consent`, …
    public var kind: String
    public var callerText: String

    public init(about: ContactRequest, fact: Fact, evidence: String?, kind: String, callerText: String) {
        self.about = about
        self.fact = fact
        self.evidence = evidence
        self.kind = kind
        self.callerText = callerText
    }
}

/// What telling a fact or reporting a touch came to.
public struct FactAnswer: Sendable {
    /// The same id was told before: nothing changed.
    public var isDuplicate: Bool
    /// The persons it is now on record for.
    public var persons: [PersonID]
    /// Reservations that it took back.
    public var revoked: [RevokedReservation]
    public var isIdentityConflict: Bool
    /// Of the first time, when a duplicate.
    public var recordedAt: Timestamp
    /// Caps that a touch made elsewhere shows passed, by the id of their rule.
    public var overruns: [(rule: String, count: UInt32, limit: UInt32)] = []
    /// Why some of the contact's identifiers are not joined.
    public var conflict: IdentityConflict = []
}

/// Why a fact was not taken.
public enum FactError: Error, Sendable {
    /// The person has the most facts or touches that a record holds.
    case recordFull
    /// A fact with this id says something else.
    case mismatch
    case store(StoreError)
}

/// What a link, or a note about one identifier, says of its identifiers; what is `nil` stays as it was.
public struct IdentifierNote: Hashable, Sendable {
    public var isShared: Bool?
    public var isHousehold: Bool?
    /// In place of those it had.
    public var labels: [Name<LabelKind>]?
    /// Kept with what is new by it.
    public var source: Name<LabelKind> = .none

    public init() {}

    fileprivate var saysSomething: Bool { isShared != nil || isHousehold != nil || labels != nil }

    fileprivate func applied(to known: KnownIdentifier) -> KnownIdentifier {
        var noted = known
        noted.isShared = isShared ?? noted.isShared
        noted.isHousehold = isHousehold ?? noted.isHousehold
        noted.labels = labels ?? noted.labels
        if noted != known, !source.isNone { noted.source = source }
        return noted
    }
}

extension Governor {
    /// Puts a fact on record for every person the contact leads to; acknowledged when it is on disk and in force.
    public func tell(
        _ told: ToldFact, completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void
    ) {
        let policies = self.policies.current
        write(about: told.about, cause: RevocationCause(told.fact.body), completion: completion) {
            [self] set, concerned, isConflict, now in
            var fact = told.fact
            fact.receivedAt = now
            let positions = concerned.all
            let known = positions.compactMap { i in set.records[i].facts.first { $0.id == fact.id } }
            if known.contains(where: { $0.body != fact.body || $0.scope != fact.scope }) { return .failure(.mismatch) }
            let isNews = zip(positions, known).contains { $1.isBorrowed && concerned.direct.contains($0) }
            if let first = known.first, known.count == positions.count, !isNews {
                return .success(
                    FactAnswer(
                        isDuplicate: true, persons: positions.map { set.records[$0].id }, revoked: [],
                        isIdentityConflict: isConflict, recordedAt: first.receivedAt))
            }
            if positions.contains(where: { set.records[$0].facts.count >= PersonRecord.factsMax }) {
                return .failure(.recordFull)
            }
            var revoked: [RevokedReservation] = []
            for position in positions {
                fact.isBorrowed = !concerned.direct.contains(position)
                set.apply(.fact(fact), to: position, names: told.about.names, at: now)
                revoked += revokeReservations(
                    because: fact.body.revokes, at: position, in: &set, now: now, policies: policies)
            }
            set.record(journalEntry(ofFact: told.kind, caller: told.callerText, evidence: told.evidence, at: now))
            metrics.facts.add(1)
            return .success(
                FactAnswer(
                    isDuplicate: false, persons: positions.map { set.records[$0].id }, revoked: revoked,
                    isIdentityConflict: isConflict, recordedAt: now))
        }
    }

    /// Puts a fact of any kind on record as its door read it; `callerText` is the id of who told it.
    package func take(
        _ work: FactWork, callerText: String, completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void
    ) {
        switch work {
        case .tell(let told): tell(told, completion: completion)
        case .touch(let touch, let about, let evidence):
            report(touch, about: about, evidence: evidence, callerText: callerText, completion: completion)
        case .link(let note, let about, let evidence):
            link(about, note, evidence: evidence, callerText: callerText, completion: completion)
        }
    }

    /// Puts a touch on record that was made elsewhere, or an inbound contact.
    public func report(
        _ touch: Touch, about: ContactRequest, evidence: String?, callerText: String,
        completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void
    ) {
        // Named by its fact, which a record then need not keep beside it.
        let touchID = TouchID(bits: touch.factID?.high ?? random.next())
        let policies = self.policies.current
        write(about: about, adding: touch, cause: .optOut, completion: completion) {
            [self] set, concerned, isConflict, now in
            let positions = concerned.all
            let known = positions.compactMap { i in
                set.records[i].touches.first { $0.factID != nil && $0.factID == touch.factID }
            }.first
            if let known, !known.says(theSameAs: touch) { return .failure(.mismatch) }
            var revoked: [RevokedReservation] = []
            var overruns: [Overrun] = []
            if known == nil {
                if positions.contains(where: { policies.history.isFull(set.records[$0], at: now) }) {
                    return .failure(.recordFull)
                }
                var touch = touch
                touch.id = touchID
                touch.recordedAt = now
                touch.expiresAt = now
                if positions.count > 1 { touch.peers = positions.map { set.records[$0].id } }
                for position in positions {
                    touch.isBorrowed = !concerned.direct.contains(position)
                    set.apply(.touch(touch), to: position, names: about.names, at: now)
                    if set.records[position].touches.count > PersonRecord.touchesMax {
                        forgetOldTouches(of: position, in: &set, under: policies, at: now)
                    }
                }
                count(nil, touch, on: positions, in: &set, policies: policies, names: about.names, at: now)
                overruns = policies.overruns(of: touch, on: positions.map { set.records[$0] }, zones: zones, at: now)
                if touch.outcome == WellKnownOutcome.optOut {
                    revoked = optOut(told: touch, positions: positions, in: &set, now: now, policies: policies)
                }
                set.record(journalEntry(ofFact: "touch", caller: callerText, evidence: evidence, at: now))
                metrics.facts.add(1)
            }
            return .success(
                FactAnswer(
                    isDuplicate: known != nil, persons: positions.map { set.records[$0].id }, revoked: revoked,
                    isIdentityConflict: isConflict, recordedAt: known?.recordedAt ?? now,
                    overruns: overruns.map { (policies.rules[Int($0.rule)].id, $0.count, $0.limit) }))
        }
    }

    /// Teaches that a contact's identifiers belong together, or that one of them is shared or a household's.
    ///
    /// One that says nothing new is answered as a duplicate and leaves no trace.
    public func link(
        _ about: ContactRequest, _ note: IdentifierNote = IdentifierNote(), evidence: String?, callerText: String,
        completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void
    ) {
        write(about: about, source: note.source, completion: completion) { [self] set, concerned, isConflict, now in
            let positions = concerned.all
            var knownSince = Timestamp.distantPast
            for identifier in about.identifiers {
                for position in positions {
                    guard let known = set.records[position].identifiers.first(where: { $0.hash == identifier.hash })
                    else { continue }
                    knownSince = max(knownSince, known.addedAt)
                    let noted = note.saysSomething ? note.applied(to: known) : known
                    if noted != known { set.apply(.identifier(noted), to: position, names: about.names, at: now) }
                }
            }
            if set.changes.isEmpty {
                // Told on purpose, so it is on record and waits for a decision after a restart too.
                if isConflict && positions.count > 1 {
                    set.record(
                        journalEntry(ofFact: "conflict", caller: callerText, evidence: evidence, at: now, kind: .link))
                }
                return .success(
                    FactAnswer(
                        isDuplicate: true, persons: positions.map { set.records[$0].id }, revoked: [],
                        isIdentityConflict: isConflict, recordedAt: knownSince))
            }
            set.record(journalEntry(ofFact: "link", caller: callerText, evidence: evidence, at: now))
            return .success(
                FactAnswer(
                    isDuplicate: false, persons: positions.map { set.records[$0].id }, revoked: [],
                    isIdentityConflict: isConflict, recordedAt: now))
        }
    }

    /// The opt-out that comes with an outcome: of the person, for everything. Gives the reservations it took back.
    func optOut(
        told touch: Touch, positions: [Int], in set: inout RecordSet, now: Timestamp, policies: PolicySet
    ) -> [RevokedReservation] {
        let fact = Fact(
            id: FactID(high: touch.id.bits, low: 0x6f70_745f_6f75_7400), at: touch.outcomeAt, receivedAt: now,
            body: .optOut(reach: .person, endpoints: touch.endpoint.map { [$0] } ?? []), caller: touch.caller,
            source: Name("outcome"))
        var names = NameTable()
        _ = names.intern("outcome", as: Name<LabelKind>.self)
        var revoked: [RevokedReservation] = []
        for position in positions {
            set.apply(.fact(fact), to: position, names: names, at: now)
            revoked += revokeReservations(
                because: fact.body.revokes, at: position, in: &set, now: now, policies: policies)
        }
        return revoked
    }

    /// Takes back what the facts on a record now forbid.
    func revokeReservations(
        because codes: Set<ReasonCode>, at position: Int, in set: inout RecordSet, now: Timestamp, policies: PolicySet
    ) -> [RevokedReservation] {
        policies.revokedReservations(on: set.records[position], because: codes, zones: zones, at: now).map { touch in
            let before = set.records[position].touches.first { $0.id == touch.id }
            set.apply(.touch(touch), to: position, names: set.records[position].names, at: now)
            countRevoked(before, touch, at: position, in: &set, policies: policies, now: now)
            return RevokedReservation(touch, on: set.records[position])
        }
    }

    /// Runs `body` over the records that a contact leads to, made where nobody was known, and answers once durable.
    private func write(
        about: ContactRequest, source: Name<LabelKind> = .none, adding touch: Touch? = nil,
        cause: RevocationCause? = nil,
        completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void,
        _ body: @escaping @Sendable (inout RecordSet, Concerned, Bool, Timestamp) -> Result<FactAnswer, FactError>
    ) {
        let owed = Owed(completion)
        let clockNow = clock.now()
        let policies = self.policies.current
        store.transact(about.identifiers.map { .identifier($0.hash) }) {
            [self] set -> Step<Result<FactAnswer, FactError>> in
            var counters: [RecordKey] = []
            if policies.hasGuards {
                // What is told may take reservations back.
                let open = set.records.flatMap {
                    $0.touches.filter { $0.state == .reserved && $0.isOpen(at: clockNow) }
                }
                let touches = (touch.map { [$0] } ?? []) + open
                counters = countersMissing(of: touches, in: set, policies: policies, names: about.names)
            }
            let more = counters + (set.partnersMissing ?? [])
            if !more.isEmpty { return .widen(more) }
            let linking = about.linking(set.records, homes: set.homes, at: clockNow)
            let found = concerned(set, about)
            let made = learn(linking, from: about, source: source, in: &set, at: clockNow)
            let answer = body(&set, Concerned(set, direct: found + made), linking.isConflict, clockNow)
            return .done(
                answer.map { answer in
                    var answer = answer
                    answer.conflict = linking.conflict
                    return answer
                })
        } completion: { [store, conflicts, revocations] result in
            switch result {
            case .failure(let error): owed(.failure(.store(error)))
            case .success(let committed):
                guard case .success(let answer) = committed.result else { return owed(committed.result) }
                if answer.persons.count > 1 { conflicts.note(answer.persons, at: clockNow) }
                store.whenDurable(committed.ticket) { durable in
                    switch durable {
                    case .success:
                        // Also when the answer comes too late for who told it.
                        if let cause { revocations.announce(answer.revoked, cause, at: answer.recordedAt) }
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
}

/// The positions that something is told of.
struct Concerned {
    /// Where the contact's own identifiers lead.
    let direct: [Int]
    /// Those and the other records of the same persons.
    let all: [Int]

    init(_ set: RecordSet, direct: [Int]) {
        self.direct = direct
        all = set.withPartners(direct)
    }
}

extension Touch {
    /// Whether both describe the same contact made elsewhere; ids and times of arrival apart.
    fileprivate func says(theSameAs other: Touch) -> Bool {
        direction == other.direction && channel == other.channel && purpose == other.purpose
            && campaign == other.campaign && subject == other.subject && product == other.product
            && brand == other.brand
            && accounts == other.accounts && endpoint == other.endpoint
    }
}
