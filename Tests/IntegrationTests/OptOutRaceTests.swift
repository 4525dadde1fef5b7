import Foundation
import GovernorTesting
import Synchronization
import Testing

/// A no among many callers who reserve and confirm at the same time: nothing that is asked after its acknowledgement is
/// allowed, on any node, from either store.
@Suite(.serialized, .timeLimit(.minutes(5))) struct OptOutRaceTests {
    static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out }
          - id: many
            kind: frequency_cap
            scope: { channels: [voice] }
            limit: 500
            window: P1D
        """

    @Test func nothingIsAllowedAfterwardsInTheEmbeddedStore() async throws {
        let node = try ServerProcess(policy: Self.policy, settings: ["GOVERNOR_STORE_DEADLINE": "5s"])
        try await node.start()
        try await race(over: [node])
        #expect(node.stop() == 0)
    }

    @Test(.enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func nothingIsAllowedAfterwardsOnTwoNodesOverRedis() async throws {
        let redis = try RedisProcess()
        let nodes = try (0..<2).map { _ in
            try ServerProcess(
                policy: Self.policy, store: "redis://127.0.0.1:\(redis.port)",
                settings: ["GOVERNOR_SECRET": "a secret that all nodes share", "GOVERNOR_STORE_DEADLINE": "5s"])
        }
        for node in nodes { try await node.start() }
        try await race(over: nodes)
        for node in nodes { #expect(node.stop() == 0) }
    }

    /// What the callers of one person have come to.
    private final class Tally: Sendable {
        private let state = Mutex((isOver: false, allowed: 0, late: [String](), reservations: [String]()))
        var isOver: Bool { state.withLock { $0.isOver } }
        var allowed: Int { state.withLock { $0.allowed } }
        var late: [String] { state.withLock { $0.late } }
        var reservations: [String] { state.withLock { $0.reservations } }
        func acknowledge() { state.withLock { $0.isOver = true } }
        func note(_ what: String, allowed: Bool, wasOver: Bool, reservation: String? = nil) {
            state.withLock { state in
                if allowed { state.allowed += 1 }
                if allowed && wasOver { state.late.append(what) }
                if let reservation { state.reservations.append(reservation) }
            }
        }
    }

    private func race(over nodes: [ServerProcess]) async throws {
        var random = SeededGenerator.announced("OptOutRaceTests over \(nodes.count) node(s)")
        var allowedAtAll = 0
        for person in 0..<6 {
            let phone = "+1212555\(3_000 + person)"
            let tally = Tally()
            let before = Int.random(in: 0...12, using: &random)
            let teller = nodes[Int.random(in: 0..<nodes.count, using: &random)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<6 {
                    let node = nodes[worker % nodes.count]
                    group.addTask {
                        // A few more after it is over: those are the ones that count.
                        var after = 0
                        while after < 3 {
                            let wasOver = tally.isOver
                            if wasOver { after += 1 }
                            let (_, answer) = try await node.post(
                                "/v1/decisions",
                                ["contact": ["phone": phone], "channel": "voice", "purpose": "marketing"])
                            let id = (answer["reservation"] as? [String: Any])?["id"] as? String
                            let isAllowed = answer["verdict"] as? String == "allow"
                            tally.note("decision", allowed: isAllowed, wasOver: wasOver, reservation: id)
                            guard let id else { continue }
                            let wasOverAtConfirmation = tally.isOver
                            let (_, confirmed) = try await node.post("/v1/reservations/\(id)/confirm", [:])
                            tally.note(
                                "confirmation", allowed: confirmed["verdict"] as? String == "allow",
                                wasOver: wasOverAtConfirmation)
                        }
                    }
                }
                group.addTask {
                    while tally.allowed < before { await Task.yield() }
                    let (status, told) = try await teller.post(
                        "/v1/opt-outs", ["id": "no", "contact": ["phone": phone], "source": "race"])
                    #expect(status == 200, "\(told)")
                    tally.acknowledge()
                }
                try await group.waitForAll()
            }
            #expect(tally.late.isEmpty, "person \(person): \(tally.late)")
            // Every reservation ever given, confirmed or not, from every node.
            for (i, id) in tally.reservations.enumerated() {
                let (_, answer) = try await nodes[i % nodes.count].post("/v1/reservations/\(id)/confirm", [:])
                #expect(answer["verdict"] as? String == "deny", "person \(person): \(answer)")
            }
            allowedAtAll += tally.reservations.count
        }
        #expect(allowedAtAll > 0, "nothing was ever allowed, so nothing was tested")
    }
}
