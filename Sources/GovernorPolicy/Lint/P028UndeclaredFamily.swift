extension DiagnosticCode {
    /// A family without products.
    static let undeclaredFamily = DiagnosticCode(
        "P028", "undeclared-family", .error,
        what: """
            The rule names a product family to which no loaded file assigns a product under `products`.
            """,
        why: """
            A request names its product; the family follows from the policy. A family that no product belongs to \
            never matches.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { families: [life] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """,
        instead: """
            policy: house
            products:
              term-life: { family: life }
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { families: [life] }
                limit: 1
                window: PT24H
                because: We have already called you in the last 24 hours.
            """)
}
