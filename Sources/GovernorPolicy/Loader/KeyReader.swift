/// Takes the keys of one group and, at the end, reports those that nobody asked for.
package struct KeyReader {
    package let node: LocatedNode
    /// For messages: `a frequency cap`.
    package var what: String
    private let entries: [LocatedNode.Entry]
    private var isTaken: [Bool]
    private var asked: [String] = []

    /// `nil` when the node is not a group of keys; why was reported.
    package init?(_ node: LocatedNode, what: String, findings: Findings) {
        guard case .mapping(let entries) = node.content else {
            if case .refused = node.content { return nil }
            findings.report(.wrongType, at: node, "\(what) is a group of keys, not \(node.described)")
            return nil
        }
        self.node = node
        self.what = what
        self.entries = entries
        isTaken = Array(repeating: false, count: entries.count)
    }

    /// The value under `key`; `nil` when it is not there.
    package mutating func take(_ key: String) -> LocatedNode? {
        asked.append(key)
        guard let index = entries.firstIndex(where: { $0.name == key }) else { return nil }
        isTaken[index] = true
        return entries[index].value
    }

    /// Where the key itself stands.
    package func key(_ name: String) -> SourceSpan {
        entries.first { $0.name == name }?.key.span ?? head
    }

    /// The first key, for findings about the group as a whole.
    package var head: SourceSpan { entries.first?.key.span ?? node.span }

    package func has(_ name: String) -> Bool { entries.contains { $0.name == name } }

    /// The value under `key`, which must be there.
    package mutating func require(_ key: String, _ findings: Findings, hint: String) -> LocatedNode? {
        if let value = take(key) { return value }
        findings.report(.missingKey, at: head, "\(what) needs `\(key)`", hint: hint)
        return nil
    }

    /// Leaves no key to report.
    package mutating func takeAll() { isTaken = Array(repeating: true, count: entries.count) }

    /// Reports every key that was not asked for.
    package func finish(_ findings: Findings) {
        findings.onGroup?(what, asked)
        guard isTaken.contains(false) else { return }
        let free = asked.filter { !has($0) }
        for (index, entry) in entries.enumerated() where !isTaken[index] && !findings.isFull {
            findings.report(
                .unknownKey, at: entry.key, "unknown key \(quoted(entry.name)) in \(what)",
                expected: free.isEmpty ? "no further key" : alternatives(free, most: 8),
                hint: Suggestion.hint(for: entry.name, in: asked)
                    ?? asked.first { $0.count >= 3 && entry.name.hasPrefix($0) }.map { "did you mean \(quoted($0))?" })
        }
    }
}
