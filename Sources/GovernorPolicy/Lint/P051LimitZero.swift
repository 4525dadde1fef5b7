extension DiagnosticCode {
    /// A limit of zero.
    static let limitZero = DiagnosticCode(
        "P051", "limit-zero", .warning,
        what: "A cap with `limit: 0` denies everything in its scope, for good.",
        why: """
            That is a valid wish, but a `block` rule says it plainly, and an answer then gives the right reason.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 0
                window: PT24H
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            policy: house
            rules:
              - id: no-calls
                kind: block
                scope: { channels: [voice] }
                because: We do not call.
            """)
}
