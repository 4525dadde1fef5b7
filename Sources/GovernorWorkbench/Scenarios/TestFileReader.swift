package import GovernorCore
package import GovernorPolicy
package import GovernorRuntime

/// What a test file says of itself before its policies are loaded.
package struct TestFileHead {
    /// Files to load, as written; `nil`: the policy file beside it.
    package var policies: [(name: String, span: SourceSpan)]?
}

/// Reads one test file: `*.test.yaml` in, scenarios and findings out.
///
/// Two steps, since what a test may say depends on the policies that it names: `init` reads the head, `scenarios` the rest.
package final class TestFileReader {
    package let findings: Findings
    package let head: TestFileHead
    private let file: String
    private let root: LocatedNode?
    private let fixtures: Fixtures

    package init(_ source: PolicySource) {
        file = source.name
        let located = LocatedFile(source, what: "test", begin: "`tests:`")
        findings = located.findings
        root = located.root
        fixtures = Fixtures(findings)
        var head = TestFileHead()
        if let node = root?["policies"] {
            head.policies = node.items.compactMap { item in item.text.map { ($0, item.span) } }
            if head.policies?.isEmpty == true {
                findings.report(
                    .emptyList, at: node, "`policies` is an empty list",
                    hint: "leave it out for the policy file beside this one")
            }
        }
        self.head = head
    }

    package func place(_ span: SourceSpan) -> Place {
        let (line, column) = findings.text.position(of: span.start)
        return Place(file: file, line: line, column: column)
    }

    /// What every test of the file shares.
    struct Context {
        let intake: Intake
        let zones: ZoneAtlas
        let policies: PolicySet
        let rules: [String]
        var defaults: LocatedNode?
        var zone = ScenarioZone.utc
        var caller = Caller(id: "test", role: .admin)
    }

    package func scenarios(policies: PolicySet, intake: Intake, zones: ZoneAtlas) -> [Scenario] {
        guard let root, var keys = KeyReader(root, what: "a test file", findings: findings) else { return [] }
        var context = Context(
            intake: intake, zones: zones, policies: policies, rules: policies.rules.map(\.id))
        _ = keys.take("policies")
        _ = keys.take("description")
        if let node = keys.take("fixtures") { fixtures.read(node) }
        if let node = keys.take("zone") { context.zone = zone(node, zones) ?? .utc }
        if let node = keys.take("caller") { context.caller = caller(node) ?? context.caller }
        if let node = keys.take("defaults") {
            let expanded = fixtures.expanded(node)
            if case .mapping = expanded.content {
                context.defaults = expanded
            } else {
                findings.report(.wrongType, at: node, "`defaults` is a group of keys, not \(node.described)")
            }
        }
        let tests = keys.require("tests", findings, hint: "a list of tests: `tests: [{ name: …, ask: …, expect: … }]`")
        keys.finish(findings)
        guard let tests else { return [] }
        guard case .sequence(let items) = tests.content else {
            findings.report(
                .wrongType, at: tests, "`tests` is a list, not \(tests.described)",
                hint: "begin each test with a hyphen: `- name: …`")
            return []
        }
        var names: Set<String> = []
        var result: [Scenario] = []
        for item in items {
            for scenario in read(item, context) {
                if !names.insert(scenario.name).inserted {
                    findings.report(
                        .declaredTwice, at: item["name"]?.span ?? item.span,
                        "two tests are called \(quoted(scenario.name))", hint: "reports name a test by it")
                }
                result.append(scenario)
            }
        }
        return result
    }

    // MARK: One test

    private static let testKeys: Set<String> = [
        "name", "description", "at", "zone", "contact", "caller", "given", "ask", "expect", "table",
    ]

    private func read(_ item: LocatedNode, _ context: Context) -> [Scenario] {
        var node = fixtures.expanded(item)
        guard case .mapping(let own) = node.content else {
            findings.report(.wrongType, at: item, "a test is a group of keys, not \(item.described)")
            return []
        }
        if let defaults = context.defaults { node.content = .mapping(Self.merged(own, defaults: defaults.entries)) }
        // Rows reach into the contact, whatever name it goes by.
        if case .mapping(var entries) = node.content, let i = entries.firstIndex(where: { $0.name == "contact" }),
            let block = named(entries[i].value)
        {
            entries[i].value = block
            node.content = .mapping(entries)
        }
        guard let table = node["table"] else {
            return one(node, label: nil, at: item.span, context).map { [$0] } ?? []
        }
        let rows = TableReader(findings: findings, fixtures: fixtures).rows(table)
        return rows.enumerated().compactMap { i, row in
            guard let changed = row.applied(to: node, findings) else { return nil }
            let label = row.name ?? "row \(i + 1)"
            return one(changed, label: label, at: row.span, context)
        }
    }

    /// A test's own keys over the file's defaults; `ask` and `contact` key by key, `given` after the defaults' own.
    private static func merged(
        _ own: [LocatedNode.Entry], defaults: [LocatedNode.Entry]
    ) -> [LocatedNode.Entry] {
        var result = Fixtures.merged(own, over: defaults)
        for i in result.indices {
            guard let below = defaults.first(where: { $0.name == result[i].name })?.value,
                let above = own.first(where: { $0.name == result[i].name })?.value
            else { continue }
            switch (result[i].name, above.content, below.content) {
            case ("ask", .mapping(let a), .mapping(let b)), ("contact", .mapping(let a), .mapping(let b)):
                result[i].value.content = .mapping(Fixtures.merged(a, over: b))
            case ("ask", .sequence(let items), .mapping(let b)):
                result[i].value.content = .sequence(
                    items.map { item in
                        guard case .mapping(let a) = item.content else { return item }
                        return LocatedNode(content: .mapping(Fixtures.merged(a, over: b)), span: item.span)
                    })
            case ("given", _, _):
                result[i].value.content = .sequence(below.items + above.items)
            default: break
            }
        }
        return result
    }

    private func one(_ node: LocatedNode, label: String?, at span: SourceSpan, _ context: Context) -> Scenario? {
        guard var keys = KeyReader(node, what: "a test", findings: findings) else { return nil }
        var context = context
        let name = keys.require("name", findings, hint: "reports name the test by it").flatMap { node in
            node.text.flatMap { $0.isEmpty ? nil : $0 }
        }
        _ = keys.take("description")
        _ = keys.take("table")
        if let node = keys.take("zone") { context.zone = zone(node, context.zones) ?? context.zone }
        if let node = keys.take("caller") { context.caller = caller(node) ?? context.caller }
        let body = BodyReader(findings: findings, zone: context.zone)
        let at = body.instant(&keys, "at")
        let contact = keys.take("contact").flatMap { named($0) }
        let given: [LocatedNode] = keys.take("given").map { list($0) } ?? []
        let ask = keys.require("ask", findings, hint: "the question: `ask: { channel: voice, purpose: marketing }`")
        let questions: [LocatedNode] = ask.map { list($0) } ?? []
        let expect = keys.take("expect")
        keys.finish(findings)
        let reader = ActReader(
            context: context, body: body, place: { self.place($0) }, contact: contact, at: at, expect: expect,
            named: { self.named($0) })
        var acts: [Act] = []
        for (i, item) in given.enumerated() {
            if let act = reader.given(item, order: i) { acts.append(act) }
        }
        for (i, item) in questions.enumerated() {
            if let act = reader.question(item, order: given.count + i) { acts.append(act) }
        }
        reader.checkNames(acts, given + questions)
        guard let name, ask != nil else { return nil }
        acts.sort { ($0.at, $0.order) < ($1.at, $1.order) }
        reportTooLate(acts, given)
        return Scenario(
            name: label.map { "\(name) – \($0)" } ?? name, place: place(span), zone: context.zone, acts: acts)
    }

    /// A fact after the last question changes no answer.
    private func reportTooLate(_ acts: [Act], _ given: [LocatedNode]) {
        guard let last = acts.lastIndex(where: \.isQuestion) else { return }
        for act in acts[(last + 1)...] where act.order < given.count {
            findings.report(
                .tooLate, at: given[act.order].span, "this arrives after the last question and changes no answer",
                hint: "say when it arrived with `received_at`, or correct `at`")
        }
    }

    // MARK: Values

    /// A group of keys, or the name of a fixture that is one.
    private func named(_ node: LocatedNode) -> LocatedNode? {
        if case .scalar(let name, _) = node.content, !node.isNull { return fixtures.block(name, at: node) }
        return node
    }

    /// A list whose items may be the names of fixtures, of one block or of lists.
    private func list(_ node: LocatedNode) -> [LocatedNode] {
        node.items.flatMap { item -> [LocatedNode] in
            if case .scalar = item.content { return item.isNull ? [] : named(item)?.items ?? [] }
            return [item]
        }
    }

    private func zone(_ node: LocatedNode, _ zones: ZoneAtlas) -> ScenarioZone? {
        guard let name = node.text else { return nil }
        if let table = zones[ZoneKey(name: name)] { return ScenarioZone(name: name, table: table) }
        findings.report(
            .badZone, at: node, "\(quoted(name)) is not a time zone",
            expected: "a name such as `America/New_York`, or `UTC-06:00`")
        return nil
    }

    /// The name of an agency, or `{ id, role, agency }`.
    private func caller(_ node: LocatedNode) -> Caller? {
        if case .scalar(let agency, _) = node.content { return Caller(id: agency, role: .dialer, agency: agency) }
        guard var keys = KeyReader(node, what: "a caller", findings: findings) else { return nil }
        let agency = keys.take("agency")?.text ?? ""
        let id = keys.take("id")?.text ?? (agency.isEmpty ? "test" : agency)
        var role = Role.dialer
        if let node = keys.take("role") {
            let words = Role.allCases.map(\.rawValue)
            if let found = node.text.flatMap(Role.init(rawValue:)) {
                role = found
            } else {
                findings.report(
                    .unknownWord, at: node, "`role` cannot be \(node.described)", expected: alternatives(words))
            }
        }
        keys.finish(findings)
        return Caller(id: id, role: role, agency: agency)
    }
}

extension Act {
    /// Whether it is asked, rather than given.
    package var isQuestion: Bool {
        switch body {
        case .ask: true
        case .confirm(_, let expectation): expectation != nil
        case .fact, .release, .outcome: false
        }
    }
}
