extension DiagnosticCode {
    /// A duration that cannot be read.
    static let badDuration = DiagnosticCode(
        "P017", "bad-duration", .error,
        what: """
            Lengths of time are ISO 8601 durations: `PT4H` (hours), `PT30M` (minutes), `P30D` (days of 24 hours), \
            `P2W` (weeks), `P18M` (months on the calendar). The `T` separates days from hours, so `P1M` is a month \
            and `PT1M` a minute.
            """,
        why: "Shorthands such as `30d` or `1m` mean different things to different readers.",
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice] }
                limit: 1
                window: 24h
                because: We have already called you in the last 24 hours.
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
            """)
}
