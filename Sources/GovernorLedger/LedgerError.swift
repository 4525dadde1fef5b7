import CSQLite
import GovernorSQLite

/// Why the ledger did not do what it was asked for.
///
/// `description` names the file and what to do; it holds no contents of records.
public enum LedgerError: Error, Hashable, Sendable {
    /// The queue is at its bound: nothing of this call was taken. Answer as for a store that cannot answer.
    case full(waiting: Int)
    /// One entry, or the entries of one call together, pass a bound that waiting will not change.
    case tooLarge(bytes: Int, bytesMax: Int)
    /// The ledger was closed before this call.
    case closed
    /// The ledger was closed while its disk refused to take the record.
    case notWritten(reason: String)
    /// Another process has this ledger open.
    case locked(path: String, holder: String)
    /// The folder or a file in it cannot be opened, read or written.
    case unusable(path: String, reason: String)
    /// A file is not what the ledger wrote.
    case damaged(file: String, reason: String)
    /// A file between others, or the newest one, is gone.
    case missing(file: String, after: String)
    /// The ledger was written under another secret, normaliser or node.
    case mismatch(file: String, what: String)
    /// The file was written by a later version.
    case unsupported(file: String, what: String)
    case invalidConfiguration(String)
}

extension LedgerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .full(let waiting):
            "the ledger's queue is full: \(waiting) records wait for the disk"
        case .tooLarge(let bytes, let bytesMax):
            "a ledger entry of \(bytes) bytes is over the bound of \(bytesMax)"
        case .closed:
            "the ledger is closed"
        case .notWritten(let reason):
            "the ledger was closed before the record could be written: \(reason)"
        case .locked(let path, let holder):
            "`\(path)` is held by \(holder): stop that process, or give this one another data folder"
        case .unusable(let path, let reason):
            "`\(path)` cannot be used: \(reason)"
        case .damaged(let file, let reason):
            "`\(file)` is damaged: \(reason); put it back from a backup, or move the whole ledger folder aside and "
                + "restore from the other nodes' ledgers"
        case .missing(let file, let after):
            "`\(file)`, which follows `\(after)`, is missing: put it back from a backup"
        case .mismatch(let file, let what):
            "`\(file)` was written with \(what)"
        case .unsupported(let file, let what):
            "`\(file)` was written by a later version (\(what)): start that version or a newer one"
        case .invalidConfiguration(let text):
            text
        }
    }
}

/// Whether records reach the disk.
public enum LedgerHealth: Hashable, Sendable {
    case healthy
    /// The disk refuses; records wait in the queue, up to its bound, and are written when it recovers.
    case failing(reason: String, attempts: Int)
    case closed
}

extension SQLiteFailure {
    /// The failure as the ledger's own error about `file`.
    func ledgerError(file: String) -> LedgerError {
        switch primary {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_SCHEMA, SQLITE_MISMATCH, SQLITE_ERROR:
            .damaged(file: file, reason: message)
        default:
            .unusable(path: file, reason: message)
        }
    }
}
