extension DiagnosticCode {
    /// Anchors and aliases are refused.
    static let anchorOrAlias = DiagnosticCode(
        "P006", "anchor-or-alias", .error,
        what: """
            YAML lets a value be named with `&name` and repeated with `*name`. The policy language leaves both out.
            """,
        why: """
            A rule must be readable where it stands: an auditor should not have to collect it from several places. A \
            few nested aliases can also stand for billions of values.
            """,
        example: """
            policy: house
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: &calls { channels: [voice] }
                limit: 1
                window: PT24H
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
