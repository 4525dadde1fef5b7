import Foundation
import GovernorCore
import GovernorStoreRedis
import GovernorTesting
import Testing

@Suite("Getting into Redis", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct OpeningTests {
    @Test(arguments: [
        "allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random",
        "volatile-ttl",
    ])
    func anEvictionPolicyThatCouldDropAnOptOutIsRefused(policy: String) throws {
        let server = try RedisProcess([("maxmemory-policy", policy)])
        let refusal = try Harness.refusal("redis+unix://\(server.socket)")
        guard case .unsafeSettings(let text) = refusal else {
            return #expect(Bool(false), "\(policy): \(String(describing: refusal))")
        }
        #expect(text.contains(policy) && text.contains("noeviction") && text.contains("opt-outs"))
    }

    @Test func anotherSecretIsRefusedAndAnotherPrefixIsAnotherInstallation() throws {
        let server = try RedisProcess()
        let url = "redis+unix://\(server.socket)"
        try Harness.open(url).close()
        for change in [
            { $0.secretFingerprint = [9] }, { $0.normaliserVersion = 0 },
        ] as [(inout RedisConfiguration) -> Void] {
            guard case .mismatch = try Harness.refusal(url, change) else {
                Issue.record("another secret or normaliser was let in")
                continue
            }
        }
        #expect(try Harness.refusal(url) == nil)
        // A later version finds what an earlier one wrote by aliases; it leaves the mark, so that both may run side by side.
        #expect(try Harness.refusal(url) { $0.normaliserVersion = 2 } == nil)
        #expect(try Harness.refusal(url) == nil)
        #expect(try Harness.refusal(url + "?prefix=other:") { $0.secretFingerprint = [9] } == nil)
    }

    @Test func passwords() throws {
        let server = try RedisProcess(
            [("requirepass", "\"s3cret p@ss\"")], login: ["--pass", "s3cret p@ss"], waits: true)
        func url(_ login: String) -> String { "redis://\(login)127.0.0.1:\(server.port)" }
        for (login, part) in [("", "wants a password"), (":wrong@", "refuses"), ("nobody:s3cret%20p%40ss@", "refuses")]
        {
            guard case .refused(let text) = try Harness.refusal(url(login)) else {
                Issue.record("`\(login)` was let in")
                continue
            }
            #expect(text.contains(part) && !text.contains("s3cret"))
        }
        #expect(try Harness.refusal(url(":s3cret%20p%40ss@")) == nil)
        #expect(try Harness.refusal(url("default:s3cret%20p%40ss@")) == nil)
    }

    /// The very permissions that the operations guide names are enough.
    @Test func anACLUserWithTheDocumentedPermissions() throws {
        let guide = try String(contentsOfFile: Self.root + "/docs/operations.md", encoding: .utf8)
        let start = try #require(guide.range(of: "An ACL user needs `"))
        let text = guide[start.upperBound...].prefix(400)
        let permissions = text.split(separator: "`").flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .filter { $0.hasPrefix("+") || $0.hasPrefix("~") }.map(String.init)
        #expect(permissions.contains("+evalsha"))
        let server = try RedisProcess()
        try server.cli(["ACL", "SETUSER", "governor", "on", ">word", "resetkeys"] + permissions)
        let store = try Harness.open("redis://governor:word@127.0.0.1:\(server.port)")
        defer { store.close() }
        var generator = SeededGenerator.announced("acl")
        let somebody = Somebody(&generator)
        try somebody.reserve(store)
        try server.cli("SCRIPT", "FLUSH")
        try somebody.optOut(store)
        #expect(try somebody.check(store)?.facts.count == 1)
        // With less, it says what is missing.
        try server.cli("ACL", "SETUSER", "governor", "-info")
        guard case .refused(let why) = try Harness.refusal("redis://governor:word@127.0.0.1:\(server.port)") else {
            return #expect(Bool(false), "a user without `info` was let in")
        }
        #expect(why.contains("info"))
    }

    @Test func databasesAreApart() throws {
        let server = try RedisProcess()
        var generator = SeededGenerator.announced("databases")
        let somebody = Somebody(&generator)
        let third = try Harness.open("redis://127.0.0.1:\(server.port)/3")
        let first = try Harness.open("redis+unix://\(server.socket)")
        defer {
            third.close()
            first.close()
        }
        try somebody.reserve(third)
        #expect(try somebody.check(first) == nil)
        #expect(try server.cli("-n", "3", "DBSIZE").contains("3"))
        guard case .refused = try Harness.refusal("redis://127.0.0.1:\(server.port)/99") else {
            return #expect(Bool(false), "database 99 was found")
        }
    }

    @Test func nobodyThere() throws {
        let port = try RedisProcess.freePort()
        for url in ["redis://127.0.0.1:\(port)", "redis+unix:///tmp/no-such-socket-\(port)"] {
            guard case .unreachable(let text) = try Harness.refusal(url) else {
                Issue.record("somebody answered at \(url)")
                continue
            }
            #expect(text.contains("cannot be reached"))
        }
    }

    /// The clock is part of being ready, not of starting.
    @Test func aClockThatIsOffIsTold() throws {
        let server = try RedisProcess()
        for (offset, word) in [(Int64(-2_000), "behind"), (2_000, "ahead")] {
            let store = try RedisStore(
                try Harness.configuration("redis+unix://\(server.socket)"),
                now: { Harness.wallClock() + Milliseconds(offset) })
            defer { store.close() }
            #expect(store.trouble?.contains(word) == true, "\(store.trouble ?? "no trouble")")
        }
        let store = try server.open()
        defer { store.close() }
        #expect(store.trouble == nil)
    }

    @Test func tls() throws {
        let certificates = try TestCertificates()
        let server = try RedisProcess([
            ("tls-port", "\(RedisProcess.freePort())"), ("tls-cert-file", certificates.path("server.crt")),
            ("tls-key-file", certificates.path("server.key")), ("tls-ca-cert-file", certificates.path("ca.crt")),
            ("tls-auth-clients", "optional"),
        ])
        let port = try #require(try server.setting("tls-port"))
        let ca = "ca=\(certificates.path("ca.crt"))"
        for good in ["?\(ca)", "?\(ca)&verify=chain", "?verify=none", "?\(ca)&server_name=redis.test"] {
            let store = try Harness.open("rediss://localhost:\(port)\(good)")
            defer { store.close() }
            var generator = SeededGenerator.announced("tls")
            let somebody = Somebody(&generator)
            try somebody.reserve(store)
            #expect(try somebody.touchCount(store) == 1)
        }
        for bad in ["", "?\(ca)&server_name=elsewhere.test", "?ca=\(certificates.path("other.crt"))"] {
            guard case .unreachable = try Harness.refusal("rediss://localhost:\(port)\(bad)") else {
                Issue.record("TLS let in \(bad)")
                continue
            }
        }
        guard case .invalidConfiguration = try Harness.refusal("rediss://localhost:\(port)?ca=/no/such/file") else {
            return #expect(Bool(false), "a missing file was trusted")
        }
        // A client that must show a certificate of its own.
        try server.cli("CONFIG", "SET", "tls-auth-clients", "yes")
        guard case .unreachable = try Harness.refusal("rediss://localhost:\(port)?\(ca)") else {
            return #expect(Bool(false), "a client without a certificate was let in")
        }
        let own = "&cert=\(certificates.path("client.crt"))&key=\(certificates.path("client.key"))"
        #expect(try Harness.refusal("rediss://localhost:\(port)?\(ca)\(own)") == nil)
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
}

extension RedisProcess {
    func setting(_ name: String) throws -> String? {
        try cli("CONFIG", "GET", name).split(separator: "\n").last.map(String.init)
    }
}
