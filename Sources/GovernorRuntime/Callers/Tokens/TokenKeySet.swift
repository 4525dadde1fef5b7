import Crypto
import CryptoExtras
import Foundation

/// The public keys of an identity provider, by their ids. Source: RFC 7517; RFC 7518, section 6.
public struct TokenKeySet: Sendable {
    enum PublicKey: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    struct Entry: Sendable {
        var id: String?
        /// The only algorithm that it is for; `nil`: any of its kind.
        var algorithm: TokenAlgorithm?
        var key: PublicKey
    }

    private(set) var entries: [Entry] = []
    /// Keys of the document that are of no use here: of another kind, for encryption, or too short.
    public private(set) var ignoredCount = 0

    /// Bytes of a document, and keys in it.
    public static let bytesMax = 1 << 20
    public static let entriesMax = 200

    public init() {}

    public var count: Int { entries.count }

    /// Reads a JWK set. Keys that cannot be used are left out, as the format demands.
    public init(json: [UInt8]) throws(TokenKeySetError) {
        guard json.count <= Self.bytesMax else { throw TokenKeySetError(description: "the key set is too long") }
        guard let document = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any],
            let keys = document["keys"] as? [[String: Any]]
        else { throw TokenKeySetError(description: "this is not a JWK set: an object with a list `keys`") }
        guard keys.count <= Self.entriesMax else {
            throw TokenKeySetError(description: "the key set has more than \(Self.entriesMax) keys")
        }
        for key in keys {
            if let entry = Self.entry(key) { entries.append(entry) } else { ignoredCount += 1 }
        }
        if entries.isEmpty { throw TokenKeySetError(description: "the key set has no key that can be used") }
    }

    /// The keys that a token with this header may be signed with: the one it names, or any when it names none.
    func candidates(id: String?, _ algorithm: TokenAlgorithm) -> [PublicKey] {
        entries.filter { entry in
            (id == nil || entry.id == id) && (entry.algorithm ?? algorithm) == algorithm
                && entry.key.canVerify(algorithm)
        }.map(\.key)
    }

    func knows(id: String) -> Bool { entries.contains { $0.id == id } }

    private static func entry(_ jwk: [String: Any]) -> Entry? {
        if let use = jwk["use"] as? String, use != "sig" { return nil }
        if let uses = jwk["key_ops"] as? [String], !uses.contains("verify") { return nil }
        var algorithm: TokenAlgorithm?
        if let name = jwk["alg"] as? String {
            guard let known = TokenAlgorithm(rawValue: name) else { return nil }
            algorithm = known
        }
        func bytes(_ name: String) -> Data? { (jwk[name] as? String).flatMap { Base64URL.decode($0) } }
        let key: PublicKey
        switch (jwk["kty"] as? String, jwk["crv"] as? String) {
        case ("RSA", _):
            guard let n = bytes("n"), let e = bytes("e"), let rsa = try? _RSA.Signing.PublicKey(n: n, e: e) else {
                return nil
            }
            key = .rsa(rsa)
        case ("EC", "P-256"):
            guard let x = bytes("x"), let y = bytes("y"),
                let point = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            key = .p256(point)
        case ("EC", "P-384"):
            guard let x = bytes("x"), let y = bytes("y"),
                let point = try? P384.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            key = .p384(point)
        case ("OKP", "Ed25519"):
            guard let x = bytes("x"), let point = try? Curve25519.Signing.PublicKey(rawRepresentation: x) else {
                return nil
            }
            key = .ed25519(point)
        default: return nil
        }
        return Entry(id: jwk["kid"] as? String, algorithm: algorithm, key: key)
    }
}

extension TokenKeySet.PublicKey {
    func canVerify(_ algorithm: TokenAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512),
            (.p256, .es256), (.p384, .es384), (.ed25519, .edDSA):
            true
        default: false
        }
    }

    func isValid(_ signature: Data, for message: Data, _ algorithm: TokenAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.rsa(let key), _):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return switch algorithm {
            case .rs256:
                key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
            case .rs384:
                key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
            case .rs512:
                key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
            case .ps256: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .PSS)
            case .ps384: key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .PSS)
            case .ps512: key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .PSS)
            case .es256, .es384, .edDSA: false
            }
        case (.p256(let key), .es256):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case (.p384(let key), .es384):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case (.ed25519(let key), .edDSA): return key.isValidSignature(signature, for: message)
        default: return false
        }
    }
}

/// What is wrong with a key set.
public struct TokenKeySetError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// Base 64 with the alphabet for URLs, without padding. Source: RFC 4648, section 5; RFC 7515, section 2.
enum Base64URL {
    static func decode(_ text: some StringProtocol) -> Data? {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.utf8.count + 3)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: plain.append(byte)
            case UInt8(ascii: "-"): plain.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): plain.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        plain += repeatElement(UInt8(ascii: "="), count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: Data(plain))
    }
}
