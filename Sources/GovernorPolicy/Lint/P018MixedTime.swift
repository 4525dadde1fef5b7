extension DiagnosticCode {
    /// Two kinds of time in one.
    static let mixedTime = DiagnosticCode(
        "P018", "mixed-time", .error,
        what: """
            A window or a wait is one of: elapsed time, local dates, business days, a calendar period, or calendar \
            steps. Here are parts of several, or a part that only belongs to another kind.
            """,
        why: """
            Twenty-four hours, one local date and one calendar day are three different things; a rule says which one \
            it means.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: { local_days: 7, calendar: week }
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: { local_days: 7 }
                because: We have already called you in the last 24 hours.
            """)
}
