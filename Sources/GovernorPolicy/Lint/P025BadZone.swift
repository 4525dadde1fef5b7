extension DiagnosticCode {
    /// A time zone that is not known.
    package static let badZone = DiagnosticCode(
        "P025", "bad-zone", .error,
        what: """
            A zone is a name of the tz database such as `America/New_York`, in its exact spelling, or a fixed \
            distance from UTC in quarters of an hour such as `UTC-06:00`. Abbreviations such as `EST` are refused.
            """,
        why: """
            Three letters stand for several zones, and a zone that is not known would close every hour.
            """,
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                zone: EST
            """,
        instead: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                zone: America/New_York
            """)
}
