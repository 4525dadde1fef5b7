/// Where one file's findings gather. Belongs to one load and one task.
final class Findings {
    /// What one file may say; more would not be read by anybody.
    static let most = 200

    let text: SourceText
    private(set) var diagnostics: [Diagnostic] = []

    init(_ text: SourceText) { self.text = text }

    func report(
        _ code: DiagnosticCode, at span: SourceSpan, _ message: String, expected: String? = nil, hint: String? = nil,
        hints: [String] = []
    ) {
        guard diagnostics.count <= Self.most else { return }
        if diagnostics.count == Self.most {
            append(.tooManyFindings, at: span, "more than \(Self.most) findings; the rest is left out", nil, [])
            return
        }
        append(code, at: span, message, expected, (hint.map { [$0] } ?? []) + hints)
    }

    func report(
        _ code: DiagnosticCode, at node: LocatedNode, _ message: String, expected: String? = nil, hint: String? = nil,
        hints: [String] = []
    ) {
        report(code, at: node.span, message, expected: expected, hint: hint, hints: hints)
    }

    private func append(
        _ code: DiagnosticCode, at span: SourceSpan, _ message: String, _ expected: String?, _ hints: [String]
    ) {
        let (line, column) = text.position(of: span.start)
        let room = max(1, text.length(ofLine: line) - column + 1)
        var excerpt: [Diagnostic.ExcerptLine] = []
        if line > 1 {
            let before = text.text(ofLine: line - 1)
            if before.contains(where: { !$0.isWhitespace }) { excerpt.append(.init(line: line - 1, text: before)) }
        }
        excerpt.append(.init(line: line, text: text.text(ofLine: line)))
        diagnostics.append(
            Diagnostic(
                code: code, severity: code.severity, message: message, file: text.file, line: line, column: column,
                length: min(max(1, span.end - span.start), room), expected: expected, hints: hints, excerpt: excerpt))
    }
}
