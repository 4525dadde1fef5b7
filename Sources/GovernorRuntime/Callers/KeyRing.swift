import Crypto
import Foundation
public import GovernorCore
import Synchronization

/// The keys that callers present, kept as hashes in one file of the data directory.
///
/// A key has 128 random bits or more, so a plain SHA-256 is enough to keep it, and looking up by the hash leaks nothing
/// about a key that is not there. Changes made by another process are seen within a second (`reload`).
public final class KeyRing: Sendable {
    /// One key as the file keeps it.
    public struct Entry: Codable, Hashable, Sendable {
        public var id: String
        public var role: Role
        public var agency: String
        /// SHA-256 of the key, hexadecimal.
        public var digest: String
        /// RFC 3339.
        public var createdAt: String
        public var expiresAt: String?
    }

    private struct State {
        var entries: [Entry] = []
        var byDigest: [Digest: (caller: Caller, expiresAt: Timestamp?)] = [:]
        var modified: Date?
    }

    private struct Digest: Hashable {
        var a: UInt64
        var b: UInt64
        var c: UInt64
        var d: UInt64
    }

    /// Keys on one ring, at most.
    public static let entriesMax = 10_000
    private let path: String
    private let state = Mutex(State())

    /// Reads `keys.json` of a data directory; a missing file is an empty ring.
    /// - Parameter adminKey: a key that always holds the role `admin`, from the environment.
    public init(dataDirectory: String, adminKey: String? = nil) throws(KeyRingError) {
        path = dataDirectory + "/keys.json"
        admin = adminKey.map { Self.digest(Array($0.utf8)) }
        try reload()
    }

    private let admin: Digest?
    /// Rises whenever the ring has changed, so that whoever remembers a caller notices.
    private let changes = Atomic<UInt64>(0)

    /// The caller behind a key; `nil` when nobody has it or it has expired. Cost: one SHA-256.
    public func caller(withKey key: UnsafeRawBufferPointer, at now: Timestamp) -> Caller? {
        guard let known = admission(withKey: key), known.expiresAt > now else { return nil }
        return known.caller
    }

    /// The same for whoever asks again and again with the same key: what is found holds until `expiresAt`, and while
    /// `isCurrent` says so.
    public func admission(withKey key: UnsafeRawBufferPointer) -> Admission? {
        let generation = changes.load(ordering: .acquiring)
        let digest = Self.digest(key)
        if digest == admin {
            return Admission(
                caller: Caller(id: "admin", role: .admin), expiresAt: .distantFuture, generation: generation)
        }
        return state.withLock { state in
            state.byDigest[digest].map {
                Admission(caller: $0.caller, expiresAt: $0.expiresAt ?? .distantFuture, generation: generation)
            }
        }
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

    public var entries: [Entry] { state.withLock { $0.entries } }
    /// Whether anybody could get in.
    public var isEmpty: Bool { admin == nil && entries.isEmpty }

    /// Makes a key, writes its hash to the file and gives the key itself, which is never shown again.
    public func add(
        role: Role, agency: String, id: String? = nil, expiresAt: Timestamp? = nil, at now: Timestamp
    ) throws(KeyRingError) -> (id: String, key: String) {
        try reload()
        var generator = SystemRandomNumberGenerator()
        let key = "gk_" + (0..<4).map { _ in hexadecimal(generator.next()) }.joined()
        let id = id ?? (agency.isEmpty ? role.rawValue : agency) + "-" + hexadecimal(generator.next()).prefix(6)
        var entries = entries
        guard entries.count < Self.entriesMax else { throw .full(path) }
        guard !entries.contains(where: { $0.id == id }) else { throw .duplicate(id) }
        let digest = Self.digest(Array(key.utf8))
        entries.append(
            Entry(
                id: id, role: role, agency: agency, digest: Self.text(digest), createdAt: now.description,
                expiresAt: expiresAt?.description))
        try write(entries)
        try reload()
        return (id, key)
    }

    /// Takes a key out of the ring.
    public func remove(id: String) throws(KeyRingError) {
        try reload()
        var entries = entries
        guard let i = entries.firstIndex(where: { $0.id == id }) else { throw .unknown(id) }
        entries.remove(at: i)
        try write(entries)
        try reload()
    }

    /// Reads the file again if it has changed; a file that cannot be read leaves the ring as it was and says so.
    public func reload() throws(KeyRingError) {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else {
            return state.withLock { state in
                if state.modified == nil { return }
                state = State()
                changes.wrappingAdd(1, ordering: .releasing)
            }
        }
        let modified = (try? manager.attributesOfItem(atPath: path)[.modificationDate]) as? Date
        if let modified, state.withLock({ $0.modified == modified }) { return }
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadable(path, "\(error)")
        }
        var byDigest: [Digest: (caller: Caller, expiresAt: Timestamp?)] = [:]
        for entry in entries {
            guard let digest = Self.digest(text: entry.digest) else {
                throw .unreadable(path, "the digest of \(entry.id)")
            }
            var expiresAt: Timestamp?
            if let text = entry.expiresAt {
                do { expiresAt = try Timestamp(parsing: text) } catch {
                    throw .unreadable(path, "the expiry of \(entry.id)")
                }
            }
            byDigest[digest] = (Caller(id: entry.id, role: entry.role, agency: entry.agency), expiresAt)
        }
        let table = byDigest
        state.withLock { state in
            state = State(entries: entries, byDigest: table, modified: modified)
            changes.wrappingAdd(1, ordering: .releasing)
        }
    }

    private func write(_ entries: [Entry]) throws(KeyRingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try encoder.encode(entries).write(to: URL(fileURLWithPath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw .unwritable(path, "\(error)")
        }
        // The next look must see the new file even within the clock's resolution.
        state.withLock { $0.modified = nil }
    }

    private static func digest(_ key: [UInt8]) -> Digest { key.withUnsafeBytes { digest($0) } }

    private static func digest(_ key: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(bufferPointer: key)
        return hasher.finalize().withUnsafeBytes { bytes in
            func word(_ i: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self))
            }
            return Digest(a: word(0), b: word(1), c: word(2), d: word(3))
        }
    }

    private static func text(_ digest: Digest) -> String {
        [digest.a, digest.b, digest.c, digest.d].map(hexadecimal).joined()
    }

    private static func digest(text: String) -> Digest? {
        guard text.utf8.count == 64 else { return nil }
        var words: [UInt64] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words.append(word)
            rest = rest.dropFirst(16)
        }
        return Digest(a: words[0], b: words[1], c: words[2], d: words[3])
    }
}

/// What is wrong with the keys.
public enum KeyRingError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String, String)
    case unwritable(String, String)
    case full(String)
    case duplicate(String)
    case unknown(String)

    public var description: String {
        switch self {
        case .unreadable(let path, let why): "the keys in \(path) cannot be read: \(why)"
        case .unwritable(let path, let why): "the keys in \(path) cannot be written: \(why)"
        case .full(let path): "\(path) holds as many keys as it may (\(KeyRing.entriesMax))"
        case .duplicate(let id): "there is a key with the id \(id) already"
        case .unknown(let id): "there is no key with the id \(id)"
        }
    }
}

/// Sixteen hexadecimal digits.
public func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
