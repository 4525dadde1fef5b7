import Crypto
public import GovernorCore

/// Turns identifiers into the keyed hashes that are the only form of them outside the request.
///
/// HMAC-SHA256 over the kind, a zero byte and the canonical form; the first 16 bytes are kept. A hash costs about 1 µs
/// and the inner states of the two digests are made once.
/// Source: RFC 2104; FIPS 198-1.
public struct IdentifierHasher: Sendable {
    /// The fewest bytes that a secret may have.
    public static let secretBytesMin = 16

    /// Rises whenever some spelling gets another canonical form; then the form it had goes along as an alias, so that
    /// what was told under it is found.
    ///
    /// Data of an earlier version are taken as they are, those of a later one are refused. 2: numbers of countries that
    /// have changed their numbers have an alias (`PhoneNumber.renumbered`).
    public static let normaliserVersion: UInt32 = 2

    /// Tells secrets apart without telling them; stored, so that a wrong secret is refused at the start.
    public let fingerprint: SecretFingerprint

    private let inner: SHA256
    private let outer: SHA256

    /// Takes the secret of the installation.
    /// - Throws: `SecretError.tooShort` for fewer than 16 bytes.
    public init(secret: [UInt8]) throws(SecretError) {
        guard secret.count >= Self.secretBytesMin else { throw .tooShort }
        let blockBytes = 64
        var key = secret.count > blockBytes ? Array(SHA256.hash(data: secret)) : secret
        key += [UInt8](repeating: 0, count: blockBytes - key.count)
        var inner = SHA256()
        inner.update(data: key.map { $0 ^ 0x36 })
        var outer = SHA256()
        outer.update(data: key.map { $0 ^ 0x5c })
        self.inner = inner
        self.outer = outer
        let tag = Self.authenticate(inner: inner, outer: outer, "fingerprint", [UInt8]())
        fingerprint = SecretFingerprint(high: tag.words[0], low: tag.words[1])
    }

    /// Hashes a canonical number, as `phone` and `+14155550123`.
    public func hash(_ phone: PhoneNumber) -> IdentifierHash {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
            "phone\0".utf8.withContiguousStorageIfAvailable { buffer.copyMemory(from: UnsafeRawBufferPointer($0)) }
            let count = phone.write(into: UnsafeMutableRawBufferPointer(rebasing: buffer[6...]))
            return digest(UnsafeRawBufferPointer(rebasing: buffer[..<(6 + count)]))
        }
    }

    /// Hashes a canonical address.
    public func hash(_ email: EmailAddress) -> IdentifierHash {
        var text = email.text
        return text.withUTF8 { hash(kind: "email\0", UnsafeRawBufferPointer($0)) }
    }

    /// Hashes a key of the company's own, namespace and value together.
    public func hash(_ key: NamespacedKey) -> IdentifierHash {
        var text = key.text
        return text.withUTF8 { hash(kind: "key\0", UnsafeRawBufferPointer($0)) }
    }

    /// Canonicalises and hashes an address without building it.
    public func hash(emailUTF8 bytes: UnsafeRawBufferPointer) throws(IdentifierError) -> IdentifierHash {
        try EmailAddress.withCanonical(utf8: bytes) { hash(kind: "email\0", $0) }
    }

    /// Checks and hashes a key of the company's own without building it.
    public func hash(keyUTF8 bytes: UnsafeRawBufferPointer) throws(IdentifierError) -> IdentifierHash {
        _ = try NamespacedKey.validate(utf8: bytes)
        return hash(kind: "key\0", bytes)
    }

    /// Keys other things than identifiers, such as reservation ids; domains never meet each other nor the identifiers.
    public func tag(_ domain: StaticString, _ bytes: some Sequence<UInt8>) -> KeyedTag {
        Self.authenticate(inner: inner, outer: outer, domain, bytes)
    }

    private static func authenticate(
        inner: SHA256, outer: SHA256, _ domain: StaticString, _ bytes: some Sequence<UInt8>
    ) -> KeyedTag {
        var message: [UInt8] = []
        message.reserveCapacity(64)
        message.append(contentsOf: "tag\0".utf8)
        domain.withUTF8Buffer { message.append(contentsOf: $0) }
        message.append(0)
        message.append(contentsOf: bytes)
        return message.withUnsafeBytes { authenticate(inner: inner, outer: outer, $0) }
    }

    @inline(__always)
    private func hash(kind: StaticString, _ canonical: UnsafeRawBufferPointer) -> IdentifierHash {
        let prefix = UnsafeRawBufferPointer(start: kind.utf8Start, count: kind.utf8CodeUnitCount)
        return withUnsafeTemporaryAllocation(byteCount: prefix.count + canonical.count, alignment: 8) { buffer in
            buffer.copyMemory(from: prefix)
            UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]).copyMemory(from: canonical)
            return digest(UnsafeRawBufferPointer(buffer))
        }
    }

    @inline(__always)
    private func digest(_ message: UnsafeRawBufferPointer) -> IdentifierHash {
        let words = Self.authenticate(inner: inner, outer: outer, message).words
        return IdentifierHash(high: words[0], low: words[1])
    }

    private static func authenticate(inner: SHA256, outer: SHA256, _ message: UnsafeRawBufferPointer) -> KeyedTag {
        var inside = inner
        inside.update(bufferPointer: message)
        var outside = outer
        inside.finalize().withUnsafeBytes { outside.update(bufferPointer: $0) }
        return outside.finalize().withUnsafeBytes { KeyedTag(bytes: $0) }
    }
}

/// The secret of an installation cannot be used.
public enum SecretError: Error, Hashable, Sendable, CustomStringConvertible {
    case tooShort

    public var description: String { "the secret has fewer than \(IdentifierHasher.secretBytesMin) bytes" }
}

/// What is stored of a secret: two are equal only for the same secret.
public struct SecretFingerprint: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension SecretFingerprint: CustomStringConvertible {
    /// 32 hexadecimal digits.
    public var description: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// All 32 bytes of an HMAC-SHA256, as four big-endian words.
public struct KeyedTag: Hashable, Sendable {
    public let words: SIMD4<UInt64>

    init(bytes: UnsafeRawBufferPointer) {
        words = SIMD4(
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    public var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - 8 * ($0 % 8))) }
    }
}
