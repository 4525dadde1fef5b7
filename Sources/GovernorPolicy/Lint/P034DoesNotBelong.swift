extension DiagnosticCode {
    /// Keys that exclude each other.
    package static let doesNotBelong = DiagnosticCode(
        "P034", "does-not-belong", .error,
        what: """
            Each of the keys is fine by itself, but together they say two different things, or one of them has no \
            effect here.
            """,
        why: "A key without effect looks like protection.",
        example: """
            policy: house
            rules:
              - id: after-refusal
                kind: cool_off
                after: [refused]
                for: P30D
                because: You asked us to leave it for now.
                first_day: counted
            """,
        instead: """
            policy: house
            rules:
              - id: after-refusal
                kind: cool_off
                after: [refused]
                for: { local_days: 30 }
                because: You asked us to leave it for now.
                first_day: counted
            """)
}
