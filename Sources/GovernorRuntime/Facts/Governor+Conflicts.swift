public import GovernorCore
public import GovernorStore

/// Persons whom a contact named together although they are not joined: somebody may merge them, or say that they differ.
public struct WaitingConflict: Sendable {
    /// One record of each person, ascending: what `Governor.merge` takes.
    public var persons: [PersonID]
    public var why: IdentityConflict
    public var firstAt: Timestamp
    public var lastAt: Timestamp
    /// How often they were named together, as far as this node remembers.
    public var count: UInt64
    /// Identifiers of each person by kind, in the order of `persons`.
    public var identifiers: [(phones: Int, emails: Int, keys: Int)]
}

extension Governor {
    /// The identity conflicts that wait for a decision, newest first, as far as this node has met them.
    ///
    /// Each is looked up in the store: those merged, shared, erased or kept apart since are left out. Conflicts because of
    /// a shared identifier or a placeholder wait for nobody.
    /// - Parameters:
    ///   - before: the `next` of the page before; `nil` for the first page.
    ///   - limit: 1…1,000.
    /// - Returns: a page, and where the next one begins; `nil` at the end. A page may be short before the end, for at most
    ///   2,000 sets of persons are looked up for one.
    public func identityConflicts(
        before: UInt64? = nil, limit: Int = 100
    ) async -> Result<(page: [WaitingConflict], next: UInt64?), StoreError> {
        var found: [WaitingConflict] = []
        var seen: Set<[PersonID]> = []
        let entries = conflicts.entries(before: before)
        for (i, entry) in entries.enumerated() {
            let records: [PersonRecord]
            switch await stored(entry.persons) {
            case .failure(let error): return .failure(error)
            case .success(let read): records = read
            }
            if let waiting = waiting(entry, records), seen.insert(waiting.persons).inserted { found.append(waiting) }
            if (found.count == limit || i == Self.lookedUpMax - 1) && i < entries.count - 1 {
                return .success((found, entry.sequence))
            }
        }
        return .success((found, nil))
    }

    private static var lookedUpMax: Int { 2_000 }

    /// Puts on record that these are different persons: their conflict waits no longer. Nothing else changes.
    ///
    /// Answered once durable; by this node alone, and after a restart as far back as it reads its ledger.
    public func keepApart(
        _ persons: [PersonID], callerText: String,
        completion: @escaping @Sendable (Result<[PersonID], StoreError>) -> Void
    ) {
        let owed = Owed(completion)
        let now = clock.now()
        store.transact(persons.prefix(ConflictBook.personsMax).map { .person($0) }) { [self] set -> Step<[PersonID]> in
            let known = set.records.map(\.id)
            if known.count > 1 {
                set.record(
                    journalEntry(ofFact: Self.apartKind, caller: callerText, evidence: nil, at: now, kind: .link))
            }
            return .done(known)
        } completion: { [store, conflicts] result in
            switch result {
            case .failure(let error): owed(.failure(error))
            case .success(let committed):
                conflicts.keepApart(committed.result)
                store.whenDurable(committed.ticket) { durable in
                    owed(durable.map { committed.result })
                }
            }
        }
        if !owed.isSettled {
            deadlines.add(after: configuration.factDeadline, Expiry { owed(.failure(.timedOut(outcome: .unknown))) })
        }
    }

    private static var apartKind: String { "apart" }

    /// Takes into the book of conflicts what one entry of a ledger tells: whom it was about, and what it decided.
    ///
    /// `body` is the entry as whoever recorded it encoded it.
    public func rememberConflict(of persons: [PersonID], kind: JournalKind?, body: [UInt8], at: Timestamp) {
        guard persons.count > 1 else { return }
        if kind == .link, body.withUnsafeBytes(Self.factKind) == Self.apartKind {
            conflicts.keepApart(persons)
        } else {
            conflicts.note(persons, at: at)
        }
    }

    private static func factKind(_ body: UnsafeRawBufferPointer) -> String? {
        var input = ByteReader(body)
        guard (try? input.byte("an entry")) == journalBodyVersion else { return nil }
        return try? input.text("an entry's kind")
    }

    private func stored(_ persons: [PersonID]) async -> Result<[PersonRecord], StoreError> {
        await withCheckedContinuation { continuation in
            read(persons.map { .person($0) }) { continuation.resume(returning: $0) }
        }
    }

    private func waiting(_ entry: ConflictBook.Entry, _ records: [PersonRecord]) -> WaitingConflict? {
        let first = records.persons
        var groups: [Int: [PersonRecord]] = [:]
        for (i, record) in records.enumerated() where !record.isShared || record.merges.contains(where: \.isInForce) {
            groups[first[i], default: []].append(record)
        }
        // In the order of the persons.
        let people = groups.keys.sorted().compactMap { groups[$0] }
        // Erased ones are nobody any more.
        let persons = people.compactMap { $0.contains { !$0.isVacant } ? $0.first?.id : nil }
        guard persons.count == people.count, persons.count > 1,
            conflicts.isWaiting(people.map { $0.map(\.id) })
        else { return nil }
        let identifiers = people.map { $0.flatMap(\.identifiers) }
        var why: IdentityConflict = .differentPersons
        let unique = Set(configuration.uniqueNamespaces.map { Name<LabelKind>($0) })
        let keyed = identifiers.map { Set($0.filter { $0.kind == .key }.map(\.namespace)).intersection(unique) }
        for (i, namespaces) in keyed.enumerated() {
            if keyed[..<i].contains(where: { !$0.isDisjoint(with: namespaces) }) { why.insert(.uniqueNamespace) }
        }
        func count(_ kind: IdentifierKind) -> Int { identifiers.joined().count { $0.kind == kind } }
        if max(count(.phone), count(.email)) > PersonRecord.identifiersPerKindMax { why.insert(.tooMany) }
        return WaitingConflict(
            persons: persons, why: why, firstAt: entry.firstAt, lastAt: entry.lastAt, count: entry.count,
            identifiers: identifiers.map { list in
                (
                    list.count { $0.kind == .phone }, list.count { $0.kind == .email }, list.count { $0.kind == .key }
                )
            })
    }
}
