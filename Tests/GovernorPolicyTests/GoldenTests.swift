import Foundation
import GovernorCore
import GovernorPolicy
import Testing

/// One broken file for each code, what is printed for it, and its page.
@Suite struct GoldenTests {
    static let goldens = repository.appending(path: "Tests/GovernorPolicyTests/Goldens")

    /// Every code once, with numbers in order, found by its number in either case.
    @Test func codesAreDistinct() {
        let ids = DiagnosticCode.all.map(\.id)
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(Set(DiagnosticCode.all.map(\.name)).count == ids.count)
        for code in DiagnosticCode.all { #expect(DiagnosticCode.named(code.id.lowercased()) == code) }
        #expect(DiagnosticCode.named("P999") == nil)
    }

    @Test(arguments: DiagnosticCode.all.filter { $0.example != nil }.map(\.id))
    func exampleEarnsItsCodeAndTheCureDoesNot(id: String) throws {
        let code = try #require(DiagnosticCode.named(id))
        let example = try #require(code.example) + "\n"
        let name = "\(code.id)-\(code.name)"
        let (policies, findings) = load(example, name: "\(name).yaml")
        #expect(findings.codes.contains(id))
        #expect(findings.allSatisfy { $0.code.severity <= code.severity || $0.code == code }, "\(findings.report)")
        #expect((policies == nil) == findings.hasErrors)
        try expectGolden(example, at: Self.goldens.appending(path: "\(name).yaml"))
        try expectGolden(findings.report, at: Self.goldens.appending(path: "\(name).expected"))
        let cured = load(code.instead + "\n", name: "cured.yaml")
        #expect(cured.policies != nil)
        #expect(cured.findings.isEmpty, "\(cured.findings.report)")
    }

    /// Files with many findings at once, written by hand.
    @Test(arguments: ["everything-wrong", "unicode", "long-lines"])
    func file(name: String) throws {
        let url = Self.goldens.appending(path: "\(name).yaml")
        let source = PolicySource(name: "\(name).yaml", bytes: Array(try Data(contentsOf: url)))
        let (_, findings) = loader().load(files: [source])
        try expectGolden(findings.report, at: Self.goldens.appending(path: "\(name).expected"))
        try expectGolden(findings.json + "\n", at: Self.goldens.appending(path: "\(name).json"))
        #expect((try JSONSerialization.jsonObject(with: Data(findings.json.utf8))) is [String: Any])
    }

    @Test(arguments: DiagnosticCode.all.map(\.id))
    func pageIsWritten(id: String) throws {
        let code = try #require(DiagnosticCode.named(id))
        try expectGolden(code.page, at: repository.appending(path: "docs/lint/\(id).md"))
    }

    @Test func indexIsWritten() throws {
        var text = "# Findings of `governor policy lint`\n\n"
        text += "Each finding names a code. Errors keep the files from being loaded; warnings are probably mistakes; "
        text +=
            "notes are worth knowing and do not make `lint` fail. `governor policy explain CODE` prints these pages.\n\n"
        text += "| code | name | severity |\n|---|---|---|\n"
        for code in DiagnosticCode.all {
            text += "| [\(code.id)](\(code.id).md) | \(code.name) | \(code.severity.rawValue) |\n"
        }
        try expectGolden(text, at: repository.appending(path: "docs/lint/README.md"))
    }
}
