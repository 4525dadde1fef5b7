extension DiagnosticCode {
    /// A rule that decides by a law that nobody has confirmed.
    static let unconfirmed = DiagnosticCode(
        "P080", "unconfirmed", .warning,
        what: """
            The rule says with `confidence` that its law is known from one source or from memory, and yet it decides.
            """,
        why: """
            A rule made from hearsay stops contacts that are lawful, and lets its author believe that the law is kept. \
            In shadow it is evaluated and reported, and decides nothing until somebody has read the law.
            """,
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice], jurisdictions: [GB] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                cite: a trade body's code
                confidence: memory
            """,
        instead: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                mode: shadow
                scope: { channels: [voice], jurisdictions: [GB] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                cite: a trade body's code
                confidence: memory
            """)
}
