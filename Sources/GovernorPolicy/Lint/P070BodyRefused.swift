extension DiagnosticCode {
    /// A test tells or asks something that the API would refuse.
    package static let bodyRefused = DiagnosticCode(
        "P070", "body-refused", .error,
        what: """
            A fact or a question of a test file is not one that the API would take: its fields are read by the same \
            code that reads them from a request.
            """,
        why: "A test that the service would answer with 400 says nothing about the policy.",
        example: nil,
        instead:
            "Write the field as the API wants it; the finding carries the code that a request would be answered with.")
}
