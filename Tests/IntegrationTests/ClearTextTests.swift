import Foundation
import GovernorTesting
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// After every route has met them, no number and no address is in clear in any file, log, metric or stream.
@Suite(.serialized) struct ClearTextTests {
    private static let policy = """
        policy: test
        rules:
          - { id: one-a-day, kind: frequency_cap, scope: { channels: [voice] }, limit: 1, window: PT24H }
          - { id: said-no, kind: opt_out }
        """
    /// As they are written, and in the forms in which they might be kept.
    private static let needles = [
        "2125550163", "212 555 0163", "212) 555-0163", "ana.quist@example.org", "ana.quist", "QUIST", "8841-quist",
        "4915112345678", "151 12345678",
    ]
    private static var ana: [String: Any] {
        ["phone": "+1 (212) 555-0163", "email": "Ana.Quist@Example.org", "ids": ["crm:8841-quist"], "country": "US"]
    }
    private static var ben: [String: Any] { ["phone": "0151 12345678", "country": "DE"] }

    @Test(.timeLimit(.minutes(2))) func embedded() async throws {
        let server = try ServerProcess(policy: Self.policy, settings: Self.settings)
        try await nothingIsInClear(server) { [] }
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func redis() async throws {
        let redis = try RedisProcess()
        let server = try ServerProcess(
            policy: Self.policy, store: "redis+unix://\(redis.socket)", settings: Self.settings)
        try await nothingIsInClear(server) {
            _ = try redis.cli("CONFIG", "SET", "rdbcompression", "no")
            _ = try redis.cli("SAVE")
            return Self.files(below: redis.folder)
        }
    }

    private static let settings = [
        "GOVERNOR_STORE_DEADLINE": "5s", "GOVERNOR_LOG_LEVEL": "trace", "GOVERNOR_LEDGER_CHECKS": "all",
        "GOVERNOR_PUBLIC_URL": "https://contact.example.com",
    ]

    private static func files(below folder: String) -> [(name: String, bytes: Data)] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            FileManager.default.contents(atPath: folder + "/" + name).map { (name, $0) }
        }
    }

    /// Requests of every kind about both; what is refused counts as well.
    private func meet(_ server: ServerProcess) async throws -> [String] {
        var persons: [String] = []
        for (n, contact) in [Self.ana, Self.ben].enumerated() {
            let bodies: [(String, [String: Any])] = [
                ("/v1/decisions", ["channel": "voice", "purpose": "marketing", "ref": "r"]),
                ("/v1/decisions", ["channel": "voice", "purpose": "marketing"]),
                ("/v1/decisions", ["channel": "carrier pigeon", "purpose": "marketing"]),
                ("/v1/status", ["channels": ["voice", "sms"], "purposes": ["marketing"]]),
                ("/v1/consents", ["id": "c\(n)", "name": "written", "evidence": "a form"]),
                ("/v1/consents/withdrawals", ["id": "w\(n)", "name": "written"]),
                ("/v1/holdings", ["id": "h\(n)", "product": "home", "status": "active"]),
                ("/v1/touches", ["id": "t\(n)", "channel": "sms", "purpose": "service", "outcome": "delivered"]),
                ("/v1/events", ["id": "e\(n)", "event": "complaint"]),
                ("/v1/opt-outs", ["id": "o\(n)", "source": "ivr"]),
                ("/v1/opt-ins", ["id": "i\(n)", "evidence": "said yes"]),
                ("/v1/links", ["id": "l\(n)"]),
                ("/v1/unsubscribe-links", ["channel": "email"]),
                ("/v1/preference-links", [:]),
            ]
            for (path, body) in bodies {
                let (status, _) = try await server.post(path, body.merging(["contact": contact]) { $1 })
                #expect(status < 500, "\(path)")
            }
            let batch: [String: Any] = ["contact": contact, "channel": "voice", "purpose": "service"]
            _ = try await server.post("/v1/decisions/batch", ["requests": [batch, batch]])
            let (_, found) = try await server.post("/v1/people/lookup", ["contact": contact])
            persons += (found["people"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        }
        let phone = try #require(Self.ana["phone"])
        _ = try await server.post(
            "/v1/inbound-messages", ["id": "m1", "from": phone, "to": "+12125550100", "text": "STOP", "channel": "sms"])
        _ = try await server.post("/v1/identifiers", ["id": "n1", "contact": ["phone": phone], "labels": ["desk"]])
        // A path with a number in it is nobody's; it must not be kept either.
        _ = try await server.get("/v1/people/+12125550163")
        // Bytes that are no JSON.
        _ = try await server.post("/v1/decisions", ["contact": "ana.quist@example.org 2125550163"])
        let list = "phone,email\n+12125550163,ana.quist@example.org\n015112345678,\nnonsense 2125550163,\n"
        let file = server.folder.appendingPathComponent("list.csv")
        try list.write(to: file, atomically: true, encoding: .utf8)
        _ = try server.command(
            [
                "scrub", file.path, "-o", file.path + ".clean", "--dropped", file.path + ".dropped", "--channel",
                "voice",
                "--purpose", "marketing", "--url", "http://127.0.0.1:\(server.port)", "--key", server.key,
            ])
        for path in [file.path, file.path + ".clean", file.path + ".dropped"] {
            try? FileManager.default.removeItem(atPath: path)
        }
        for id in Set(persons) { _ = try await server.get("/v1/people/\(id)") }
        return persons
    }

    private func nothingIsInClear(
        _ server: ServerProcess, _ others: () throws -> [(name: String, bytes: Data)]
    ) async throws {
        try await server.start()
        let persons = try await meet(server)
        #expect(Set(persons).count >= 2)
        let metrics = try await server.text("/metrics")
        func search() throws {
            var suspects = Self.files(below: server.folder.path) + (try others())
            suspects.append(("/metrics", Data(metrics.utf8)))
            #expect(suspects.contains { $0.name.hasSuffix(".ledger") && !$0.bytes.isEmpty })
            #expect(suspects.contains { $0.name == "log" && !$0.bytes.isEmpty })
            for suspect in suspects {
                let text = String(decoding: suspect.bytes, as: UTF8.self).lowercased()
                for needle in Self.needles where text.contains(needle.lowercased()) {
                    Issue.record("\(suspect.name) holds `\(needle)` in clear")
                }
            }
        }
        // With everything that is in the logs of the databases, and after they are closed.
        try search()
        #expect(server.stop() == 0)
        try search()
    }
}
