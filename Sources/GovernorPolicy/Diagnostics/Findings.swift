/// Where one file's findings gather. Belongs to one load and one task.
package final class Findings {
    /// The errors that one file may show, and as many warnings and notes; more would not be read by anybody.
    static let most = 200

    package let text: SourceText
    package private(set) var diagnostics: [Diagnostic] = []

    /// Told of every group of keys once it is read: what it is, and the keys that may stand in it.
    var onGroup: ((String, [String]) -> Void)?
    /// Told of every value that is one of a few words: under which key, and the words.
    var onWord: ((String, [String]) -> Void)?

    /// So that a check can tell whether what it looks at was read at all.
    package private(set) var errorCount = 0
    private var otherCount = 0

    package init(_ text: SourceText) { self.text = text }

    /// No further error will be kept.
    package var isFull: Bool { errorCount > Self.most }

    /// What it takes to write a finding is only done for one that is kept.
    package func report(
        _ code: DiagnosticCode, at span: SourceSpan, _ message: @autoclosure () -> String,
        expected: @autoclosure () -> String? = nil, hint: @autoclosure () -> String? = nil, hints: [String] = []
    ) {
        let isError = code.severity == .error
        let count = isError ? errorCount : otherCount
        guard count <= Self.most else { return }
        if isError { errorCount += 1 } else { otherCount += 1 }
        if count == Self.most {
            let what = isError ? "errors" : "warnings and notes"
            append(.tooManyFindings, at: span, "more than \(Self.most) \(what); the others are left out", nil, [])
            // Leaving out what does not matter must not keep a file from being loaded.
            if !isError { diagnostics[diagnostics.count - 1].severity = .note }
            return
        }
        append(code, at: span, message(), expected(), (hint().map { [$0] } ?? []) + hints)
    }

    package func report(
        _ code: DiagnosticCode, at node: LocatedNode, _ message: @autoclosure () -> String,
        expected: @autoclosure () -> String? = nil, hint: @autoclosure () -> String? = nil, hints: [String] = []
    ) {
        report(code, at: node.span, message(), expected: expected(), hint: hint(), hints: hints)
    }

    private func append(
        _ code: DiagnosticCode, at span: SourceSpan, _ message: String, _ expected: String?, _ hints: [String]
    ) {
        let (line, column) = text.position(of: span.start)
        let room = max(1, text.length(ofLine: line) - column + 1)
        var excerpt: [Diagnostic.ExcerptLine] = []
        if let here = text.excerpt(ofLine: line) {
            if line > 1, let before = text.excerpt(ofLine: line - 1), before.contains(where: { !$0.isWhitespace }) {
                excerpt.append(.init(line: line - 1, text: before))
            }
            excerpt.append(.init(line: line, text: here))
        }
        diagnostics.append(
            Diagnostic(
                code: code, severity: code.severity, message: message, file: text.file, line: line, column: column,
                length: min(max(1, span.end - span.start), room), expected: expected, hints: hints, excerpt: excerpt))
    }
}
