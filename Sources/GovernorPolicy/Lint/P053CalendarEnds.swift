extension DiagnosticCode {
    /// A calendar about to end.
    static let calendarEnds = DiagnosticCode(
        "P053", "calendar-ends", .warning,
        what: """
            The calendar speaks for less than a year from today. Past its end every question that needs it is \
            denied.
            """,
        why: """
            Holidays of the next years are known; adding them takes a minute, and finding out on the day that every \
            call is denied takes longer.
            """,
        example: """
            policy: house
            calendars:
              fr: { dates: [2026-12-25], valid_through: 2026-12-31 }
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
