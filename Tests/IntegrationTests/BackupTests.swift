import Foundation
import GovernorTesting
import Synchronization
import Testing

/// A backup made while the server works is whole, and holds everything that was acknowledged before it began.
@Suite(.serialized) struct BackupTests {
    private static let policy = """
        policy: test
        rules:
          - { id: two-a-week, kind: frequency_cap, scope: { channels: [voice] }, limit: 2, window: P7D }
        """

    private final class Acknowledged: Sendable {
        struct State {
            var optOuts: Set<String> = []
            var reservations: [String: Set<String>] = [:]
        }
        let state = Mutex(State())
    }

    private static func work(_ server: ServerProcess, _ name: Int, seed: UInt64, _ notes: Acknowledged) async {
        var generator = SeededGenerator(seed: seed)
        for step in 0..<100_000 {
            let phone = "+1212555\(1_000 + Int.random(in: 0..<400, using: &generator))"
            do {
                if generator.oneIn(6) {
                    let (status, _) = try await server.post(
                        "/v1/opt-outs", ["id": "\(name)-\(step)", "contact": ["phone": phone], "source": "test"])
                    if status == 200 { notes.state.withLock { _ = $0.optOuts.insert(phone) } }
                    continue
                }
                let (status, body) = try await server.post(
                    "/v1/decisions", ["contact": ["phone": phone], "channel": "voice", "purpose": "marketing"])
                if status == 200, let reservation = (body["reservation"] as? [String: Any])?["id"] as? String {
                    notes.state.withLock { _ = $0.reservations[phone, default: []].insert(reservation) }
                }
            } catch { return }
        }
    }

    @Test(.timeLimit(.minutes(2))) func nothingAcknowledgedBeforeItIsMissing() async throws {
        var generator = SeededGenerator.announced("backup")
        let server = try ServerProcess(policy: Self.policy)
        let notes = Acknowledged()
        let backup = server.folder.path + "/backup"
        try await server.start()
        let seeds = (0..<6).map { _ in generator.next() }
        let before = try await withThrowingTaskGroup(of: Void.self) { group in
            for (worker, seed) in seeds.enumerated() {
                group.addTask { await Self.work(server, worker, seed: seed, notes) }
            }
            let deadline = Date().addingTimeInterval(20)
            while notes.state.withLock({ $0.optOuts.count }) < 40, Date() < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            let before = notes.state.withLock { $0 }
            let made = try server.command(["backup", backup, "--data", server.folder.path + "/data", "--json"])
            #expect(made.status == 0, "\(made.output)")
            server.killHard()
            try await group.waitForAll()
            return before
        }
        #expect(before.optOuts.count >= 40)
        #expect(try server.command(["ledger", "verify", "--data", backup]).status == 0)
        // Into the same place, where everything was lost.
        #expect(try server.command(["restore", backup, "--data", server.folder.path + "/data"]).status == 2)
        try FileManager.default.removeItem(atPath: server.folder.path + "/data")
        #expect(try server.command(["restore", backup, "--data", server.folder.path + "/data"]).status == 0)
        try await server.start()
        for phone in before.optOuts {
            let (_, body) = try await server.post(
                "/v1/decisions",
                ["contact": ["phone": phone], "channel": "voice", "purpose": "marketing", "reserve": false])
            let codes = (body["reasons"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
            #expect(codes.contains("opt_out.active"), "an acknowledged opt-out is gone")
        }
        for reservation in before.reservations.values.joined() {
            let (status, body) = try await server.post(
                "/v1/reservations/\(reservation)/outcome", ["outcome": "no_answer", "at": "2020-01-01T00:00:00Z"])
            #expect(status == 200, "an acknowledged reservation is gone: \(body)")
        }
        #expect(server.stop() == 0)
    }

    /// Redis lost everything, and no node of it is left but its ledger.
    @Test(.timeLimit(.minutes(1)), .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func anEmptyRedisIsFilledFromALedger() async throws {
        let redis = try RedisProcess()
        defer { redis.stop() }
        let secret = ["GOVERNOR_SECRET": "a secret of both nodes"]
        let store = redis.url
        let first = try ServerProcess(policy: Self.policy, store: store, settings: secret)
        try await first.start()
        let contact: [String: Any] = ["phone": "+12125550100", "email": "ana@example.com"]
        let ask: [String: Any] = ["contact": contact, "channel": "voice", "purpose": "marketing"]
        let (_, allowed) = try await first.post("/v1/decisions", ask)
        #expect(allowed["verdict"] as? String == "allow")
        let (told, _) = try await first.post(
            "/v1/holdings", ["id": "h1", "contact": contact, "product": "term-life", "status": "active"])
        #expect(told == 200)
        let (said, _) = try await first.post("/v1/opt-outs", ["id": "o1", "contact": contact, "source": "test"])
        #expect(said == 200)
        #expect(first.stop() == 0)
        _ = try redis.cli("FLUSHALL")
        let arguments = ["ledger", "restore", "--from", first.folder.path + "/data", "--store", store, "--json"]
        let restored = try first.command(arguments, environment: secret)
        #expect(restored.status == 0 && !restored.output.contains("\"applied\":0"), "\(restored.output)")
        let again = try first.command(arguments, environment: secret)
        #expect(again.output.contains("\"applied\":0"), "\(again.output)")
        // A node that has no ledger to heal from finds it all, by either identifier.
        let second = try ServerProcess(policy: Self.policy, store: store, settings: secret)
        try await second.start()
        for contact in [["phone": "+12125550100"], ["email": "ana@example.com"]] {
            let (status, found) = try await second.post("/v1/people/lookup", ["contact": contact])
            let people = try #require(found["people"] as? [[String: Any]])
            #expect(status == 200 && people.count == 1)
            #expect((people.first?["identifiers"] as? [Any])?.count == 2)
            #expect((people.first?["touches"] as? [Any])?.count == 1)
            let kinds = (people.first?["facts"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
            #expect(Set(kinds) == ["opt_out", "holding"])
        }
        #expect(second.stop() == 0)
    }
}
