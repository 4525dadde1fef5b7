public import GovernorCore

/// All keys of an installation as hashes, and which were removed: what the file of keys holds, and what nodes tell each
/// other. Two tables merge by taking the newest word on each key, so that nodes agree whatever reaches them first.
public struct KeyTable: Codable, Hashable, Sendable {
    public var keys: [Entry] = []
    public var removed: [Removed] = []

    /// One holder's keys.
    public struct Entry: Codable, Hashable, Sendable {
        public var id: String
        public var role: Role
        public var agency: String
        /// SHA-256 of the key, hexadecimal; empty when there is none but a certificate.
        public var digest: String
        /// RFC 3339.
        public var createdAt: String
        public var expiresAt: String?
        /// Orders the words on this key; RFC 3339. `nil`: as old as the key.
        public var changedAt: String?
        public var limits: KeyLimits?
        /// The keys before this one that still hold.
        public var previous: [Previous]?
        /// SHA-256 of the certificate that its holder may show instead of a key, hexadecimal.
        public var certificate: String?

        var stamp: String { changedAt ?? createdAt }
    }

    /// A key that was replaced and holds until `until`, not included.
    public struct Previous: Codable, Hashable, Sendable {
        public var digest: String
        public var until: String
    }

    /// A key that is gone, kept so that nobody who missed it brings the key back.
    public struct Removed: Codable, Hashable, Sendable {
        public var id: String
        public var at: String
    }

    public init() {}

    /// How long a removal is remembered.
    public static let removedKept = Milliseconds.hours(24 * 400)

    public var isEmpty: Bool { keys.isEmpty && removed.isEmpty }

    /// The newest word on each key of both; between two of one instant a removal, and else the greater digest.
    public func merged(with other: KeyTable) -> KeyTable {
        var words: [String: Word] = [:]
        for word in self.words + other.words {
            if let known = words[word.id], !word.supersedes(known) { continue }
            words[word.id] = word
        }
        return KeyTable(words.values)
    }

    /// The words of this table that `other` has not heard.
    public func newer(than other: KeyTable) -> KeyTable {
        let known = Dictionary(other.words.map { ($0.id, $0) }, uniquingKeysWith: { $1.supersedes($0) ? $1 : $0 })
        return KeyTable(words.filter { word in known[word.id].map(word.supersedes) ?? true })
    }

    /// Without removals older than `removedKept`.
    func swept(at now: Timestamp) -> KeyTable {
        var table = self
        let oldest = (now - Self.removedKept).description
        table.removed.removeAll { $0.at < oldest }
        return table
    }

    /// Puts a word on `id` behind everything that was said of it. Instants in one format order as texts.
    func stamp(for id: String, at now: Timestamp) -> String {
        guard let last = words.first(where: { $0.id == id })?.stamp, last >= now.description else {
            return now.description
        }
        return ((try? Timestamp(parsing: last)).map { $0 + Milliseconds(1) } ?? now).description
    }

    /// What was last said of one key.
    private enum Word {
        case present(Entry)
        case removed(Removed)

        var id: String {
            switch self {
            case .present(let entry): entry.id
            case .removed(let removed): removed.id
            }
        }

        var stamp: String {
            switch self {
            case .present(let entry): entry.stamp
            case .removed(let removed): removed.at
            }
        }

        func supersedes(_ other: Word) -> Bool {
            if stamp != other.stamp { return stamp > other.stamp }
            switch (self, other) {
            case (.removed, .present): return true
            case (.present(let a), .present(let b)): return a.digest > b.digest
            case (.present, .removed), (.removed, .removed): return false
            }
        }
    }

    private var words: [Word] { keys.map(Word.present) + removed.map(Word.removed) }

    private init(_ words: some Sequence<Word>) {
        for word in words {
            switch word {
            case .present(let entry): keys.append(entry)
            case .removed(let entry): removed.append(entry)
            }
        }
        keys.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        removed.sort { ($0.at, $0.id) < ($1.at, $1.id) }
    }
}
