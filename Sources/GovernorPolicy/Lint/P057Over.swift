extension DiagnosticCode {
    /// A rule that is over.
    static let over = DiagnosticCode(
        "P057", "over", .warning,
        what: "The rule's period has ended; it no longer does anything.",
        why: "It is kept for its history at best. Remove it, or correct its dates.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
                effective: { until: 2020-01-01 }
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
