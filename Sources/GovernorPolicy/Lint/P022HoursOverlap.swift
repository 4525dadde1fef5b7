extension DiagnosticCode {
    /// Hours that overlap.
    static let hoursOverlap = DiagnosticCode(
        "P022", "hours-overlap", .error,
        what: "Two spans of the same day overlap.",
        why: "One of them is probably a slip; merged, they would permit hours that neither author read.",
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-14:00", "13:00-21:00"] }
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
