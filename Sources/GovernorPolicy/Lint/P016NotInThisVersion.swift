extension DiagnosticCode {
    /// Not in this version.
    static let notInThisVersion = DiagnosticCode(
        "P016", "not-in-this-version", .error,
        what: """
            The word belongs to the policy language, but this version of the governor cannot keep it yet.
            """,
        why: """
            A rule that is loaded and not kept is worse than one that is refused: its author believes in it.
            """,
        example: """
            policy: house
            rules:
              - id: too-many-dropped
                kind: campaign_guard
                because: Too many of this campaign's calls were dropped.
            """,
        instead: """
            policy: house
            rules:
              - id: said-no
                kind: opt_out
                because: You asked us not to contact you.
            """)
}
