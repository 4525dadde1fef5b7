extension DiagnosticCode {
    /// A name that looks misspelt.
    static let looksMisspelt = DiagnosticCode(
        "P059", "looks-misspelt", .warning,
        what: """
            The name differs by a letter or two from a well-known channel or purpose. Names of your own are allowed, \
            so it is loaded as it stands.
            """,
        why: "A rule for `voise` never applies to a call.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voise] }
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
