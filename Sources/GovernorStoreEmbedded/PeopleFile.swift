import CSQLite
import Glibc
import GovernorCore
import GovernorLedger
import GovernorSQLite
import GovernorStore

/// What the file of people says about itself. See `docs/record-format.md`.
struct PeopleMeta: Hashable {
    static let formatVersion: Int64 = 1
    /// "GVNP", so that `file` and a wrong path are told apart.
    static let applicationID: Int64 = 0x4756_4e50

    var secretFingerprint: [UInt8]
    var normaliserVersion: UInt32
    /// The ledger whose projection it is.
    var node: NodeID
}

/// The SQLite file of people: `people` by row, and the rows behind identifiers and ids.
enum PeopleFile {
    static let name = "people.db"
    static let schema = """
        CREATE TABLE people (row INTEGER PRIMARY KEY, record BLOB NOT NULL);
        CREATE TABLE identifiers (hash BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE ids (id BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        """
    /// What campaign guards count, by rule, unit and name; made where it is missing, since older files have none.
    static let counters = "CREATE TABLE IF NOT EXISTS counters (key BLOB PRIMARY KEY, counter BLOB NOT NULL)"

    static func create(at path: String, _ meta: PeopleMeta) throws(SQLiteFailure) {
        let database = try SQLiteConnection(path: path, mode: .create)
        try database.execute(
            """
            PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE;
            \(schema)
            PRAGMA application_id = \(PeopleMeta.applicationID); PRAGMA user_version = \(PeopleMeta.formatVersion);
            """)
        let insert = try database.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")
        func set(_ key: String, _ bind: () -> Void) throws(SQLiteFailure) {
            insert.bind(1, key)
            bind()
            try insert.run()
        }
        try set("secret_fingerprint") { insert.bind(2, meta.secretFingerprint) }
        try set("normaliser_version") { insert.bind(2, Int64(meta.normaliserVersion)) }
        try set("ledger_node") { insert.bind(2, high: meta.node.high, low: meta.node.low) }
        try set("applied_seq") { insert.bind(2, 0) }
        try set("identifiers") { insert.bind(2, 0) }
        try database.execute("COMMIT")
    }

    /// What an existing file says, and whether it fits `expected`.
    static func check(_ database: SQLiteConnection, _ expected: PeopleMeta) throws {
        let path = database.path
        guard try database.integer("PRAGMA application_id") == PeopleMeta.applicationID else {
            throw EmbeddedStoreError.damaged(file: path, reason: "it is not a file of people")
        }
        let version = try database.integer("PRAGMA user_version") ?? 0
        guard version <= PeopleMeta.formatVersion else {
            throw EmbeddedStoreError.unsupported(file: path, what: "format \(version)")
        }
        guard version >= 1 else { throw EmbeddedStoreError.damaged(file: path, reason: "it has no format version") }
        let values = try database.prepare("SELECT value FROM meta WHERE key = ?1")
        func value<Value>(_ key: String, _ read: () -> Value) throws -> Value {
            values.reset()
            values.bind(1, key)
            guard try values.step() else {
                throw EmbeddedStoreError.damaged(file: path, reason: "`\(key)` is missing from it")
            }
            return read()
        }
        let fingerprint = try value("secret_fingerprint") { [UInt8](values.blob(0)) }
        guard fingerprint == expected.secretFingerprint else {
            throw EmbeddedStoreError.mismatch(file: path, what: "another identifier secret")
        }
        let normaliser = try value("normaliser_version") { values.integer(0) }
        // What an earlier version wrote is found by aliases.
        guard normaliser <= Int64(expected.normaliserVersion) else {
            throw EmbeddedStoreError.mismatch(file: path, what: "normaliser version \(normaliser)")
        }
        let node = try value("ledger_node") { [UInt8](values.blob(0)) }
        let wanted = withUnsafeBytes(of: (expected.node.high.bigEndian, expected.node.low.bigEndian)) { [UInt8]($0) }
        guard node == wanted else {
            throw EmbeddedStoreError.mismatch(file: path, what: "another ledger beside it")
        }
    }

    static func counter(_ key: String, in database: SQLiteConnection) throws(SQLiteFailure) -> Int64 {
        let values = try database.prepare("SELECT value FROM meta WHERE key = ?1")
        values.bind(1, key)
        return try values.step() ? values.integer(0) : 0
    }
}

/// Reads people; owned by one thread.
final class PeopleReader {
    let database: SQLiteConnection
    private let byIdentifier: SQLiteStatement
    private let byID: SQLiteStatement
    private let record: SQLiteStatement
    private let begin: SQLiteStatement
    private let commit: SQLiteStatement

    init(path: String) throws(SQLiteFailure) {
        database = try SQLiteConnection(path: path, mode: .readOnly)
        try database.execute("PRAGMA cache_size = -4096; PRAGMA query_only = 1")
        byIdentifier = try database.prepare("SELECT row FROM identifiers WHERE hash = ?1")
        byID = try database.prepare("SELECT row FROM ids WHERE id = ?1")
        record = try database.prepare("SELECT record FROM people WHERE row = ?1")
        begin = try database.prepare("BEGIN")
        commit = try database.prepare("COMMIT")
    }

    /// Everything that `keys` lead to, in one state of the file.
    func load(_ keys: [RecordKey]) throws(StoreError) -> Loaded {
        try open()
        defer { close() }
        return try read(keys)
    }

    /// Everything that is read until `close` is read in one state of the file.
    func open() throws(StoreError) {
        do throws(SQLiteFailure) { try begin.run() } catch { throw storeError(error) }
    }

    func close() { try? commit.run() }

    /// Everything that `keys` lead to, after `open`.
    func read(_ keys: [RecordKey]) throws(StoreError) -> Loaded {
        do throws(SQLiteFailure) {
            var loaded = Loaded()
            for key in keys {
                // Counters are all in memory.
                if case .counter = key { continue }
                guard let row = try row(of: key) else {
                    loaded.absent.append(key)
                    continue
                }
                if let known = loaded.people.first(where: { $0.row == row }) {
                    if !Self.leads(key, to: known.record) { loaded.absent.append(key) }
                    continue
                }
                record.bind(1, row)
                defer { record.reset() }
                guard try record.step() else {
                    return try fail("row \(row) is missing although `\(Self.table(of: key))` names it")
                }
                let person: PersonRecord
                do throws(DecodeError) { person = try PersonRecord(decoding: record.blob(0)) } catch {
                    return try fail("row \(row): \(error)")
                }
                if !Self.leads(key, to: person) {
                    loaded.absent.append(key)
                    continue
                }
                var homes: [IdentifierHash] = []
                for identifier in person.identifiers {
                    // What led here need not be asked again.
                    let known = RecordKey.identifier(identifier.hash)
                    var isHome = key == known
                    if !isHome { isHome = try self.row(of: known) == row }
                    if isHome { homes.append(identifier.hash) }
                }
                loaded.people.append(Loaded.Person(record: person, row: row, homes: homes))
            }
            return loaded
        } catch {
            throw storeError(error)
        }
    }

    private static let damagedRecord: Int32 = -1

    private func fail(_ what: String) throws(SQLiteFailure) -> Loaded {
        throw SQLiteFailure(code: Self.damagedRecord, message: damage(what))
    }

    private static func table(of key: RecordKey) -> String {
        switch key {
        case .identifier: "identifiers"
        case .person: "ids"
        case .counter: "counters"
        }
    }

    /// Where an identifier leads is believed only if the record there lists it.
    private static func leads(_ key: RecordKey, to record: PersonRecord) -> Bool {
        guard case .identifier(let hash) = key else { return true }
        return record.identifiers.contains { $0.hash == hash }
    }

    private func row(of key: RecordKey) throws(SQLiteFailure) -> Int64? {
        let statement: SQLiteStatement
        switch key {
        case .identifier(let hash):
            statement = byIdentifier
            statement.bind(1, high: hash.high, low: hash.low)
        case .person(let id):
            statement = byID
            statement.bind(1, high: id.high, low: id.low)
        case .counter: return nil
        }
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    /// The next people after row `last`, at most 1,024; none at the end.
    func page(after last: inout Int64) throws(StoreError) -> [PersonRecord] {
        do throws(SQLiteFailure) {
            let rows = try database.prepare("SELECT row, record FROM people WHERE row > ?1 ORDER BY row LIMIT 1024")
            rows.bind(1, last)
            var piece: [PersonRecord] = []
            while try rows.step() {
                last = rows.integer(0)
                do throws(DecodeError) { piece.append(try PersonRecord(decoding: rows.blob(1))) } catch {
                    throw SQLiteFailure(code: Self.damagedRecord, message: damage("row \(last): \(error)"))
                }
            }
            return piece
        } catch {
            throw storeError(error)
        }
    }

    private func storeError(_ error: SQLiteFailure) -> StoreError {
        if error.code == Self.damagedRecord { return .damaged(error.message) }
        let text = "`\(database.path)`: \(error.message)"
        return error.isDamage ? .damaged(text) : .unavailable(text)
    }

    private func damage(_ what: String) -> String {
        "`\(database.path)`, \(what); move the file aside and start again to rebuild it from the ledger"
    }

    /// Every identifier in the file.
    func forEachIdentifier(_ body: ([IdentifierHash]) -> Bool) throws(SQLiteFailure) {
        let rows = try database.prepare("SELECT hash FROM identifiers")
        var piece: [IdentifierHash] = []
        piece.reserveCapacity(4_096)
        while try rows.step() {
            let bytes = rows.blob(0)
            guard bytes.count == 16 else { continue }
            piece.append(
                IdentifierHash(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))))
            if piece.count == 4_096 {
                guard body(piece) else { return }
                piece.removeAll(keepingCapacity: true)
            }
        }
        _ = body(piece)
    }
}

/// What was read from the file for one transaction.
struct Loaded {
    struct Person {
        var record: PersonRecord
        var row: Int64
        var homes: [IdentifierHash]
    }

    var people: [Person] = []
    /// Keys that led to nobody.
    var absent: [RecordKey] = []
    /// Write-backs completed before the reading began; when there were more since, it may be stale.
    var epoch: UInt64 = 0
}

/// Writes people back; owned by one thread.
final class PeopleWriter {
    let database: SQLiteConnection
    private let upsert: SQLiteStatement
    private let insertID: SQLiteStatement
    private let setHome: SQLiteStatement
    private let dropHome: SQLiteStatement
    private let setMeta: SQLiteStatement
    private let setCounter: SQLiteStatement
    private let begin: SQLiteStatement
    private let commit: SQLiteStatement
    private let rollBack: SQLiteStatement
    /// Pages in the log after the last commit.
    private(set) var logPages = 0

    init(path: String) throws(SQLiteFailure) {
        database = try SQLiteConnection(path: path, mode: .readWrite)
        try database.execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16384"
        )
        // What was erased is overwritten, whatever this SQLite was built to do by itself.
        try database.execute("PRAGMA secure_delete = ON")
        try database.execute(PeopleFile.counters)
        setCounter = try database.prepare("INSERT OR REPLACE INTO counters (key, counter) VALUES (?1, ?2)")
        upsert = try database.prepare(
            "INSERT INTO people (row, record) VALUES (?1, ?2) ON CONFLICT (row) DO UPDATE SET record = excluded.record")
        insertID = try database.prepare("INSERT OR REPLACE INTO ids (id, row) VALUES (?1, ?2)")
        setHome = try database.prepare("INSERT OR REPLACE INTO identifiers (hash, row) VALUES (?1, ?2)")
        dropHome = try database.prepare("DELETE FROM identifiers WHERE hash = ?1")
        setMeta = try database.prepare("UPDATE meta SET value = ?2 WHERE key = ?1")
        begin = try database.prepare("BEGIN IMMEDIATE")
        commit = try database.prepare("COMMIT")
        rollBack = try database.prepare("ROLLBACK")
    }

    /// Writes one batch, all or none.
    func write(
        _ batch: [PeopleCache.Captured], counters: some Collection<GuardTallies.Captured>, appliedSequence: UInt64,
        identifierCount: Int64
    ) throws(SQLiteFailure) {
        try begin.run()
        do throws(SQLiteFailure) {
            for captured in batch {
                let record = captured.record
                upsert.bind(1, captured.row)
                upsert.bind(
                    2,
                    record.encoded(
                        keepingIdempotencyFrom: max(record.lastDecisionAt, .distantPast) - PersonRecord.idempotencyKept)
                )
                try upsert.run()
                if captured.isNew {
                    insertID.bind(1, high: record.id.high, low: record.id.low)
                    insertID.bind(2, captured.row)
                    try insertID.run()
                }
                for hash in captured.goneHomes {
                    // Wherever it led as far as the file knows: it may have come here and gone between two writings.
                    dropHome.bind(1, high: hash.high, low: hash.low)
                    try dropHome.run()
                }
                for hash in captured.newHomes {
                    setHome.bind(1, high: hash.high, low: hash.low)
                    setHome.bind(2, captured.row)
                    try setHome.run()
                }
            }
            for captured in counters {
                let key = captured.record.key
                setCounter.bind(1, [key.unit.rawValue] + Array(key.rule.utf8) + [0] + Array(key.name.utf8))
                setCounter.bind(2, captured.record.encoded())
                try setCounter.run()
            }
            try set("applied_seq", Int64(bitPattern: appliedSequence))
            try set("identifiers", identifierCount)
            try commit.run()
        } catch {
            try? rollBack.run()
            throw error
        }
    }

    /// Every counter in the file.
    func counters() throws -> [CounterRecord] {
        let rows = try database.prepare("SELECT counter FROM counters")
        var found: [CounterRecord] = []
        while try rows.step() {
            do throws(DecodeError) { found.append(try CounterRecord(decoding: rows.blob(0))) } catch {
                throw EmbeddedStoreError.damaged(file: database.path, reason: "a counter: \(error)")
            }
        }
        return found
    }

    private func set(_ key: String, _ value: Int64) throws(SQLiteFailure) {
        setMeta.bind(1, key)
        setMeta.bind(2, value)
        try setMeta.run()
    }

    /// Moves what it can of the log into the file, without waiting for readers unless `mode` says so.
    /// - Returns: whether it did what `mode` asks for.
    @discardableResult
    func checkpoint(mode: Int32 = SQLITE_CHECKPOINT_PASSIVE) -> Bool {
        sqlite3_wal_checkpoint_v2(database.handle, nil, mode, nil, nil) == SQLITE_OK
    }

    /// For fault tests: lets the file grow to `pages` at most, as a full disk would; nil lifts the limit.
    func limitPages(_ pages: Int?) {
        try? database.execute("PRAGMA max_page_count = \(pages ?? 4_294_967_294)")
    }
}
