extension DiagnosticCode {
    /// A period that ends before it begins.
    static let emptyPeriod = DiagnosticCode(
        "P032", "empty-period", .error,
        what: """
            `until` is not after `from`, so the rule would never be in force; or a date of a calendar lies past its \
            end.
            """,
        why: """
            A rule that looks active and never is gives false comfort. To switch a rule off, write `mode: off`.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
                effective: { from: 2027-01-01, until: 2026-01-01 }
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
                effective: { from: 2026-01-01, until: 2027-01-01 }
            """)
}
