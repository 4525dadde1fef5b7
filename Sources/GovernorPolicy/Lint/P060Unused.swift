extension DiagnosticCode {
    /// Declared and never used.
    static let unused = DiagnosticCode(
        "P060", "unused", .note,
        what: "No rule uses this calendar or event.",
        why: """
            It may be there for another file or for the future; it may also be misspelt where it is meant.
            """,
        example: """
            events: [site_visit]
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
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
