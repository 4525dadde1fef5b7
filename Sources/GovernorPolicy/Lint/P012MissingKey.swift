extension DiagnosticCode {
    /// A key is missing.
    package static let missingKey = DiagnosticCode(
        "P012", "missing-key", .error,
        what: "A key without which the rule has no meaning is not there.",
        why: "There is no safe default for a limit or a length of time.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
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
