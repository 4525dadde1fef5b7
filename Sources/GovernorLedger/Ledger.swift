public import GovernorCore
import GovernorSQLite
import Synchronization

/// Stop 6 of 6: the append-only, hash-chained record of every decision and every fact, in files below `DIR/ledger/`.
///
/// `append` puts an entry into a queue in memory and never blocks; one thread commits what has queued in groups, with
/// the disk synchronised, and then tells those who wait. The order of the calls is the order of the records. The layout
/// of the files is described in `docs/ledger-format.md`.
public final class Ledger: Sendable {
    /// The node whose chain this is.
    public let node: NodeID
    private let queue: LedgerQueue
    let directory: LedgerDirectory
    private let configuration: LedgerConfiguration
    private let checkpointer: LedgerCheckpointer
    private let writerThread: WorkerThread
    private let checkpointThread: WorkerThread
    private let lock: Mutex<LedgerLock?>

    /// Opens the ledger of a data folder, or begins one.
    ///
    /// Checks that the files follow each other and that the last group is whole; `verify` checks everything.
    /// - Parameters:
    ///   - dataDirectory: the data folder; the files lie in its subfolder `ledger`, made when missing.
    ///   - node: must be the one that wrote the files; nil takes theirs, or a random one for a new ledger.
    public init(
        dataDirectory: String, identity: LedgerIdentity, node: NodeID? = nil,
        configuration: LedgerConfiguration = LedgerConfiguration()
    ) throws(LedgerError) {
        try configuration.validate()
        guard identity.secretFingerprint.count <= 64 else {
            throw .invalidConfiguration("ledger: the fingerprint of the secret is longer than 64 bytes")
        }
        directory = LedgerDirectory(dataDirectory: dataDirectory)
        try directory.create()
        lock = Mutex(try LedgerLock(directory: directory))
        let file = try LedgerOpening(directory: directory, now: configuration.now()).open(
            identity: identity, node: node)
        self.node = file.meta.node
        self.configuration = configuration
        let queue = LedgerQueue(head: file.head, configuration: configuration)
        let checkpointer = LedgerCheckpointer(name: file.meta.name, directory: directory, configuration: configuration)
        self.queue = queue
        self.checkpointer = checkpointer
        let writer = LedgerWriter(file: file, queue: queue, checkpointer: checkpointer, configuration: configuration)
        do throws(ThreadFailure) { checkpointThread = try WorkerThread { checkpointer.run() } } catch {
            throw .unusable(path: "thread", reason: error.reason)
        }
        do throws(ThreadFailure) { writerThread = try WorkerThread { writer.run() } } catch {
            checkpointer.stop()
            checkpointThread.join()
            throw .unusable(path: "thread", reason: error.reason)
        }
    }

    deinit { close() }

    // MARK: writing

    /// Puts one entry on record. Returns its place at once; it is on disk when `durableSequence` has reached it.
    /// - Throws: `.full`, `.tooLarge`, `.closed`; nothing was taken then.
    public func append(_ entry: LedgerEntry) throws(LedgerError) -> LedgerTicket {
        try append(contentsOf: CollectionOfOne(entry))
    }

    /// The same for at most one person and a body in the caller's memory, which is copied: no heap allocation.
    public func append(
        kind: LedgerKind, at: Timestamp, person: PersonID?, body: UnsafeRawBufferPointer
    ) throws(LedgerError) -> LedgerTicket {
        guard body.count <= configuration.bodyBytesMax else {
            throw .tooLarge(bytes: body.count, bytesMax: configuration.bodyBytesMax)
        }
        let personCount = person == nil ? 0 : 1
        let bytes = RecordLayout.fixedBytes + personCount * RecordLayout.personBytes + body.count
        return try queue.append(count: 1, bytes: bytes) { batch, sequence in
            batch.add(
                sequence: sequence, kind: kind.rawValue, at: at.milliseconds, personCount: personCount,
                bodyCount: body.count, isJoined: false,
                persons: { if let person { RecordLayout.writePerson(person, to: $0) } },
                body: { $0.copyMemory(from: body) })
        }
    }

    /// Puts several entries on record, next to each other and in one group: all of them survive or none.
    /// - Returns: the place of the last one; of the newest record when `entries` is empty.
    /// - Throws: `.full`, `.tooLarge`, `.closed`; nothing was taken then.
    public func append(contentsOf entries: some Collection<LedgerEntry>) throws(LedgerError) -> LedgerTicket {
        var bytes = 0
        for entry in entries {
            precondition(entry.persons.count <= 255, "a ledger entry concerns at most 255 persons")
            guard entry.body.count <= configuration.bodyBytesMax else {
                throw .tooLarge(bytes: entry.body.count, bytesMax: configuration.bodyBytesMax)
            }
            bytes += RecordLayout.fixedBytes + entry.persons.count * RecordLayout.personBytes + entry.body.count
        }
        return try queue.append(count: entries.count, bytes: bytes) { batch, first in
            var sequence = first
            for entry in entries {
                batch.add(
                    sequence: sequence, kind: entry.kind.rawValue, at: entry.at.milliseconds,
                    personCount: entry.persons.count, bodyCount: entry.body.count, isJoined: sequence != first,
                    persons: { pointer in
                        for (index, person) in entry.persons.enumerated() {
                            RecordLayout.writePerson(person, to: pointer + index * RecordLayout.personBytes)
                        }
                    },
                    body: { pointer in entry.body.withUnsafeBytes { pointer.copyMemory(from: $0) } })
                sequence += 1
            }
        }
    }

    // MARK: waiting

    /// The newest place that is on disk; everything before it is too. 0 while the ledger is empty. One atomic load.
    public var durableSequence: UInt64 { queue.durable.load(ordering: .acquiring) }

    /// Calls `completion` when the record is on disk: at once when it is, else from the writer's thread, which it must
    /// not hold up. A disk that refuses delays the call until it recovers; callers keep their own deadline.
    /// The result is a failure only when the ledger is closed before.
    public func whenDurable(
        _ ticket: LedgerTicket, completion: @escaping @Sendable (Result<Void, LedgerError>) -> Void
    ) {
        queue.whenDurable(ticket, completion)
    }

    /// Calls `listener` once after each group with its last place, from the writer's thread, for as long as the ledger
    /// lives: one wake-up of an event loop for all that wait on it.
    public func onDurable(_ listener: @escaping @Sendable (LedgerTicket) -> Void) {
        queue.state.withLock { $0.durableListeners.append(listener) }
    }

    /// Returns when the record is on disk.
    public func durable(_ ticket: LedgerTicket) async throws(LedgerError) {
        let result: Result<Void, LedgerError> = await withCheckedContinuation { continuation in
            queue.whenDurable(ticket) { continuation.resume(returning: $0) }
        }
        try result.get()
    }

    // MARK: state

    public var health: LedgerHealth { queue.state.withLock { $0.health } }

    /// Calls `listener` at every failed attempt, on recovery and on closing, from the writer's thread.
    public func onHealthChange(_ listener: @escaping @Sendable (LedgerHealth) -> Void) {
        queue.state.withLock { $0.healthListeners.append(listener) }
    }

    /// The newest record on disk and the hash that vouches for all up to it.
    public var head: LedgerHead { queue.state.withLock { $0.head } }

    public var statistics: LedgerStatistics {
        queue.state.withLock { state in
            var statistics = state.statistics
            statistics.waitingCount = state.waitingCount
            statistics.waitingBytes = state.waitingBytes
            return statistics
        }
    }

    /// For fault tests: lets the newest file grow to `pages` at most, as a full disk would; nil lifts the limit.
    package func limitPages(_ pages: Int?) {
        queue.pageLimit.store(pages ?? 0, ordering: .relaxed)
        queue.wakeup.raise()
    }

    // MARK: reading

    public var reader: LedgerReader { LedgerReader(directory: directory) }

    /// Gives every record on disk from `sequence` on to `body`, in order. The record's memory is valid during the call.
    /// - Throws: `LedgerError`, or what `body` throws.
    public func replay(from sequence: UInt64 = 1, _ body: (LedgerRecord) throws -> Void) throws {
        try reader.replay(from: sequence, body)
    }

    // MARK: closing

    /// Takes no more entries, writes what waits, and returns when it is on disk and the files are closed.
    ///
    /// Blocks, at most for `closingPatience` when the disk refuses; not to be called from an event loop.
    public func close() {
        queue.close()
        writerThread.join()
        checkpointer.stop()
        checkpointThread.join()
        lock.withLock { $0 = nil }
    }
}
