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

    /// A key that is made, changed or removed on one node is so on the other within a second, even for connections that
    /// are open; Redis gets the keys again that it has lost, and believes nobody who does not know the secret.
    @Test func keysAreThoseOfEveryNode() async throws {
        let redis = try RedisProcess()
        let nodes = try nodes(redis)
        for node in nodes { try await node.start() }
        func keys(_ i: Int, _ arguments: String...) throws -> [String: Any] {
            let data = nodes[i].folder.appendingPathComponent("data").path
            let (status, output) = try nodes[i].command(["keys"] + arguments + ["--data", data, "--json"])
            #expect(status == 0, "\(arguments): \(output)")
            return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }
        func ask(_ i: Int, _ key: String) async throws -> Int {
            try await nodes[i].post("/v1/decisions", Self.question("+12125552500", reserve: false), key: key).0
        }
        /// Waits until node `i` answers so, and says how long it took.
        func wait(_ i: Int, _ key: String, for status: Int) async throws -> Duration {
            let began = ContinuousClock.now
            try await eventually("node \(i) did not answer \(status)") { try await ask(i, key) == status }
            return began.duration(to: .now)
        }
        let made = try keys(0, "add", "--role", "dialer", "--id", "d", "--requests-per-second", "100000")
        let key = try #require(made["key"] as? String)
        // A second is the promise; the rest is for a busy machine.
        let patience = Duration.seconds(3)
        #expect(try await wait(1, key, for: 200) < patience)
        #expect(try await wait(0, key, for: 200) < patience)
        // The same caller with another key: the idempotency key and the reservation stay the caller's.
        var question = Self.question("+12125552501")
        question["idempotency_key"] = "once"
        let (_, first) = try await nodes[0].post("/v1/decisions", question, key: key)
        let second = try #require(try keys(1, "rotate", "d", "--overlap", "PT1H")["key"] as? String)
        #expect(try await wait(0, second, for: 200) < patience)
        #expect(try await ask(0, key) == 200)
        let (_, again) = try await nodes[1].post("/v1/decisions", question, key: second)
        let reservation = try #require((first["reservation"] as? [String: Any])?["id"] as? String)
        #expect((again["reservation"] as? [String: Any])?["id"] as? String == reservation, "\(again)")
        #expect(try await nodes[1].post("/v1/reservations/\(reservation)/confirm", [:], key: second).0 == 200)
        // Rotated without an overlap: the earlier ones end.
        let third = try #require(try keys(0, "rotate", "d", "--overlap", "PT0S")["key"] as? String)
        for old in [key, second] { #expect(try await wait(1, old, for: 401) < patience) }
        #expect(try await wait(1, third, for: 200) < patience)
        // Redis forgets, and learns again; a stranger with access to Redis makes no key.
        let forged =
            #"{"key":{"id":"x","role":"admin","agency":"","digest":"DIGEST","createdAt":"2026-01-01T00:00:00.000Z"}}"#
        _ = try redis.cli(["DEL", "gov:keys", "gov:keys-stamp"])
        _ = try redis.cli(["HSET", "gov:keys", "x", String(repeating: "0", count: 64) + " " + forged])
        _ = try redis.cli(["SET", "gov:keys-stamp", "forged"])
        try await eventually("Redis did not learn the key again") {
            try redis.cli(["HGET", "gov:keys", "d"]).contains("dialer")
        }
        try await eventually("nobody noticed") { nodes[1].log.contains("was not made under this secret") }
        #expect(try !redis.cli(["HGETALL", "gov:keys"]).contains(third))
        // Removed here, refused there, also for a node that was not running.
        #expect(nodes[1].stop() == 0)
        let (status, _) = try nodes[0].command(
            ["keys", "remove", "d", "--data", nodes[0].folder.appendingPathComponent("data").path])
        #expect(status == 0)
        #expect(try await wait(0, third, for: 401) < patience)
        try await nodes[1].start()
        #expect(try await ask(1, third) == 401, "its own file still had the key")
        for node in nodes { #expect(node.stop() == 0) }
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = Date().addingTimeInterval(20)
        while try await !condition() {
            if Date() > deadline { throw RedisProcess.Failure(description: what) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
