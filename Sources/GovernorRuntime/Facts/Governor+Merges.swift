public import GovernorCore
public import GovernorStore

/// What merging persons, or undoing it, came to.
public struct MergeAnswer: Sendable {
    public enum Status: String, Sendable {
        /// They are one person from now on.
        case merged
        /// The same id was told before, or they were one person already: nothing changed.
        case already
        /// They are what they were before.
        case undone
    }

    public var status: Status
    /// `nil` when they were one person already by other merges.
    public var merge: Merge?
    /// Every record that stands for the person now; after an undoing, those that the merge had named.
    public var persons: [PersonID]
    public var recordedAt: Timestamp
}

/// Why persons are not merged, or a merge not undone.
public enum MergeError: Error, Hashable, Sendable {
    /// Fewer than two different persons, or more than `Merge.personsMax`.
    case count(Int)
    /// Nobody has this id.
    case unknownPerson(PersonID)
    /// Several people use an identifier of this record: it never joins them.
    case shared(PersonID)
    /// With those merged before they would be too many records.
    case tooMany(Int)
    /// The record remembers the most merges that it may.
    case recordFull(PersonID)
    /// A merge with this id named other persons.
    case mismatch
    /// There is no such merge.
    case unknownMerge
    case store(StoreError)
}

/// The name of a merge as callers hold it: its id and the first of its persons, 48 hexadecimal digits.
public struct MergeName: Hashable, Sendable, CustomStringConvertible {
    public let id: UInt64
    public let person: PersonID

    public init(_ merge: Merge) {
        id = merge.id.high
        person = merge.persons.first ?? PersonID(high: 0, low: 0)
    }

    /// `nil` for anything that `description` cannot have given.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 48, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let id = UInt64(text.prefix(16), radix: 16),
            let high = UInt64(text.dropFirst(16).prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.id = id
        person = PersonID(high: high, low: low)
    }

    public var description: String {
        [id, person.high, person.low].map(hexadecimal).joined()
    }
}

extension Governor {
    /// Makes several records one person from now on: an explicit decision, which linking never takes by itself.
    ///
    /// Atomic in every store and idempotent by `merge.id`; answered once durable. Touches count together, every opt-out
    /// binds all of them, and a permission holds only where each record has it. `undoMerge` takes it back exactly.
    /// - Parameter merge: its `persons` in any order; `at` is the clock's.
    public func merge(
        _ merge: Merge, names: NameTable, evidence: String?, callerText: String,
        completion: @escaping @Sendable (Result<MergeAnswer, MergeError>) -> Void
    ) {
        var merge = merge
        merge.persons = Set(merge.persons).sorted()
        guard (2...Merge.personsMax).contains(merge.persons.count) else {
            return completion(.failure(.count(merge.persons.count)))
        }
        let asked = merge
        change(merge.persons, completion: completion) { [self] set, now in
            let known = set.records.flatMap(\.merges).first { $0.id == asked.id }
            if let known {
                guard known.persons == asked.persons else { return .failure(.mismatch) }
                return .success(
                    MergeAnswer(
                        status: .already, merge: known, persons: known.persons, recordedAt: known.undoneAt ?? known.at))
            }
            var positions: [Int] = []
            for (person, home) in zip(asked.persons, set.homes) {
                guard home >= 0, !set.records[home].isVacant else { return .failure(.unknownPerson(person)) }
                if set.records[home].isShared { return .failure(.shared(person)) }
                positions.append(home)
            }
            let all = set.withPartners(positions)
            let first = set.records.persons
            if Set(positions.map { first[$0] }).count == 1 {
                return .success(
                    MergeAnswer(
                        status: .already, merge: nil, persons: all.map { set.records[$0].id }.sorted(),
                        recordedAt: now))
            }
            if all.count > Merge.personsMax { return .failure(.tooMany(all.count)) }
            for position in positions where set.records[position].merges.count >= Merge.perRecordMax {
                return .failure(.recordFull(set.records[position].id))
            }
            var merge = asked
            merge.at = now
            for position in positions { set.apply(.merge(merge), to: position, names: names, at: now) }
            set.record(journalEntry(ofFact: "merge", caller: callerText, evidence: evidence, at: now, kind: .link))
            return .success(
                MergeAnswer(
                    status: .merged, merge: merge, persons: all.map { set.records[$0].id }.sorted(), recordedAt: now))
        }
    }

    /// Takes a merge back: every record is what it was, with what it was told itself.
    ///
    /// What was told of the person meanwhile stays on every record as far as it forbids, and permits only on the record
    /// whose identifiers it named. Idempotent; answered once durable.
    public func undoMerge(
        _ name: MergeName, by caller: CallerID, names: NameTable, evidence: String?, callerText: String,
        completion: @escaping @Sendable (Result<MergeAnswer, MergeError>) -> Void
    ) {
        change([name.person], completion: completion) { [self] set, now in
            guard let home = set.homes.first, home >= 0,
                var merge = set.records[home].merges.first(where: { $0.id.high == name.id })
            else { return .failure(.unknownMerge) }
            if let undoneAt = merge.undoneAt {
                return .success(
                    MergeAnswer(status: .undone, merge: merge, persons: merge.persons, recordedAt: undoneAt))
            }
            merge.undoneAt = now
            merge.undoneBy = caller
            for i in set.records.indices where set.records[i].merges.contains(where: { $0.id == merge.id }) {
                set.apply(.merge(merge), to: i, names: names, at: now)
            }
            set.record(journalEntry(ofFact: "unmerge", caller: callerText, evidence: evidence, at: now, kind: .link))
            return .success(MergeAnswer(status: .undone, merge: merge, persons: merge.persons, recordedAt: now))
        }
    }

    /// Runs `body` over the records of `persons`, in their order in `homes`, with their partners, and answers once durable.
    private func change(
        _ persons: [PersonID], completion: @escaping @Sendable (Result<MergeAnswer, MergeError>) -> Void,
        _ body: @escaping @Sendable (inout RecordSet, Timestamp) -> Result<MergeAnswer, MergeError>
    ) {
        let owed = Owed(completion)
        let now = clock.now()
        store.transact(persons.map { .person($0) }) { set -> Step<Result<MergeAnswer, MergeError>> in
            if let more = set.partnersMissing { return .widen(more) }
            return .done(body(&set, now))
        } completion: { [store] result in
            switch result {
            case .failure(let error): owed(.failure(.store(error)))
            case .success(let committed):
                guard case .success = committed.result else { return owed(committed.result) }
                store.whenDurable(committed.ticket) { durable in
                    switch durable {
                    case .success: owed(committed.result)
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
