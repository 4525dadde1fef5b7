public import GovernorCore
import Synchronization

/// The naive model of a store: one lock, three dictionaries, no journal. For tests and for trying things out; every other
/// store must behave as this one does.
public final class InMemoryStore: ContactStore {
    fileprivate struct State {
        var people: [PersonID: PersonRecord] = [:]
        var homes: [IdentifierHash: PersonID] = [:]
        var counters: [CounterKey: CounterRecord] = [:]
        var sequence: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var people: [PersonRecord] {
        state.withLock { $0.people.values.sorted { $0.id < $1.id } }
    }

    /// What was counted, by key.
    public var counters: [CounterRecord] {
        state.withLock { $0.counters.values.sorted { $0.key < $1.key } }
    }

    public func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        transaction.finished(state.withLock { state in state.run(keys, transaction) })
    }

    public func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void
    ) {
        completion(.success(()))
    }
}

extension InMemoryStore.State {
    fileprivate mutating func run(
        _ keys: [RecordKey], _ transaction: any Transaction
    ) -> Result<StoreTicket, StoreError> {
        var keys = keys
        while true {
            if keys.count > RecordKey.countMax {
                return .failure(.overloaded("a transaction over \(keys.count) records"))
            }
            let found: [PersonID?] = keys.map { key in
                switch key {
                case .person(let id): people[id].map(\.id)
                case .identifier(let hash): homes[hash]
                case .counter: nil
                }
            }
            let counted = keys.compactMap { key -> CounterRecord? in
                if case .counter(let key) = key { counters[key] } else { nil }
            }
            let ids = Set(found.compactMap { $0 }).sorted()
            var set = RecordSet(
                keys: keys, records: ids.compactMap { people[$0] },
                homes: found.map { id in id.flatMap { ids.firstIndex(of: $0) } ?? -1 }, counters: counted)
            guard let more = transaction.run(&set) else {
                if !set.isChanged && set.journal == nil { return .success(.none) }
                commit(set)
                return .success(StoreTicket(sequence: sequence))
            }
            let count = keys.count
            for key in more where !keys.contains(key) { keys.append(key) }
            if keys.count == count { return .failure(.overloaded("a transaction asked for the same records again")) }
        }
    }

    fileprivate mutating func commit(_ set: RecordSet) {
        sequence += 1
        for change in set.counterChanges {
            counters[change.key, default: CounterRecord(key: change.key)]
                .apply(change, names: set.counterNames, at: set.changedAt)
        }
        for changes in set.changes {
            guard var record = set.records.first(where: { $0.id == changes.person }) else { continue }
            record.version = .random(in: 1 ... .max)
            people[record.id] = record
            for position in set.records.indices where set.records[position].id == record.id {
                for hash in set.vacated(by: position) where homes[hash] == record.id { homes[hash] = nil }
            }
            for case .identifier(let identifier) in changes.changes
            where RecordSet.movesHome(identifier, to: record) { homes[identifier.hash] = record.id }
        }
    }
}
