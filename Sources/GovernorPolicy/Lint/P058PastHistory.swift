extension DiagnosticCode {
    /// Further back than the history.
    static let pastHistory = DiagnosticCode(
        "P058", "past-history", .warning,
        what: """
            The window is longer than the 400 days of touches that every record keeps. For people whose touches were \
            pruned the rule denies with `history.incomplete`.
            """,
        why: """
            The governor does not guess what it no longer knows. Keep a longer history, or shorten the window.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: { steps: P18M }
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: { steps: P12M }
                because: We have already called you in the last 24 hours.
            """)
}
