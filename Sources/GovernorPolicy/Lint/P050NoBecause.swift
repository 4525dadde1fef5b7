extension DiagnosticCode {
    /// A rule without a sentence.
    static let noBecause = DiagnosticCode(
        "P050", "no-because", .note,
        what: "The rule has no `because:`, the sentence that an agent may read out when it denies.",
        why: "An agent with a customer on the line needs a sentence, and an auditor a reason.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
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
