import GovernorCore
import GovernorSQLite

/// The `meta` table of a ledger file: what the file is, what it follows, and what its records depend on.
struct LedgerFileMeta: Hashable {
    static let formatVersion: Int64 = 1
    /// `GLGD`, in SQLite's own header, so that tools recognise the file.
    static let applicationID: Int64 = 0x474c_4744

    /// 1 for the first file of a ledger.
    var index: UInt32
    var firstSequence: UInt64
    /// The head of the chain at the end of the file before; zeros for the first file.
    var previousHash: LedgerHash
    var createdAt: Int64
    var node: NodeID
    var identity: LedgerIdentity
    var name: LedgerFileName

    // Written later, and not part of the link.
    /// The file after this one. Set when this file has become final.
    var next: String?
    /// Earlier files were pruned: this one may be the first.
    var isOldest = false

    /// The hash that stands for the file's beginning: the first group of the file follows it.
    var link: LedgerHash {
        var bytes: [UInt8] = Array("GLF1".utf8)
        bytes += previousHash.bytes
        bytes.append(bigEndian: index)
        bytes.append(bigEndian: firstSequence)
        bytes.append(bigEndian: createdAt)
        bytes.append(bigEndian: node.high)
        bytes.append(bigEndian: node.low)
        bytes.append(bigEndian: identity.normaliserVersion)
        bytes.append(UInt8(truncatingIfNeeded: identity.secretFingerprint.count))
        bytes += identity.secretFingerprint
        bytes += name.description.utf8
        return bytes.withUnsafeBytes { LedgerHash(of: $0) }
    }

    func store(in connection: SQLiteConnection) throws(SQLiteFailure) {
        let statement = try connection.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")
        func put(_ key: String, _ value: Int64) throws(SQLiteFailure) {
            statement.bind(1, key)
            statement.bind(2, value)
            try statement.run()
        }
        func put(_ key: String, _ value: [UInt8]) throws(SQLiteFailure) {
            statement.bind(1, key)
            statement.bind(2, value)
            try statement.run()
        }
        var nodeBytes: [UInt8] = []
        nodeBytes.append(bigEndian: node.high)
        nodeBytes.append(bigEndian: node.low)
        try put("format", Self.formatVersion)
        try put("index", Int64(index))
        try put("first", Int64(bitPattern: firstSequence))
        try put("previous", previousHash.bytes)
        try put("created", createdAt)
        try put("node", nodeBytes)
        try put("secret", identity.secretFingerprint)
        try put("normaliser", Int64(identity.normaliserVersion))
        try put("link", link.bytes)
    }

    /// Reads and checks the table.
    init(from connection: SQLiteConnection, name: LedgerFileName) throws(LedgerError) {
        let path = connection.path
        var integers: [String: Int64] = [:]
        var blobs: [String: [UInt8]] = [:]
        var next: String?
        do throws(SQLiteFailure) {
            guard try connection.integer("PRAGMA application_id") == Self.applicationID else {
                throw SQLiteFailure(code: 11, message: "it does not carry the mark of a ledger file")
            }
            let rows = try connection.prepare("SELECT key, value FROM meta")
            while try rows.step() {
                guard let key = rows.text(0) else { continue }
                if key == "next" {
                    next = rows.text(1)
                } else {
                    integers[key] = rows.integer(1)
                    blobs[key] = Array(rows.blob(1))
                }
            }
        } catch {
            throw error.ledgerError(file: path)
        }
        guard let format = integers["format"] else {
            throw .damaged(file: path, reason: "its format version is gone")
        }
        guard format == Self.formatVersion else {
            throw .unsupported(file: path, what: "format \(format), this version knows \(Self.formatVersion)")
        }
        guard let index = integers["index"].flatMap({ UInt32(exactly: $0) }),
            let first = integers["first"].flatMap({ UInt64(exactly: $0) }), first > 0,
            let previous = blobs["previous"], previous.count == 32, let created = integers["created"],
            let node = blobs["node"], node.count == 16, let secret = blobs["secret"], secret.count <= 64,
            let normaliser = integers["normaliser"].flatMap({ UInt32(exactly: $0) }),
            let stored = blobs["link"], stored.count == 32
        else { throw .damaged(file: path, reason: "its description is incomplete") }
        let nodeID = node.withUnsafeBytes {
            NodeID(
                high: UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
        self.init(
            index: index, firstSequence: first, previousHash: previous.withUnsafeBytes { LedgerHash($0) },
            createdAt: created, node: nodeID,
            identity: LedgerIdentity(secretFingerprint: secret, normaliserVersion: normaliser), name: name,
            next: next, isOldest: integers["oldest"] == 1)
        guard link.bytes == stored else {
            throw .damaged(file: path, reason: "its description or its name was changed")
        }
    }

    init(
        index: UInt32, firstSequence: UInt64, previousHash: LedgerHash, createdAt: Int64, node: NodeID,
        identity: LedgerIdentity, name: LedgerFileName, next: String? = nil, isOldest: Bool = false
    ) {
        self.index = index
        self.firstSequence = firstSequence
        self.previousHash = previousHash
        self.createdAt = createdAt
        self.node = node
        self.identity = identity
        self.name = name
        self.next = next
        self.isOldest = isOldest
    }
}
