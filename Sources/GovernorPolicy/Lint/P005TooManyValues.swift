extension DiagnosticCode {
    /// Too many values.
    static let tooManyNodes = DiagnosticCode(
        "P005", "too-many-values", .error,
        what: "A policy file may hold up to 100,000 values, each name, list and group counted once.",
        why: "The bound keeps a reload within a second whatever the file holds.",
        example: nil,
        instead: """
            Split the file. Rules of all files are evaluated together, so nothing changes in their meaning.
            """)
}
