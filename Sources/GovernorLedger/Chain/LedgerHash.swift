import Crypto

/// A SHA-256 value of the chain.
public struct LedgerHash: Hashable, Sendable {
    // In the order of the bytes, each in this machine's byte order: only copied, never calculated with.
    var words: (UInt64, UInt64, UInt64, UInt64)

    /// What stands before the first file.
    public static let zero = LedgerHash()

    init() { words = (0, 0, 0, 0) }

    /// - Precondition: `bytes` holds 32.
    init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32, "a hash has 32 bytes")
        words = bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    }

    /// The hash of `bytes`.
    @inline(__always) init(of bytes: UnsafeRawBufferPointer) {
        var function = SHA256()
        function.update(bufferPointer: bytes)
        self = function.finalize().withUnsafeBytes { LedgerHash($0) }
    }

    /// Its 32 bytes.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    @inline(__always) func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withUnsafePointer(to: self) { (pointer: UnsafePointer<LedgerHash>) throws(E) -> R in
            try body(UnsafeRawBufferPointer(start: pointer, count: 32))
        }
    }

    /// The first eight bytes as a number: enough to tell which record of a group was changed.
    @inline(__always) var mark: Int64 { Int64(bitPattern: UInt64(bigEndian: words.0)) }

    public static func == (a: LedgerHash, b: LedgerHash) -> Bool { a.words == b.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension LedgerHash: CustomStringConvertible {
    /// Sixty-four lower-case hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension LedgerHash {
    /// Reads sixty-four hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap {
            Unicode.Scalar($0).properties.isASCIIHexDigit ? Character(Unicode.Scalar($0)).hexDigitValue : nil
        }
        guard text.utf8.count == 64, digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) { bytes.append(UInt8(digits[index] << 4 | digits[index + 1])) }
        self = bytes.withUnsafeBytes { LedgerHash($0) }
    }
}
