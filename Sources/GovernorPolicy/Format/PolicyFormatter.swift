/// Lays out policy files in one way: two spaces a level, one space where one belongs, comments where they stood.
///
/// The order of keys, the quotes and the choice between `{ a: b }` and lines of their own are the author's; a group that
/// does not fit on a line of 120 columns gets lines of its own. What it gives back means the same, which it checks, and
/// formatting that again changes nothing.
public struct PolicyFormatter {
    public static let widthMax = 120

    /// The formatted text, or the findings that say why the file cannot be read.
    public static func format(_ source: PolicySource) -> (text: String?, findings: [Diagnostic]) {
        let text = ScalarText(String(decoding: source.bytes, as: UTF8.self))
        let plain = PolicySource(name: source.name, text: text.text)
        let located = LocatedFile(plain)
        guard let root = located.root, !located.findings.diagnostics.hasErrors else {
            // The findings of the bytes as they are, for a file that is not UTF-8.
            return (nil, LocatedFile(source).findings.diagnostics)
        }
        var formatter = PolicyFormatter(text: text, comments: text.comments(of: root))
        let result = formatter.run(root)
        let again = LocatedFile(PolicySource(name: source.name, text: result))
        let after = again.root.map { ScalarText(result).comments(of: $0) } ?? []
        guard let tree = again.root, tree.means(root), after == formatter.comments else {
            located.findings.report(
                .notInThisVersion, at: SourceSpan(start: 0, end: 1),
                "the formatter does not know how to lay out something in this file, and leaves it as it is",
                hint: "comments inside of values that go over several lines are the most likely reason")
            return (nil, located.findings.diagnostics)
        }
        return (result, [])
    }

    private let text: ScalarText
    private let comments: [SourceComment]
    private var next = 0
    private var lines: [Line] = []

    private struct Line {
        var text: String
        var comment: String?
        /// Where the author put the comment, from 0.
        var column = 0
        /// A group begins below it.
        var isOpening = false
    }

    private init(text: ScalarText, comments: [SourceComment]) {
        self.text = text
        self.comments = comments
    }

    private mutating func run(_ root: LocatedNode) -> String {
        emit(root, indent: 0, first: "")
        flush(before: .max, indent: 0)
        while lines.first?.text.isEmpty == true && lines.first?.comment == nil { lines.removeFirst() }
        return joined()
    }

    /// Comments beside lines that follow each other are aligned, as far out as the author has them.
    private func joined() -> String {
        var result = ""
        var i = 0
        while i < lines.count {
            guard lines[i].comment != nil else {
                result += lines[i].text + "\n"
                i += 1
                continue
            }
            var end = i
            while end < lines.count, lines[end].comment != nil { end += 1 }
            let column = lines[i..<end].map { max($0.text.unicodeScalars.count + 2, $0.column) }.max() ?? 0
            for line in lines[i..<end] {
                let pad = String(repeating: " ", count: column - line.text.unicodeScalars.count)
                result += line.text + pad + (line.comment ?? "") + "\n"
            }
            i = end
        }
        return result
    }

    // MARK: Comments

    /// Writes the comments that stand before `offset`: beside the last line, or on lines of their own.
    private mutating func flush(before offset: Int, indent: Int, isOwnLine: Bool = false) {
        while next < comments.count, comments[next].start < offset {
            let comment = comments[next]
            next += 1
            if comment.isOwnLine || isOwnLine || lines.isEmpty || lines[lines.count - 1].comment != nil {
                if comment.isAfterBlankLine { blank() }
                lines.append(Line(text: Self.pad(indent) + comment.text))
            } else {
                lines[lines.count - 1].comment = comment.text
                lines[lines.count - 1].column = min(comment.column, Self.widthMax / 2)
            }
        }
    }

    private mutating func blank() {
        guard let last = lines.last, !last.isOpening, !(last.text.isEmpty && last.comment == nil) else { return }
        lines.append(Line(text: ""))
    }

    private static func pad(_ indent: Int) -> String { String(repeating: " ", count: indent) }

    // MARK: Nodes

    private func isFlow(_ node: LocatedNode) -> Bool {
        switch node.content {
        case .sequence, .mapping: text[node.span.start] == "{" || text[node.span.start] == "["
        case .scalar, .refused: true
        }
    }

    /// Writes a node; its first line begins with `first` in place of the indentation.
    private mutating func emit(_ node: LocatedNode, indent: Int, first: String) {
        switch node.content {
        case .mapping(let entries) where !entries.isEmpty && (!isFlow(node) || !fits(node, first.unicodeScalars.count)):
            for (i, entry) in entries.enumerated() {
                if i > 0 || first.isEmpty {
                    flush(before: entry.key.span.start, indent: indent)
                    if !isFlow(node), text.isAfterBlankLine(entry.key.span.start) { blank() }
                }
                emit(entry, indent: indent, first: i == 0 && !first.isEmpty ? first : Self.pad(indent))
            }
        case .sequence(let items) where !isFlow(node):
            for (i, item) in items.enumerated() {
                let start = itemStart(item)
                flush(before: start, indent: indent)
                if i > 0, needsBlank(before: item, at: start, after: items[i - 1], indent: indent) { blank() }
                let lead = i == 0 && !first.isEmpty ? first : Self.pad(indent)
                flush(before: item.span.start, indent: indent, isOwnLine: true)
                emit(item, indent: indent + 2, first: lead + "- ")
            }
        default:
            let lead = first.isEmpty ? Self.pad(indent) : first
            append(value(node, after: lead, indent: indent), lead: lead, node)
        }
    }

    /// Whether an empty line goes before an item: where the author has one, and between rules of several lines.
    private func needsBlank(before item: LocatedNode, at start: Int, after last: LocatedNode, indent: Int) -> Bool {
        if text.isAfterBlankLine(start) { return true }
        let isBelowComment = lines.last?.text.trimmingPrefix(while: { $0 == " " }).hasPrefix("#") == true
        return indent == 2 && !isBelowComment && isBlockGroup(item, indent: indent)
            && isBlockGroup(last, indent: indent)
    }

    /// Where the hyphen of an item stands, or the item itself.
    private func itemStart(_ item: LocatedNode) -> Int {
        var i = item.span.start - 1
        while i >= 0, text[i] == " " || text[i] == "\t" || text[i] == "\n" { i -= 1 }
        return i >= 0 && text[i] == "-" ? i : item.span.start
    }

    /// Whether an item will take several lines of its own.
    private func isBlockGroup(_ node: LocatedNode, indent: Int) -> Bool {
        if case .mapping(let entries) = node.content {
            return entries.count > 1 && (!isFlow(node) || !fits(node, indent + 2))
        }
        return false
    }

    private mutating func emit(_ entry: LocatedNode.Entry, indent: Int, first: String) {
        let key = text.slice(entry.key.span.start, entry.key.span.end)
        let lead = first + key + ":"
        let isBlock: Bool
        switch entry.value.content {
        case .mapping(let entries):
            isBlock = !entries.isEmpty && (!isFlow(entry.value) || !fits(entry.value, lead.unicodeScalars.count + 1))
        case .sequence: isBlock = !isFlow(entry.value)
        case .scalar, .refused: isBlock = false
        }
        guard isBlock else {
            flush(before: entry.value.span.start, indent: indent, isOwnLine: true)
            append(value(entry.value, after: lead + " ", indent: indent), lead: lead + " ", entry.value)
            return
        }
        lines.append(Line(text: lead, isOpening: true))
        emitBelow(entry.value, indent: indent + 2, key: column(of: entry.key.span.start))
    }

    private func column(of offset: Int) -> Int { offset - text.lineStart(of: offset) }

    private mutating func emitBelow(_ node: LocatedNode, indent: Int, key: Int) {
        emit(node, indent: indent, first: "")
        // What stands below the group, as far in as the group does, belongs to it.
        let column = max(column(of: node.span.start), key + 1)
        guard !isFlow(node), next < comments.count, comments[next].isOwnLine, comments[next].column >= column else {
            return
        }
        let end = nextContent(after: text.lineEnd(of: Self.lastEnd(node)))
        while next < comments.count, comments[next].start < end, comments[next].isOwnLine,
            comments[next].column >= column
        {
            if comments[next].isAfterBlankLine { blank() }
            lines.append(Line(text: Self.pad(indent) + comments[next].text))
            next += 1
        }
    }

    /// The end of the last thing that a group says.
    private static func lastEnd(_ node: LocatedNode) -> Int {
        switch node.content {
        case .mapping(let entries):
            guard let last = entries.last else { return node.span.end }
            return max(last.key.span.end, lastEnd(last.value))
        case .sequence(let items): return items.last.map(lastEnd) ?? node.span.end
        case .scalar, .refused: return node.span.end
        }
    }

    /// The start of the next line that holds anything but a comment.
    private func nextContent(after offset: Int) -> Int {
        var i = offset
        while i < text.scalars.count {
            let start = i
            let end = text.lineEnd(of: start)
            if let first = text.scalars[start..<end].first(where: { $0 != " " && $0 != "\t" && $0 != "\n" }),
                first != "#"
            {
                return start
            }
            i = end + 1
        }
        return .max
    }

    private mutating func append(_ value: [String], lead: String, _ node: LocatedNode) {
        let start = value.first.map { $0.isEmpty ? lead.trimmedSpaces : lead + $0 } ?? lead.trimmedSpaces
        lines.append(Line(text: start))
        for line in value.dropFirst() { lines.append(Line(text: line)) }
        // Comments inside were written with it.
        while next < comments.count, comments[next].start < node.span.end { next += 1 }
    }

    // MARK: Values

    /// A scalar, or a list or group in brackets, as lines; the first goes behind `lead`.
    private func value(_ node: LocatedNode, after lead: String, indent: Int) -> [String] {
        switch node.content {
        case .scalar, .refused: return scalar(node, indent: indent)
        case .sequence(let items):
            if let flat = flat(node), lead.unicodeScalars.count + flat.unicodeScalars.count <= Self.widthMax {
                return [flat]
            }
            if hasComment(node) || items.contains(where: { flat($0) == nil }) { return verbatim(node, indent: indent) }
            return wrapped(items, indent: indent)
        case .mapping:
            return flat(node).map { [$0] } ?? verbatim(node, indent: indent)
        }
    }

    private func hasComment(_ node: LocatedNode) -> Bool {
        comments.contains { $0.start > node.span.start && $0.start < node.span.end }
    }

    /// Whether a group in brackets can stand on one line behind `column` columns.
    private func fits(_ node: LocatedNode, _ column: Int) -> Bool {
        guard !hasComment(node) else { return true }
        guard let flat = flat(node) else { return true }
        return column + flat.unicodeScalars.count <= Self.widthMax
    }

    /// The node on one line; `nil` when a comment or a text over several lines is inside.
    private func flat(_ node: LocatedNode) -> String? {
        if hasComment(node) { return nil }
        switch node.content {
        case .scalar, .refused:
            let raw = text.slice(node.span.start, node.span.end)
            return raw.contains("\n") ? nil : raw
        case .sequence(let items):
            let parts = items.compactMap { flat($0) }
            return parts.count == items.count ? "[" + parts.joined(separator: ", ") + "]" : nil
        case .mapping(let entries):
            if entries.isEmpty { return "{}" }
            let parts = entries.compactMap { entry -> String? in
                let key = text.slice(entry.key.span.start, entry.key.span.end)
                guard let value = flat(entry.value), !key.contains("\n") else { return nil }
                return value.isEmpty ? key + ":" : "\(key): \(value)"
            }
            return parts.count == entries.count ? "{ " + parts.joined(separator: ", ") + " }" : nil
        }
    }

    /// A list that is too long for a line: what the author put on a line stays together as far as it fits.
    private func wrapped(_ items: [LocatedNode], indent: Int) -> [String] {
        var result = ["["]
        let pad = Self.pad(indent + 2)
        var line = ""
        var last: Int?
        for (i, item) in items.enumerated() {
            let part = (flat(item) ?? "") + (i + 1 < items.count ? "," : "")
            let row = text.lineStart(of: item.span.start)
            let isFull = pad.count + line.unicodeScalars.count + 1 + part.unicodeScalars.count > Self.widthMax
            if !line.isEmpty, isFull || row != last {
                result.append(pad + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + part
            last = row
        }
        if !line.isEmpty { result.append(pad + line) }
        return result + [Self.pad(indent) + "]"]
    }

    /// The lines as they stand, moved to where the first one goes.
    private func verbatim(_ node: LocatedNode, indent: Int) -> [String] {
        let rows = text.slice(node.span.start, node.span.end).split(separator: "\n", omittingEmptySubsequences: false)
        let depths = rows.dropFirst().filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " }.count }
        let least = depths.dropLast().min() ?? depths.min() ?? 0
        return rows.enumerated().map { i, row in
            if i == 0 { return String(row).trimmedSpaces }
            let body = String(row.drop { $0 == " " }).trimmedSpaces
            if body.isEmpty { return "" }
            if i == rows.count - 1, body == "]" || body == "}" { return Self.pad(indent) + body }
            return Self.pad(indent + 2 + max(0, row.prefix { $0 == " " }.count - least)) + body
        }
    }

    /// A text as it was written; what goes over several lines is moved as one.
    private func scalar(_ node: LocatedNode, indent: Int) -> [String] {
        let raw = text.slice(node.span.start, node.span.end)
        guard raw.contains("\n") else { return [raw] }
        var rows = raw.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isBlock = raw.first == "|" || raw.first == ">"
        if isBlock {
            let keeps = rows[0].prefix { $0 != "#" }.contains("+")
            while rows.count > 1, rows[rows.count - 1].allSatisfy({ $0 == " " || $0 == "\t" }),
                !keeps || rows.last != ""
            {
                rows.removeLast()
            }
            if keeps, rows.last == "" { rows.removeLast() }
        }
        let depths = rows.dropFirst().filter { !$0.allSatisfy { $0 == " " } }.map { $0.prefix { $0 == " " }.count }
        let least = isBlock ? depths.min() ?? 0 : 0
        return rows.enumerated().map { i, row in
            if i == 0 { return row.trimmedSpaces }
            if isBlock {
                // Spaces at the end of a line of a block are part of the text.
                return row.allSatisfy { $0 == " " } ? "" : Self.pad(indent + 2) + row.dropFirst(least)
            }
            let body = String(row.drop { $0 == " " || $0 == "\t" })
            return body.trimmedSpaces.isEmpty
                ? "" : Self.pad(indent + 2) + (i + 1 == rows.count ? body : body.trimmedSpaces)
        }
    }
}

extension LocatedNode {
    /// Whether two trees say the same, wherever they stand.
    fileprivate func means(_ other: LocatedNode) -> Bool {
        switch (content, other.content) {
        case (.scalar(let a, let x), .scalar(let b, let y)): return a == b && x == y
        case (.sequence(let a), .sequence(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.means($1) }
        case (.mapping(let a), .mapping(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && $0.value.means($1.value) }
        case (.refused, .refused): return true
        default: return false
        }
    }
}
