import Foundation
import Testing

@testable import governor

@Suite struct NodeStatusTests {
    private static func ready(_ status: String, store: Bool) -> Data {
        Data(
            #"{"status":"\#(status)","checks":[{"name":"store","ok":\#(store),"detail":null}],"policy":{"revision":"abcdef0123456789","activated_at":"x","rules":2,"rejected":null}}"#
                .utf8)
    }

    private static func metrics(_ allowed: Int) -> Data {
        Data(
            """
            # HELP governor_decisions_total Decisions by verdict.
            # TYPE governor_decisions_total counter
            governor_decisions_total{verdict="allow"} \(allowed)
            governor_decisions_total{verdict="deny"} 7
            governor_policy_rules 2.0
            governor_tls_stale 1.0
            governor_tls_certificate_expiry_seconds 864000.5
            process_resident_memory_bytes 52428800.0
            governor_uptime_seconds 93784.0

            """.utf8)
    }

    @Test func aPictureIsDrawn() throws {
        let status = try #require(NodeStatus(ready: Self.ready("not_ready", store: false), metrics: Self.metrics(5)))
        let text = status.text(since: nil, of: "http://x")
        for words in [
            "NOT READY", "store", "abcdef012345, 2 rules", "allowed", "WARNING", "certificate is stale",
            "ends in 10 days", "50 MiB", "1 d 2 h",
        ] { #expect(text.contains(words), "\(words) in\n\(text)") }
        #expect(!text.contains("/s"), "no rates without an earlier look")
    }

    @Test func ratesComeFromTwoLooks() throws {
        var before = try #require(NodeStatus(ready: Self.ready("ready", store: true), metrics: Self.metrics(5)))
        let after = try #require(NodeStatus(ready: Self.ready("ready", store: true), metrics: Self.metrics(205)))
        before.seenAt = after.seenAt - .seconds(10)
        #expect(after.text(since: before, of: "http://x").contains("205  20/s"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(after.json(since: before).utf8)) as? [String: Any])
        #expect(json["ready"] as? Bool == true && json["allowed"] as? Int == 205)
        #expect(json["decisions_per_second"] as? Double == 20)
        #expect((json["metrics"] as? [String: Any])?["governor_tls_stale"] as? Double == 1)
        // A node that was restarted in between counts anew.
        #expect(!before.text(since: after, of: "http://x").contains("allowed           5  "))
    }

    @Test(arguments: [(0.0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_661, "1 h 1 min"), (200_000, "2 d 7 h")])
    func spans(seconds: Double, text: String) { #expect(NodeStatus.span(seconds) == text) }

    @Test func whatIsNoGovernorIsNotRead() {
        #expect(NodeStatus(ready: Data("{}".utf8), metrics: Data()) == nil)
    }
}
