import Dispatch
import Glibc
package import GovernorCore
package import GovernorLedger
package import GovernorStore
import Synchronization

/// Brings what ledgers tell back into a store, empty or not.
///
/// Idempotent, whatever the order of the ledgers, and never a step back: what the store holds that is newer stays. Counts of
/// campaign guards come back with it.
package final class LedgerRestore: Sendable {
    package struct Report: Hashable, Sendable {
        /// Records that were read.
        package var records: UInt64 = 0
        /// Changes of people that were told.
        package var changes: UInt64 = 0
        /// Transactions that changed something in the store.
        package var applied: UInt64 = 0
        /// Bodies that were erased, so that they cannot be brought back.
        package var erased: UInt64 = 0
    }

    private enum Item {
        case change(HealingChange)
        case count(HealingCount)
    }

    /// What became of one item.
    private struct Outcome {
        var result: HealingChange.Result = .done
        var isChanged = false
        var error: StoreError?
    }

    private static let groupMax = 64
    /// Tries of one item while the store is at a bound, 10 ms apart.
    private static let triesMax = 3_000

    private let store: any ContactStore

    package init(store: any ContactStore) { self.store = store }

    /// Reads the ledgers of data folders, also while servers write them.
    ///
    /// Blocks; not to be called from an event loop. Reads everything once, and a second time when a ledger tells of a
    /// person whom another one introduces.
    /// - Parameter progress: told how many records have been read, of about how many.
    /// - Throws: `LedgerError`, `DecodeError` for a record that is not what it should be, or `StoreError`.
    package func run(
        _ folders: [String], progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws -> Report {
        let readers = folders.map { LedgerReader(dataDirectory: $0) }
        // Not further than to what is there now: the store's own journal may be one of them.
        let ends = try readers.map { try $0.files().last.map { ($0.last, $0.node) } }
        let firsts = try readers.map { try $0.files().first?.first ?? 1 }
        var total = zip(ends, firsts).reduce(UInt64(0)) { $0 + ($1.0.map { end in end.0 + 1 } ?? $1.1) - $1.1 }
        var report = Report()
        var heirs: [PersonID: PersonID] = [:]
        var done: UInt64 = 0
        for mayCreate in [false, true] {
            var unknownCount = 0
            for (reader, (first, end)) in zip(readers, zip(firsts, ends)) {
                guard let end, end.0 >= first else { continue }
                var group: [Item] = []
                func flush() throws {
                    unknownCount += try apply(group, &heirs, mayCreate: mayCreate, &report)
                    group.removeAll(keepingCapacity: true)
                }
                do {
                    try reader.replay(from: first) { record in
                        guard record.sequence <= end.0 else { throw Enough() }
                        done += 1
                        if done % 4_096 == 0 { progress(done, total) }
                        if !mayCreate { report.records += 1 }
                        if record.isErased {
                            if !mayCreate { report.erased += 1 }
                            return
                        }
                        guard record.kind.holdsChanges else { return }
                        let body = try JournalBody(decoding: record.body)
                        for changes in body.changes {
                            if !mayCreate { report.changes += UInt64(changes.changes.count) }
                            var change = HealingChange(changes: changes, names: body.names, at: body.changedAt)
                            change.heir = heirs[changes.person]
                            group.append(.change(change))
                        }
                        for state in body.counters {
                            group.append(.count(HealingCount(state: state, at: body.changedAt)))
                        }
                        if group.count >= Self.groupMax { try flush() }
                    }
                } catch is Enough {}
                try flush()
            }
            if unknownCount == 0 { break }
            total *= 2
        }
        progress(max(1, total), max(1, total))
        return report
    }

    private struct Enough: Error {}

    /// Takes the items to the store together and waits for all.
    /// - Returns: how many of them are about somebody whom nobody knows.
    private func apply(
        _ items: [Item], _ heirs: inout [PersonID: PersonID], mayCreate: Bool, _ report: inout Report
    ) throws -> Int {
        var unknown: [HealingChange] = []
        for (item, outcome) in zip(items, try settle(items)) {
            if outcome.isChanged { report.applied += 1 }
            guard case .change(let change) = item else { continue }
            switch outcome.result {
            case .done: break
            case .unknown: unknown.append(change)
            case .inherited(let heir): heirs[change.changes.person] = heir
            }
        }
        // Her first record may have been among them, or she may have got an heir.
        var count = 0
        for var change in unknown {
            change.heir = heirs[change.changes.person]
            change.mayCreate = mayCreate
            let outcome = try settle([.change(change)])[0]
            if outcome.isChanged { report.applied += 1 }
            switch outcome.result {
            case .done: break
            case .unknown: count += 1
            case .inherited(let heir): heirs[change.changes.person] = heir
            }
        }
        return count
    }

    private final class Outcomes: Sendable {
        let list: Mutex<[Outcome]>
        init(count: Int) { list = Mutex(Array(repeating: Outcome(), count: count)) }
    }

    private func settle(_ items: [Item]) throws -> [Outcome] {
        let outcomes = Outcomes(count: items.count)
        var waiting = Array(items.indices)
        var tries = 0
        while !waiting.isEmpty {
            let group = DispatchGroup()
            for position in waiting {
                group.enter()
                begin(items[position]) { outcome in
                    outcomes.list.withLock { $0[position] = outcome }
                    group.leave()
                }
            }
            group.wait()
            let settled = outcomes.list.withLock { $0 }
            waiting = waiting.filter { settled[$0].error != nil }
            guard let error = waiting.first.flatMap({ settled[$0].error }) else { break }
            tries += 1
            guard case .overloaded = error, tries < Self.triesMax else { throw error }
            usleep(10_000)
        }
        return outcomes.list.withLock { $0 }
    }

    private func begin(_ item: Item, _ done: @escaping @Sendable (Outcome) -> Void) {
        let keys: [RecordKey]
        let body: @Sendable (inout RecordSet) -> Step<Outcome>
        switch item {
        case .change(let change):
            keys = change.keys
            body = { set in
                var outcome = Outcome()
                outcome.result = change.apply(to: &set)
                outcome.isChanged = set.isChanged
                return .done(outcome)
            }
        case .count(let count):
            keys = [.counter(count.state.key)]
            body = { set in
                count.apply(to: &set)
                var outcome = Outcome()
                outcome.isChanged = set.isChanged
                return .done(outcome)
            }
        }
        store.transact(keys, body) { [store] result in
            switch result {
            case .failure(let error):
                var outcome = Outcome()
                outcome.error = error
                done(outcome)
            case .success(let committed):
                guard committed.result.isChanged else { return done(committed.result) }
                store.whenDurable(committed.ticket) { durable in
                    var outcome = committed.result
                    if case .failure(let error) = durable { outcome.error = error }
                    done(outcome)
                }
            }
        }
    }
}

extension LedgerKind {
    /// Whether bodies of this kind hold changes of people.
    fileprivate var holdsChanges: Bool {
        switch self {
        case .decision, .reservationChange, .fact, .link, .summary: true
        case .policy, .key, .erased, .checkpoint, .other: false
        }
    }
}
