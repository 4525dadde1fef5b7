extension DiagnosticCode {
    /// More kept than there is.
    static let keptBudget = DiagnosticCode(
        "P030", "kept-budget", .error,
        what: """
            The slots that a cap keeps for named campaigns or purposes are as many as its limit or more, so that \
            nobody else could ever pass.
            """,
        why: "If that is meant, a cap with a limit of 0 for the others says it plainly.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
                keep: { campaigns: [renewals], slots: 1 }
            """,
        instead: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 2
                window: PT24H
                because: We have already called you in the last 24 hours.
                keep: { campaigns: [renewals], slots: 1 }
            """)
}
