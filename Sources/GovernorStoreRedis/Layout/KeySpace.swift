import GovernorCore
import GovernorStore

/// The names of keys: a prefix, a letter, and 22 characters for the 16 bytes of an identifier's hash or a person's id.
///
/// See `docs/redis-format.md`.
struct KeySpace: Hashable, Sendable {
    /// Before every key, so that one Redis can serve several installations.
    let prefix: [UInt8]

    static let prefixDefault = "gov:"
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    init(prefix: String = Self.prefixDefault) { self.prefix = Array(prefix.utf8) }

    /// What the installation says of itself: secret, normaliser, format.
    var meta: [UInt8] { prefix + Array("meta".utf8) }

    /// The hash of nodes and of what each has replayed its ledger into.
    var nodes: [UInt8] { prefix + Array("nodes".utf8) }

    /// What nodes tell each other.
    var notices: [UInt8] { prefix + Array("notices".utf8) }

    /// A table that nodes share, and what its present state is called.
    func table(_ name: String) -> [UInt8] { prefix + Array(name.utf8) }
    func tableStamp(_ name: String) -> [UInt8] { prefix + Array("\(name)-stamp".utf8) }

    /// The key that a person or an identifier is looked up by.
    func name(of key: RecordKey) -> [UInt8] {
        var name: [UInt8] = []
        name.reserveCapacity(prefix.count + 23)
        append(key, to: &name)
        return name
    }

    /// The same, appended to what is there.
    @inline(__always)
    func append(_ key: RecordKey, to name: inout [UInt8]) {
        name.append(contentsOf: prefix)
        switch key {
        case .identifier(let hash):
            name.append(UInt8(ascii: "i"))
            Self.append(hash.high, hash.low, to: &name)
        case .person(let id):
            name.append(UInt8(ascii: "p"))
            Self.append(id.high, id.low, to: &name)
        case .counter(let counter):
            name.append(UInt8(ascii: "c"))
            let (high, low) = Self.digest(of: counter)
            Self.append(high, low, to: &name)
        }
    }

    /// 128 bits for a counter's unit, rule and name: FNV-1a from two starts. Part of the format; the value itself says
    /// whose it is.
    static func digest(of key: CounterKey) -> (UInt64, UInt64) {
        var high: UInt64 = 0xcbf2_9ce4_8422_2325
        var low: UInt64 = 0x8422_2325_cbf2_9ce4
        for byte in [key.unit.rawValue] + Array(key.rule.utf8) + [0] + Array(key.name.utf8) {
            high = (high ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            low = (low ^ UInt64(byte ^ 0x5a)) &* 0x0000_0100_0000_01b3
        }
        return (high, low)
    }

    /// Base 64 with the alphabet for URLs, highest bits first, without padding: no braces, so the whole key decides its
    /// slot.
    @inline(__always)
    private static func append(_ high: UInt64, _ low: UInt64, to name: inout [UInt8]) {
        alphabet.withUnsafeBufferPointer { alphabet in
            var shift: UInt64 = 58
            for _ in 0..<10 {
                name.append(alphabet[Int(high >> shift & 63)])
                shift &-= 6
            }
            name.append(alphabet[Int((high & 15) << 2 | low >> 62)])
            shift = 56
            for _ in 0..<10 {
                name.append(alphabet[Int(low >> shift & 63)])
                shift &-= 6
            }
            name.append(alphabet[Int(low & 3) << 4])
        }
    }
}
