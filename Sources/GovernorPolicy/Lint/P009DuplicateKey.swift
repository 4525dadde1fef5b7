extension DiagnosticCode {
    /// A key is written twice.
    static let duplicateKey = DiagnosticCode(
        "P009", "duplicate-key", .error,
        what: "The same key stands twice in one group. Either value could be the one that is meant.",
        why: """
            Most YAML readers silently keep the last one: a limit of 1 turned into 10 by a line further down is \
            found after the calls.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
                limit: 3
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
