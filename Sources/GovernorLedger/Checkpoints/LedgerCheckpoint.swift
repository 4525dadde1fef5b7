import Crypto
public import GovernorCore

/// A signature over the end of a chain at one moment: whoever holds the public key can prove later that the ledger still
/// passes through it, and that nothing before it was changed and nothing up to it cut off.
public struct LedgerCheckpoint: Hashable, Sendable {
    /// Why a key cannot be used.
    public enum KeyError: Error, Hashable, Sendable {
        /// Not 32 bytes of an Ed25519 key.
        case invalid
        case failed(String)
    }

    public var node: NodeID
    public var head: LedgerHead
    public var at: Timestamp
    /// 64 bytes. Source: RFC 8032, Ed25519.
    public var signature: [UInt8]

    public init(node: NodeID, head: LedgerHead, at: Timestamp, signature: [UInt8]) {
        self.node = node
        self.head = head
        self.at = at
        self.signature = signature
    }

    /// Signs a head.
    /// - Parameter privateKey: the 32 bytes of an Ed25519 private key.
    public init(
        node: NodeID, head: LedgerHead, at: Timestamp, privateKey: [UInt8]
    ) throws(KeyError) {
        self.init(node: node, head: head, at: at, signature: [])
        let key = try Self.key(privateKey)
        do { signature = [UInt8](try key.signature(for: statement)) } catch { throw .failed("\(error)") }
    }

    /// What is signed: "GLC1", node, number, hash, instant; numbers big-endian.
    public var statement: [UInt8] {
        var bytes: [UInt8] = Array("GLC1".utf8)
        bytes.append(bigEndian: node.high)
        bytes.append(bigEndian: node.low)
        bytes.append(bigEndian: head.sequence)
        bytes += head.hash.bytes
        bytes.append(bigEndian: at.milliseconds)
        return bytes
    }

    /// Whether the signature is this key's, over exactly this.
    /// - Parameter publicKey: the 32 bytes of an Ed25519 public key.
    public func isSigned(by publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: statement)
    }

    /// The public key that belongs to a private one.
    public static func publicKey(of privateKey: [UInt8]) throws(KeyError) -> [UInt8] {
        [UInt8](try key(privateKey).publicKey.rawRepresentation)
    }

    private static func key(_ bytes: [UInt8]) throws(KeyError) -> Curve25519.Signing.PrivateKey {
        guard bytes.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
            throw .invalid
        }
        return key
    }
}

extension NodeID {
    /// Reads thirty-two hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ $0 < 0x80 }), !text.hasPrefix("+"), !text.hasPrefix("-"),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.dropFirst(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}

extension LedgerFinding {
    /// A checkpoint that says nothing, because it is not what the key signed, or of another ledger.
    public static func badCheckpoint(_ reason: String, in file: String) -> LedgerFinding {
        LedgerFinding(.changed, file: file, reason: reason)
    }
}
