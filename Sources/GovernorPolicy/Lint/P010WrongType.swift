extension DiagnosticCode {
    /// The wrong kind of value.
    package static let wrongType = DiagnosticCode(
        "P010", "wrong-type", .error,
        what: """
            The key is known, but what stands there is something else than it takes: a list in place of a text, a \
            text in place of a group of keys, or nothing at all.
            """,
        why: "Guessing what was meant would make a rule that its author did not write.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: voice
                limit: 1
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
