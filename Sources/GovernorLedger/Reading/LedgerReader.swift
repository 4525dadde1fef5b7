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

/// What `verify` found.
public enum LedgerVerification: Hashable, Sendable {
    case whole(recordCount: UInt64, groupCount: UInt64, erasedCount: UInt64, head: LedgerHead)
    /// The first record that is not as it was written, and in which file.
    case broken(sequence: UInt64, file: String, reason: String)
}

/// Reads a ledger without writing it, also while a process writes it.
public struct LedgerReader: Sendable {
    private let directory: LedgerDirectory

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

    /// Calculates the chain again, from the beginning of the file that holds `first` to the newest record.
    public func verify(from first: UInt64 = 1) throws(LedgerError) -> LedgerVerification {
        let names = try directory.files()
        var records: UInt64 = 0
        var groups: UInt64 = 0
        var erased: UInt64 = 0
        var head: LedgerHead?
        for (position, name) in names.enumerated() {
            let path = directory.path(of: name)
            do throws(LedgerError) {
                let connection = try connect(name)
                let meta = try LedgerFileMeta(from: connection, name: name)
                if let head {
                    guard meta.firstSequence == head.sequence + 1, meta.previousHash == head.hash else {
                        return .broken(
                            sequence: head.sequence + 1, file: path,
                            reason: "this file does not follow the one before it")
                    }
                } else if position + 1 < names.count {
                    let following = names[position + 1]
                    let next = try LedgerFileMeta(from: try connect(following), name: following)
                    if next.firstSequence <= first { continue }
                }
                do throws(SQLiteFailure) {
                    let result = try FileVerifier.run(
                        connection, meta, fromGroup: meta.firstSequence, previous: meta.link)
                    if let fault = result.fault {
                        return .broken(sequence: fault.sequence, file: path, reason: fault.reason)
                    }
                    records += result.recordCount
                    groups += result.groupCount
                    erased += result.erasedCount
                    head = result.head
                } catch {
                    throw error.ledgerError(file: path)
                }
                // A live ledger may have gone on to a file that was not listed yet; a finished one has not.
                if let next = meta.next, position + 1 == names.count, try directory.files().last == name {
                    return .broken(
                        sequence: (head?.sequence ?? 0) + 1, file: next, reason: "this file is missing")
                }
            } catch .damaged(let file, let reason) {
                return .broken(sequence: (head?.sequence ?? 0) + 1, file: file, reason: reason)
            }
        }
        return .whole(
            recordCount: records, groupCount: groups, erasedCount: erased,
            head: head ?? LedgerHead(sequence: 0, hash: .zero))
    }

    private func connect(_ name: LedgerFileName) throws(LedgerError) -> SQLiteConnection {
        let path = directory.path(of: name)
        do throws(SQLiteFailure) { return try SQLiteConnection(path: path, mode: .readOnly) } catch {
            throw error.ledgerError(file: path)
        }
    }
}
