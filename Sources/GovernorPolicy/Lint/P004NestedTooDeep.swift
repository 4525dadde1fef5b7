extension DiagnosticCode {
    /// Nested too deep.
    static let nestedTooDeep = DiagnosticCode(
        "P004", "nested-too-deep", .error,
        what: "Values may be nested up to 32 levels deep.",
        why: """
            No construct of the language needs more than six levels. Deeper nesting is a mistake or an attack.
            """,
        example: nil,
        instead: "Look at the brackets around the place shown: one of them is probably never closed.")
}
