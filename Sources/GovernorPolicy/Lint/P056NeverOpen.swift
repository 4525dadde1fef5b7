extension DiagnosticCode {
    /// Hours that never open.
    static let neverOpen = DiagnosticCode(
        "P056", "never-open", .warning,
        what: """
            Every day of these hours is closed, or the margin is longer than each span, so the rule denies \
            everything in its scope for good; or the margin takes away one span of several.
            """,
        why: "A `block` rule says that plainly, and an answer then gives the right reason.",
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: [] }
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
