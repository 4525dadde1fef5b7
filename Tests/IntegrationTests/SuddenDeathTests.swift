import Foundation
import GovernorTesting
import Synchronization
import Testing

/// Kills the server with `kill -9` under load, again and again: what it acknowledged is there, and no cap was passed.
@Suite(.serialized) struct SuddenDeathTests {
    static let limit = 4
    static let policy = """
        policy: test
        rules:
          - id: four-a-week
            kind: frequency_cap
            scope: { channels: [voice] }
            limit: \(limit)
            window: P7D
        """

    /// What the server has acknowledged.
    private struct Acknowledged {
        var reservations: [String: Set<String>] = [:]
        var outcomes: Set<String> = []
        var optOuts: Set<String> = []
        var answers = 0
    }

    private final class Notes: Sendable {
        let state = Mutex(Acknowledged())
    }

    @Test(.timeLimit(.minutes(4))) func nothingAcknowledgedIsLost() async throws {
        var generator = SeededGenerator.announced("sudden deaths")
        let server = try ServerProcess(policy: Self.policy)
        let notes = Notes()
        let deaths = 6
        for death in 0..<deaths {
            try await server.start()
            let seeds = (0..<8).map { _ in generator.next() }
            let lifetime = Int.random(in: 150...900, using: &generator)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (worker, seed) in seeds.enumerated() {
                    group.addTask {
                        await Self.work(server, seed: seed, name: "\(death)-\(worker)", notes)
                    }
                }
                try await Task.sleep(for: .milliseconds(lifetime))
                server.killHard()
                try await group.waitForAll()
            }
        }
        try await server.start()
        let seen = notes.state.withLock { $0 }
        #expect(seen.answers > 100, "too little load to prove anything")
        for (phone, reservations) in seen.reservations {
            #expect(reservations.count <= Self.limit, "\(phone) was allowed \(reservations.count) times")
            for reservation in reservations {
                let (status, body) = try await server.post(
                    "/v1/reservations/\(reservation)/outcome", ["outcome": "no_answer", "at": "2020-01-01T00:00:00Z"])
                #expect(status == 200, "an acknowledged reservation is gone: \(body)")
                if seen.outcomes.contains(reservation) {
                    #expect(body["status"] as? String == "superseded", "an acknowledged outcome is gone")
                }
            }
        }
        for phone in seen.optOuts {
            let (_, body) = try await server.post("/v1/decisions", Self.question(phone, reserve: false))
            let codes = (body["reasons"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
            #expect(codes.contains("opt_out.active"), "an acknowledged opt-out is gone")
        }
        #expect(server.stop() == 0)
        print("sudden deaths: \(deaths), acknowledged answers: \(seen.answers), opt-outs: \(seen.optOuts.count)")
    }

    private static func question(_ phone: String, reserve: Bool, key: String? = nil) -> [String: Any] {
        var body: [String: Any] = [
            "contact": ["phone": phone], "channel": "voice", "purpose": "marketing", "reserve": reserve,
        ]
        if let key { body["idempotency_key"] = key }
        return body
    }

    /// Asks, reports and opts out until the server dies.
    private static func work(
        _ server: ServerProcess, seed: UInt64, name: String, _ notes: Notes
    ) async {
        var generator = SeededGenerator(seed: seed)
        for step in 0..<10_000 {
            let phone = "+1212555\(1_000 + Int.random(in: 0..<60, using: &generator))"
            do {
                if generator.oneIn(25) {
                    let (status, _) = try await server.post(
                        "/v1/opt-outs",
                        ["id": "\(name)-\(step)", "contact": ["phone": phone], "source": "test"])
                    if status == 200 {
                        notes.state.withLock {
                            $0.optOuts.insert(phone)
                            $0.answers += 1
                        }
                    }
                    continue
                }
                let (status, body) = try await server.post(
                    "/v1/decisions", question(phone, reserve: true, key: "\(name)-\(step)"))
                guard status == 200 else { continue }
                notes.state.withLock { $0.answers += 1 }
                guard let reservation = (body["reservation"] as? [String: Any])?["id"] as? String else { continue }
                notes.state.withLock { _ = $0.reservations[phone, default: []].insert(reservation) }
                if generator.oneIn(2) {
                    let (status, _) = try await server.post(
                        "/v1/reservations/\(reservation)/outcome", ["outcome": "voicemail"])
                    if status == 200 { notes.state.withLock { _ = $0.outcomes.insert(reservation) } }
                }
            } catch {
                return
            }
        }
    }
}
