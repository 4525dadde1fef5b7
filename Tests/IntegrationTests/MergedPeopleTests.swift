import Foundation
import GovernorTesting
import Testing

/// Merges over real stores, with the server killed among them: each is whole or not there, and undone exactly.
@Suite(.serialized) struct MergedPeopleTests {
    static let policy = """
        policy: test
        rules:
          - id: two-a-week
            kind: frequency_cap
            scope: { channels: [voice] }
            limit: 2
            window: P7D
        """
    private static let pairCount = 24

    @Test(.timeLimit(.minutes(2))) func embedded() async throws {
        try await mergesAreWholeOrNotThere(
            try ServerProcess(policy: Self.policy, settings: ["GOVERNOR_STORE_DEADLINE": "5s"]))
    }

    /// The records of a pair lie in different slots: merges take the protocol for several.
    @Test(.timeLimit(.minutes(2)), .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func cluster() async throws {
        let cluster = try RedisCluster()
        let nodes = cluster.masters.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
        try await mergesAreWholeOrNotThere(
            try ServerProcess(
                policy: Self.policy, store: "redis+cluster://\(nodes)", settings: ["GOVERNOR_STORE_DEADLINE": "5s"]))
    }

    private static func phone(_ pair: Int, _ side: Int) -> String { "+1212555\(3_000 + 2 * pair + side)" }

    private static func call(_ phone: String, reserve: Bool = true) -> [String: Any] {
        ["contact": ["phone": phone], "channel": "voice", "purpose": "marketing", "reserve": reserve]
    }

    /// The ids of a pair, each with those it is merged with.
    private func look(_ server: ServerProcess, _ pair: Int) async throws -> [(id: String, with: [String])] {
        var found: [(String, [String])] = []
        for side in 0...1 {
            let (status, body) = try await server.post(
                "/v1/people/lookup", ["contact": ["phone": Self.phone(pair, side)]])
            #expect(status == 200, "\(body)")
            // A merged person's records come together: hers is the one that the touch was made with.
            let people = (body["people"] as? [[String: Any]] ?? []).filter { person in
                (person["touches"] as? [[String: Any]] ?? []).contains { $0["borrowed"] as? Bool == false }
            }
            for person in people {
                let id = try #require(person["id"] as? String)
                if !found.contains(where: { $0.0 == id }) {
                    found.append((id, try #require(person["merged_with"] as? [String])))
                }
            }
        }
        return found
    }

    private func mergesAreWholeOrNotThere(_ server: ServerProcess) async throws {
        var generator = SeededGenerator.announced("merges and a sudden death")
        try await server.start()
        var pairs: [[String]] = []
        for pair in 0..<Self.pairCount {
            for side in 0...1 {
                let (status, body) = try await server.post("/v1/decisions", Self.call(Self.phone(pair, side)))
                #expect(status == 200 && body["verdict"] as? String == "allow", "\(body)")
            }
            pairs.append(try await look(server, pair).map(\.id))
            #expect(pairs[pair].count == 2)
        }
        // Killed somewhere among them.
        let lifetime = Int.random(in: 20...120, using: &generator)
        let acknowledged = await withTaskGroup(of: (Int, String?).self) { group in
            for (pair, persons) in pairs.enumerated() {
                group.addTask {
                    let answer = try? await server.post("/v1/merges", ["id": "m\(pair)", "persons": persons])
                    guard let (status, body) = answer, status == 200 else { return (pair, nil) }
                    return (pair, body["merge"] as? String)
                }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(lifetime))
                return (-1, nil)
            }
            var merges: [Int: String] = [:]
            for await (pair, merge) in group {
                if pair < 0 { server.killHard() } else if let merge { merges[pair] = merge }
            }
            return merges
        }
        try await server.start()
        var whole = 0
        for (pair, persons) in pairs.enumerated() {
            let now = try await look(server, pair)
            let isMerged = now.allSatisfy { person in person.with == persons.filter { $0 != person.id } }
            #expect(isMerged || now.allSatisfy(\.with.isEmpty), "half a merge: \(now)")
            #expect(isMerged || acknowledged[pair] == nil, "an acknowledged merge is gone")
            if isMerged { whole += 1 }
        }
        print("merged before the end: \(whole) of \(Self.pairCount), acknowledged: \(acknowledged.count)")
        // Told again, with the same id: all of them are merged now, once.
        for (pair, persons) in pairs.enumerated() {
            let (status, body) = try await server.post("/v1/merges", ["id": "m\(pair)", "persons": persons])
            #expect(status == 200, "\(body)")
            let (_, denied) = try await server.post("/v1/decisions", Self.call(Self.phone(pair, 0), reserve: false))
            let counts = (denied["reasons"] as? [[String: Any]] ?? []).map { $0["count"] as? Int }
            #expect(counts == [2], "the touches of both count together: \(denied)")
            let merge = try #require(body["merge"] as? String)
            let (undone, answer) = try await server.delete("/v1/merges/\(merge)")
            #expect(undone == 200 && answer["status"] as? String == "undone", "\(answer)")
            let (_, allowed) = try await server.post("/v1/decisions", Self.call(Self.phone(pair, 0)))
            #expect(allowed["verdict"] as? String == "allow", "\(allowed)")
            #expect(try await look(server, pair).allSatisfy(\.with.isEmpty))
        }
        #expect(server.stop() == 0)
    }
}
