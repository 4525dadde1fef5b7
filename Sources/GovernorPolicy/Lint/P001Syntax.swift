extension DiagnosticCode {
    /// The file is not YAML.
    static let syntax = DiagnosticCode(
        "P001", "syntax", .error,
        what: """
            The file cannot be read as YAML: a bracket or quote is left open, an indentation does not fit, a text \
            holds a colon and a space, or a tab indents a line. Reading stops at the place shown, so later findings \
            of the same file appear only once this one is put right.
            """,
        why: """
            Half a file is not half a policy. What was in force before stays in force until the file can be read.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice }
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
