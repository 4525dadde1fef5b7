extension DiagnosticCode {
    /// Hours that cannot be read.
    static let badHours = DiagnosticCode(
        "P020", "bad-hours", .error,
        what: """
            A span of a day is written in quotes as `"HH:MM-HH:MM"`, from 00:00 to 24:00. The first time is inside, \
            the second is the first one outside.
            """,
        why: "Without quotes some YAML readers take `21:00` for the number 1,260.",
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["8am-9pm"] }
                because: We only call between 8 in the morning and 9 in the evening.
            """,
        instead: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
            """)
}
