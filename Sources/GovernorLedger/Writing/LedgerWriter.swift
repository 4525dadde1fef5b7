import Glibc
import GovernorCore
import GovernorSQLite
import Synchronization

/// The one thread that writes: takes what waits, commits it as one group, tells those who asked, again.
///
/// While a commit is under way the next group gathers by itself, so groups are as large as the disk is slow. A group is
/// bounded so that inserting it takes about as long as its synchronisation, and nobody waits for a far larger one.
final class LedgerWriter {
    private let queue: LedgerQueue
    private let directory: LedgerDirectory
    private let configuration: LedgerConfiguration
    private let checkpointer: LedgerCheckpointer
    private var file: LedgerFile

    private var batch = PendingBatch()
    private var cursor = 0
    private var saltedCount = 0
    private var salts = SaltSource()
    private var hasher = GroupHasher()
    private var pageLimit = 0
    /// Monotonic nanoseconds before which no new file is tried again.
    private var rotationPause: UInt64 = 0
    private var pagesAtCheckpoint = 0

    private var lastGroupCount = 0
    /// Monotonic nanoseconds.
    private var lastCommitEnd: UInt64 = 0
    private var commitMicroseconds = 300.0
    private var insertMicroseconds = 3.0

    init(
        file: LedgerFile, queue: LedgerQueue, checkpointer: LedgerCheckpointer, configuration: LedgerConfiguration
    ) {
        self.file = file
        directory = file.directory
        self.queue = queue
        self.checkpointer = checkpointer
        self.configuration = configuration
    }

    func run() {
        while true {
            if cursor == batch.count {
                batch.removeAll()
                cursor = 0
                saltedCount = 0
                gather()
                switch queue.take(&batch) {
                case .records: break
                case .nothing:
                    queue.wakeup.wait()
                    continue
                case .closing:
                    return queue.finish(.closed)
                }
            }
            rotateIfDue()
            let group = cursor..<batch.groupEnd(from: cursor, countMax: groupSizeBound)
            guard writeUntilDone(group) else { return }
            cursor = group.upperBound
        }
    }

    /// Lets a group grow for as long as a commit takes, at most a millisecond, when the one before had company: callers
    /// who ask side by side then share a commit instead of paying for one after the other. Whoever asks alone never
    /// waits here.
    private func gather() {
        guard lastGroupCount > 1, queue.waitingCount < Self.groupCountEnough else { return }
        let end = lastCommitEnd + UInt64(min(commitMicroseconds, 1_000) * 1_000)
        let now = monotonicNanoseconds()
        if now < end { usleep(UInt32((end - now) / 1_000)) }
    }

    /// A group of this many is worth a commit of its own at once.
    private static let groupCountEnough = 64

    /// At least 64 records, else as many as can be inserted in the time of a commit, and in 2 ms on a fast disk.
    private var groupSizeBound: Int {
        let count = max(commitMicroseconds, 2_000) / max(insertMicroseconds, 0.1)
        return min(configuration.groupCountMax, max(64, Int(min(count, 1e6))))
    }

    /// Writes one group, trying again until it is on disk.
    /// - Returns: false when the ledger was closed before the disk took it.
    private func writeUntilDone(_ group: Range<Int>) -> Bool {
        var attempts = 0
        var delay = configuration.retryDelayMin.count
        var closingSince: UInt64?
        while true {
            do throws(SQLiteFailure) {
                try write(group)
                return true
            } catch {
                attempts += 1
                let reason = "`\(file.connection.path)`: \(error.message)"
                if queue.failed(reason, attempts: attempts) {
                    let now = monotonicNanoseconds()
                    let since = closingSince ?? now
                    closingSince = since
                    if now - since >= UInt64(configuration.closingPatience.count) * 1_000_000 {
                        queue.finish(.notWritten(reason: reason))
                        return false
                    }
                }
                queue.wakeup.wait(milliseconds: delay)
                delay = min(delay * 2, configuration.retryDelayMax.count)
            }
        }
    }

    private func write(_ group: Range<Int>) throws(SQLiteFailure) {
        while saltedCount < group.upperBound {
            try salts.fill(batch.bytes(of: batch.items[saltedCount]))
            saltedCount += 1
        }
        applyPageLimit()
        if checkpointer.isLogToBeginAnew.exchange(false, ordering: .acquiringAndReleasing) {
            file.checkpoint()
            pagesAtCheckpoint = 0
        }
        let time = try file.write(batch, group, hasher: &hasher)
        lastGroupCount = group.count
        lastCommitEnd = monotonicNanoseconds()
        commitMicroseconds += (Double(time.commit) / 1_000 - commitMicroseconds) * 0.1
        if group.count >= 8 {
            insertMicroseconds += (Double(time.insert) / 1_000 / Double(group.count) - insertMicroseconds) * 0.1
        }
        queue.committed(
            file.head, count: group.count, bytes: batch.byteCount(of: group),
            sample: .init(
                commitMicroseconds: commitMicroseconds, insertMicroseconds: insertMicroseconds,
                groupSizeBound: groupSizeBound))
        if file.walPages < pagesAtCheckpoint { pagesAtCheckpoint = 0 }
        if file.walPages - pagesAtCheckpoint >= configuration.checkpointPages {
            pagesAtCheckpoint = file.walPages
            checkpointer.checkpoint(logPages: file.walPages)
        }
    }

    private func applyPageLimit() {
        let limit = queue.pageLimit.load(ordering: .relaxed)
        guard limit != pageLimit else { return }
        pageLimit = limit
        try? file.limitPages(limit == 0 ? nil : limit)
    }

    // MARK: a new file

    private func rotateIfDue() {
        let month = CalendarMonth(configuration.now())
        guard month > file.meta.name.month || file.byteCount >= configuration.fileBytesMax,
            monotonicNanoseconds() >= rotationPause
        else { return }
        do throws(LedgerError) {
            let finished = file.meta.name
            // Nothing else holds the old one: its connection is closed before the checkpointer makes it a plain file.
            file = try LedgerFile.follow(file, in: month, createdAt: configuration.now())
            pagesAtCheckpoint = 0
            pageLimit = 0
            checkpointer.move(from: finished, to: file.meta.name)
            queue.state.withLock {
                $0.statistics.rotationCount += 1
                $0.statistics.rotationFailure = nil
            }
        } catch {
            // The old file serves on; a full disk will show itself in the group's own write.
            rotationPause = monotonicNanoseconds() + 1_000_000_000
            let reason = error.description
            queue.state.withLock { $0.statistics.rotationFailure = reason }
        }
    }
}

extension LedgerFile {
    /// The file after `old`, which is sealed by it. On failure `old` is as it was.
    static func follow(
        _ old: LedgerFile, in month: CalendarMonth, createdAt: Timestamp, identity: LedgerIdentity? = nil
    ) throws(LedgerError) -> LedgerFile {
        let directory = old.directory
        let name = old.meta.name.next(in: month)
        // Left by an earlier attempt that could not seal: it holds no record.
        directory.remove(name)
        let meta = LedgerFileMeta(
            index: old.meta.index + 1, firstSequence: old.head.sequence + 1, previousHash: old.head.hash,
            createdAt: createdAt.milliseconds, node: old.meta.node, identity: identity ?? old.meta.identity, name: name)
        try create(meta, in: directory)
        do throws(LedgerError) {
            let file = try LedgerFile(name: name, in: directory)
            do throws(SQLiteFailure) { try old.seal(next: name) } catch {
                throw error.ledgerError(file: directory.path(of: old.meta.name))
            }
            return file
        } catch {
            directory.remove(name)
            throw error
        }
    }
}
