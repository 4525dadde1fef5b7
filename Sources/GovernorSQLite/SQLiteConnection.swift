import CSQLite

/// What SQLite said.
package struct SQLiteFailure: Error, Hashable {
    /// The extended result code; 0 when the cause lies elsewhere.
    package var code: Int32
    package var message: String

    package init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    package var primary: Int32 { code & 0xff }
    package var isDamage: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }
}

/// One connection to one file, used by one thread at a time.
package final class SQLiteConnection {
    package let handle: OpaquePointer
    package let path: String

    package enum Mode {
        case create, readWrite, readOnly
        /// For a file that nobody writes, in a folder that cannot be written: no log is looked for, nothing is locked.
        case immutable
    }

    package init(path: String, mode: Mode, busyMilliseconds: Int32 = 2_000) throws(SQLiteFailure) {
        let flags =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        let name = mode == .immutable ? Self.immutableName(of: path) : path
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(handle)
            throw SQLiteFailure(code: code, message: message)
        }
        self.handle = handle
        self.path = path
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, busyMilliseconds)
        // SQLite opens even a read-only file for writing when asked, and fails at the first write: say it at once.
        if mode == .create || mode == .readWrite, sqlite3_db_readonly(handle, "main") == 1 {
            throw SQLiteFailure(code: SQLITE_READONLY, message: "the file is read-only")
        }
    }

    deinit { sqlite3_close_v2(handle) }

    /// `path` as SQLite wants it in a URI. Source: SQLite, "Uniform Resource Identifiers", 3.
    private static func immutableName(of path: String) -> String {
        var name = "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"):
                name += "%" + String(byte, radix: 16)
            default: name.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return name + "?immutable=1"
    }

    package func failure(_ code: Int32) -> SQLiteFailure {
        SQLiteFailure(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }

    package func execute(_ sql: String) throws(SQLiteFailure) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    package func prepare(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure(code) }
        return SQLiteStatement(statement, connection: self)
    }

    /// The first column of the first row, nil when there is none.
    package func integer(_ sql: String) throws(SQLiteFailure) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    package func text(_ sql: String) throws(SQLiteFailure) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : nil
    }
}
