extension DiagnosticCode {
    /// Too many findings.
    static let tooManyFindings = DiagnosticCode(
        "P033", "too-many-findings", .error,
        what: "One file has more than 200 errors, or more than 200 warnings and notes; the others are left out.",
        why: "Past that number one mistake is probably repeated, or the file is not a policy at all.",
        example: nil,
        instead: "Put right what is shown and run it again.")
}
