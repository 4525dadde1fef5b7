extension DiagnosticCode {
    /// A cap that limits nothing.
    static let capLimitsNothing = DiagnosticCode(
        "P052", "cap-limits-nothing", .warning,
        what: """
            No touch can ever fill this cap: its limit is 1,000 or more, where a person's record is full, or the \
            outcomes that count are all left out again; or every outcome that starts a cool-off is one that it does not \
            look at.
            """,
        why: "The rule looks like protection and is none.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
                outcomes: [connected]
                not_outcomes: [connected]
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
                outcomes: [connected]
            """)
}
