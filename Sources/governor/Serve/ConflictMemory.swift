import Foundation
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorStore
import GovernorStoreEmbedded

/// Fills the book of identity conflicts from the ledger's tail when a node starts.
struct ConflictMemory {
    let ledger: Ledger
    let governor: Governor

    /// Entries that are read, at most: some seconds' work beside what else the node does.
    static let entriesMax: UInt64 = 500_000

    /// Reads on a thread of its own; an entry that cannot be read is passed over, for it only makes a list shorter.
    func fill() {
        let last = ledger.durableSequence
        if last == 0 { return }
        let first = last > Self.entriesMax ? last - Self.entriesMax + 1 : 1
        let thread = Thread {
            try? ledger.replay(from: first) { record in
                if record.sequence > last { throw End() }
                guard record.kind.isStores, !record.isErased, record.persons.count > 1 else { return }
                // Only what was decided about persons has something to say here.
                let entry = record.kind == .link ? (try? JournalBody(decoding: record.body))?.entry : nil
                governor.rememberConflict(
                    of: Array(record.persons), kind: record.kind == .link ? .link : nil, body: entry ?? [],
                    at: record.at)
            }
        }
        thread.name = "conflict memory"
        thread.start()
    }

    /// Ends a reading.
    private struct End: Error {}
}
