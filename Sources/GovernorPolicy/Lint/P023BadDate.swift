extension DiagnosticCode {
    /// A date or instant that cannot be read.
    package static let badDate = DiagnosticCode(
        "P023", "bad-date", .error,
        what: """
            Local dates are written `2026-12-25`. Instants, in `from` and `until` of a block, are written \
            `2026-12-25T18:00:00Z` or with an offset such as `-05:00`.
            """,
        why: "A time without an offset names a different moment in every zone.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
                effective: { from: 25/12/2026 }
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
                effective: { from: 2026-12-25 }
            """)
}
