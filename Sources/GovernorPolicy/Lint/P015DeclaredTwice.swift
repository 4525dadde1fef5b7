extension DiagnosticCode {
    /// Declared twice.
    package static let declaredTwice = DiagnosticCode(
        "P015", "declared-twice", .error,
        what: """
            Two rules of one policy have the same id, or a calendar, the family of a product, or the choice for a \
            purpose when the store fails is declared a second time, in this file or another one of the same set.
            """,
        why: """
            Answers and audit records name a rule by its id; if two rules had it, nobody could tell which one \
            decided.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
              - id: one-call-a-day
                kind: min_gap
                gap: PT4H
                because: We have only just been in touch.
            """,
        instead: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
              - id: a-breath
                kind: min_gap
                gap: PT4H
                because: We have only just been in touch.
            """)
}
