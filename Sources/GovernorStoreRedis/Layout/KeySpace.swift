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
            name.append(contentsOf: "\(counter.rule) \(counter.unit.rawValue) \(counter.name)".utf8)
        }
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
