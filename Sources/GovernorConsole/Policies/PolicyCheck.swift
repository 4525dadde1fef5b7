import GovernorCore
import GovernorIdentity
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench
import Synchronization

/// A policy that somebody pasted: what the loader finds, what its tests say, and what it would change.
struct PolicyCheck: Sendable {
    /// Tests that one page runs.
    static let testsMax = 500
    /// Questions tried for one changed rule.
    static let casesMax = 1_500
    /// Changed rules that examples are looked for.
    static let changesSearchedMax = 40

    var name: String
    var findings: [Diagnostic]
    /// `nil` when the text cannot be loaded beside the other files.
    var policies: PolicySet?
    /// Rules of the file alone.
    var ruleCount = 0
    var tests: TestReport?
    var areTestsCut = false
    var changes: PolicyChanges?
    /// Examples; `nil` when nobody asked for them.
    var diff: PolicyDiff?
    /// Laid out as the formatter does; `nil` when it is so already, or cannot be.
    var formatted: String?

    /// Checks `text` in place of the loaded file of that name, or beside the loaded files.
    ///
    /// Costs up to some seconds of one core when `searches`.
    static func run(
        _ text: String, as name: String, tests: String, searches: Bool, over console: Console, at now: Timestamp
    ) async -> PolicyCheck {
        let zones = console.governor.zones
        let loaded = console.policies.texts.map { PolicySource(name: $0.file.name, bytes: $0.bytes) }
        let source = PolicySource(name: name, text: text.replacing("\r\n", with: "\n"))
        let others = loaded.filter { $0.name != name }
        let testSource =
            tests.trimmed.isEmpty
            ? nil
            : PolicySource(
                name: stem(name) + ".test.yaml", text: tests.replacing("\r\n", with: "\n"))
        let (policies, findings) = PolicyService.loader(zones: zones, at: now).load(
            files: others + [source], tests: testSource.map { [$0] } ?? [])
        var check = PolicyCheck(
            name: name, findings: findings.filter { $0.file == name || $0.severity == .error }, policies: policies)
        guard let policies else { return check }
        check.ruleCount = policies.rules.count { $0.file == name }
        if let testSource { await check.runTests(testSource, policies, console) }
        let current = console.governor.policies.current
        let changes = PolicyChanges(from: current, to: policies, zones: zones)
        check.changes = changes
        if searches, !changes.isEmpty, changes.rules.count <= changesSearchedMax {
            check.diff = PolicyDiff(from: current, to: policies, zones: zones, start: now, casesPerRuleMax: casesMax)
        }
        if let formatted = PolicyFormatter.format(source).text,
            formatted != String(decoding: source.bytes, as: UTF8.self)
        {
            check.formatted = formatted
        }
        return check
    }

    private mutating func runTests(_ source: PolicySource, _ policies: PolicySet, _ console: Console) async {
        guard let hasher = try? IdentifierHasher(secret: Array("identifiers of the workbench".utf8)) else { return }
        let zones = console.governor.zones
        let reader = TestFileReader(source)
        var scenarios = reader.scenarios(
            policies: policies, intake: Intake(hasher: hasher, zones: zones), zones: zones)
        findings += reader.findings.diagnostics
        if reader.findings.diagnostics.hasErrors { scenarios = [] }
        areTestsCut = scenarios.count > Self.testsMax
        let suite = TestSuite(
            files: [
                TestSuite.File(
                    name: source.name, scenarios: Array(scenarios.prefix(Self.testsMax)), policies: policies)
            ], findings: [])
        tests = await suite.run(zones: zones, hasher: hasher)
    }

    private static func stem(_ name: String) -> String {
        name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
    }
}

/// Lets one heavy check run at a time, so that a page never takes the machine from those who decide.
final class CheckGate: Sendable {
    private let isBusy = Atomic(false)

    /// Runs `body` on a thread of its own; `nil` when another one runs.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value? {
        guard !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
        let value = await Task.detached(priority: .low) { await body() }.value
        isBusy.store(false, ordering: .releasing)
        return value
    }
}
