import Crypto
public import GovernorCore
import Synchronization

/// The keys that callers present, kept as hashes in one file of the data directory.
///
/// A key has 128 random bits or more, so a plain SHA-256 is enough to keep it, and looking up by the hash leaks nothing
/// about a key that is not there. Changes made by another process are seen at the next `reload`.
public final class KeyRing: Sendable {
    public typealias Entry = KeyTable.Entry

    /// A holder's way in: the same for each of the holder's keys but for its end.
    private final class Known: Sendable {
        let caller: Caller
        let expiresAt: Timestamp
        let use: Use

        init(_ caller: Caller, until expiresAt: Timestamp, _ use: Use) {
            self.caller = caller
            self.expiresAt = expiresAt
            self.use = use
        }
    }

    /// When a holder last came; milliseconds, 0 for never.
    private final class Use: Sendable {
        let at = Atomic<Int64>(0)
    }

    private struct State {
        var table = KeyTable()
        var byDigest: [KeyDigest: Known] = [:]
        var byCertificate: [KeyDigest: Known] = [:]
        /// By the holder's id.
        var bounds: [String: CallerBounds] = [:]
        var uses: [String: Use] = [:]
        var stamp: FileStamp?
        var isRead = false
    }

    /// Keys on one ring, at most.
    public static let entriesMax = 10_000
    private let file: KeyFile
    private let admin: KeyDigest?
    /// Callers that come with tokens instead of keys.
    private let tokens: TokenRing?
    private let state = Mutex(State())
    /// Rises whenever the ring has changed, so that whoever remembers a caller notices.
    private let changes = Atomic<UInt64>(0)

    /// Reads `keys.json` of a data directory; a missing file is an empty ring.
    /// - Parameter adminKey: a key that always holds the role `admin`, from the environment.
    public init(
        dataDirectory: String, adminKey: String? = nil, tokens: TokenRing? = nil
    ) throws(KeyRingError) {
        file = KeyFile(dataDirectory: dataDirectory)
        self.tokens = tokens
        admin = adminKey.map { KeyDigest(of: $0) }
        let used = file.readUse()
        state.withLock { state in
            for (id, text) in used {
                guard let at = try? Timestamp(parsing: text) else { continue }
                let use = Use()
                use.at.store(at.milliseconds, ordering: .relaxed)
                state.uses[id] = use
            }
        }
        try reload()
        tokens?.onChange { [weak self] in self?.forgetAdmissions() }
    }

    // MARK: Letting in

    /// The caller behind a key or a token; `nil` when nobody has it or it has expired. Cost: one SHA-256, and for a token
    /// that is new here a signature.
    public func caller(withKey key: UnsafeRawBufferPointer, at now: Timestamp) -> Caller? {
        admission(withKey: key, at: now)?.caller
    }

    /// The same for whoever asks again and again with the same key: what is found holds until `expiresAt`, and while
    /// `isCurrent` says so.
    public func admission(withKey key: UnsafeRawBufferPointer, at now: Timestamp) -> Admission? {
        let generation = changes.load(ordering: .acquiring)
        let digest = KeyDigest(of: key)
        if digest == admin {
            return Admission(
                caller: Caller(id: "admin", role: .admin), expiresAt: .distantFuture, generation: generation)
        }
        if let tokens, TokenRing.looksLikeToken(key) {
            return tokens.caller(withToken: key, at: now).map {
                Admission(caller: $0.caller, expiresAt: $0.expiresAt, generation: generation)
            }
        }
        return admit(state.withLock { $0.byDigest[digest] }, generation, at: now)
    }

    /// The caller whose certificate this is, in DER; its authority was checked already.
    public func admission(withCertificate certificate: [UInt8], at now: Timestamp) -> Admission? {
        let generation = changes.load(ordering: .acquiring)
        let digest = certificate.withUnsafeBytes { KeyDigest(of: $0) }
        return admit(state.withLock { $0.byCertificate[digest] }, generation, at: now)
    }

    private func admit(_ known: Known?, _ generation: UInt64, at now: Timestamp) -> Admission? {
        guard let known, known.expiresAt > now else { return nil }
        known.use.at.store(now.milliseconds, ordering: .relaxed)
        return Admission(caller: known.caller, expiresAt: known.expiresAt, generation: generation)
    }

    /// Whether the ring is still the one that `admission` was found in. One atomic load.
    public func isCurrent(_ admission: Admission) -> Bool {
        admission.generation == changes.load(ordering: .acquiring)
    }

    /// A caller let in.
    public struct Admission: Sendable {
        public let caller: Caller
        public let expiresAt: Timestamp
        fileprivate let generation: UInt64
    }

    /// Has everybody who remembers a caller look again, so that `lastUsed` is not much older than this call.
    public func forgetAdmissions() { changes.wrappingAdd(1, ordering: .releasing) }

    // MARK: What is on it

    public var table: KeyTable { state.withLock { $0.table } }
    public var entries: [Entry] { table.keys }
    /// Whether anybody could get in.
    public var isEmpty: Bool { admin == nil && tokens == nil && entries.isEmpty }

    /// When each holder last came to this node, by id; only those that ever came.
    public var lastUsed: [String: Timestamp] {
        state.withLock { state in
            state.uses.compactMapValues { use in
                let at = use.at.load(ordering: .relaxed)
                return at == 0 ? nil : Timestamp(milliseconds: at)
            }
        }
    }

    /// Puts `lastUsed` beside the file, for `keys list`.
    public func keepLastUsed() { file.write(use: lastUsed.mapValues(\.description)) }

    // MARK: Changing it

    /// Makes a key, writes its hash to the file and gives the key itself, which is never shown again.
    /// - Parameter certificate: the SHA-256 of a certificate that its holder may show instead, hexadecimal.
    public func add(
        role: Role, agency: String, id: String? = nil, expiresAt: Timestamp? = nil, limits: KeyLimits = KeyLimits(),
        certificate: String? = nil, at now: Timestamp
    ) throws(KeyRingError) -> (id: String, key: String) {
        let key = Self.freshKey()
        var generator = SystemRandomNumberGenerator()
        let id = id ?? (agency.isEmpty ? role.rawValue : agency) + "-" + hexadecimal(generator.next()).prefix(6)
        let certificate = try certificate.map { (text) throws(KeyRingError) in
            guard let digest = KeyDigest(hexadecimal: text) else { throw .notADigest(text) }
            return digest.text
        }
        try change(at: now) { (table) throws(KeyRingError) in
            guard table.keys.count < Self.entriesMax else { throw .full(file.path) }
            guard !table.keys.contains(where: { $0.id == id }) else { throw .duplicate(id) }
            if let certificate, let other = table.keys.first(where: { $0.certificate == certificate }) {
                throw .certificateTaken(other.id)
            }
            table.keys.append(
                Entry(
                    id: id, role: role, agency: agency, digest: KeyDigest(of: key).text, createdAt: now.description,
                    expiresAt: expiresAt?.description, changedAt: table.stamp(for: id, at: now),
                    limits: limits.isEmpty ? nil : limits, certificate: certificate))
            table.removed.removeAll { $0.id == id }
        }
        return (id, key)
    }

    /// Gives a holder a new key, which holds at once; the one before holds until `overlap` is over, so that callers can
    /// change it one by one. With an overlap of nothing no earlier key holds any longer.
    /// - Parameter expiresAt: when the new key ends; `nil` leaves that as it was.
    public func rotate(
        id: String, overlap: Milliseconds, expiresAt: Timestamp? = nil, at now: Timestamp
    ) throws(KeyRingError) -> String {
        let key = Self.freshKey()
        try change(at: now) { (table) throws(KeyRingError) in
            guard let i = table.keys.firstIndex(where: { $0.id == id }) else { throw .unknown(id) }
            var entry = table.keys[i]
            entry.changedAt = table.stamp(for: id, at: now)
            var previous: [KeyTable.Previous] = []
            if overlap.count > 0 {
                previous = (entry.previous ?? []).filter { $0.until > now.description }
                // No longer than it would have held anyway.
                let end = min(now + overlap, entry.expiresAt.flatMap { try? Timestamp(parsing: $0) } ?? .distantFuture)
                if end > now { previous.append(KeyTable.Previous(digest: entry.digest, until: end.description)) }
                guard previous.count <= Self.previousMax else { throw .tooManyOverlaps(id) }
            }
            entry.previous = previous.isEmpty ? nil : previous
            entry.digest = KeyDigest(of: key).text
            if let expiresAt { entry.expiresAt = expiresAt.description }
            table.keys[i] = entry
        }
        return key
    }

    /// Earlier keys of one holder that still hold.
    static let previousMax = 8

    /// Takes a holder's keys out of the ring, all of them.
    public func remove(id: String, at now: Timestamp) throws(KeyRingError) {
        try change(at: now) { (table) throws(KeyRingError) in
            guard let i = table.keys.firstIndex(where: { $0.id == id }) else { throw .unknown(id) }
            let stamp = table.stamp(for: id, at: now)
            table.keys.remove(at: i)
            table.removed.append(KeyTable.Removed(id: id, at: stamp))
        }
    }

    /// Takes over whatever `other`, another node's table, knows better.
    /// - Returns: whether anything was new.
    public func merge(_ other: KeyTable, at now: Timestamp) throws(KeyRingError) -> Bool {
        if other.newer(than: table).isEmpty { return false }
        try change(at: now) { (table) throws(KeyRingError) in table = table.merged(with: other) }
        return true
    }

    private func change(
        at now: Timestamp, _ body: (inout KeyTable) throws(KeyRingError) -> Void
    ) throws(KeyRingError) {
        try file.change { (table) throws(KeyRingError) in
            try body(&table)
            table = table.swept(at: now)
        }
        try reload(force: true)
    }

    private static func freshKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return "gk_" + (0..<4).map { _ in hexadecimal(generator.next()) }.joined()
    }

    /// Reads the file again if it has changed; a file that cannot be read leaves the ring as it was and says so.
    public func reload() throws(KeyRingError) { try reload(force: false) }

    private func reload(force: Bool) throws(KeyRingError) {
        // Before the file is read: a change between the two is read again next time.
        let stamp = file.stamp
        if !force, state.withLock({ $0.isRead && $0.stamp == stamp }) { return }
        let table = try file.read()
        let before = state.withLock { $0 }
        var next = State()
        next.table = table
        next.uses = before.uses
        next.stamp = stamp
        next.isRead = true
        for entry in table.keys {
            var bounds: CallerBounds?
            if let limits = entry.limits, !limits.isEmpty {
                // What is under way, and what was asked lately, still counts.
                let known = before.bounds[entry.id]
                bounds = known?.limits == limits ? known : CallerBounds(limits)
                next.bounds[entry.id] = bounds
            }
            let caller = Caller(id: entry.id, role: entry.role, agency: entry.agency, bounds: bounds)
            let use = before.uses[entry.id] ?? Use()
            next.uses[entry.id] = use
            let end = try entry.expiresAt.map { (text) throws(KeyRingError) in try instant(text, entry) }
            guard let digest = KeyDigest(hexadecimal: entry.digest) else {
                throw .unreadable(file.path, "the digest of \(entry.id)")
            }
            next.byDigest[digest] = Known(caller, until: end ?? .distantFuture, use)
            for old in entry.previous ?? [] {
                guard let digest = KeyDigest(hexadecimal: old.digest) else {
                    throw .unreadable(file.path, "an earlier digest of \(entry.id)")
                }
                next.byDigest[digest] = Known(caller, until: try instant(old.until, entry), use)
            }
            if let text = entry.certificate {
                guard let digest = KeyDigest(hexadecimal: text) else {
                    throw .unreadable(file.path, "the certificate of \(entry.id)")
                }
                next.byCertificate[digest] = Known(caller, until: end ?? .distantFuture, use)
            }
        }
        let isChanged = next.table != before.table || !before.isRead
        let ready = next
        state.withLock { $0 = ready }
        if isChanged { changes.wrappingAdd(1, ordering: .releasing) }
    }

    private func instant(_ text: String, _ entry: Entry) throws(KeyRingError) -> Timestamp {
        do { return try Timestamp(parsing: text) } catch {
            throw .unreadable(file.path, "an expiry of \(entry.id)")
        }
    }
}

/// What is wrong with the keys.
public enum KeyRingError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String, String)
    case unwritable(String, String)
    case full(String)
    case duplicate(String)
    case unknown(String)
    case tooManyOverlaps(String)
    case notADigest(String)
    case certificateTaken(String)

    public var description: String {
        switch self {
        case .unreadable(let path, let why): "the keys in \(path) cannot be read: \(why)"
        case .unwritable(let path, let why): "the keys in \(path) cannot be written: \(why)"
        case .full(let path): "\(path) holds as many keys as it may (\(KeyRing.entriesMax))"
        case .duplicate(let id): "there is a key with the id \(id) already"
        case .unknown(let id): "there is no key with the id \(id)"
        case .tooManyOverlaps(let id):
            "\(id) has \(KeyRing.previousMax) earlier keys that still hold; rotate with an overlap of PT0S to end them"
        case .notADigest(let text): "`\(text)` is not the SHA-256 of a certificate: 64 hexadecimal digits"
        case .certificateTaken(let id): "the key \(id) has this certificate already"
        }
    }
}
