import CSQLite
public import GovernorCore
import GovernorSQLite

/// A record as it is read. Its memory is valid only during the call that it is given to.
public struct LedgerRecord {
    public let sequence: UInt64
    public let kind: LedgerKind
    public let at: Timestamp
    /// Persons and body were erased; both are empty.
    public let isErased: Bool
    /// As the caller wrote it. Valid only during the call.
    public let body: UnsafeRawBufferPointer
    /// 16 bytes each. Valid only during the call.
    let personBytes: UnsafeRawBufferPointer

    public var ticket: LedgerTicket { LedgerTicket(sequence: sequence) }
    public var personCount: Int { personBytes.count / RecordLayout.personBytes }

    /// - Precondition: `index` is below `personCount`.
    public func person(at index: Int) -> PersonID {
        precondition(index >= 0 && index < personCount, "no such person in this record")
        guard let start = personBytes.baseAddress else { return PersonID(high: 0, low: 0) }
        return RecordLayout.person(at: start + index * RecordLayout.personBytes)
    }

    public var persons: [PersonID] { (0..<personCount).map { person(at: $0) } }

    /// A copy that may be kept.
    public var entry: LedgerEntry { LedgerEntry(kind: kind, at: at, persons: persons, body: Array(body)) }
}

/// One file of a ledger.
public struct LedgerFileInfo: Hashable, Sendable {
    /// Without its folder.
    public var name: String
    public var path: String
    /// With its write-ahead log.
    public var bytes: UInt64
    public var first: UInt64
    /// One less than `first` when it holds no record.
    public var last: UInt64
    public var createdAt: Timestamp
    public var node: NodeID
    public var identity: LedgerIdentity
    /// Records may still be added to it.
    public var isNewest: Bool
}

/// Reads a ledger without writing it, also while a process writes it.
public struct LedgerReader: Sendable {
    let directory: LedgerDirectory

    /// - Parameter dataDirectory: the data folder; the files lie in its subfolder `ledger`.
    public init(dataDirectory: String) { directory = LedgerDirectory(dataDirectory: dataDirectory) }

    init(directory: LedgerDirectory) { self.directory = directory }

    /// Gives every record from `first` on to `body`, in order, up to the newest one on disk when a file is reached.
    ///
    /// Reads in pieces, so that the writer's log can be emptied meanwhile. Does not check the chain.
    /// - Throws: `LedgerError`, or what `body` throws.
    public func replay(from first: UInt64 = 1, _ body: (LedgerRecord) throws -> Void) throws {
        let names = try directory.files()
        // The last file that begins at or before `first`: those before it hold nothing of interest.
        var start = names.count
        var connections: [SQLiteConnection] = []
        while start > 0 {
            start -= 1
            let connection = try connect(names[start])
            connections.append(connection)
            if try LedgerFileMeta(from: connection, name: names[start]).firstSequence <= first { break }
        }
        var next = first
        while let connection = connections.popLast() {
            next = try replay(connection, from: next, body)
        }
    }

    /// The files of the ledger, oldest first. Cost: a few pages of each.
    public func files() throws -> [LedgerFileInfo] {
        let names = try directory.files()
        var found: [LedgerFileInfo] = []
        for (position, name) in names.enumerated() {
            let connection = try connect(name)
            let meta = try LedgerFileMeta(from: connection, name: name)
            let bytes = LedgerDirectory.byteCount(directory.path(of: name))
            var last = meta.firstSequence - 1
            do throws(SQLiteFailure) {
                if let newest = try connection.integer("SELECT max(seq) FROM records"), newest > 0 {
                    last = UInt64(bitPattern: newest)
                }
            } catch {
                throw error.ledgerError(file: connection.path)
            }
            found.append(
                LedgerFileInfo(
                    name: name.description, path: connection.path, bytes: bytes, first: meta.firstSequence, last: last,
                    createdAt: Timestamp(milliseconds: meta.createdAt), node: meta.node, identity: meta.identity,
                    isNewest: position == names.count - 1))
        }
        return found
    }

    /// The number of the newest record on disk; 0 for an empty ledger.
    public func newestSequence() throws -> UInt64 {
        guard let name = try directory.files().last else { return 0 }
        let connection = try connect(name)
        do {
            let first = try LedgerFileMeta(from: connection, name: name).firstSequence
            let rows = try connection.prepare("SELECT max(seq) FROM records")
            guard try rows.step(), !rows.isNull(0) else { return first - 1 }
            return UInt64(bitPattern: rows.integer(0))
        } catch let failure as SQLiteFailure {
            throw failure.ledgerError(file: connection.path)
        }
    }

    private func replay(
        _ connection: SQLiteConnection, from first: UInt64, _ body: (LedgerRecord) throws -> Void
    ) throws -> UInt64 {
        var next = first
        do {
            let rows = try connection.prepare(
                "SELECT seq, kind, at, persons, body FROM records WHERE seq >= ?1 ORDER BY seq LIMIT 16384")
            while true {
                rows.bind(1, Int64(bitPattern: next))
                var count = 0
                while try rows.step() {
                    count += 1
                    let sequence = UInt64(bitPattern: rows.integer(0))
                    // Within a file the first record may be asked for by any earlier number; after it there is no gap.
                    guard sequence == next || (next == first && sequence > next) else {
                        throw LedgerError.damaged(file: connection.path, reason: "record \(next) is missing")
                    }
                    let number = rows.integer(1)
                    guard let kind = UInt8(exactly: number).flatMap(LedgerKind.init(rawValue:)) else {
                        throw LedgerError.unsupported(
                            file: connection.path, what: "record \(sequence) is of the unknown kind \(number)")
                    }
                    try body(
                        LedgerRecord(
                            sequence: sequence, kind: kind, at: Timestamp(milliseconds: rows.integer(2)),
                            isErased: rows.isNull(4), body: rows.blob(4), personBytes: rows.blob(3)))
                    next = sequence + 1
                }
                rows.reset()
                if count < 16_384 { return next }
            }
        } catch let failure as SQLiteFailure {
            throw failure.ledgerError(file: connection.path)
        }
    }

    func connect(_ name: LedgerFileName) throws(LedgerError) -> SQLiteConnection {
        let path = directory.path(of: name)
        do throws(SQLiteFailure) {
            let connection = try SQLiteConnection(path: path, mode: .readOnly)
            do throws(SQLiteFailure) {
                _ = try connection.integer("SELECT 1 FROM sqlite_schema LIMIT 1")
                return connection
            } catch  where !directory.hasWriteAheadLog(name) && error.isRefusedLog {
                // Nobody writes the file, and its folder cannot be written: it is whole as it is.
                return try SQLiteConnection(path: path, mode: .immutable)
            }
        } catch {
            throw error.ledgerError(file: path)
        }
    }
}

extension SQLiteFailure {
    /// A log beside the file was needed, and could not be made.
    fileprivate var isRefusedLog: Bool {
        primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY || primary == SQLITE_PERM || primary == SQLITE_IOERR
    }
}
