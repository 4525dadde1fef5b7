import CSQLite
import Glibc
public import GovernorCore
public import GovernorLedger
import GovernorSQLite
public import GovernorStore
import Synchronization

/// The default store: people in a bounded memory cache over one SQLite file, with the ledger as its journal.
///
/// A transaction over people at hand runs on the calling thread under one short lock; its changes are applied in memory
/// and appended to the ledger under that lock. What the ledger has on disk is written back to the file in the
/// background; a start replays the part of the ledger that the file does not reflect. One process owns the folder.
public final class EmbeddedStore: ContactStore {
    /// The file of people.
    public let path: String
    let configuration: EmbeddedConfiguration
    let ledger: Ledger
    let state: Mutex<EmbeddedState>
    let loads: LoadQueue
    let writeBack: WriteBack
    private let threads: Mutex<[WorkerThread]>
    private let lock: StoreLock
    /// What had to be done to open it, for the log; `nil` when nothing had to.
    public let openingNotice: String?

    /// Opens the store in `directory` beside its ledger, which must be open and stay so until `close` has returned.
    ///
    /// A missing file is made; one that is damaged is set aside and made again, when the ledger reaches back to its
    /// first record. `progress` is told how many of how many ledger records have been replayed, now and then.
    /// The store's threads keep it alive until `close`.
    public init(
        directory: String, ledger: Ledger, configuration: EmbeddedConfiguration,
        progress: @escaping (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws(EmbeddedStoreError) {
        try configuration.validate()
        self.configuration = configuration
        self.ledger = ledger
        path = directory + "/" + PeopleFile.name
        lock = try StoreLock(directory: directory)
        let opening = Opening(path: path, ledger: ledger, configuration: configuration, progress: progress)
        let opened = try opening.open()
        openingNotice = opened.notice
        writeBack = WriteBack(writer: opened.writer)
        state = Mutex(opened.state)
        loads = LoadQueue(waitingMax: configuration.loadsWaitingMax)
        threads = Mutex([])
        try startThreads()
    }

    private func startThreads() throws(EmbeddedStoreError) {
        let signal = writeBack.signal
        ledger.onDurable { _ in signal.raiseIfWaiting() }
        do throws(EmbeddedStoreError) {
            for _ in 0..<configuration.readerCount {
                let reader: PeopleReader
                do throws(SQLiteFailure) { reader = try PeopleReader(path: path) } catch {
                    throw .unusable(path: path, reason: error.message)
                }
                // Handed over to the one thread that uses it from here on.
                nonisolated(unsafe) let owned = reader
                try start("reading") { [self] in runLoads(owned) }
            }
            try start("the filter") { [self] in fillFilter() }
            try start("writing") { [self] in runWriteBack() }
        } catch {
            close()
            throw error
        }
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(EmbeddedStoreError) {
        do throws(ThreadFailure) {
            let thread = try WorkerThread(body)
            threads.withLock { $0.append(thread) }
        } catch {
            throw .unusable(path: "thread for \(name)", reason: error.reason)
        }
    }

    // MARK: ContactStore

    public func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        attempt(keys, loaded: nil, transaction)
    }

    private func attempt(_ keys: [RecordKey], loaded: Loaded?, _ transaction: any Transaction) {
        let (outcome, isDue) = state.withLock { state -> (EmbeddedState.Outcome, Bool) in
            let outcome = state.run(keys, loaded: loaded, ledger: ledger, transaction)
            return (outcome, state.takeWriteBackDue(configuration.writeBackCount))
        }
        if isDue { writeBack.signal.raise() }
        switch outcome {
        case .done(let sequence): transaction.finished(.success(StoreTicket(sequence: sequence)))
        case .failed(let error): transaction.finished(.failure(error))
        case .missing(let missing, let all, let epoch):
            let load = Load(keys: missing, epoch: epoch) { [self] answer in
                switch answer {
                case .success(let loaded): attempt(all, loaded: loaded, transaction)
                case .failure(let error): transaction.finished(.failure(error))
                }
            }
            if !loads.add(load) {
                transaction.finished(
                    .failure(.overloaded("\(configuration.loadsWaitingMax) transactions wait for people")))
            }
        }
    }

    public func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void
    ) {
        if ticket.sequence <= ledger.durableSequence { return completion(.success(())) }
        ledger.whenDurable(LedgerTicket(sequence: ticket.sequence)) { result in
            switch result {
            case .success: completion(.success(()))
            case .failure: completion(.failure(.timedOut(outcome: .unknown)))
            }
        }
    }

    /// Calls `listener` once after each group of the journal that is on disk, with its last place, on the journal's
    /// thread: one wake-up for all who wait.
    public func onDurable(_ listener: @escaping @Sendable (StoreTicket) -> Void) {
        ledger.onDurable { listener(StoreTicket(sequence: $0.sequence)) }
    }

    /// Everything up to here is on disk. One atomic load.
    public var durableTicket: StoreTicket { StoreTicket(sequence: ledger.durableSequence) }

    // MARK: closing

    /// Takes no more transactions, answers those that wait, writes back what is on disk in the ledger, and returns.
    ///
    /// The ledger must still be open. May be called more than once.
    public func close() {
        let wasOpen = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard wasOpen else { return }
        loads.close()
        writeBack.close()
        for thread in threads.withLock({ $0 }) { thread.join() }
        lock.release()
    }

    // MARK: reading

    /// One person by id; `nil` when unknown. Blocks for one read of the file at most.
    public func person(_ id: PersonID) throws(StoreError) -> PersonRecord? {
        let wanted = RecordKey.person(id)
        while true {
            let (cached, epoch) = state.withLock { state in (state.cache.record(of: id), state.epoch) }
            if let cached { return cached }
            let reader: PeopleReader
            do throws(SQLiteFailure) { reader = try PeopleReader(path: path) } catch {
                throw .unavailable("`\(path)`: \(error.message)")
            }
            let found = try reader.load([wanted]).people.first?.record
            // A write-back in between may have made it stale.
            if state.withLock({ $0.epoch == epoch && $0.cache.slot(of: id) < 0 }) { return found }
        }
    }

    /// Gives every person to `body` until it says false, in the order in which they became known; each as she is when
    /// her turn comes. People who become known meanwhile may be left out. Blocks; for exports and tests.
    public func forEachPerson(_ body: (PersonRecord) throws -> Bool) throws {
        try flush()
        let reader: PeopleReader
        do throws(SQLiteFailure) { reader = try PeopleReader(path: path) } catch {
            throw StoreError.unavailable("`\(path)`: \(error.message)")
        }
        var last: Int64 = 0
        while true {
            let piece = try reader.page(after: &last)
            if piece.isEmpty { return }
            for stored in piece {
                let record = state.withLock { $0.cache.record(of: stored.id) } ?? stored
                if try !body(record) { return }
            }
        }
    }

    /// Returns when everything written so far is in the file of people too.
    public func flush() throws(StoreError) {
        let target = state.withLock { $0.lastSequence }
        while state.withLock({ $0.appliedSequence < target && !$0.isClosed }) {
            switch ledger.health {
            case .closed: throw .unavailable("the ledger is closed")
            case .failing(let reason, _): throw .unavailable("the ledger cannot write: \(reason)")
            case .healthy: break
            }
            if let failure = writeBack.requests.withLock({ $0.failure }) { throw .unavailable(failure) }
            writeBack.requestFlush()
            usleep(1_000)
        }
    }
}

extension EmbeddedStore {
    /// Returns when everything that was erased so far is gone from the file of people and from the log beside it.
    ///
    /// Blocks for the writing back of what waits; not to be called from an event loop.
    public func settleErasures() throws(StoreError) {
        try flush()
        for _ in 0..<Self.emptyingTries {
            writeBack.requests.withLock { requests in
                requests.empties = true
                requests.isEmptied = nil
            }
            writeBack.signal.raise()
            var isEmptied: Bool?
            while isEmptied == nil && !state.withLock({ $0.isClosed }) {
                usleep(1_000)
                isEmptied = writeBack.requests.withLock { $0.isEmptied }
            }
            if isEmptied == true { return }
            if state.withLock({ $0.isClosed }) { throw .unavailable("it is closed") }
        }
        throw .unavailable("somebody reads the file of people, so that its log cannot be emptied")
    }

    /// Each waits for readers as long as the connection is patient.
    private static var emptyingTries: Int { 5 }
}

/// One process at a time: an advisory lock on a file beside the people's.
final class StoreLock: Sendable {
    private let descriptor: Mutex<Int32>

    init(directory: String) throws(EmbeddedStoreError) {
        if mkdir(directory, 0o700) != 0 && errno != EEXIST {
            throw .unusable(path: directory, reason: String(cString: strerror(errno)))
        }
        let path = directory + "/people.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw .locked(path: path)
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }
}
