extension DiagnosticCode {
    /// A jurisdiction that cannot be read.
    static let badJurisdiction = DiagnosticCode(
        "P024", "bad-jurisdiction", .error,
        what: """
            Jurisdictions are countries of two letters (`US`) or a region of one after a hyphen (`US-NY`), as in ISO \
            3166.
            """,
        why: "A rule for a place that does not exist protects nobody.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { jurisdictions: [New York] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { jurisdictions: [US-NY] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """)
}
