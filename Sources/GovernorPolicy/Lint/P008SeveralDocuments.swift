extension DiagnosticCode {
    /// More than one document.
    static let severalDocuments = DiagnosticCode(
        "P008", "several-documents", .error,
        what: """
            A line `---` after the first one begins a second YAML document. A policy file is a single document.
            """,
        why: """
            Other tools read only the first document of a file. A rule that some of them do not see is a rule that \
            nobody can rely on.
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
            ---
            policy: second
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
