import CSQLite

extension SQLiteConnection {
    /// Copies the file as it is at this moment to `path`, which must not exist, while others go on writing it.
    ///
    /// One state of the source from the first page to the last. The copy needs no log beside it, and is on disk when this
    /// returns. Source: SQLite, "Online Backup API".
    /// - Parameter progress: told the share that is done.
    package func copy(to path: String, progress: (Double) -> Void = { _ in }) throws(SQLiteFailure) {
        let copy = try SQLiteConnection(path: path, mode: .create)
        try copy.execute("PRAGMA synchronous = FULL")
        // Holds the state: a writer's commits do not make the copying begin anew.
        try execute("BEGIN")
        defer { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        _ = try integer("SELECT count(*) FROM sqlite_schema")
        guard let backup = sqlite3_backup_init(copy.handle, "main", handle, "main") else {
            throw copy.failure(sqlite3_errcode(copy.handle))
        }
        var code = SQLITE_OK
        while code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED {
            code = sqlite3_backup_step(backup, 1_024)
            let total = sqlite3_backup_pagecount(backup)
            if total > 0 { progress(1 - Double(sqlite3_backup_remaining(backup)) / Double(total)) }
        }
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            throw SQLiteFailure(code: code == SQLITE_DONE ? end : code, message: String(cString: sqlite3_errstr(code)))
        }
        guard try copy.text("PRAGMA journal_mode = DELETE") == "delete" else {
            throw SQLiteFailure(code: SQLITE_IOERR, message: "the copy cannot be made a plain file")
        }
    }
}
