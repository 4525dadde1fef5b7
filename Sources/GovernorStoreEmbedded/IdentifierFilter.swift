import GovernorCore

/// Which identifiers may be known: "no" is certain, "maybe" is wrong about once in a hundred times.
///
/// A blocked Bloom filter: one cache line per identifier, six bits in it, about twelve bits per identifier in all.
/// Source: Putze, Sanders and Singler, "Cache-, Hash- and Space-Efficient Bloom Filters" (2007).
struct IdentifierFilter {
    private var words: [UInt64]
    private let blockCount: UInt64
    /// Identifiers that it was made for; with more, "maybe" is wrong more often.
    let capacity: Int
    private(set) var count = 0

    init(capacity: Int, bytesMax: Int) {
        let wanted = max(1, capacity) * 12 / 8 / 64 + 1
        let blocks = min(wanted, max(1, bytesMax / 64))
        words = [UInt64](repeating: 0, count: blocks * 8)
        blockCount = UInt64(blocks)
        self.capacity = blocks < wanted ? .max : capacity
    }

    var byteCount: Int { words.count * 8 }

    mutating func insert(_ hash: IdentifierHash) {
        let start = block(of: hash)
        var bits = hash.low
        for _ in 0..<6 {
            words[start + Int(bits >> 6 & 7)] |= 1 << (bits & 63)
            bits >>= 9
        }
        count += 1
    }

    func mayContain(_ hash: IdentifierHash) -> Bool {
        let start = block(of: hash)
        var bits = hash.low
        for _ in 0..<6 {
            if words[start + Int(bits >> 6 & 7)] & (1 << (bits & 63)) == 0 { return false }
            bits >>= 9
        }
        return true
    }

    private func block(of hash: IdentifierHash) -> Int { Int(hash.high.multipliedFullWidth(by: blockCount).high) * 8 }

    /// Takes over everything that `other`, of the same size, has seen.
    mutating func formUnion(_ other: IdentifierFilter) {
        for i in words.indices { words[i] |= other.words[i] }
        count += other.count
    }
}
