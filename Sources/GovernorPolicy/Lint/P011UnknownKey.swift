extension DiagnosticCode {
    /// An unknown key.
    package static let unknownKey = DiagnosticCode(
        "P011", "unknown-key", .error,
        what: "The key is not one that this place takes.",
        why: """
            A misspelt key that is ignored leaves a rule without the limit, the scope or the exemption that its \
            author wrote, and nobody notices.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limits: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """)
}
