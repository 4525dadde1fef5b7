extension DiagnosticCode {
    /// A calendar that no file declares.
    static let undeclaredCalendar = DiagnosticCode(
        "P026", "undeclared-calendar", .error,
        what: "The rule names a calendar that no loaded file declares under `calendars`.",
        why: "Without its dates the rule cannot tell a holiday from a working day.",
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                holidays: fr
            """,
        instead: """
            policy: house
            calendars:
              fr: { dates: [2026-12-25, 2027-01-01], valid_through: 2030-12-31 }
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                holidays: fr
            """)
}
