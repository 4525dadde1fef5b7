extension DiagnosticCode {
    /// A day of 24 hours.
    static let dayIs24Hours = DiagnosticCode(
        "P055", "day-is-24-hours", .note,
        what: "`P1D` in a window is 24 hours of elapsed time, not a calendar day.",
        why: """
            `PT24H` means the same and cannot be misread. For a calendar day, write `{ calendar: day }`.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: P1D
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
