import CSQLite
import GovernorCore
import GovernorLedger
import GovernorSQLite
import GovernorStore
import Synchronization

/// Wakes the thread that writes people back, and remembers what it is asked for.
final class WriteBack: Sendable {
    struct Requests {
        var flushes = false
        var isClosing = false
        var failure: String?
        var pageLimit: Int??
        /// Whether the log is to be emptied, and whether the last try did.
        var empties = false
        var isEmptied: Bool?
    }

    let signal = DurableSignal()
    let requests = Mutex(Requests())
    /// Owned by the write-back thread from its start on.
    nonisolated(unsafe) let writer: PeopleWriter

    init(writer: PeopleWriter) { self.writer = writer }

    func requestFlush() {
        requests.withLock { $0.flushes = true }
        signal.raise()
    }

    func close() {
        requests.withLock { $0.isClosing = true }
        signal.raise()
    }
}

/// A signal that the ledger's thread raises only while somebody waits for durability: else a group costs no wake-up.
final class DurableSignal: Sendable {
    private let signal = Signal()
    private let isWaiting = Atomic<Bool>(false)

    func raise() { signal.raise() }
    func raiseIfWaiting() { if isWaiting.load(ordering: .acquiring) { signal.raise() } }
    func wait(milliseconds: Int64) { signal.wait(milliseconds: milliseconds) }

    func waitForDurable(milliseconds: Int64) {
        isWaiting.store(true, ordering: .releasing)
        signal.wait(milliseconds: milliseconds)
        isWaiting.store(false, ordering: .releasing)
    }
}

extension EmbeddedState {
    /// Whether so many records wait that the writer should be woken; says so once until it has looked.
    mutating func takeWriteBackDue(_ count: Int) -> Bool {
        if isWriteBackAwake || (cache.dirtyCount < count && cache.dirtyBytes < dirtyBytesMax / 4) { return false }
        isWriteBackAwake = true
        return true
    }

    /// What of the journal the file reflects once everything captured so far is in it.
    mutating func reflected() -> UInt64 { cache.oldestQueued().map { $0 - 1 } ?? lastSequence }
}

extension EmbeddedStore {
    static let batchCountMax = 4_096
    /// Records captured while the lock is held once.
    static let pieceCount = 256
    /// Records written after which the log is moved into the file, on this thread and outside any commit.
    static let checkpointCount = 4_096

    /// The body of the write-back thread: captures changed people, waits until the ledger has their changes on disk,
    /// writes them, tells the cache; again.
    func runWriteBack() {
        let interval = configuration.writeBackInterval.count
        var checkpointed: UInt64 = 0
        while true {
            let requests = writeBack.requests.withLock { requests in
                defer {
                    requests.flushes = false
                    requests.empties = false
                    requests.pageLimit = nil
                }
                return requests
            }
            if let limit = requests.pageLimit { writeBack.writer.limitPages(limit) }
            var batch = Batch.more
            while batch == .more {
                batch = writeBatch()
                let writes = state.withLock { $0.counters.writeBackCount }
                if writes - checkpointed >= Self.checkpointCount {
                    writeBack.writer.checkpoint()
                    checkpointed = writes
                }
            }
            if requests.empties {
                let isEmptied = writeBack.writer.checkpoint(mode: SQLITE_CHECKPOINT_TRUNCATE)
                writeBack.requests.withLock { $0.isEmptied = isEmptied }
            }
            // After closing was asked for, one pass has written everything or cannot.
            if requests.isClosing {
                writeBack.writer.checkpoint(mode: SQLITE_CHECKPOINT_TRUNCATE)
                return
            }
            let pause = batch == .failed ? min(max(interval, 20) * 2, 1_000) : interval
            state.withLock { $0.isWriteBackAwake = false }
            writeBack.signal.wait(milliseconds: pause)
        }
    }

    private enum Batch { case nothing, more, last, failed }
    /// How long closing waits for a ledger whose disk refuses; what is lost here the ledger has, or nobody was told of.
    static let closingPatience = Milliseconds.seconds(5)

    private var isLedgerClosed: Bool {
        if case .closed = ledger.health { true } else { false }
    }

    private func writeBatch() -> Batch {
        var batch: [PeopleCache.Captured] = []
        var counted: [CounterKey: GuardTallies.Captured] = [:]
        var reflected: UInt64 = 0
        var identifierCount: Int64 = 0
        var isComplete = false
        while batch.count < Self.batchCountMax && !isComplete {
            state.withLock { state in
                let before = batch.count
                state.cache.capture(Self.pieceCount, into: &batch)
                isComplete = batch.count < before + Self.pieceCount
                state.tallies.capture(into: &counted)
                reflected = state.reflected()
                identifierCount = state.identifierCount
            }
        }
        if batch.isEmpty && counted.isEmpty
            && state.withLock({ $0.appliedSequence >= reflected || reflected > ledger.durableSequence })
        {
            return .nothing
        }
        // A record goes to the file when the ledger has its newest change on disk.
        let newest = counted.values.reduce(batch.reduce(0) { max($0, $1.sequence) }) { max($0, $1.sequence) }
        var waited: Int64 = 0
        while ledger.durableSequence < newest {
            if isLedgerClosed || waited >= Self.closingPatience.count {
                giveBack(batch, counted)
                return .failed
            }
            writeBack.signal.waitForDurable(milliseconds: 50)
            if case .failing = ledger.health, writeBack.requests.withLock({ $0.isClosing }) { waited += 50 }
        }
        // Advisory entries at the end may not be on disk yet: what is said to be reflected never runs ahead of it.
        let applied = min(reflected, ledger.durableSequence)
        batch.sort { $0.row < $1.row }
        do throws(SQLiteFailure) {
            try writeBack.writer.write(
                batch, counters: counted.values, appliedSequence: applied, identifierCount: identifierCount)
        } catch {
            let reason = "`\(path)`: \(error.message)"
            writeBack.requests.withLock { $0.failure = reason }
            state.withLock { $0.counters.writeBackFailureCount += 1 }
            giveBack(batch, counted)
            return .failed
        }
        writeBack.requests.withLock { $0.failure = nil }
        var done = 0
        // At least once, so that counters alone move the mark of what is reflected too.
        repeat {
            let end = min(done + 1_024, batch.count)
            state.withLock { state in
                if done == 0 {
                    // Before any of them may leave the cache: whoever began to read earlier reads again.
                    state.epoch += 1
                    state.appliedSequence = max(state.appliedSequence, applied)
                    state.counters.writeBackCount += UInt64(batch.count)
                }
                for captured in batch[done..<end] { state.cache.written(captured) }
                state.cache.trim()
            }
            done = end
        } while done < batch.count
        return isComplete ? .last : .more
    }

    private func giveBack(_ batch: [PeopleCache.Captured], _ counted: [CounterKey: GuardTallies.Captured]) {
        // Oldest change last, so that it ends up first in the queue.
        let ordered = batch.sorted { $0.firstSequence > $1.firstSequence }
        state.withLock { state in
            for captured in ordered { state.cache.notWritten(captured) }
            state.tallies.notWritten(counted)
        }
    }
}
