extension DiagnosticCode {
    /// A fact that no question sees.
    package static let tooLate = DiagnosticCode(
        "P073", "too-late", .error,
        what: "A test gives a fact that arrives after its last question.",
        why: "It changes no answer, so the test does not test what it seems to.",
        example: nil,
        instead: """
            Say with `received_at` when it arrived; a holding that begins next month, for instance, is usually known today.
            """)
}
