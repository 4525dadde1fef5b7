import GovernorSQLite

/// What two rows may have in common: the hash of an identifier, cut to 128 bits, or the id of a person.
struct ListKey: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
}

/// Which row had a key first, for lists of any length: so many keys in memory, the others in a file of SQLite's that has
/// no name and is gone when this is.
///
/// One look-up costs some 0.1 µs while everything is in memory, a few µs after.
struct SeenKeys {
    /// Keys in memory, at most: some 100 MB.
    static let memoryMax = 2_000_000

    private var fresh: [ListKey: UInt32] = [:]
    private var spilled: Spilled?
    private let memoryMax: Int

    init(memoryMax: Int = Self.memoryMax) { self.memoryMax = memoryMax }

    /// The first row that any of these keys belongs to, `row` itself if they are all new. They belong to it from now on.
    mutating func first(of keys: [ListKey], row: UInt32) throws(SQLiteFailure) -> UInt32 {
        var first = row
        for key in keys {
            if let known = fresh[key] {
                first = min(first, known)
            } else if let known = try spilled?.row(of: key) {
                first = min(first, known)
            }
        }
        for key in keys { fresh[key] = first }
        if fresh.count >= memoryMax {
            if spilled == nil { spilled = try Spilled() }
            try spilled?.add(fresh)
            fresh.removeAll(keepingCapacity: true)
        }
        return first
    }

    private final class Spilled {
        private let connection: SQLiteConnection
        private let find: SQLiteStatement
        private let insert: SQLiteStatement

        init() throws(SQLiteFailure) {
            // A path without a name is a private file that SQLite deletes. Source: sqlite.org/inmemorydb.html, "Temporary
            // databases".
            connection = try SQLiteConnection(path: "", mode: .create)
            try connection.execute(
                """
                PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
                CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
                """)
            find = try connection.prepare("SELECT row FROM seen WHERE key = ?1")
            insert = try connection.prepare("INSERT OR REPLACE INTO seen VALUES (?1, ?2)")
        }

        func row(of key: ListKey) throws(SQLiteFailure) -> UInt32? {
            find.bind(1, high: key.high, low: key.low)
            defer { find.reset() }
            return try find.step() ? UInt32(truncatingIfNeeded: find.integer(0)) : nil
        }

        /// In the order of the table, so that each page is written once.
        func add(_ keys: [ListKey: UInt32]) throws(SQLiteFailure) {
            try connection.execute("BEGIN")
            for (key, row) in keys.sorted(by: { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }) {
                insert.bind(1, high: key.high, low: key.low)
                insert.bind(2, Int64(row))
                try insert.run()
            }
            try connection.execute("COMMIT")
        }
    }
}
