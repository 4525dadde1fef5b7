import Crypto

/// SHA-256 of a key or a certificate: all that is kept of it.
struct KeyDigest: Hashable, Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    init(of bytes: UnsafeRawBufferPointer) {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        self = hasher.finalize().withUnsafeBytes { bytes in
            func word(_ i: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self))
            }
            return KeyDigest(a: word(0), b: word(1), c: word(2), d: word(3))
        }
    }

    init(of text: String) {
        var text = text
        self = text.withUTF8 { KeyDigest(of: UnsafeRawBufferPointer($0)) }
    }

    private init(a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    /// Reads 64 hexadecimal digits.
    init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var words: [UInt64] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let word = UInt64(rest.prefix(16), radix: 16), rest.first != "+", rest.first != "-" else {
                return nil
            }
            words.append(word)
            rest = rest.dropFirst(16)
        }
        self.init(a: words[0], b: words[1], c: words[2], d: words[3])
    }

    /// 64 hexadecimal digits.
    var text: String { [a, b, c, d].map(hexadecimal).joined() }

    /// Takes equally long wherever the difference lies.
    static func == (x: KeyDigest, y: KeyDigest) -> Bool {
        (x.a ^ y.a) | (x.b ^ y.b) | (x.c ^ y.c) | (x.d ^ y.d) == 0
    }
}

/// Sixteen hexadecimal digits.
public func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
