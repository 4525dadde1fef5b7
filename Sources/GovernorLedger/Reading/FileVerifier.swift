import CSQLite
import GovernorSQLite

/// Something in a file that is not as it was written.
struct FileFault: Hashable {
    var what: LedgerFinding.What
    var sequence: UInt64
    /// The first record of its group; nil when it belongs to none.
    var group: UInt64?
    var reason: String
}

/// Calculates the chain of one file again.
///
/// After a fault it goes on from what the next group says of the one before it, so that one changed record hides no other.
struct FileVerifier: ~Copyable {
    /// What was found so far; kept when the file becomes unreadable on the way.
    struct Result {
        /// After the last group that is whole.
        var head: LedgerHead
        var recordCount: UInt64 = 0
        var groupCount: UInt64 = 0
        var erasedCount: UInt64 = 0
        var faults: [FileFault] = []
        /// The known heads that were passed.
        var met: Set<UInt64> = []
        var fault: FileFault? { faults.first }
    }

    /// Stops after so many faults.
    var faultsMax = 1
    /// Heads that are known from elsewhere: the chain must pass through those that end a group of this file.
    var heads: [UInt64: LedgerHash] = [:]
    /// Told the records of each piece.
    var progress: ((Int) -> Void)?
    /// Told the numbers of erased records.
    var erased: ((UInt64) -> Void)?
    /// Given every `erased` record, and nothing else.
    var note: ((UInt64, UnsafeRawBufferPointer) -> Void)?
    private(set) var result: Result
    private var hasher = GroupHasher()
    private var scratch = RecordScratch()
    /// The records' cursor stands on a row that is not judged yet.
    private var isHeld = false

    /// - Parameters:
    ///   - first: the first record of the first group to look at.
    ///   - previous: the hash that this group must follow.
    init(fromGroup first: UInt64, previous: LedgerHash) {
        result = Result(head: LedgerHead(sequence: first - 1, hash: previous))
    }

    /// Records that are read in one state of the file: its writer's log can begin anew in between.
    private static let pieceCount = 65_536

    /// Goes through the groups to the end of the file.
    /// - Throws: when the file cannot be read; what it says is judged by `result.faults`.
    mutating func run(_ connection: SQLiteConnection) throws(SQLiteFailure) {
        let groups = try connection.prepare(
            "SELECT first, count, previous, hash FROM groups WHERE first >= ?1 ORDER BY first")
        let records = try connection.prepare(
            "SELECT seq, kind, at, mark, salt, persons, body, digest FROM records WHERE seq >= ?1 ORDER BY seq")
        while try piece(connection, groups, records) {}
    }

    /// - Returns: whether there may be more.
    private mutating func piece(
        _ connection: SQLiteConnection, _ groups: SQLiteStatement, _ records: SQLiteStatement
    ) throws(SQLiteFailure) -> Bool {
        // One state of the file from here on, while the writer goes on.
        try connection.execute("BEGIN")
        defer { sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil) }
        let start = result.head.sequence
        groups.bind(1, Int64(bitPattern: start + 1))
        records.bind(1, Int64(bitPattern: start + 1))
        isHeld = false
        defer {
            groups.reset()
            records.reset()
            progress?(Int(result.head.sequence &- start))
        }
        while try groups.step() {
            try group(groups, records)
            if result.faults.count >= faultsMax { return false }
            if result.head.sequence &- start >= Self.pieceCount { return true }
        }
        if try next(records) {
            let sequence = UInt64(bitPattern: records.integer(0))
            find(.added, sequence, nil, "it belongs to no group")
        }
        return false
    }

    private mutating func find(_ what: LedgerFinding.What, _ sequence: UInt64, _ group: UInt64?, _ reason: String) {
        // One thing that is wrong with a record is enough.
        if result.faults.count < faultsMax, result.faults.last?.sequence != sequence {
            result.faults.append(FileFault(what: what, sequence: sequence, group: group, reason: reason))
        }
    }

    /// Moves to the next row, unless one is held.
    private mutating func next(_ records: SQLiteStatement) throws(SQLiteFailure) -> Bool {
        if isHeld { return true }
        isHeld = try records.step()
        return isHeld
    }

    private mutating func group(_ groups: SQLiteStatement, _ records: SQLiteStatement) throws(SQLiteFailure) {
        let expected = result.head.sequence + 1
        let first = UInt64(bitPattern: groups.integer(0))
        let number = groups.integer(1)
        guard first == expected, number > 0, number <= 1 << 24 else {
            try misplaced(groups, records, first: first, expected: expected)
            return
        }
        let count = UInt64(number)
        let last = first + count - 1
        let stored = groups.blob(3)
        let before = result.faults.count
        if !groups.blob(2).elementsEqual(result.head.hash.bytes) {
            find(.changed, first, first, "its group does not follow the one before it")
            if groups.blob(2).count == 32 { result.head.hash = LedgerHash(groups.blob(2)) }
        }
        hasher.begin(previous: result.head.hash, first: first, count: Int(count))
        var sequence = first
        while sequence <= last {
            guard try next(records) else {
                find(
                    .missing, sequence, first,
                    sequence == last ? "it is missing" : "it and all up to \(last) are missing")
                break
            }
            let found = UInt64(bitPattern: records.integer(0))
            if found < sequence {
                find(.added, found, nil, "it belongs to no group")
                isHeld = false
                continue
            }
            if found > sequence {
                let end = min(found - 1, last)
                find(
                    .missing, sequence, first, sequence == end ? "it is missing" : "it and all up to \(end) are missing"
                )
                sequence = end + 1
                continue
            }
            isHeld = false
            record(records, sequence, group: first)
            sequence += 1
        }
        let isWhole = result.faults.count == before
        let hash = hasher.finish()
        if isWhole, !stored.elementsEqual(hash.bytes) {
            find(
                .changed, first, first, "it or another record up to \(last), or their group, was changed")
        }
        // What the next group follows: for one that is not whole, what it said of itself.
        result.head = LedgerHead(
            sequence: last,
            hash: isWhole && result.faults.count == before || stored.count != 32 ? hash : LedgerHash(stored))
        result.groupCount += 1
        guard let known = heads[last] else { return }
        result.met.insert(last)
        if known != result.head.hash {
            find(.changed, last, first, "the chain up to it is not the one that was signed or noted")
        }
    }

    /// A group that is not the next one, or says nothing sensible of itself: names it, and goes on as best it can.
    private mutating func misplaced(
        _ groups: SQLiteStatement, _ records: SQLiteStatement, first: UInt64, expected: UInt64
    ) throws(SQLiteFailure) {
        guard first > expected else {
            find(.changed, first, first, "its group was changed")
            return
        }
        find(
            .missing, expected, expected,
            first == expected + 1
                ? "its group is missing or was changed"
                : "its group is missing or was changed, as are all before record \(first)")
        result.head.sequence = first - 1
        if groups.blob(2).count == 32 { result.head.hash = LedgerHash(groups.blob(2)) }
        while try next(records), UInt64(bitPattern: records.integer(0)) < first { isHeld = false }
        try group(groups, records)
    }

    private mutating func record(_ row: SQLiteStatement, _ sequence: UInt64, group: UInt64) {
        guard let record = scratch.load(row, sequence: sequence), record.mark == row.integer(3) else {
            if let origin = origin(of: row, at: sequence) {
                find(.reordered, sequence, group, "what stands here is record \(origin)")
            } else {
                find(.changed, sequence, group, "it was changed")
            }
            return
        }
        hasher.add(header: scratch.header, digest: record.digest)
        result.recordCount += 1
        if record.isErased {
            result.erasedCount += 1
            erased?(sequence)
        } else if row.integer(1) == Int64(LedgerKind.erased.rawValue) {
            note?(sequence, row.blob(6))
        }
    }

    /// Places on either side in which a moved record is looked for.
    private static let reach: UInt64 = 16

    /// Which record a row was before it was moved.
    private mutating func origin(of row: SQLiteStatement, at sequence: UInt64) -> UInt64? {
        let low = sequence > Self.reach ? sequence - Self.reach : 1
        for other in low...sequence + Self.reach where other != sequence {
            if let loaded = scratch.load(row, sequence: other), !loaded.isErased, loaded.mark == row.integer(3) {
                return other
            }
        }
        return nil
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
