extension DiagnosticCode {
    /// Hours that run past midnight.
    static let hoursPastMidnight = DiagnosticCode(
        "P021", "hours-past-midnight", .error,
        what: """
            The span ends before it begins, or where it begins. Spans belong to one local date and do not run into \
            the next.
            """,
        why: """
            Which day's hours a span past midnight belongs to (is Saturday open until 02:00 if only Friday says so?) \
            is for its author to say.
            """,
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["18:00-02:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
            """,
        instead: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["00:00-02:00", "18:00-24:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
            """)
}
