/// A comment of a policy file, and how it stands there.
struct SourceComment: Equatable {
    /// In scalars, of its `#`.
    var start: Int
    var end: Int
    /// Nothing but spaces and hyphens of lists stands before it on its line.
    var isOwnLine: Bool
    var column: Int
    var isAfterBlankLine: Bool
    /// From its `#` to the end of the line, without spaces at the end.
    var text: String

    static func == (a: SourceComment, b: SourceComment) -> Bool { a.text == b.text }
}

/// A file's text by scalars, as the formatter looks at it.
struct ScalarText {
    let scalars: [Unicode.Scalar]

    /// Line breaks of every kind become line feeds; a byte order mark goes.
    init(_ text: String) {
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{feff}" { scalars.removeFirst() }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        for (i, scalar) in scalars.enumerated() {
            if scalar == "\r" {
                if i + 1 >= scalars.count || scalars[i + 1] != "\n" { result.append("\n") }
            } else {
                result.append(scalar)
            }
        }
        self.scalars = result
    }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    func slice(_ start: Int, _ end: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[max(0, start)..<min(end, scalars.count)])
        return String(view)
    }

    subscript(i: Int) -> Unicode.Scalar { i < scalars.count ? scalars[i] : "\n" }

    func lineStart(of offset: Int) -> Int {
        var i = min(offset, scalars.count)
        while i > 0 && scalars[i - 1] != "\n" { i -= 1 }
        return i
    }

    func lineEnd(of offset: Int) -> Int {
        var i = offset
        while i < scalars.count && scalars[i] != "\n" { i += 1 }
        return i
    }

    func isBlank(_ start: Int, _ end: Int) -> Bool {
        scalars[start..<end].allSatisfy { $0 == " " || $0 == "\t" }
    }

    /// Whether the line before the one that holds `offset` is empty.
    func isAfterBlankLine(_ offset: Int) -> Bool {
        let start = lineStart(of: offset)
        if start == 0 { return false }
        let before = lineStart(of: start - 1)
        return isBlank(before, start - 1)
    }

    /// Every comment outside the scalars of a tree, in order.
    func comments(of root: LocatedNode) -> [SourceComment] {
        var spans: [SourceSpan] = []
        func gather(_ node: LocatedNode) {
            switch node.content {
            case .scalar: if node.span.end > node.span.start { spans.append(node.span) }
            case .sequence(let items): for item in items { gather(item) }
            case .mapping(let entries):
                for entry in entries {
                    gather(entry.key)
                    gather(entry.value)
                }
            case .refused: break
            }
        }
        gather(root)
        spans.sort { $0.start < $1.start }
        var comments: [SourceComment] = []
        var next = 0
        var i = 0
        while i < scalars.count {
            if next < spans.count, i >= spans[next].start {
                i = max(i, spans[next].end)
                next += 1
                continue
            }
            guard scalars[i] == "#", i == 0 || [" ", "\t", "\n"].contains(scalars[i - 1]) else {
                i += 1
                continue
            }
            let end = lineEnd(of: i)
            let start = lineStart(of: i)
            comments.append(
                SourceComment(
                    start: i, end: end,
                    isOwnLine: scalars[start..<i].allSatisfy { $0 == " " || $0 == "\t" || $0 == "-" },
                    column: i - start, isAfterBlankLine: isAfterBlankLine(i), text: slice(i, end).trimmedSpaces))
            i = end
        }
        return comments
    }
}
