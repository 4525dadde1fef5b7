public import GovernorCore
import GovernorSQLite
import Synchronization

extension Ledger {
    /// Lets the contents of records go: salt, persons and body; place, kind, instant and digest stay, so that the chain is
    /// whole. An `erased` record names them first.
    ///
    /// Blocks until nothing of them is left in the files or in the logs beside them; not to be called from an event loop.
    /// Records that are erased already, or that there never were, are passed over. Killed in between, it may be called
    /// again. Copies that others have made of the files are not reached.
    /// - Parameters:
    ///   - sequences: any number of places, in any order.
    ///   - progress: told how many have gone since the last time.
    /// - Returns: how many there were to let go.
    /// - Throws: `.damaged` for a record that is not as it was written; `.unusable` when a log cannot be emptied because
    ///   somebody reads the file.
    @discardableResult
    public func erase(
        _ sequences: some Sequence<UInt64>, because reason: ErasureNote.Reason, at now: Timestamp,
        progress: (Int) -> Void = { _ in }
    ) throws(LedgerError) -> Int {
        let wanted = Set(sequences).sorted()
        guard !wanted.isEmpty else { return 0 }
        var start = 0
        while start < wanted.count {
            let piece = wanted[start..<min(start + ErasureNote.countMax, wanted.count)]
            let note = ErasureNote(reason: reason, sequences: Array(piece))
            try waitUntilDurable(try append(LedgerEntry(kind: .erased, at: now, body: note.encoded())))
            start = piece.endIndex
        }
        return try BodyEraser(directory: directory).erase(wanted, progress: progress)
    }

    /// Returns when a record is on disk. Blocks.
    private func waitUntilDurable(_ ticket: LedgerTicket) throws(LedgerError) {
        let box = AnswerOfDisk()
        whenDurable(ticket) { box.put($0) }
        try box.take().get()
    }
}

/// What the disk said, for a thread that waits for it.
private final class AnswerOfDisk: Sendable {
    private let value = Mutex<Result<Void, LedgerError>?>(nil)
    private let isThere = Signal()

    func put(_ answer: Result<Void, LedgerError>) {
        value.withLock { $0 = answer }
        isThere.raise()
    }

    func take() -> Result<Void, LedgerError> {
        while true {
            if let answer = value.withLock({ $0 }) { return answer }
            isThere.wait()
        }
    }
}
