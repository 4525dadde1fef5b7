import CSQLite
import GovernorSQLite
import Synchronization

/// Moves committed pages from the write-ahead log into the file on a thread and a connection of its own, so that no
/// commit waits for it; makes a file that is finished a plain one.
final class LedgerCheckpointer: Sendable {
    private struct State {
        var name: LedgerFileName
        var logPages = 0
        var finished: [LedgerFileName] = []
        var isStopping = false
    }

    private let state: Mutex<State>
    private let wakeup = Signal()
    private let directory: LedgerDirectory
    /// The log is long although everything but its end has been moved: the writer moves that end before its next
    /// group, and the log begins anew. Under steady load no other moment comes.
    let isLogToBeginAnew = Atomic<Bool>(false)
    private let logPagesMax: Int

    init(name: LedgerFileName, directory: LedgerDirectory, configuration: LedgerConfiguration) {
        state = Mutex(State(name: name))
        self.directory = directory
        logPagesMax = configuration.checkpointPages * 4
    }

    func checkpoint(logPages: Int) {
        state.withLock { $0.logPages = logPages }
        wakeup.raise()
    }

    func move(from old: LedgerFileName, to new: LedgerFileName) {
        state.withLock {
            $0.name = new
            $0.logPages = 0
            $0.finished.append(old)
        }
        wakeup.raise()
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeup.raise()
    }

    func run() {
        var connection: SQLiteConnection?
        var connected: LedgerFileName?
        while true {
            let work = state.withLock { state in
                defer {
                    state.finished = []
                    state.logPages = 0
                }
                return state
            }
            if connected != work.name {
                connection = try? SQLiteConnection(path: directory.path(of: work.name), mode: .readWrite)
                connected = connection == nil ? nil : work.name
                if let connection {
                    try? connection.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL")
                }
            }
            for name in work.finished { Self.makePlain(directory.path(of: name)) }
            if work.isStopping {
                // Nothing in the log: the next start has nothing to recover, a copy of the file is complete.
                if let connection {
                    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
                }
                return
            }
            if work.logPages > 0, let connection {
                let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                if code == SQLITE_OK, work.logPages >= logPagesMax {
                    isLogToBeginAnew.store(true, ordering: .releasing)
                }
            }
            wakeup.wait()
        }
    }

    /// Empties the log of a finished file and leaves a plain file without one. When a reader is in the way, the next
    /// opening of the ledger does it.
    static func makePlain(_ path: String) {
        guard let connection = try? SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: 200) else {
            return
        }
        try? connection.execute(
            "PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
    }
}
