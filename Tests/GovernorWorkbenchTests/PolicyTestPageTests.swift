import Foundation
import GovernorPolicy
import GovernorWorkbench
import Testing

/// The example of docs/policy-tests.md does what the page says.
@Suite struct PolicyTestPageTests {
    static func blocks(_ page: String) -> [(kind: String, text: String)] {
        page.components(separatedBy: "```yaml ").dropFirst().map { block in
            let lines = block.components(separatedBy: "```")[0].split(
                separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(lines[0]), String(lines[1]))
        }
    }

    @Test func theExamplePasses() async throws {
        let page = try String(contentsOf: World.repository.appending(path: "docs/policy-tests.md"), encoding: .utf8)
        let blocks = Self.blocks(page)
        let policy = try #require(blocks.first { $0.kind == "policy" }).text
        let tests = try #require(blocks.first { $0.kind == "tests" }).text
        let report = try await World.run(["house.yaml": policy, "house.test.yaml": tests])
        #expect(report.findings.isEmpty, "\(report.findings.report)")
        #expect(report.isGood, "\(report.text())")
        #expect(report.results.count == 8)
        #expect(report.coverage.percent == 100, "\(report.coverage.text)")
        #expect(report.coverage.gaps.isEmpty)
    }

    /// What a failure looks like, in every form of report.
    @Test func failuresAreTold() async throws {
        let report = try await World.run([World.goldens.appending(path: "failing").path])
        #expect(!report.isGood && report.findings.isEmpty)
        let folder = World.goldens.appending(path: "failing")
        try World.expectGolden(
            report.text(isVerbose: true, showsCoverage: true).portable + report.summary + "\n",
            at: folder.appending(path: "report.expected"))
        try World.expectGolden(report.junit.portable, at: folder.appending(path: "report.xml.expected"))
        try World.expectGolden(report.json.portable + "\n", at: folder.appending(path: "report.json.expected"))
        #expect((try JSONSerialization.jsonObject(with: Data(report.json.utf8))) is [String: Any])
    }

    /// Everything that can be wrong with a test file, at its place.
    @Test func brokenFilesAreTold() async throws {
        let folder = World.goldens.appending(path: "broken")
        let report = try await World.run([folder.path])
        #expect(!report.isGood && report.results.isEmpty)
        try World.expectGolden(report.findings.report.portable, at: folder.appending(path: "report.expected"))
    }

    @Test func aFilterLeavesTheOthersOut() async throws {
        let report = try await World.run([World.goldens.appending(path: "failing").path], filter: "second")
        #expect(report.results.count == 1 && report.skipped > 0)
    }
}
