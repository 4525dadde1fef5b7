extension DiagnosticCode {
    /// A test uses a block that nobody wrote.
    package static let unknownFixture = DiagnosticCode(
        "P071", "unknown-fixture", .error,
        what: "A test file uses a fixture that it does not declare, or a fixture uses itself.",
        why: "Without its keys the test would ask something else than its author means.",
        example: nil,
        instead: "Declare the block under `fixtures`, or write its keys where they are meant.")
}
