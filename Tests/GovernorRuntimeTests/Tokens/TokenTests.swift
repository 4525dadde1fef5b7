import Crypto
import CryptoExtras
import Foundation
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorRuntime

/// Real keys and real signatures, and everything that may be wrong with them.
@Suite struct TokenTests {
    static let now = Timestamp(milliseconds: 1_795_010_400_000)
    static let seconds = now.milliseconds / 1_000

    /// A provider with a key of each kind; made once, for RSA keys take their time.
    struct Provider {
        let rsa: _RSA.Signing.PrivateKey
        let p256 = P256.Signing.PrivateKey()
        let p384 = P384.Signing.PrivateKey()
        let ed25519 = Curve25519.Signing.PrivateKey()

        static let shared = Result { Provider(rsa: try _RSA.Signing.PrivateKey(keySize: .bits2048)) }

        func jwks(_ change: (inout [[String: Any]]) -> Void = { _ in }) throws -> [UInt8] {
            let primitives = try rsa.publicKey.getKeyPrimitives()
            func point(_ bytes: Data) -> (String, String) {
                (text(bytes.prefix(bytes.count / 2)), text(bytes.suffix(bytes.count / 2)))
            }
            let (x256, y256) = point(p256.publicKey.rawRepresentation)
            let (x384, y384) = point(p384.publicKey.rawRepresentation)
            var keys: [[String: Any]] = [
                [
                    "kty": "RSA", "kid": "rsa", "use": "sig", "n": text(primitives.modulus),
                    "e": text(primitives.publicExponent),
                ],
                ["kty": "EC", "crv": "P-256", "kid": "p256", "alg": "ES256", "x": x256, "y": y256],
                ["kty": "EC", "crv": "P-384", "kid": "p384", "x": x384, "y": y384],
                ["kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": text(ed25519.publicKey.rawRepresentation)],
            ]
            change(&keys)
            return [UInt8](try JSONSerialization.data(withJSONObject: ["keys": keys]))
        }

        func sign(_ message: Data, _ algorithm: String) throws -> Data {
            switch algorithm {
            case "RS256":
                try rsa.signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5).rawRepresentation
            case "RS512":
                try rsa.signature(for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5).rawRepresentation
            case "PS256": try rsa.signature(for: SHA256.hash(data: message), padding: .PSS).rawRepresentation
            case "ES256": try p256.signature(for: message).rawRepresentation
            case "ES384": try p384.signature(for: message).rawRepresentation
            case "EdDSA": try ed25519.signature(for: message)
            // Whoever takes a public key for a shared secret.
            case "HS256":
                Data(
                    HMAC<SHA256>.authenticationCode(
                        for: message, using: SymmetricKey(data: Data(rsa.publicKey.pemRepresentation.utf8))))
            default: Data()
            }
        }

        func token(
            _ algorithm: String, kid: String?, header: [String: Any] = [:], _ claims: [String: Any]
        ) throws -> String {
            var head = header.merging(["alg": algorithm, "typ": "JWT"]) { old, _ in old }
            if let kid { head["kid"] = kid }
            let parts = try [head, claims].map { TokenTests.text(try JSONSerialization.data(withJSONObject: $0)) }
            let message = parts.joined(separator: ".")
            return message + "." + TokenTests.text(try sign(Data(message.utf8), algorithm))
        }

        private func text(_ bytes: Data) -> String { TokenTests.text(bytes) }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func claims(_ change: (inout [String: Any]) -> Void = { _ in }) -> [String: Any] {
        var claims: [String: Any] = [
            "iss": "https://id.example.com", "aud": ["other", "governor"], "sub": "ana", "roles": ["agent"],
            "exp": seconds + 600, "iat": seconds - 5, "nbf": seconds - 5,
        ]
        change(&claims)
        return claims
    }

    static func rules(_ change: (inout TokenRules) -> Void = { _ in }) -> TokenRules {
        var rules = TokenRules(issuer: "https://id.example.com", audience: "governor")
        rules.algorithms = Set(TokenAlgorithm.allCases)
        change(&rules)
        return rules
    }

    private func verify(
        _ token: String, rules: TokenRules = rules(), jwks: [UInt8]? = nil
    ) throws -> Result<TokenVerifier.Verified, TokenRefusal> {
        let keys = try TokenKeySet(json: jwks ?? Provider.shared.get().jwks())
        do throws(TokenRefusal) {
            return .success(try TokenVerifier(rules: rules).verify(token, with: keys, at: Self.now))
        } catch { return .failure(error) }
    }

    @Test(arguments: [
        ("RS256", "rsa"), ("RS512", "rsa"), ("PS256", "rsa"), ("ES256", "p256"), ("ES384", "p384"), ("EdDSA", "ed"),
        ("ES256", nil), ("RS256", nil),
    ])
    func everyAlgorithmIsVerified(algorithm: String, kid: String?) throws {
        let provider = try Provider.shared.get()
        let token = try provider.token(algorithm, kid: kid, Self.claims())
        let verified = try verify(token).get()
        #expect(verified.caller == Caller(id: "token:ana", role: .agent))
        #expect(verified.expiresAt == Timestamp(milliseconds: (Self.seconds + 660) * 1_000))
        // One bit anywhere, and it is somebody else's.
        let parts = token.split(separator: ".")
        for part in 0..<3 {
            var bytes = try #require(Base64URL.decode(parts[part]))
            bytes[bytes.count / 2] ^= 1
            var changed = parts.map(String.init)
            changed[part] = Self.text(bytes)
            #expect(throws: TokenRefusal.self) { try verify(changed.joined(separator: ".")).get() }
        }
    }

    /// What is wrong, and what it is called.
    @Test func whatIsWrongIsRefused() throws {
        let provider = try Provider.shared.get()
        func token(
            _ algorithm: String = "ES256", kid: String? = "p256", header: [String: Any] = [:],
            _ change: (inout [String: Any]) -> Void = { _ in }
        ) throws -> String {
            try provider.token(algorithm, kid: kid, header: header, Self.claims(change))
        }
        let good = try token()
        let parts = good.split(separator: ".").map(String.init)
        let stranger = Provider(rsa: provider.rsa)
        let rows: [(what: String, token: String, refusal: TokenRefusal)] = [
            ("nothing", "", .malformed),
            ("two parts", parts[0] + "." + parts[1], .malformed),
            ("four parts", good + ".x", .malformed),
            ("no signature", parts[0] + "." + parts[1] + ".", .malformed),
            ("padding", good + "=", .malformed),
            ("too long", good + String(repeating: "A", count: 9_000), .malformed),
            ("a number for a key's name", try token(kid: nil, header: ["kid": 7]), .malformed),
            ("none", try token("none", kid: nil) + "AA", .algorithm),
            ("None", try token("ES256", header: ["alg": "None"]), .algorithm),
            ("a shared secret", try token("HS256", kid: "rsa"), .algorithm),
            ("what must be understood", try token(header: ["crit": ["b64"], "b64": false]), .algorithm),
            ("another algorithm than the key's", try token("ES256", kid: "rsa"), .algorithm),
            ("a key that is not there", try token(kid: "gone"), .unknownKey),
            ("another's key by that name", try stranger.token("ES256", kid: "p256", Self.claims()), .signature),
            ("another issuer", try token { $0["iss"] = "https://id.example.com/" }, .issuer),
            ("no issuer", try token { $0["iss"] = nil }, .issuer),
            ("another audience", try token { $0["aud"] = "governors" }, .audience),
            ("no audience", try token { $0["aud"] = nil }, .audience),
            ("ended", try token { $0["exp"] = Self.seconds - 60 }, .time),
            ("no end", try token { $0["exp"] = nil }, .time),
            ("a text for an end", try token { $0["exp"] = "\(Self.seconds + 60)" }, .time),
            ("an end beyond reason", try token { $0["exp"] = 1e300 }, .time),
            ("not begun", try token { $0["nbf"] = Self.seconds + 61 }, .time),
            ("from the future", try token { $0["iat"] = Self.seconds + 61 }, .time),
            ("no name", try token { $0["sub"] = nil }, .claims),
            ("an empty name", try token { $0["sub"] = "" }, .claims),
            ("a name with a line in it", try token { $0["sub"] = "a\nb" }, .claims),
            ("no role", try token { $0["roles"] = nil }, .claims),
            ("an unknown role", try token { $0["roles"] = ["Agent"] }, .claims),
        ]
        for row in rows {
            guard case .failure(let refusal) = try verify(row.token) else {
                Issue.record("\(row.what) was let in")
                continue
            }
            #expect(refusal == row.refusal, "\(row.what)")
        }
        _ = try verify(good).get()
        // Just inside.
        for fine in [
            try token { $0["exp"] = Self.seconds - 59 }, try token { $0["nbf"] = Self.seconds + 60 },
            try token { $0["aud"] = "governor" }, try token { $0["exp"] = Double(Self.seconds) + 0.5 },
        ] { _ = try verify(fine).get() }
        // What is not allowed is refused, however well it is signed.
        let only = Self.rules { $0.algorithms = [.rs256] }
        guard case .failure(.algorithm) = try verify(good, rules: only) else {
            Issue.record("ES256 was let in")
            return
        }
    }

    /// What claims mean: role, agency, channels, campaigns.
    @Test func claimsAreMapped() throws {
        let provider = try Provider.shared.get()
        let mapped = Self.rules { rules in
            rules.roleClaim = "realm_access.roles"
            rules.roles = ["cc": .dialer, "desk": .agent, "legal": .compliance]
            rules.agencyClaim = "https://example.com/agency"
            rules.channelsClaim = "channels"
            rules.campaignsClaim = "campaigns"
        }
        func claims(_ roles: [String], agency: Any?, channels: Any?, campaigns: Any?) -> [String: Any] {
            Self.claims { claims in
                claims["roles"] = nil
                claims["realm_access"] = ["roles": roles]
                claims["https://example.com/agency"] = agency
                claims["channels"] = channels
                claims["campaigns"] = campaigns
            }
        }
        func limits(_ channels: [String], _ campaigns: [String]) -> CallerBounds? {
            var limits = KeyLimits()
            limits.channels = channels
            limits.campaigns = campaigns
            return limits.isEmpty ? nil : CallerBounds(limits)
        }
        let rows: [(claims: [String: Any], caller: Caller?)] = [
            (
                claims(["cc"], agency: "north", channels: ["sms"], campaigns: "a b"),
                Caller(id: "token:ana", role: .dialer, agency: "north", bounds: limits(["sms"], ["a", "b"]))
            ),
            (
                claims(["cc", "legal", "desk"], agency: nil, channels: nil, campaigns: nil),
                Caller(id: "token:ana", role: .compliance)
            ),
            (
                claims(["desk"], agency: "north", channels: "*", campaigns: ["x", "*"]),
                Caller(id: "token:ana", role: .agent, agency: "north")
            ),
            // Nobody gets more because the provider left something out.
            (claims(["desk"], agency: nil, channels: "*", campaigns: "*"), nil),
            (claims(["desk"], agency: "north", channels: nil, campaigns: "*"), nil),
            (claims(["desk"], agency: "north", channels: [String](), campaigns: "*"), nil),
            (claims(["desk"], agency: "north", channels: 7, campaigns: "*"), nil),
            (claims(["legal"], agency: 7, channels: "*", campaigns: "*"), nil),
            (claims(["agent"], agency: "north", channels: "*", campaigns: "*"), nil),
        ]
        for row in rows {
            let found = try verify(provider.token("ES256", kid: "p256", row.claims), rules: mapped)
            #expect((try? found.get())?.caller == row.caller, "\(row.claims)")
        }
    }

    @Test func keySetsAreReadAsTheyCome() throws {
        let provider = try Provider.shared.get()
        #expect(try TokenKeySet(json: provider.jwks()).count == 4)
        let mixed = try TokenKeySet(
            json: provider.jwks { keys in
                keys[0]["use"] = "enc"
                keys[2]["key_ops"] = ["sign"]
                keys[3]["alg"] = "HS256"
                keys.append(["kty": "oct", "k": "c2VjcmV0", "kid": "shared"])
                keys.append(["kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "short"])
                keys.append(["kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"])
            })
        #expect(mixed.count == 1 && mixed.ignoredCount == 6)
        for text in ["", "[]", "{}", #"{"keys": {}}"#, #"{"keys": []}"#, #"{"keys": [{"kty": "oct"}]}"#] {
            #expect(throws: TokenKeySetError.self) { try TokenKeySet(json: Array(text.utf8)) }
        }
    }

    /// A token is remembered until it ends or the provider's keys change.
    @Test func tokensAreRememberedAndForgotten() throws {
        let provider = try Provider.shared.get()
        let folder = NSTemporaryDirectory() + "tokens-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tokens = TokenRing(Self.rules())
        let ring = try KeyRing(dataDirectory: folder, tokens: tokens)
        let token = Array(try provider.token("ES256", kid: "p256", Self.claims()).utf8)
        func admission(_ seconds: Int64 = 0) -> KeyRing.Admission? {
            token.withUnsafeBytes { ring.admission(withKey: $0, at: Self.now + .seconds(seconds)) }
        }
        #expect(tokens.takeWish(), "the first keys are wished for")
        #expect(admission() == nil && tokens.takeWish() && !tokens.takeWish())
        tokens.install(try TokenKeySet(json: provider.jwks()), at: Self.now)
        let first = try #require(admission())
        #expect(first.caller.id == "token:ana" && ring.isCurrent(first))
        _ = admission()
        #expect(tokens.statistics.acceptedCount == 1, "verified once")
        #expect(admission(659) != nil && admission(660) == nil)
        // The provider takes the key away: what was remembered is no longer so.
        tokens.install(try TokenKeySet(json: provider.jwks { $0.remove(at: 1) }), at: Self.now)
        #expect(!ring.isCurrent(first) && admission() == nil && tokens.takeWish())
        #expect(tokens.statistics.refusedCounts[.unknownKey] == 2)
    }

    /// Whatever comes, nobody gets in and nothing breaks.
    @Test func damagedTokensAreRefused() throws {
        let provider = try Provider.shared.get()
        var random = SeededGenerator.announced("tokens")
        let keys = try TokenKeySet(json: provider.jwks())
        let verifier = TokenVerifier(rules: Self.rules())
        let good = Array(try provider.token("ES256", kid: "p256", Self.claims()).utf8)
        for _ in 0..<2_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0x20...0x7e, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: at)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            // The last letter of a signature has bits that mean nothing.
            if Base64URL.decode(text.split(separator: ".").last ?? "")
                == Base64URL.decode(String(decoding: good, as: UTF8.self).split(separator: ".").last ?? ""),
                text.split(separator: ".").dropLast()
                    == String(decoding: good, as: UTF8.self).split(separator: ".").dropLast()
            {
                continue
            }
            #expect(throws: TokenRefusal.self) { try verifier.verify(text, with: keys, at: Self.now) }
        }
    }
}
