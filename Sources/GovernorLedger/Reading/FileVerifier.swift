import CSQLite
import GovernorSQLite

/// The first record that is not as it was written.
struct FileFault: Hashable {
    var sequence: UInt64
    var reason: String
}

/// Calculates the chain of one file again.
enum FileVerifier {
    struct Result {
        /// After the last group that is whole.
        var head: LedgerHead
        var recordCount: UInt64 = 0
        var groupCount: UInt64 = 0
        var erasedCount: UInt64 = 0
        var fault: FileFault?
    }

    /// Goes through the groups from the one that begins at `first` to the end of the file.
    /// - Parameter previous: the hash that this group must follow.
    /// - Throws: when the file cannot be read; what it says is judged by `Result.fault`.
    static func run(
        _ connection: SQLiteConnection, _ meta: LedgerFileMeta, fromGroup first: UInt64, previous: LedgerHash
    ) throws(SQLiteFailure) -> Result {
        // One state of the file from here on, while the writer goes on.
        try connection.execute("BEGIN")
        defer { sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil) }
        let groups = try connection.prepare(
            "SELECT first, count, previous, hash FROM groups WHERE first >= ?1 ORDER BY first")
        let records = try connection.prepare(
            "SELECT seq, kind, at, mark, salt, persons, body, digest FROM records WHERE seq >= ?1 ORDER BY seq")
        groups.bind(1, Int64(bitPattern: first))
        records.bind(1, Int64(bitPattern: first))
        var result = Result(head: LedgerHead(sequence: first - 1, hash: previous))
        var hasher = GroupHasher()
        var scratch = RecordScratch()
        while try groups.step() {
            let expected = result.head.sequence + 1
            let count = groups.integer(1)
            guard UInt64(bitPattern: groups.integer(0)) == expected, count > 0, count <= 1 << 24 else {
                result.fault = FileFault(sequence: expected, reason: "its group is missing or was changed")
                return result
            }
            guard groups.blob(2).elementsEqual(result.head.hash.bytes) else {
                result.fault = FileFault(sequence: expected, reason: "its group does not follow the one before it")
                return result
            }
            hasher.begin(previous: result.head.hash, first: expected, count: Int(count))
            for offset in 0..<UInt64(count) {
                let sequence = expected + offset
                guard try records.step(), UInt64(bitPattern: records.integer(0)) == sequence else {
                    result.fault = FileFault(sequence: sequence, reason: "it is missing")
                    return result
                }
                guard let record = scratch.load(records, sequence: sequence), record.mark == records.integer(3) else {
                    result.fault = FileFault(sequence: sequence, reason: "it was changed")
                    return result
                }
                if record.isErased { result.erasedCount += 1 }
                hasher.add(header: scratch.header, digest: record.digest)
            }
            let hash = hasher.finish()
            guard groups.blob(3).elementsEqual(hash.bytes) else {
                result.fault = FileFault(
                    sequence: expected,
                    reason: "it or another record up to \(expected + UInt64(count) - 1), or their group, was changed")
                return result
            }
            result.head = LedgerHead(sequence: expected + UInt64(count) - 1, hash: hash)
            result.recordCount += UInt64(count)
            result.groupCount += 1
        }
        if try records.step() {
            result.fault = FileFault(sequence: UInt64(bitPattern: records.integer(0)), reason: "it belongs to no group")
        }
        return result
    }
}

/// One record's hashed bytes, put together again from its row.
struct RecordScratch: ~Copyable {
    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 4_096, alignment: 16)
    private var capacity = 4_096

    struct Loaded {
        var digest: LedgerHash
        var isErased: Bool
        var mark: Int64 { digest.mark }
    }

    deinit { memory.deallocate() }

    /// Of the record that was loaded last; valid until the next.
    var header: UnsafeRawPointer { UnsafeRawPointer(memory + RecordLayout.headerOffset) }

    /// nil when the row cannot have been written by a ledger.
    mutating func load(_ row: SQLiteStatement, sequence: UInt64) -> Loaded? {
        guard let kind = UInt8(exactly: row.integer(1)) else { return nil }
        let salt = row.blob(4)
        let persons = row.blob(5)
        let body = row.blob(6)
        let length = RecordLayout.fixedBytes + persons.count + body.count
        if capacity < length {
            memory.deallocate()
            capacity = length * 2
            memory = .allocate(byteCount: capacity, alignment: 16)
        }
        RecordLayout.writeHeader(
            sequence: sequence, at: row.integer(2), kind: kind, to: memory + RecordLayout.headerOffset)
        if row.isNull(4) {
            let digest = row.blob(7)
            guard row.isNull(5), row.isNull(6), digest.count == 32 else { return nil }
            return Loaded(digest: LedgerHash(digest), isErased: true)
        }
        let (personCount, rest) = persons.count.quotientAndRemainder(dividingBy: RecordLayout.personBytes)
        guard salt.count == RecordLayout.saltBytes, row.isNull(7), rest == 0, personCount <= 255 else { return nil }
        memory.copyMemory(from: salt)
        memory.storeBytes(of: UInt8(personCount), toByteOffset: RecordLayout.personCountOffset, as: UInt8.self)
        (memory + RecordLayout.personsOffset).copyMemory(from: persons)
        (memory + RecordLayout.personsOffset + persons.count).copyMemory(from: body)
        return Loaded(
            digest: LedgerHash(of: UnsafeRawBufferPointer(start: memory, count: length)), isErased: false)
    }
}
