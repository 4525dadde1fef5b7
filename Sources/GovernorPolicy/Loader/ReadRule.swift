import GovernorCore

/// A rule as it was read, with where its parts stand, for what can only be said once all files are read.
struct ReadRule {
    var rule: Rule
    let findings: Findings
    private let entries: [LocatedNode.Entry]

    init(_ rule: Rule, at node: LocatedNode, findings: Findings) {
        self.rule = rule
        self.findings = findings
        entries = if case .mapping(let entries) = node.content { entries } else { [] }
    }

    /// Its first key.
    var head: SourceSpan { entries.first?.key.span ?? SourceSpan(start: 0, end: 1) }

    /// The value under `key`; the rule's first key when there is none.
    func span(_ key: String) -> SourceSpan { entries.first { $0.name == key }?.value.span ?? head }

    /// The value under a key of the group under `key`.
    func span(_ key: String, _ inner: String) -> SourceSpan {
        guard case .mapping(let inside)? = entries.first(where: { $0.name == key })?.value.content else {
            return span(key)
        }
        return inside.first { $0.name == inner }?.value.span ?? span(key)
    }

    /// The items of the list under `inner` of the group under `key`; a single value is a list of one.
    func items(_ key: String, _ inner: String) -> [LocatedNode] {
        guard case .mapping(let inside)? = entries.first(where: { $0.name == key })?.value.content,
            let value = inside.first(where: { $0.name == inner })?.value
        else { return [] }
        if case .sequence(let items) = value.content { return items }
        return [value]
    }

    /// `file:line`, for findings about another rule.
    var place: String { "\(rule.file):\(rule.line)" }
}
