import Foundation
import GovernorPolicy
import Testing

/// What the documents say of the repository is so.
@Suite struct DocumentationTests {
    static let documents = ["README.md", "docs/CONTRIBUTING.md", "docs/CHANGELOG.md", ".ci/run"]

    @Test(arguments: documents)
    func everyNamedCommandExists(document: String) throws {
        let makefile = try Repository.text("Makefile")
        let targets = Set(makefile.matches(of: #/(?m)^([a-z-]+):.*##/#).map { String($0.output.1) })
        let text = try Repository.text(document)
        for match in text.matches(of: #/make ([a-z-]+)\b/#) {
            // A word after "make" in a sentence is not a command: those stand in code.
            let start = match.range.lowerBound
            let isCode = start > text.startIndex && "` \n".contains(text[text.index(before: start)])
            if isCode && (document == ".ci/run" || text[..<start].last != " ") {
                #expect(targets.contains(String(match.output.1)), "\(document): make \(match.output.1)")
            }
        }
    }

    @Test(arguments: documents)
    func everyLinkLeadsSomewhere(document: String) throws {
        let folder = Repository.root.appending(path: document).deletingLastPathComponent()
        for match in try Repository.text(document).matches(of: #/\]\(([^)#:]+)\)/#) {
            let target = folder.appending(path: String(match.output.1))
            #expect(
                FileManager.default.fileExists(atPath: target.path(percentEncoded: false)),
                "\(document): \(match.output.1)")
        }
    }

    /// The readme shows what the linter says of the policy above it, letter by letter.
    @Test func theReadmesLintErrorIsReal() throws {
        let text = try Repository.text("README.md")
        let policy = try #require(text.split(separator: "```yaml\n").dropFirst().first?.split(separator: "```").first)
        let loader = PolicyLoader { String($0.count) }
        let findings = loader.load(files: [PolicySource(name: "policies/house.yaml", text: String(policy))]).findings
        #expect(findings.count == 1)
        #expect(text.contains("$ governor policy lint policies\n" + findings.report + "```"), "\(findings.report)")
    }
}
