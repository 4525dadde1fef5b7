extension DiagnosticCode {
    /// Another version of the language.
    static let languageVersion = DiagnosticCode(
        "P029", "language-version", .error,
        what: """
            The file says that it is written in a version of the policy language that this governor does not speak. \
            It speaks version 1.
            """,
        why: "A later version may give old words a new meaning.",
        example: """
            language: 2
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            language: 1
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
