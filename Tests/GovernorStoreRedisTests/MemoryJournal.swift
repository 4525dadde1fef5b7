import GovernorCore
import GovernorStore
import GovernorStoreRedis
import Synchronization

/// A node's ledger, kept in memory for a test.
final class MemoryJournal: StoreJournal {
    let node: String?
    private let entries = Mutex<[StoreJournalEntry]>([])

    init(node: String) { self.node = node }

    var trouble: String? { nil }
    var newestSequence: UInt64 { UInt64(entries.withLock { $0.count }) }

    func append(_ entry: StoreJournalEntry) -> StoreTicket {
        entries.withLock { entries in
            entries.append(entry)
            return StoreTicket(sequence: UInt64(entries.count))
        }
    }

    func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
    ) {
        completion(.success(()))
    }

    func replay(lasting length: Milliseconds?, _ body: (JournalBody) throws -> Void) throws {
        let all = entries.withLock { $0 }
        let newest = all.last?.at ?? .distantPast
        for entry in all where length.map({ entry.at >= newest - $0 }) ?? true {
            try body(JournalBody(decoding: entry.body))
        }
    }
}
