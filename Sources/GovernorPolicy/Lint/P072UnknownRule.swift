extension DiagnosticCode {
    /// A test expects a rule that is not loaded.
    package static let unknownRule = DiagnosticCode(
        "P072", "unknown-rule", .error,
        what: """
            An expectation names a rule that none of the test's policies holds, or a short name that several rules share.
            """,
        why: "An expectation about a rule that does not exist is met by nothing, or by accident.",
        example: nil,
        instead: """
            Name a rule as `policy/id`, or by its id alone when only one loaded rule is called so; list the policies it \
            stands in under `policies`.
            """)
}
