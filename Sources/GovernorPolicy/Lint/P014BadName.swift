extension DiagnosticCode {
    /// A name that cannot be used.
    static let badName = DiagnosticCode(
        "P014", "bad-name", .error,
        what: """
            Rule ids and names of policies and calendars are lower-case letters, digits and hyphens, at most 64 of \
            them, and begin with a letter or a digit. Other names (channels, campaigns, products, …) may hold any \
            printable characters, at most 128 bytes, without spaces at their ends; a word that YAML would take for \
            nothing or for a truth value is written in quotes.
            """,
        why: """
            Rule ids go into answers, metrics and addresses; names are compared byte by byte with those in requests, \
            where a space at the end is invisible.
            """,
        example: """
            policy: house
            rules:
              - id: One call a day
                kind: frequency_cap
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
