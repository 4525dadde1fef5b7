extension DiagnosticCode {
    /// An empty list.
    package static let emptyList = DiagnosticCode(
        "P031", "empty-list", .error,
        what: "The list has no entries.",
        why: "Nothing and everything are both plausible readings, and they are opposites.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [] }
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
