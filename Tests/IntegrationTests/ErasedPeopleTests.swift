import Foundation
import GovernorTesting
import Testing

/// Erasures over real stores, with the server killed among them: begun ones are finished, every no stays, and nothing of
/// the rest is in any file.
@Suite(.serialized) struct ErasedPeopleTests {
    private static let policy = """
        policy: test
        rules:
          - { id: five-a-week, kind: frequency_cap, scope: { channels: [voice] }, limit: 5, window: P7D }
          - { id: said-no, kind: opt_out }
        """
    private static let count = 16

    @Test(.timeLimit(.minutes(3))) func embedded() async throws {
        let server = try ServerProcess(policy: Self.policy, settings: ["GOVERNOR_STORE_DEADLINE": "5s"])
        try await erasuresAreFinished(server) { Self.contents(of: server.folder.path + "/data") }
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func redis() async throws {
        let redis = try RedisProcess()
        let server = try ServerProcess(
            policy: Self.policy, store: "redis+unix://\(redis.socket)", settings: ["GOVERNOR_STORE_DEADLINE": "5s"])
        try await erasuresAreFinished(server) {
            // As it lies on a disk, without compression.
            _ = try redis.cli("CONFIG", "SET", "rdbcompression", "no")
            _ = try redis.cli("SAVE")
            return Self.contents(of: server.folder.path + "/data") + Self.contents(of: redis.folder)
        }
    }

    private static func contents(of folder: String) -> [(name: String, bytes: Data)] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            FileManager.default.contents(atPath: folder + "/" + name).map { (name, $0) }
        }
    }

    private static func phone(_ i: Int) -> String { "+1212555\(4_000 + i)" }
    /// What only one person's records say.
    private static func mark(_ i: Int) -> String { "campaign-of-number-\(i)-alone" }

    private func erasuresAreFinished(
        _ server: ServerProcess, _ contents: () throws -> [(name: String, bytes: Data)]
    ) async throws {
        var generator = SeededGenerator.announced("erasures and a sudden death")
        try await server.start()
        var ids: [String] = []
        for i in 0..<Self.count {
            let contact: [String: Any] = ["phone": Self.phone(i), "email": "p\(i)@example.com"]
            let (_, body) = try await server.post(
                "/v1/decisions",
                ["contact": contact, "channel": "voice", "purpose": "marketing", "campaign": Self.mark(i)])
            #expect(body["verdict"] as? String == "allow", "\(body)")
            // Not open any more: what is revoked is told to dialers by the name of its campaign.
            let reservation = try #require((body["reservation"] as? [String: Any])?["id"] as? String)
            let (reported, _) = try await server.post(
                "/v1/reservations/\(reservation)/outcome", ["outcome": "no_answer"])
            #expect(reported == 200)
            if i % 2 == 0 {
                let (status, _) = try await server.post(
                    "/v1/opt-outs", ["id": "no-\(i)", "contact": contact, "evidence": "said so: \(Self.mark(i))"])
                #expect(status == 200)
            }
            let (_, found) = try await server.post("/v1/people/lookup", ["contact": ["phone": Self.phone(i)]])
            ids.append(try #require((found["people"] as? [[String: Any]])?.first?["id"] as? String))
        }
        // All but the last, who stays; killed somewhere among them.
        let lifetime = Int.random(in: 20...1_500, using: &generator)
        let acknowledged = await withTaskGroup(of: Int?.self) { group in
            for (i, id) in ids.dropLast().enumerated() {
                group.addTask {
                    let answer = try? await server.delete("/v1/people/\(id)")
                    return answer?.0 == 200 || answer?.0 == 202 ? i : nil
                }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(lifetime))
                return -1
            }
            var done: [Int] = []
            for await i in group {
                if i == -1 { server.killHard() } else if let i { done.append(i) }
            }
            return done
        }
        try await server.start()
        let noted = server.folder.path + "/data/erasures"
        let deadline = ContinuousClock.now + .seconds(60)
        func waiting() -> Int {
            ((try? FileManager.default.contentsOfDirectory(atPath: noted)) ?? []).count { $0.hasSuffix(".erasure") }
        }
        while waiting() > 0, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        #expect(waiting() == 0, "what was begun is not finished")
        for i in acknowledged {
            let (_, body) = try await server.get("/v1/people/\(ids[i])")
            #expect(body["erased_at"] is String, "an acknowledged erasure is gone: \(body)")
        }
        print("acknowledged before the end: \(acknowledged.count) of \(Self.count - 1)")
        // Asked again, all of them.
        for id in ids.dropLast() {
            let (status, body) = try await server.delete("/v1/people/\(id)")
            #expect(status == 200 && body["ledger"] as? String == "done", "\(body)")
        }
        for i in 0..<Self.count {
            let (_, body) = try await server.post(
                "/v1/decisions",
                ["contact": ["phone": Self.phone(i)], "channel": "voice", "purpose": "marketing", "reserve": false])
            let saidNo = i % 2 == 0
            #expect(body["verdict"] as? String == (saidNo ? "deny" : "allow"), "\(i): \(body)")
        }
        for suspect in try contents() {
            for i in 0..<Self.count - 1 where suspect.bytes.range(of: Data(Self.mark(i).utf8)) != nil {
                Issue.record("\(suspect.name) still tells of person \(i)")
            }
        }
        #expect(try contents().contains { $0.bytes.range(of: Data(Self.mark(Self.count - 1).utf8)) != nil })
        #expect(server.stop() == 0)
        let verified = try server.command(["ledger", "verify", "--data", server.folder.path + "/data"])
        #expect(verified.status == 0, "\(verified.output)")
    }
}
