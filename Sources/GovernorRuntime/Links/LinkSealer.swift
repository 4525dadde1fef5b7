import Crypto
import Foundation
public import GovernorIdentity

/// Turns links into tokens that say nothing and cannot be forged, and back.
///
/// AES-256-GCM under a key made from the installation's secret. The nonce is an HMAC of what is sealed, so the same link is
/// always the same token, and no counter is to be kept by nodes. Layout, then in base 64 for URLs: version (1), nonce (12
/// bytes), ciphertext, tag (16 bytes). Source: RFC 5116; NIST SP 800-38D; the nonce as in RFC 5297, section 1.3.1.
public struct LinkSealer: Sendable {
    public static let version: UInt8 = 1
    /// Longer texts are not ours.
    public static let tokenBytesMax = 4_096
    private let key: SymmetricKey
    private let hasher: IdentifierHasher

    public init(_ hasher: IdentifierHasher) {
        self.hasher = hasher
        key = SymmetricKey(data: hasher.tag("link key 1", []).bytes)
    }

    public func seal(_ link: ContactLink) -> String {
        let body = link.encoded()
        let nonce = nonce(of: body)
        guard let sealed = try? AES.GCM.seal(body, using: key, nonce: AES.GCM.Nonce(data: nonce)) else {
            preconditionFailure("a nonce of 12 bytes and a key of 32 are always good")
        }
        return Self.text(of: [Self.version] + nonce + Array(sealed.ciphertext) + Array(sealed.tag))
    }

    /// `nil` for a text that `seal` did not make under this secret.
    public func open(_ token: some StringProtocol) -> ContactLink? {
        guard token.utf8.count <= Self.tokenBytesMax, let bytes = Self.bytes(of: token), bytes.count >= 1 + 12 + 16,
            bytes[0] == Self.version, Self.text(of: bytes) == token,
            let box = try? AES.GCM.SealedBox(combined: bytes[1...]),
            let body = try? AES.GCM.open(box, using: key), Array(bytes[1..<13]) == nonce(of: Array(body))
        else { return nil }
        return ContactLink(decoding: Array(body))
    }

    private func nonce(of body: [UInt8]) -> [UInt8] { Array(hasher.tag("link nonce 1", body).bytes[..<12]) }

    /// A number for what was done with a token, the same whenever it is done again; `occasion` tells occasions apart.
    func number(_ token: String, _ occasion: String) -> UInt64 {
        hasher.tag("link fact", Array(token.utf8) + [0] + Array(occasion.utf8)).words[0]
    }

    static func text(of bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func bytes(of text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.allSatisfy({ $0.isBase64URL }) else { return nil }
        let plain = String(text).replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)).map {
            [UInt8]($0)
        }
    }
}

extension UInt8 {
    fileprivate var isBase64URL: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }
}
