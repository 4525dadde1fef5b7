extension DiagnosticCode {
    /// Not in this version.
    static let notInThisVersion = DiagnosticCode(
        "P016", "not-in-this-version", .error,
        what: """
            The file belongs to the policy language, but this version of the governor cannot do with it what was asked.
            """,
        why: """
            A layout that would lose a comment or change a meaning is worse than none, so the file stays as it is.
            """,
        example: nil,
        instead: "Move the comment to a line of its own, before the value that it is about.")
}
