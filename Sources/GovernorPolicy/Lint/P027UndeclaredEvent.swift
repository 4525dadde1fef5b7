extension DiagnosticCode {
    /// An event that nobody can report.
    static let undeclaredEvent = DiagnosticCode(
        "P027", "undeclared-event", .error,
        what: """
            The name is neither one of the built-in outcomes and events, nor declared under `events` in a loaded \
            file.
            """,
        why: "A rule that waits for a misspelt event never starts, and nobody notices.",
        example: """
            policy: house
            rules:
              - id: after-refusal
                kind: cool_off
                after: [refusd]
                for: P30D
                because: You asked us to leave it for now.
            """,
        instead: """
            policy: house
            rules:
              - id: after-refusal
                kind: cool_off
                after: [refused]
                for: P30D
                because: You asked us to leave it for now.
            """)
}
