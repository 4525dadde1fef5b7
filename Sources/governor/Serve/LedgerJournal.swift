import GovernorLedger
import GovernorStore
import GovernorStoreEmbedded
import GovernorStoreRedis

/// Puts what this node decides over Redis into its own ledger.
struct LedgerJournal: StoreJournal {
    let ledger: Ledger

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
