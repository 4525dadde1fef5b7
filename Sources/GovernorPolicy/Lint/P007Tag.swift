extension DiagnosticCode {
    /// Tags are refused.
    static let tag = DiagnosticCode(
        "P007", "tag", .error,
        what: """
            YAML lets a value be marked with a type such as `!!int`. The policy language leaves tags out.
            """,
        why: """
            What a value is follows from the key it belongs to. A second statement of it could only disagree.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: !!int 1
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
