import Crypto
import CryptoExtras
import Foundation
import Glibc
import GovernorTesting
import Synchronization
import Testing

enum SHA256Text {
    static func of(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() }
}

/// Tokens of an identity provider that a test is, over a real server and a real key set behind HTTP.
@Suite(.serialized) struct TokenServerTests {
    private static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out }
        """

    /// An identity provider: keys, signatures, and the address that its public keys are at.
    private final class Provider: Sendable {
        let rsa: _RSA.Signing.PrivateKey
        let first = P256.Signing.PrivateKey()
        let second = P256.Signing.PrivateKey()
        let server: TinyServer

        init() throws {
            rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            server = try TinyServer()
        }

        func publish(_ names: [String]) throws { server.answer(200, String(decoding: try jwks(names), as: UTF8.self)) }

        func jwks(_ names: [String]) throws -> Data {
            let keys = try names.map { name -> [String: Any] in
                if name == "rsa" {
                    let primitives = try rsa.publicKey.getKeyPrimitives()
                    return [
                        "kty": "RSA", "kid": "rsa", "n": text(primitives.modulus), "e": text(primitives.publicExponent),
                    ]
                }
                let bytes = (name == "first" ? first : second).publicKey.rawRepresentation
                return [
                    "kty": "EC", "crv": "P-256", "kid": name, "x": text(bytes.prefix(32)), "y": text(bytes.suffix(32)),
                ]
            }
            return try JSONSerialization.data(withJSONObject: ["keys": keys])
        }

        func token(_ key: String, _ change: (inout [String: Any]) -> Void = { _ in }) throws -> String {
            let now = Int(Date().timeIntervalSince1970)
            var claims: [String: Any] = [
                "iss": "https://id.example.com", "aud": "governor", "sub": "u-17", "exp": now + 600, "iat": now,
                "groups": ["callers"], "agency": "north", "channels": "sms",
            ]
            change(&claims)
            let header = ["alg": key == "rsa" ? "RS256" : "ES256", "kid": key]
            let message =
                try text(JSONSerialization.data(withJSONObject: header)) + "."
                + text(JSONSerialization.data(withJSONObject: claims))
            let bytes = Data(message.utf8)
            let signature =
                switch key {
                case "rsa":
                    try rsa.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation
                case "first": try first.signature(for: bytes).rawRepresentation
                default: try second.signature(for: bytes).rawRepresentation
                }
            return message + "." + text(signature)
        }

        private func text(_ bytes: some DataProtocol) -> String {
            Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
    }

    private static let settings = [
        "GOVERNOR_STORE_DEADLINE": "5s",
        "GOVERNOR_TOKEN_ISSUER": "https://id.example.com", "GOVERNOR_TOKEN_AUDIENCE": "governor",
        "GOVERNOR_TOKEN_ROLE_CLAIM": "groups", "GOVERNOR_TOKEN_ROLES": "callers=dialer,desk=agent",
        "GOVERNOR_TOKEN_AGENCY_CLAIM": "agency", "GOVERNOR_TOKEN_CHANNELS_CLAIM": "channels",
    ]

    private func ask(_ server: ServerProcess, _ token: String, channel: String = "sms") async throws -> Int {
        try await server.post(
            "/v1/decisions",
            ["contact": ["phone": "+12125550100"], "channel": channel, "purpose": "service", "reserve": false],
            key: token
        ).0
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = Date().addingTimeInterval(20)
        while try await !condition() {
            if Date() > deadline { throw RedisProcess.Failure(description: what) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test func tokensLetCallersIn() async throws {
        let provider = try Provider()
        try provider.publish(["rsa", "first"])
        let server = try ServerProcess(
            policy: Self.policy,
            settings: Self.settings.merging(["GOVERNOR_TOKEN_KEYS": provider.server.url + "/jwks"]) { $1 })
        try await server.start()
        let (rsa, first) = (try provider.token("rsa"), try provider.token("first"))
        for token in [rsa, first] {
            #expect(try await ask(server, token) == 200)
            #expect(try await ask(server, token, channel: "voice") == 403, "its channels are those of the token")
            let (status, _) = try await server.post(
                "/v1/people/lookup", ["contact": ["phone": "+12125550100"]], key: token)
            #expect(status == 403, "its role is that of the token")
        }
        // A reservation is the caller's, whichever token the caller shows.
        let (_, made) = try await server.post(
            "/v1/decisions", ["contact": ["phone": "+12125550101"], "channel": "sms", "purpose": "service"], key: rsa)
        let reservation = try #require((made["reservation"] as? [String: Any])?["id"] as? String, "\(made)")
        #expect(try await server.post("/v1/reservations/\(reservation)/confirm", [:], key: first).0 == 200)
        let other = try provider.token("first") { $0["sub"] = "u-18" }
        #expect(try await server.post("/v1/reservations/\(reservation)/confirm", [:], key: other).0 == 404)
        for wrong in [
            try provider.token("rsa") { $0["aud"] = "other" }, try provider.token("rsa") { $0["exp"] = 1 },
            try provider.token("first") { $0["groups"] = ["others"] }, String(rsa.dropLast(8)) + "AAAAAAAA",
        ] { #expect(try await ask(server, wrong) == 401) }
        let desk = try provider.token("first") { $0["groups"] = ["desk"] }
        #expect(
            try await server.post("/v1/people/lookup", ["contact": ["phone": "+12125550100"]], key: desk).0 == 200)
        // The provider signs with a new key: its name is unknown, the set is read again, and the token is good.
        let second = try provider.token("second")
        #expect(try await ask(server, second) == 401)
        try provider.publish(["second"])
        try await eventually("the new key is not known") { try await ask(server, second) == 200 }
        // What the provider no longer publishes is refused, on connections that are open too.
        #expect(try await ask(server, rsa) == 401)
        #expect(try await ask(server, first) == 401)
        // The provider is away, or tells nonsense: the last good keys stay, and it is told.
        provider.server.answer(500, "{}")
        _ = try await ask(server, try provider.token("first"))
        try await eventually("trouble went unnoticed") {
            _ = try await ask(server, first)
            return try await server.text("/metrics").contains("governor_jwks_stale 1\n")
        }
        #expect(try await ask(server, second) == 200)
        #expect(provider.server.count < 40, "the provider was asked \(provider.server.count) times")
        for secret in [rsa, first, second] { #expect(!server.log.contains(secret)) }
        #expect(server.stop() == 0)
    }

    @Test func aFileOfKeysIsFollowed() async throws {
        let provider = try Provider()
        let path = NSTemporaryDirectory() + "jwks-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try provider.jwks(["rsa"]).write(to: URL(fileURLWithPath: path))
        let server = try ServerProcess(
            policy: Self.policy, settings: Self.settings.merging(["GOVERNOR_TOKEN_KEYS": path]) { $1 })
        try await server.start()
        let (rsa, first) = (try provider.token("rsa"), try provider.token("first"))
        #expect(try await ask(server, rsa) == 200)
        #expect(try await ask(server, first) == 401)
        try provider.jwks(["first"]).write(to: URL(fileURLWithPath: path), options: .atomic)
        try await eventually("the new key is not known") { try await ask(server, first) == 200 }
        #expect(try await ask(server, rsa) == 401)
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try await eventually("nonsense went unnoticed") { server.log.contains("keys stay as they were") }
        #expect(try await ask(server, first) == 200)
        #expect(server.stop() == 0)
    }
}

/// A server of one document over HTTP/1.1, one connection after the other; stops with the object.
private final class TinyServer: Sendable {
    private let listener: Int32
    let url: String
    private let state = Mutex((status: 503, body: "", count: 0))

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw -> UInt16? in
                guard bind(listener, raw, length) == 0, listen(listener, 16) == 0,
                    getsockname(listener, raw, &length) == 0
                else { return nil }
                return raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
        self.listener = listener
        url = "http://127.0.0.1:\(try #require(port))"
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { return }
                self?.serve(connection)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var count: Int { state.withLock { $0.count } }

    func answer(_ status: Int, _ body: String) {
        state.withLock { $0 = (status, body, $0.count) }
    }

    private func serve(_ connection: Int32) {
        var request = [UInt8](repeating: 0, count: 4_096)
        var head = ""
        while !head.contains("\r\n\r\n") {
            let n = recv(connection, &request, request.count, 0)
            if n <= 0 { return }
            head += String(decoding: request[..<n], as: UTF8.self)
        }
        let (status, body) = state.withLock { state in
            state.count += 1
            return (state.status, state.body)
        }
        let answer =
            "HTTP/1.1 \(status) X\r\ncontent-type: application/json\r\nconnection: close\r\n"
            + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        _ = answer.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }
}
