import Foundation
import GovernorTesting
import Testing

/// The dashboard asks for nothing that `/metrics` does not print.
@Suite(.enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct DashboardTests {
    @Test func namesOnlyMetricsThatArePrinted() async throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "docker/grafana/dashboards/governor.json")
        let dashboard = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var asked: Set<String> = []
        for panel in dashboard["panels"] as? [[String: Any]] ?? [] {
            for target in panel["targets"] as? [[String: Any]] ?? [] {
                let text = try #require(target["expr"] as? String)
                for match in text.matches(of: /(governor|process)_[a-z_]+/) { asked.insert(String(match.0)) }
            }
        }
        #expect(asked.count > 20)
        let redis = try RedisProcess()
        let node = try ServerProcess(
            policy: TwoNodesTests.policy, store: redis.url,
            settings: ["GOVERNOR_SECRET": "a secret that all nodes share", "GOVERNOR_STORE_DEADLINE": "5s"])
        try await node.start()
        let text = try await node.text("/metrics")
        var printed: Set<String> = []
        for line in text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
            printed.insert(String(line.split(separator: " ")[2]))
        }
        #expect(asked.subtracting(printed) == [])
        #expect(node.stop() == 0)
    }
}
