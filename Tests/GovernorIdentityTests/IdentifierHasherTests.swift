import GovernorCore
import Testing

@testable import GovernorIdentity

@Suite struct IdentifierHasherTests {
    let hasher: IdentifierHasher

    init() throws { hasher = try IdentifierHasher(secret: Array("an installation's own secret, 32".utf8)) }

    private func hex(_ hash: IdentifierHash) -> String { SecretFingerprint(high: hash.high, low: hash.low).description }

    // Source: Python's hmac.new(secret, b"phone\0+14155550123", "sha256").hexdigest()[:32], and so on.
    @Test func vectors() throws {
        #expect(hex(hasher.hash(try PhoneNumber("+1 415 555 0123"))) == "e653e8a9cef5984131227de8e781e2f5")
        #expect(hex(hasher.hash(try EmailAddress("Ana@Example.com"))) == "8e0ea0b8ef037f570e6f5df9671dd61f")
        #expect(hex(hasher.hash(try NamespacedKey("crm:8841"))) == "8c3d5fb142053abd86166b5faac1b1da")
        #expect(hasher.fingerprint.description == "9991679c34d548b2a803b06b98236f27")
        let tag = hasher.tag("reservation", [1, 2, 3] as [UInt8])
        #expect(tag.bytes.prefix(4).elementsEqual([0x60, 0xfb, 0x04, 0x2b]))
        #expect(tag.bytes.suffix(4).elementsEqual([0x92, 0x26, 0x7e, 0xe4]))
    }

    @Test func aLongSecretIsHashedFirst() throws {
        let hasher = try IdentifierHasher(secret: [UInt8](repeating: UInt8(ascii: "x"), count: 100))
        #expect(hex(hasher.hash(try PhoneNumber("+442079460018"))) == "ebfb7d718ce6bf589137ec9476c6966d")
    }

    @Test func theShortWayGivesTheSameHash() throws {
        let email = Array(" Ana@Example.com".utf8)
        let key = Array("crm:8841".utf8)
        #expect(
            try email.withUnsafeBytes { try hasher.hash(emailUTF8: $0) }
                == hasher.hash(try EmailAddress("ana@example.com")))
        #expect(try key.withUnsafeBytes { try hasher.hash(keyUTF8: $0) } == hasher.hash(try NamespacedKey("crm:8841")))
    }

    @Test func kindsNeverMeet() throws {
        let all = [
            hasher.hash(try PhoneNumber("+14155550123")), hasher.hash(try NamespacedKey("phone:+14155550123")),
            hasher.hash(try EmailAddress("phone@example.com")), hasher.hash(try NamespacedKey("k:phone@example.com")),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test func secretsAreToldApart() throws {
        let other = try IdentifierHasher(secret: Array("an installation's own secret, 33".utf8))
        #expect(other.fingerprint != hasher.fingerprint)
        #expect(other.hash(try PhoneNumber("+14155550123")) != hasher.hash(try PhoneNumber("+14155550123")))
        #expect(throws: SecretError.tooShort) { try IdentifierHasher(secret: [UInt8](repeating: 1, count: 15)) }
    }
}
