extension DiagnosticCode {
    /// Twice around midnight.
    static let midnightDouble = DiagnosticCode(
        "P054", "midnight-double", .note,
        what: """
            A cap over one calendar day or one local date starts anew at midnight: a contact at 23:00 and another \
            one at 00:05 are both allowed.
            """,
        why: """
            "Once a day" usually means not twice within 24 hours. Hours of contact may make the double impossible; \
            then all is well.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: { calendar: day }
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
