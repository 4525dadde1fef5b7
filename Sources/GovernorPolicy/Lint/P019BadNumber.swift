extension DiagnosticCode {
    /// Not a whole number in range.
    package static let badNumber = DiagnosticCode(
        "P019", "bad-number", .error,
        what: """
            The key takes a whole number in decimal digits, without quotes, sign, separators or leading zeros, \
            inside the range that the message names.
            """,
        why: "YAML readers disagree about `010`, `1_000` and `0x10`.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: one
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
