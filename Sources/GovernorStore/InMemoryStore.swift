public import GovernorCore
import Synchronization

/// The naive model of a store: one lock, two dictionaries, no journal. For tests and for trying things out; every other
/// store must behave as this one does.
public final class InMemoryStore: ContactStore {
    fileprivate struct State {
        var people: [PersonID: PersonRecord] = [:]
        var homes: [IdentifierHash: PersonID] = [:]
        var sequence: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    public var people: [PersonRecord] {
        state.withLock { $0.people.values.sorted { $0.id < $1.id } }
    }

    public func transact<Result: Sendable>(
        _ keys: [RecordKey],
        _ body: @escaping @Sendable (inout RecordSet) -> Step<Result>,
        completion: @escaping @Sendable (Swift.Result<Committed<Result>, StoreError>) -> Void
    ) {
        let result = state.withLock { state -> Swift.Result<Committed<Result>, StoreError> in
            var keys = keys
            while true {
                if keys.count > RecordKey.countMax {
                    return .failure(.overloaded("a transaction over \(keys.count) records"))
                }
                let found: [PersonID?] = keys.map { key in
                    switch key {
                    case .person(let id): state.people[id].map(\.id)
                    case .identifier(let hash): state.homes[hash]
                    }
                }
                let ids = Set(found.compactMap { $0 }).sorted()
                var set = RecordSet(
                    keys: keys, records: ids.compactMap { state.people[$0] },
                    homes: found.map { id in id.flatMap { ids.firstIndex(of: $0) } ?? -1 })
                switch body(&set) {
                case .widen(let more):
                    let new = more.filter { !keys.contains($0) }
                    if new.isEmpty { return .failure(.overloaded("a transaction asked for the same records again")) }
                    for key in new where !keys.contains(key) { keys.append(key) }
                case .done(let result):
                    if set.changes.isEmpty && set.journal == nil {
                        return .success(Committed(result: result, ticket: .none))
                    }
                    state.commit(set)
                    return .success(Committed(result: result, ticket: StoreTicket(sequence: state.sequence)))
                }
            }
        }
        completion(result)
    }

    public func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void
    ) {
        completion(.success(()))
    }
}

extension InMemoryStore.State {
    fileprivate mutating func commit(_ set: RecordSet) {
        sequence += 1
        for changes in set.changes {
            guard var record = set.records.first(where: { $0.id == changes.person }) else { continue }
            record.version = .random(in: 1 ... .max)
            people[record.id] = record
            for case .identifier(let identifier) in changes.changes
            where RecordSet.movesHome(identifier, to: record) { homes[identifier.hash] = record.id }
        }
    }
}
