import GovernorCore

extension DiagnosticCode {
    /// A rule that no test speaks of.
    static let untested = DiagnosticCode(
        "P065", "untested", .note,
        what: """
            There are tests beside these policies, and none of them names this rule among those that it expects.
            """,
        why: """
            A rule that no test names can be changed or lost without anybody noticing. `governor policy test --coverage` \
            says what the tests really do with each rule.
            """,
        example: nil,
        instead: """
            Add a test that expects the rule to deny, and one that expects it not to: \
            `expect: { verdict: deny, rules: [one-call-a-day] }`.
            """)
}

extension MeaningChecks {
    /// The words of test files: a rule counts as tested when a test of its policy names it, or any test names it in full.
    func checkTests() {
        guard !tests.isEmpty else { return }
        var everywhere: Set<String> = []
        var ofPolicy: [Substring: Set<String>] = [:]
        for test in tests {
            guard let root = LocatedFile(test).root else { continue }
            var words: Set<String> = []
            gather(root, &words)
            everywhere.formUnion(words)
            var policies = [fileName(test.name).prefix { $0 != "." }]
            if case .mapping(let entries) = root.content, let named = entries.first(where: { $0.name == "policies" }) {
                var files: Set<String> = []
                gather(named.value, &files)
                policies += files.map { fileName($0).prefix { $0 != "." } }
            }
            for policy in Set(policies) { ofPolicy[policy, default: []].formUnion(words) }
        }
        for read in rules where read.rule.mode != .off && !everywhere.contains(read.rule.id) {
            let short = String(read.rule.id.split(separator: "/").last ?? "")
            let beside = ofPolicy[fileName(read.rule.file).prefix { $0 != "." }]
            guard beside?.contains(short) != true else { continue }
            read.findings.report(
                .untested, at: read.span("id"), "no test names \(quoted(read.rule.id))",
                hint: "a test expects it with `rules: [\(short)]`")
        }
    }

    private func fileName(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    private func gather(_ node: LocatedNode, _ words: inout Set<String>) {
        switch node.content {
        case .scalar(let text, _): words.insert(text)
        case .sequence(let items): for item in items { gather(item, &words) }
        case .mapping(let entries): for entry in entries { gather(entry.value, &words) }
        case .refused: break
        }
    }
}
