import Foundation
import GovernorCore
import GovernorRuntime
import GovernorTesting
import GovernorWorkbench
import Testing

/// What rules in shadow would have done, from the ledger of a run.
@Suite struct ShadowReportTests {
    @Test func sumsFitTogether() async throws {
        var generator = SeededGenerator.announced("ShadowReportTests.sumsFitTogether")
        let folder = FileManager.default.temporaryDirectory.appending(path: "shadow-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await ReplayTests.record(900, in: folder, &generator)

        let whole = try ShadowReport(dataDirectory: folder)
        let counts = try #require(whole.rules["house/shadow"])
        #expect(whole.rules.count == 1 && whole.decisions > 400)
        #expect(counts.total.switched > 0 && counts.total.denials > counts.total.switched)
        // The only rule in shadow: what it changes is what changes at all.
        #expect(whole.switched == counts.total.switched && whole.switched < whole.allowed)
        for rows in [counts.byChannel, counts.byCampaign, counts.byAgency, counts.byDay, counts.byCode] {
            #expect(rows.values.reduce(0) { $0 + $1.denials } == counts.total.denials)
            #expect(rows.values.reduce(0) { $0 + $1.switched } == counts.total.switched)
        }
        #expect(Set(counts.byChannel.keys) == ["voice", "sms"] && Set(counts.byAgency.keys) == ["north", "south"])
        #expect(counts.examples.count == 5 && counts.examples.allSatisfy { $0.reason.rule == "house/shadow" })
        #expect(counts.examples.contains { !$0.wasDenied })
        #expect(whole.text.contains("house/shadow") && !whole.hasSummaries)
        #expect((try JSONSerialization.jsonObject(with: Data(whole.json.utf8))) is [String: Any])

        // A period is [since, until): cut anywhere, the parts make the whole.
        let cut = counts.examples[2].at
        let before = try ShadowReport(dataDirectory: folder, until: cut)
        let after = try ShadowReport(dataDirectory: folder, since: cut)
        #expect(before.decisions + after.decisions == whole.decisions && before.decisions > 0 && after.decisions > 0)
        #expect(before.switched + after.switched == whole.switched)
        #expect(
            (before.rules["house/shadow"]?.total.denials ?? 0) + (after.rules["house/shadow"]?.total.denials ?? 0)
                == counts.total.denials)
        let none = try ShadowReport(dataDirectory: folder, since: counts.last + Milliseconds(1))
        #expect(none.rules.isEmpty && none.text.contains("No rule in shadow"))
    }
}
