import GovernorPolicy

/// Named blocks of a test file, put in where they are used; and the merging of one group of keys under another.
final class Fixtures {
    private let findings: Findings
    private var blocks: [(name: String, node: LocatedNode)] = []
    private var open: Set<String> = []
    private(set) var used: Set<String> = []

    init(_ findings: Findings) { self.findings = findings }

    func read(_ node: LocatedNode) {
        switch node.content {
        case .mapping(let entries): blocks = entries.map { ($0.name, $0.value) }
        case .refused: break
        default: findings.report(.wrongType, at: node, "`fixtures` is a group of named blocks, not \(node.described)")
        }
    }

    var unused: [String] { blocks.map(\.name).filter { !used.contains($0) } }

    /// The block of that name, with its own uses put in; `nil` and reported when there is none.
    func block(_ name: String, at node: LocatedNode) -> LocatedNode? {
        guard let block = blocks.first(where: { $0.name == name }) else {
            findings.report(
                .unknownFixture, at: node, "there is no fixture \(quoted(name))",
                hint: Suggestion.hint(for: name, in: blocks.map(\.name))
                    ?? "declare it under `fixtures`, or write the keys out")
            return nil
        }
        used.insert(name)
        guard open.insert(name).inserted else {
            findings.report(.unknownFixture, at: node, "fixture \(quoted(name)) uses itself")
            return nil
        }
        defer { open.remove(name) }
        return expanded(block.node)
    }

    /// The node with every `use:` in it replaced by the keys of the fixtures it names; its own keys win.
    func expanded(_ node: LocatedNode) -> LocatedNode {
        switch node.content {
        case .scalar, .refused: return node
        case .sequence(let items):
            return LocatedNode(content: .sequence(items.map(expanded)), span: node.span)
        case .mapping(let entries):
            var own: [LocatedNode.Entry] = []
            var base: [LocatedNode.Entry] = []
            for entry in entries {
                guard entry.name == "use" else {
                    own.append(LocatedNode.Entry(key: entry.key, name: entry.name, value: expanded(entry.value)))
                    continue
                }
                for item in entry.value.items {
                    guard case .scalar(let name, _) = item.content, let block = block(name, at: item) else { continue }
                    guard case .mapping(let more) = block.content else {
                        findings.report(
                            .wrongType, at: item, "fixture \(quoted(name)) is \(block.described), not a group of keys")
                        continue
                    }
                    base = Self.merged(more, over: base)
                }
            }
            return LocatedNode(content: .mapping(Self.merged(own, over: base)), span: node.span)
        }
    }

    static func merged(
        _ own: [LocatedNode.Entry], over base: [LocatedNode.Entry]
    ) -> [LocatedNode.Entry] {
        base.filter { entry in !own.contains { $0.name == entry.name } } + own
    }
}

extension LocatedNode {
    /// The items of a list; anything else is a list of one.
    var items: [LocatedNode] {
        if case .sequence(let items) = content { return items }
        if case .refused = content { return [] }
        return [self]
    }

    var entries: [Entry] {
        if case .mapping(let entries) = content { return entries }
        return []
    }

    subscript(name: String) -> LocatedNode? { entries.first { $0.name == name }?.value }

    /// The text of a scalar.
    var text: String? {
        if case .scalar(let text, _) = content { return text }
        return nil
    }

    /// The same with the value at a path of names and positions set; `nil` when the path leads through something else.
    func setting(_ path: ArraySlice<Substring>, key: LocatedNode, to value: LocatedNode) -> LocatedNode? {
        guard let first = path.first else { return value }
        let rest = path.dropFirst()
        switch content {
        case .mapping(var entries):
            if let i = entries.firstIndex(where: { $0.name == first }) {
                guard let inner = entries[i].value.setting(rest, key: key, to: value) else { return nil }
                entries[i].value = inner
            } else {
                let empty = LocatedNode(content: .mapping([]), span: value.span)
                guard let inner = rest.isEmpty ? value : empty.setting(rest, key: key, to: value) else { return nil }
                entries.append(Entry(key: key, name: String(first), value: inner))
            }
            return LocatedNode(content: .mapping(entries), span: span)
        case .sequence(var items):
            guard let i = Int(first), items.indices.contains(i),
                let inner = items[i].setting(rest, key: key, to: value)
            else { return nil }
            items[i] = inner
            return LocatedNode(content: .sequence(items), span: span)
        case .scalar, .refused: return nil
        }
    }
}
