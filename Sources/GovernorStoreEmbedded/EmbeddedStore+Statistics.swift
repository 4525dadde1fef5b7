import Glibc
import GovernorLedger
import GovernorSQLite
import GovernorStore
import Synchronization

/// How the embedded store stands, for metrics and health.
public struct EmbeddedStatistics: Hashable, Sendable {
    public var counters = EmbeddedCounters()
    /// People known, in the file or in memory.
    public var peopleCount: Int64 = 0
    public var cachedCount = 0
    public var cachedBytes = 0
    public var evictionCount: UInt64 = 0
    /// Changed people that are not written back yet.
    public var dirtyCount = 0
    public var dirtyBytes = 0
    /// Transactions that wait for people from the file.
    public var loadsWaiting = 0
    /// The newest journal entry of this store, the newest on disk, and what the file of people reflects.
    public var lastSequence: UInt64 = 0
    public var durableSequence: UInt64 = 0
    public var appliedSequence: UInt64 = 0
    public var filterBytes = 0
    public var isFilterComplete = false
    /// Of the file of people and its log.
    public var fileBytes: Int64 = 0
    public var logBytes: Int64 = 0

    public init() {}
}

/// Whether the embedded store can take changes.
public enum EmbeddedHealth: Hashable, Sendable {
    case healthy
    /// Still answering, but what is said is wrong; changes are refused once a bound is reached.
    case failing(String)
    case closed
}

extension EmbeddedStore {
    public var statistics: EmbeddedStatistics {
        var statistics = state.withLock { state in
            var s = EmbeddedStatistics()
            s.counters = state.counters
            s.peopleCount = state.rowMax
            s.cachedCount = state.cache.count
            s.cachedBytes = state.cache.byteCount + state.cache.indexByteCount
            s.evictionCount = state.cache.evictionCount
            s.dirtyCount = state.cache.dirtyCount
            s.dirtyBytes = state.cache.dirtyBytes
            s.lastSequence = state.lastSequence
            s.appliedSequence = state.appliedSequence
            s.filterBytes = state.filter.byteCount
            s.isFilterComplete = state.isFilterComplete
            return s
        }
        statistics.loadsWaiting = loads.waitingCount
        statistics.durableSequence = ledger.durableSequence
        statistics.fileBytes = Self.size(path)
        statistics.logBytes = Self.size(path + "-wal")
        return statistics
    }

    public var health: EmbeddedHealth {
        if state.withLock({ $0.isClosed }) { return .closed }
        switch ledger.health {
        case .closed: return .closed
        case .failing(let reason, let attempts):
            return .failing("the ledger cannot write (\(attempts) attempts): \(reason)")
        case .healthy: break
        }
        if let failure = writeBack.requests.withLock({ $0.failure }) {
            return .failing("people cannot be written: \(failure)")
        }
        return .healthy
    }

    private static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// For fault tests: lets the file of people grow to `pages` at most, as a full disk would; nil lifts the limit.
    package func limitPages(_ pages: Int?) {
        writeBack.requests.withLock { $0.pageLimit = .some(pages) }
        writeBack.signal.raise()
    }
}

extension EmbeddedStore {
    /// Up to which record of the ledger a file of people reflects it, also while a process owns the file; `nil` when
    /// there is none that can be read.
    public static func reflectedSequence(directory: String) -> UInt64? {
        let path = directory + "/" + PeopleFile.name
        guard access(path, R_OK) == 0, let database = try? SQLiteConnection(path: path, mode: .readOnly),
            let sequence = try? PeopleFile.counter("applied_seq", in: database)
        else { return nil }
        return UInt64(bitPattern: sequence)
    }
}
