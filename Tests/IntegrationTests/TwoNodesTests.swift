import Foundation
import GovernorTesting
import Testing

/// Two nodes, each with a folder of its own, over one Redis.
@Suite(.serialized, .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct TwoNodesTests {
    static let policy = """
        policy: test
        rules:
          - id: two-a-week
            kind: frequency_cap
            scope: { channels: [voice] }
            limit: 2
            window: P7D
          - { id: said-no, kind: opt_out }
        """

    private func nodes(_ redis: RedisProcess, count: Int = 2) throws -> [ServerProcess] {
        try (0..<count).map { _ in
            try ServerProcess(
                policy: Self.policy, store: "redis://127.0.0.1:\(redis.port)",
                settings: ["GOVERNOR_SECRET": "a secret that all nodes share", "GOVERNOR_STORE_DEADLINE": "5s"])
        }
    }

    private static func question(_ phone: String, reserve: Bool = true) -> [String: Any] {
        ["contact": ["phone": phone], "channel": "voice", "purpose": "marketing", "reserve": reserve]
    }

    @Test func aCapIsExactAcrossNodesAndAnOptOutBindsBoth() async throws {
        let redis = try RedisProcess()
        let nodes = try nodes(redis)
        for node in nodes { try await node.start() }
        for k in 0..<5 {
            let phone = "+1212555\(2_000 + k)"
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for i in 0..<20 {
                    let node = nodes[i % 2]
                    group.addTask {
                        let (status, body) = try await node.post("/v1/decisions", Self.question(phone))
                        #expect(status == 200, "\(body)")
                        return body["verdict"] as? String == "allow"
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed == 2, "\(allowed) of 2 were allowed")
        }
        // Reserved here, confirmed there; an opt-out told there denies here, and the confirmation of what was given.
        let phone = "+12125552100"
        let (_, first) = try await nodes[0].post("/v1/decisions", Self.question(phone))
        let reservation = try #require((first["reservation"] as? [String: Any])?["id"] as? String)
        let (_, second) = try await nodes[0].post("/v1/decisions", Self.question(phone))
        let other = try #require((second["reservation"] as? [String: Any])?["id"] as? String)
        let (status, confirmed) = try await nodes[1].post("/v1/reservations/\(reservation)/confirm", [:])
        #expect(status == 200 && confirmed["verdict"] as? String == "allow", "\(confirmed)")
        let (told, _) = try await nodes[1].post(
            "/v1/opt-outs", ["id": "no-1", "contact": ["phone": phone], "source": "test"])
        #expect(told == 200)
        let (_, check) = try await nodes[0].post("/v1/decisions", Self.question(phone, reserve: false))
        let codes = (check["reasons"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
        #expect(codes.contains("opt_out.active"), "\(check)")
        let (_, late) = try await nodes[0].post("/v1/reservations/\(other)/confirm", [:])
        #expect(late["verdict"] as? String == "deny", "\(late)")
        for node in nodes { #expect(node.stop() == 0) }
    }

    @Test func readinessFollowsRedisAndAnotherSecretIsRefused() async throws {
        let redis = try RedisProcess([("appendonly", "yes")])
        let node = try nodes(redis, count: 1)[0]
        try await node.start()
        redis.kill()
        let phone = "+12125552200"
        let (status, body) = try await node.post("/v1/decisions", Self.question(phone))
        #expect(status == 503 && body["verdict"] as? String == "deny", "\(body)")
        try await eventually("not ready was not told") { try await node.get("/readyz").0 == 503 }
        try redis.start()
        try await eventually("the node did not recover") { try await node.get("/readyz").0 == 200 }
        let (again, answer) = try await node.post("/v1/decisions", Self.question(phone))
        #expect(again == 200 && answer["verdict"] as? String == "allow", "\(answer)")
        let stranger = try ServerProcess(
            policy: Self.policy, store: "redis://127.0.0.1:\(redis.port)",
            settings: ["GOVERNOR_SECRET": "quite another secret of somebody else"])
        await #expect { try await stranger.start() } throws: { "\($0)".contains("another secret") }
        #expect(node.stop() == 0)
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = Date().addingTimeInterval(20)
        while try await !condition() {
            if Date() > deadline { throw RedisProcess.Failure(description: what) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
