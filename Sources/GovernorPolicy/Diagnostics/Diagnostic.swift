/// One finding in a policy file: what, where, and what to do about it.
public struct Diagnostic: Hashable, Sendable {
    /// A line of the file as it stands there.
    public struct ExcerptLine: Hashable, Sendable {
        public var line: Int
        public var text: String
    }

    public var code: DiagnosticCode
    public var severity: Severity
    /// Lower case, no full stop, user text in backticks.
    public var message: String
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// Scalars on that line, at least 1.
    public var length: Int
    /// Beside the caret: what was expected there.
    public var expected: String?
    public var hints: [String]
    /// The line before and the line itself; empty when it is too long to be read.
    public var excerpt: [ExcerptLine]
}

extension Diagnostic: Comparable {
    /// By file, line and column, then by code and text, so that output is the same every time.
    public static func < (a: Diagnostic, b: Diagnostic) -> Bool {
        if a.file != b.file { return a.file < b.file }
        if a.line != b.line { return a.line < b.line }
        if a.column != b.column { return a.column < b.column }
        if a.code.id != b.code.id { return a.code.id < b.code.id }
        return a.message < b.message
    }
}

extension [Diagnostic] {
    /// Whether the files cannot be loaded.
    public var hasErrors: Bool { contains { $0.severity == .error } }
    /// Whether `lint` is to fail: notes alone do not.
    public var hasFindings: Bool { contains { $0.severity != .note } }
}
