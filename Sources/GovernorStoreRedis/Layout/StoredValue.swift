import GovernorCore
import GovernorStore

/// What one key holds: where the key's identifier or person leads, and perhaps a person's record.
///
/// The first eight bytes are a random token of the write, so that a script can compare them without knowing more.
/// See `docs/redis-format.md`.
struct StoredValue: Sendable {
    static let formatVersion: UInt8 = 1
    static let versionBytes = 8

    /// A fresh random token at every write; 0 stands for a key that does not exist.
    var version: UInt64 = 0
    /// The identifier or person of this key leads to the record that lies at another key.
    ///
    /// Valid only if that record has the person's id, or lists the identifier and does not say that it is away. A record
    /// beside it in the same value is found by its other identifiers, or by its person's id.
    var forward: RecordKey?
    /// Identifiers that `record` lists and that lead elsewhere all the same.
    var away: [IdentifierHash] = []
    /// Changes of transactions across slots that are not decided yet, each encoded by whoever put them there.
    var pending: [[UInt8]] = []
    var record: PersonRecord?
    /// What a campaign guard counted; then there is nothing else.
    var counter: CounterRecord?

    /// The key does not exist.
    static let absent = StoredValue()

    var isAbsent: Bool { version == 0 }

    /// There is nothing to keep the key for.
    var isEmpty: Bool {
        forward == nil && away.isEmpty && pending.isEmpty && record == nil && counter == nil
    }

    /// Whether `key` leads to the record here, for those who were led here by a forwarder or an alias.
    func isHome(of key: RecordKey) -> Bool {
        guard let record else { return false }
        switch key {
        case .person(let id): return record.id == id
        case .counter: return false
        case .identifier(let hash):
            return record.identifiers.contains { $0.hash == hash } && !away.contains(hash)
        }
    }
}

extension StoredValue {
    private enum Part {
        static let forward: UInt8 = 1
        static let pending: UInt8 = 2
        static let away: UInt8 = 4
        static let record: UInt8 = 8
        static let counter: UInt8 = 16
        static let all: UInt8 = 31
    }

    /// The value in its stored form.
    func encoded() -> [UInt8] {
        precondition(version != 0, "a value that is written has a version")
        var parts: UInt8 = 0
        if forward != nil { parts |= Part.forward }
        if !pending.isEmpty { parts |= Part.pending }
        if !away.isEmpty { parts |= Part.away }
        if record != nil { parts |= Part.record }
        if counter != nil { parts |= Part.counter }
        var out = ByteWriter(capacity: 32)
        out.fixed64(version)
        out.byte(Self.formatVersion)
        out.byte(parts)
        switch forward {
        case .identifier(let hash):
            out.byte(1)
            out.fixed128(high: hash.high, low: hash.low)
        case .person(let id):
            out.byte(2)
            out.fixed128(high: id.high, low: id.low)
        case .counter, nil: break
        }
        if !pending.isEmpty {
            out.varint(pending.count)
            for item in pending { out.blob(item) }
        }
        if !away.isEmpty {
            out.varint(away.count)
            for hash in away { out.fixed128(high: hash.high, low: hash.low) }
        }
        if let counter { out.blob(counter.encoded()) }
        guard var record else { return out.bytes }
        record.version = version
        var bytes = out.bytes
        // Whatever instant stands in a record that was read, this one can be computed.
        let oldest = max(record.lastDecisionAt, .distantPast) - PersonRecord.idempotencyKept
        bytes.append(contentsOf: record.encoded(keepingIdempotencyFrom: oldest))
        return bytes
    }

    /// The token of a stored value without reading more of it; 0 when there is none.
    static func version(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard bytes.count >= versionBytes else { return 0 }
        return UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    }

    /// Reads what `encoded` wrote.
    ///
    /// - Throws: a `DecodeError` for anything else, whatever the bytes.
    init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var reader = ByteReader(bytes)
        version = try reader.fixed64("a value's version")
        guard version != 0 else { throw reader.invalid("a value's version") }
        let format = try reader.byte("a value's format")
        guard format <= Self.formatVersion else {
            throw DecodeError(.newerVersion(format), at: 8, what: "a value in Redis")
        }
        guard format >= 1 else { throw reader.invalid("a value's format") }
        let parts = try reader.byte("a value's parts")
        guard parts <= Part.all else { throw reader.invalid("a value's parts") }
        if parts & Part.forward != 0 {
            let kind = try reader.byte("a forwarder")
            let (high, low) = try reader.fixed128("a forwarder")
            switch kind {
            case 1: forward = .identifier(IdentifierHash(high: high, low: low))
            case 2: forward = .person(PersonID(high: high, low: low))
            default: throw reader.invalid("a forwarder")
            }
        }
        if parts & Part.pending != 0 {
            let count = try reader.count(bytesEach: 1, "the pending changes")
            for _ in 0..<count { pending.append([UInt8](try reader.blob("the pending changes"))) }
        }
        if parts & Part.away != 0 {
            let count = try reader.count(bytesEach: 16, "the identifiers away")
            for _ in 0..<count {
                let (high, low) = try reader.fixed128("the identifiers away")
                away.append(IdentifierHash(high: high, low: low))
            }
        }
        if parts & Part.counter != 0 { counter = try CounterRecord(decoding: try reader.blob("a counter")) }
        if parts & Part.record != 0 {
            var record = try PersonRecord(decoding: UnsafeRawBufferPointer(rebasing: bytes[reader.offset...]))
            record.version = version
            self.record = record
        } else if !reader.isAtEnd {
            throw reader.invalid("the end of a value")
        }
    }
}
