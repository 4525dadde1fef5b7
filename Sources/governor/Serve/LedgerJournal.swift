import Glibc
import GovernorCore
import GovernorLedger
import GovernorStore
import GovernorStoreEmbedded
import GovernorStoreRedis

/// Puts what this node decides over Redis into its own ledger.
struct LedgerJournal: StoreJournal {
    let ledger: Ledger
    let node: String?

    var newestSequence: UInt64 { ledger.durableSequence }

    /// How long a replay waits for what is queued.
    private static let queueSecondsMax = 5

    func replay(lasting length: Milliseconds?, _ body: (JournalBody) throws -> Void) throws {
        var left = Self.queueSecondsMax * 1_000
        while ledger.statistics.waitingCount > 0 && left > 0 {
            usleep(1_000)
            left -= 1
        }
        var first: UInt64 = 1
        if let length {
            let newest = ledger.durableSequence
            guard newest > 0, let last = try instant(from: newest) else { return }
            // Instants ascend but for moments, which the length has room for.
            var end = newest
            while first < end {
                let middle = first + (end - first) / 2
                if let at = try instant(from: middle), at < last - length { first = middle + 1 } else { end = middle }
            }
        }
        try ledger.replay(from: first) { record in
            guard record.kind.isStores && !record.isErased else { return }
            let entry = try JournalBody(decoding: record.body)
            if !entry.changes.isEmpty || !entry.counters.isEmpty { try body(entry) }
        }
    }

    /// Ends a reading after its first record.
    private struct Found: Error {
        let at: Timestamp
    }

    private func instant(from sequence: UInt64) throws -> Timestamp? {
        do { try ledger.replay(from: sequence) { throw Found(at: $0.at) } } catch let found as Found { return found.at }
        return nil
    }

    var trouble: String? {
        switch ledger.health {
        case .healthy: nil
        case .failing(let reason, let attempts): "the ledger cannot write (\(attempts) attempts): \(reason)"
        case .closed: "the ledger is closed"
        }
    }

    func append(_ entry: StoreJournalEntry) throws(StoreError) -> StoreTicket {
        do throws(LedgerError) {
            let ticket = try ledger.append(
                LedgerEntry(kind: LedgerKind(entry.kind), at: entry.at, persons: entry.persons, body: entry.body))
            if entry.isAwaited { return StoreTicket(sequence: ticket.sequence) }
            // Already on disk: what is only queued is not waited for.
            return StoreTicket(sequence: min(ticket.sequence, max(1, ledger.durableSequence)))
        } catch {
            switch error {
            case .full, .tooLarge: throw .overloaded(error.description)
            default: throw .unavailable(error.description)
            }
        }
    }

    func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
    ) {
        ledger.whenDurable(LedgerTicket(sequence: ticket.sequence)) { result in
            completion(result.mapError { _ in .timedOut(outcome: .unknown) })
        }
    }
}
