extension DiagnosticCode {
    /// A rule without a source in a file about laws.
    static let noCite = DiagnosticCode(
        "P081", "no-cite", .warning,
        what:
            "The file says with `cite` that it is about a law, and the rule does not say with its own `cite` which part of it.",
        why: """
            Whoever has to defend a denial, or to see whether a changed law changes the rule, needs the place in the text. \
            A rule of the house belongs into a file of the house.
            """,
        example: """
            policy: us-tcpa
            cite: 47 CFR 64.1200
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice], jurisdictions: [US] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
            """,
        instead: """
            policy: us-tcpa
            cite: 47 CFR 64.1200
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice], jurisdictions: [US] }
                open: { daily: ["08:00-21:00"] }
                because: We only call between 8 in the morning and 9 in the evening.
                cite: 47 CFR 64.1200(c)(1)
            """)
}
