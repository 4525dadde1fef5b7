import CSQLite
import Glibc
import GovernorCore
import GovernorSQLite

/// The file that records are being added to, with the statements that do it. Belongs to the writer's thread.
final class LedgerFile {
    let directory: LedgerDirectory
    let meta: LedgerFileMeta
    let connection: SQLiteConnection
    private let begin, insertRecord, insertGroup, commit: SQLiteStatement
    private let walPagesCell = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// The newest committed record and the hash after it.
    private(set) var head: LedgerHead
    /// About the size of the file once everything is moved into it.
    private(set) var byteCount: Int

    /// Pages in the write-ahead log after the last commit.
    var walPages: Int { Int(walPagesCell.pointee) }

    /// Makes an empty file under its final name, or none.
    static func create(_ meta: LedgerFileMeta, in directory: LedgerDirectory) throws(LedgerError) {
        let path = directory.path(of: meta.name)
        let unfinished = path + ".new"
        unlink(unfinished)
        unlink(unfinished + "-journal")
        do throws(SQLiteFailure) {
            let connection = try SQLiteConnection(path: unfinished, mode: .create)
            try connection.execute(
                """
                PRAGMA page_size = 4096;
                PRAGMA application_id = \(LedgerFileMeta.applicationID);
                PRAGMA user_version = \(LedgerFileMeta.formatVersion);
                PRAGMA synchronous = FULL;
                BEGIN;
                CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
                CREATE TABLE records (
                    seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, mark INTEGER NOT NULL,
                    salt BLOB, persons BLOB, body BLOB, digest BLOB);
                CREATE TABLE groups (
                    first INTEGER PRIMARY KEY, count INTEGER NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL);
                """)
            try meta.store(in: connection)
            try connection.execute("COMMIT")
        } catch {
            unlink(unfinished)
            unlink(unfinished + "-journal")
            throw error.ledgerError(file: path)
        }
        guard rename(unfinished, path) == 0 else {
            throw .unusable(path: path, reason: String(cString: strerror(errno)))
        }
        try directory.synchronize()
    }

    /// Opens the newest file for writing and checks its last group.
    init(name: LedgerFileName, in directory: LedgerDirectory) throws(LedgerError) {
        let path = directory.path(of: name)
        self.directory = directory
        do throws(SQLiteFailure) {
            connection = try SQLiteConnection(path: path, mode: .readWrite)
            // Fails here, and not later, when the file is damaged or the folder read-only.
            guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
                throw SQLiteFailure(code: SQLITE_READONLY, message: "it cannot be switched to a write-ahead log")
            }
            try connection.execute(
                "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -4096")
        } catch {
            walPagesCell.deallocate()
            throw error.ledgerError(file: path)
        }
        do throws(LedgerError) {
            meta = try LedgerFileMeta(from: connection, name: name)
            head = try LedgerTail.check(connection, meta)
        } catch {
            walPagesCell.deallocate()
            throw error
        }
        do throws(SQLiteFailure) {
            byteCount =
                Int(try connection.integer("PRAGMA page_count") ?? 0)
                * Int(try connection.integer("PRAGMA page_size") ?? 0)
            begin = try connection.prepare("BEGIN IMMEDIATE")
            insertRecord = try connection.prepare(
                "INSERT INTO records (seq, kind, at, mark, salt, persons, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            insertGroup = try connection.prepare(
                "INSERT INTO groups (first, count, previous, hash) VALUES (?1, ?2, ?3, ?4)")
            commit = try connection.prepare("COMMIT")
        } catch {
            walPagesCell.deallocate()
            throw error.ledgerError(file: path)
        }
        walPagesCell.pointee = 0
        sqlite3_wal_hook(
            connection.handle,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, walPagesCell)
    }

    deinit {
        sqlite3_wal_hook(connection.handle, nil, nil)
        walPagesCell.deallocate()
    }

    /// Writes one group, all or nothing. A second call with the same records after a failure writes the same bytes.
    /// - Returns: nanoseconds of inserting and of the commit.
    func write(
        _ batch: borrowing PendingBatch, _ range: Range<Int>, hasher: inout GroupHasher
    ) throws(SQLiteFailure) -> (insert: UInt64, commit: UInt64) {
        let started = monotonicNanoseconds()
        try begin.run()
        do throws(SQLiteFailure) {
            let first = batch.sequence(at: range.lowerBound)
            let previous = head.hash
            hasher.begin(previous: previous, first: first, count: range.count)
            for index in range {
                let item = batch.items[index]
                let start = UnsafeRawPointer(batch.bytes(of: item))
                let digest = LedgerHash(of: UnsafeRawBufferPointer(start: start, count: item.length))
                hasher.add(header: start + RecordLayout.headerOffset, digest: digest)
                let persons = Int(item.personCount) * RecordLayout.personBytes
                let body = RecordLayout.personsOffset + persons
                insertRecord.bind(1, Int64(bitPattern: batch.sequence(at: index)))
                insertRecord.bind(2, Int64(item.kind))
                insertRecord.bind(3, item.at)
                insertRecord.bind(4, digest.mark)
                insertRecord.bind(5, borrowing: start, count: RecordLayout.saltBytes)
                insertRecord.bind(6, borrowing: start + RecordLayout.personsOffset, count: persons)
                insertRecord.bind(7, borrowing: start + body, count: item.length - body)
                try insertRecord.run()
            }
            let hash = hasher.finish()
            insertGroup.bind(1, Int64(bitPattern: first))
            insertGroup.bind(2, Int64(range.count))
            insertGroup.bind(3, previous.bytes)
            insertGroup.bind(4, hash.bytes)
            try insertGroup.run()
            let inserted = monotonicNanoseconds()
            try commit.run()
            head = LedgerHead(sequence: first + UInt64(range.count) - 1, hash: hash)
            byteCount += batch.byteCount(of: range) + range.count * 16 + 128
            return (inserted - started, monotonicNanoseconds() - inserted)
        } catch {
            rollBack()
            throw error
        }
    }

    /// Names the file that follows: nothing is added to this one any more.
    func seal(next: LedgerFileName) throws(SQLiteFailure) {
        let statement = try connection.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('next', ?1)")
        statement.bind(1, next.description)
        try statement.run()
    }

    /// Moves what is in the write-ahead log into the file as far as readers allow, so that the log begins anew.
    func checkpoint() { sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil) }

    /// Lets the file grow to `pages` at most; nil for no limit. Stands in for a full disk.
    func limitPages(_ pages: Int?) throws(SQLiteFailure) {
        try connection.execute("PRAGMA max_page_count = \(pages ?? 1_073_741_823)")
    }

    private func rollBack() {
        // SQLite has already done so after some failures.
        if sqlite3_get_autocommit(connection.handle) == 0 { sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil) }
    }
}
