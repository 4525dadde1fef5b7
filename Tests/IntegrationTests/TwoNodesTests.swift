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

    /// Told on one node, heard on the other, and gone on with there after the first has gone.
    @Test func anOptOutIsToldToTheListenersOfEveryNode() async throws {
        let redis = try RedisProcess([("appendonly", "yes")])
        let nodes = try nodes(redis)
        for node in nodes { try await node.start() }
        var streams: [EventStream] = []
        for node in nodes {
            let stream = try await EventStream.open(port: node.port, key: node.key)
            let ready = try await stream.next()
            #expect(ready?.name == "ready")
            streams.append(stream)
        }
        var events: [[EventStream.Event]] = [[], []]
        for k in 0..<6 {
            let phone = "+1212555\(2_300 + k)"
            _ = try await nodes[k % 2].post("/v1/decisions", Self.question(phone))
            let (_, told) = try await nodes[k / 2 % 2].post("/v1/opt-outs", ["id": "no", "contact": ["phone": phone]])
            let revoked = try #require(told["revoked"] as? [String])
            for (i, stream) in streams.enumerated() {
                let event = try #require(try await stream.next())
                #expect(event.data["reservations"]?.array?.compactMap { $0["id"]?.string } == revoked)
                events[i].append(event)
            }
        }
        // The same under the same numbers, and from either node.
        #expect(events[0] == events[1] && Set(events[0].map(\.id)).count == 6)
        #expect(nodes[0].stop() == 0)
        let again = try await EventStream.open(port: nodes[1].port, key: nodes[1].key, lastID: events[0][2].id)
        #expect(try await again.next()?.name == "ready")
        for event in events[0][3...] { #expect(try await again.next() == event) }
        // Redis goes and comes back with what it held: nothing is missed, and what is new is heard.
        try await nodes[0].start()
        redis.kill()
        try redis.start()
        try await eventually("the node did not recover") { try await nodes[1].get("/readyz").0 == 200 }
        _ = try await nodes[1].post("/v1/decisions", Self.question("+12125552350"))
        _ = try await nodes[1].post("/v1/opt-outs", ["id": "no", "contact": ["phone": "+12125552350"]])
        #expect(try await again.next()?.name == "revoked")
        // A node that was not there when something was told knows it all the same.
        let late = try await EventStream.open(port: nodes[0].port, key: nodes[0].key, lastID: events[0][5].id)
        #expect(try await late.next()?.name == "ready")
        #expect(try await late.next()?.name == "revoked")
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
