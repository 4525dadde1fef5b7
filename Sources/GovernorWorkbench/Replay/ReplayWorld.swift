import GovernorCore
import GovernorRuntime

/// The people of a ledger as they would be under other policies: their own facts, and the touches that these policies
/// would have allowed.
///
/// Belongs to one thread. Persons of one world never meet those of another.
final class ReplayWorld: @unchecked Sendable {
    // Guarded by whoever runs it: one queue at a time (see `Replay`).
    fileprivate final class Person {
        var record: PersonRecord
        init(_ record: PersonRecord) { self.record = record }
    }

    private let policies: PolicySet
    private let zones: ZoneAtlas
    private var people: [PersonID: Person] = [:]
    /// What campaign guards count under these policies.
    private var counters: [CounterKey: CounterRecord] = [:]
    private(set) var tally = ReplayTally()
    /// Told of every decision, for tests.
    var onDecision: ((ReplayedDecision) -> Void)?

    init(policies: PolicySet, zones: ZoneAtlas) {
        self.policies = policies
        self.zones = zones
    }

    /// One record of the ledger, in the order of the ledger.
    func apply(
        _ body: JournalBody, kind: UInt8, sequence: UInt64, persons: some Sequence<PersonID>,
        orphan: PersonRecord? = nil
    ) throws(DecodeError) {
        switch kind {
        case 1 where !body.entry.isEmpty:
            let record = try decision(body.entry)
            decide(record, body, sequence, persons, orphan)
        case 2:
            if let record = try? decision(body.entry) {
                confirm(record, body, sequence, persons)
            } else {
                report(body)
            }
        default: tell(body)
        }
    }

    private func decision(_ entry: [UInt8]) throws(DecodeError) -> DecisionRecord {
        try entry.withUnsafeBufferPointer { (buffer) throws(DecodeError) in
            try DecisionRecord(decoding: UnsafeRawBufferPointer(buffer))
        }
    }

    // MARK: Decisions

    private func decide(
        _ record: DecisionRecord, _ body: JournalBody, _ sequence: UInt64, _ persons: some Sequence<PersonID>,
        _ orphan: PersonRecord?
    ) {
        let new = Set(body.changes.lazy.filter(\.isNew).map(\.person))
        let found = persons.filter { !new.contains($0) }
        var records = found.compactMap { people[$0]?.record }
        if let orphan { records.append(orphan) }
        let now = record.evaluatedAt
        let plan = policies.plan(
            for: record.request, zones: zones, at: now, isHypothetical: record.isHypothetical)
        var original: Touch?
        for change in body.changes.lazy.flatMap(\.changes) { if case .touch(let touch) = change { original = touch } }
        let evaluation = evaluate(
            plan, records, counters: counters(plan.counters), at: now,
            touchID: original?.id ?? TouchID(bits: sequence))
        records = []
        note(evaluation.decision, record, sequence)
        // What was learnt about identifiers does not depend on the policies.
        for changes in body.changes {
            for change in changes.changes {
                if case .touch = change { continue }
                modify(changes.person, at: body.changedAt) { $0.apply(change, names: body.names, at: body.changedAt) }
            }
        }
        if let orphan, let home = body.changes.first?.person { adopt(orphan, by: home) }
        guard let made = evaluation.touch else { return }
        var touch = original ?? made
        touch.at = made.at
        touch.recordedAt = made.recordedAt
        touch.expiresAt = made.expiresAt
        touch.state = made.state
        for key in evaluation.counters {
            count(CounterChange(key: key, at: touch.at, attempts: 1), names: record.request.names, at: now)
        }
        let concerned = original == nil ? found : body.changes.map(\.person)
        for person in concerned {
            modify(person, at: now) { $0.apply(.touch(touch), names: record.request.names, at: now) }
        }
    }

    /// A decision about somebody whom the ledger does not know: what it leaves on a record that stands in for her.
    func decide(
        _ body: JournalBody, sequence: UInt64, aboutOrphan orphan: inout PersonRecord
    ) throws(DecodeError) {
        let record = try decision(body.entry)
        let plan = policies.plan(
            for: record.request, zones: zones, at: record.evaluatedAt, isHypothetical: record.isHypothetical)
        let records = orphan.touches.isEmpty ? [] : [orphan]
        let evaluation = evaluate(
            plan, records, counters: counters(plan.counters), at: record.evaluatedAt, touchID: TouchID(bits: sequence))
        note(evaluation.decision, record, sequence)
        if let touch = evaluation.touch {
            for key in evaluation.counters {
                count(
                    CounterChange(key: key, at: touch.at, attempts: 1), names: record.request.names,
                    at: record.evaluatedAt)
            }
            orphan.apply(.touch(touch), names: record.request.names, at: record.evaluatedAt)
        }
    }

    private func adopt(_ orphan: PersonRecord, by home: PersonID) {
        modify(home, at: orphan.lastDecisionAt) { record in
            for touch in orphan.touches { record.apply(.touch(touch), names: orphan.names, at: touch.at) }
        }
    }

    private func note(_ decision: Decision, _ record: DecisionRecord, _ sequence: UInt64) {
        let replayed = ReplayedDecision(
            sequence: sequence, record: record, verdict: decision.verdict, nextBasis: decision.nextBasis,
            nextAllowedAt: decision.nextAllowedAt, reasons: decision.reasons.map { RecordedReason($0, policies) },
            shadow: decision.shadow.map { RecordedReason($0, policies) })
        if !record.knowsEndpoint && record.verdict == .deny { tally.withoutEndpoint += 1 }
        tally.add(replayed)
        onDecision?(replayed)
    }

    // MARK: Reservations

    private func confirm(
        _ record: DecisionRecord, _ body: JournalBody, _ sequence: UInt64, _ persons: some Sequence<PersonID>
    ) {
        let changed = body.changes.lazy.flatMap(\.changes).compactMap { change -> Touch? in
            if case .touch(let touch) = change { touch } else { nil }
        }.first
        guard let id = record.confirmed ?? changed?.id else { return }
        // In the order in which the store gave them.
        let holders = persons.compactMap { people[$0] }.filter { $0.holds(id) }
            .sorted { $0.record.id < $1.record.id }
        guard let touch = holders.lazy.compactMap({ $0.record.touches.last { $0.id == id } }).first else {
            tally.skippedConfirmations += 1
            return
        }
        var records = holders.map(\.record)
        let confirmation = policies.confirm(
            touch, on: records, counters: counters(policies.counters(for: ContactRequest(touch, on: records))),
            zones: zones, at: record.evaluatedAt, freshID: changed.map(\.id) ?? TouchID(bits: sequence))
        note(confirmation.decision, record, sequence)
        guard let changed = confirmation.touch else { return }
        count(confirmation.isFresh ? nil : touch, changed, on: records, at: record.evaluatedAt)
        records = []
        for person in holders {
            person.record.apply(.touch(changed), names: person.record.names, at: record.evaluatedAt)
        }
    }

    /// An outcome or a release: what the caller said of a contact, if these policies would have had it.
    private func report(_ body: JournalBody) {
        tally.changes += 1
        for changes in body.changes {
            guard let person = people[changes.person] else { continue }
            for change in changes.changes {
                guard case .touch(let told) = change else {
                    person.record.apply(change, names: body.names, at: body.changedAt)
                    continue
                }
                guard told.state != .revoked, var touch = person.record.touches.last(where: { $0.id == told.id })
                else { continue }
                let before = touch
                touch.state = told.state
                touch.outcome = told.outcome
                touch.outcomeAt = told.outcomeAt
                touch.isCorrected = told.isCorrected
                touch.accounts = told.accounts
                touch.whereabouts = told.whereabouts
                person.record.apply(.touch(touch), names: body.names, at: body.changedAt)
                if isFirst(person, of: touch) { count(before, touch, on: [person.record], at: body.changedAt) }
            }
            revoke(person, changes.changes, at: body.changedAt)
        }
    }

    // MARK: Facts

    private func tell(_ body: JournalBody) {
        tally.changes += 1
        for changes in body.changes {
            for change in changes.changes {
                if case .touch(let touch) = change, touch.state != .external { continue }
                modify(changes.person, at: body.changedAt) { $0.apply(change, names: body.names, at: body.changedAt) }
                if case .touch(let touch) = change, let person = people[changes.person], isFirst(person, of: touch) {
                    count(nil, touch, on: [person.record], at: body.changedAt)
                }
            }
            if let person = people[changes.person] { revoke(person, changes.changes, at: body.changedAt) }
        }
    }

    /// Takes back the reservations that an opt-out, a withdrawal or a holding forbids under these policies.
    private func revoke(_ person: Person, _ changes: [Change], at now: Timestamp) {
        let codes = changes.reduce(into: Set<ReasonCode>()) { codes, change in
            if case .fact(let fact) = change { codes.formUnion(fact.body.revokes) }
        }
        for touch in policies.revokedReservations(on: person.record, because: codes, zones: zones, at: now) {
            if isFirst(person, of: touch) {
                count(person.record.touches.first { $0.id == touch.id }, touch, on: [person.record], at: now)
            }
            person.record.apply(.touch(touch), names: person.record.names, at: now)
        }
    }

    // MARK: Counters

    private func counters(_ keys: [CounterKey]) -> [CounterRecord] { keys.compactMap { counters[$0] } }

    private func count(_ change: CounterChange, names: NameTable, at now: Timestamp) {
        counters[change.key, default: CounterRecord(key: change.key)].apply(change, names: names, at: now)
    }

    private func count(_ before: Touch?, _ after: Touch, on records: [PersonRecord], at now: Timestamp) {
        guard policies.hasGuards else { return }
        let request = ContactRequest(after, on: records)
        for key in policies.counters(for: request, on: records, zones: zones, at: now) {
            for change in CounterChange.changes(from: before, to: after, in: key) {
                count(change, names: request.names, at: now)
            }
        }
    }

    /// A touch on several records counts once.
    private func isFirst(_ person: Person, of touch: Touch) -> Bool {
        touch.peers.first.map { $0 == person.record.id } ?? true
    }

    private func modify(_ id: PersonID, at now: Timestamp, _ change: (inout PersonRecord) -> Void) {
        if let person = people[id] { return change(&person.record) }
        let person = Person(PersonRecord(id: id, createdAt: now))
        people[id] = person
        change(&person.record)
    }

    /// Gives a person to another world.
    func release(_ id: PersonID) -> PersonRecord? { people.removeValue(forKey: id)?.record }
    func take(_ record: PersonRecord) { people[record.id] = Person(record) }

    func countErased() { tally.erased += 1 }
}

extension ReplayWorld.Person {
    fileprivate func holds(_ touch: TouchID) -> Bool { record.touches.contains { $0.id == touch } }
}
