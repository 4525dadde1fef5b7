import Foundation
import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorStore
import Logging

/// Keeps the keys of all nodes the same: each node has the whole table in its own file, and tells the others through the
/// store what it knows better.
///
/// The store holds no more than hashes, and each entry carries a tag made with the installation's secret: whoever can
/// write to the store, but does not know the secret, can neither add a key nor bring a removed one back. A store that has
/// lost its table gets it again from any node.
actor SharedKeys {
    private let table: any SharedTable
    private let ring: KeyRing
    private let hasher: IdentifierHasher
    private let logger: Logger
    private var stamp: String?
    private var known = KeyTable()
    private var strangers: Set<String> = []

    init(table: any SharedTable, ring: KeyRing, hasher: IdentifierHasher, logger: Logger) {
        self.table = table
        self.ring = ring
        self.hasher = hasher
        self.logger = logger
    }

    /// Takes over what others know better, and tells what this node does.
    func exchange(at now: Timestamp) async throws {
        if let state = try await table.read(unlessAt: stamp) {
            stamp = state.stamp
            known = read(state.values)
            if try ring.merge(known, at: now) { logger.info("keys were changed on another node") }
        }
        let news = ring.table.newer(than: known)
        if news.isEmpty { return }
        try await table.write(values(of: news))
        known = known.merged(with: news)
    }

    // MARK: Entries as the store holds them

    /// What is said of one key: one of both.
    private struct Word: Codable {
        var key: KeyTable.Entry?
        var removed: KeyTable.Removed?
    }

    private func values(of table: KeyTable) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var values: [String: String] = [:]
        for entry in table.keys { values[entry.id] = sealed(try encoder.encode(Word(key: entry))) }
        for entry in table.removed { values[entry.id] = sealed(try encoder.encode(Word(removed: entry))) }
        return values
    }

    private func read(_ values: [String: String]) -> KeyTable {
        var table = KeyTable()
        for (id, value) in values {
            guard let json = opened(value), let word = try? JSONDecoder().decode(Word.self, from: json) else {
                if strangers.insert(id).inserted {
                    logger.warning(
                        "the store holds a key that was not made under this secret; it is left out",
                        metadata: ["key": "\(id)"])
                }
                continue
            }
            if let entry = word.key, entry.id == id { table.keys.append(entry) }
            if let entry = word.removed, entry.id == id { table.removed.append(entry) }
        }
        return table
    }

    private func sealed(_ json: Data) -> String { tag(of: json) + " " + String(decoding: json, as: UTF8.self) }

    private func opened(_ value: String) -> Data? {
        guard let space = value.firstIndex(of: " ") else { return nil }
        let json = Data(value[value.index(after: space)...].utf8)
        // Who can ask often enough to learn from the time this takes can read the store anyway.
        return value[..<space] == tag(of: json) ? json : nil
    }

    private func tag(of json: Data) -> String {
        let words = hasher.tag("shared key 1", json).words
        return words.indices.map { hexadecimal(words[$0]) }.joined()
    }
}
