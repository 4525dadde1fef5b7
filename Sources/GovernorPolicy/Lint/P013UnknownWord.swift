extension DiagnosticCode {
    /// A word that has no meaning here.
    package static let unknownWord = DiagnosticCode(
        "P013", "unknown-word", .error,
        what: "The key takes one of a few words, and this is none of them.",
        why: "A mode, kind or status that is not understood cannot be kept.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_gap
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
