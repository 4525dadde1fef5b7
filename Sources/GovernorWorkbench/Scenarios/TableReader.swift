import GovernorPolicy

/// Reads the rows of a table: each is the test once more with some values replaced.
struct TableReader {
    let findings: Findings
    let fixtures: Fixtures

    struct Row {
        var name: String?
        var span: SourceSpan
        /// Where in the test each value belongs, the key as it was written, and the value.
        var cells: [(path: [Substring], key: LocatedNode, value: LocatedNode)]
    }

    /// A list of groups, `{ at: …, verdict: deny }`, or of lists under a first one that names the columns.
    func rows(_ node: LocatedNode) -> [Row] {
        guard case .sequence(let items) = node.content, let first = items.first else {
            findings.report(
                .wrongType, at: node, "`table` is a list of rows, not \(node.described)",
                hint: "each row is a group of keys, or a list under a first row with the names of the columns")
            return []
        }
        if case .sequence(let columns) = first.content { return compact(columns, items.dropFirst()) }
        return items.compactMap { item in
            guard case .mapping(let entries) = item.content else {
                findings.report(.wrongType, at: item, "a row is a group of keys, not \(item.described)")
                return nil
            }
            return row(entries.map { ($0.key, $0.value) }, at: item.span)
        }
    }

    private func compact(_ columns: [LocatedNode], _ items: ArraySlice<LocatedNode>) -> [Row] {
        if items.isEmpty, let first = columns.first {
            findings.report(.emptyList, at: first, "the table has columns and no row")
        }
        return items.compactMap { item in
            guard case .sequence(let values) = item.content else {
                findings.report(
                    .wrongType, at: item, "a row of this table is a list, not \(item.described)",
                    hint: "its first row names \(columns.count) columns")
                return nil
            }
            guard values.count == columns.count else {
                findings.report(
                    .wrongType, at: item,
                    "this row has \(values.count) value\(values.count == 1 ? "" : "s") for \(columns.count) columns",
                    hint: "write `~` where a column is to stay as the test has it")
                return nil
            }
            return row(zip(columns, values).filter { !$0.1.isNull }.map { ($0.0, $0.1) }, at: item.span)
        }
    }

    private func row(_ cells: [(LocatedNode, LocatedNode)], at span: SourceSpan) -> Row {
        var row = Row(name: nil, span: span, cells: [])
        for (key, value) in cells {
            guard let text = key.text else { continue }
            if text == "name" {
                row.name = value.text
            } else if let path = path(text, key) {
                row.cells.append((path, key, fixtures.expanded(value)))
            }
        }
        return row
    }

    /// Where a column belongs: fields of the question and of the expectation stand by themselves.
    private func path(_ text: String, _ key: LocatedNode) -> [Substring]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        switch String(parts[0]) {
        case "at", "zone", "caller", "contact", "given", "ask", "expect": return parts
        case let name where ExpectationReader.keys.contains(name): return ["expect"] + parts
        case let name where BodyReader.questionFields.contains(name): return ["ask"] + parts
        case let name where BodyReader.contactFields.contains(name): return ["contact"] + parts
        default:
            let known = ["name", "at", "given", "expect"] + BodyReader.questionFields + ExpectationReader.keys
            findings.report(
                .unknownKey, at: key, "unknown column \(quoted(text))",
                expected: "a field of the question or of the expectation, or a path such as `given.0.at`",
                hint: Suggestion.hint(for: text, in: known + BodyReader.contactFields))
            return nil
        }
    }
}

extension TableReader.Row {
    /// The test with this row's values; `nil` and reported when one has no place in it.
    func applied(to test: LocatedNode, _ findings: Findings) -> LocatedNode? {
        var node = test
        for (path, key, value) in cells {
            var value = value
            if path == ["given"] {
                let more = value.items
                value = LocatedNode(content: .sequence((node["given"]?.items ?? []) + more), span: value.span)
            }
            // An expectation in one word becomes a group when a row adds to it.
            if path.first == "expect", path.count > 1, let whole = node["expect"], case .scalar = whole.content {
                let verdict = LocatedNode.Entry(key: whole, name: "verdict", value: whole)
                let group = LocatedNode(content: .mapping([verdict]), span: whole.span)
                node = node.setting(["expect"], key: key, to: group) ?? node
            }
            guard let changed = node.setting(path[...], key: key, to: value) else {
                findings.report(
                    .doesNotBelong, at: key, "the test has no place \(quoted(path.joined(separator: ".")))",
                    hint: "a row can replace what the test writes out; give a fixture's keys with `use`")
                return nil
            }
            node = changed
        }
        return node
    }
}
