extension DiagnosticCode {
    /// The file is too large.
    static let fileTooLarge = DiagnosticCode(
        "P003", "file-too-large", .error,
        what: "A policy file may be up to 1 MiB long.",
        why: """
            Policies are read by people and reloaded within a second. A file of this size holds generated data, \
            which belongs in a list or a registry.
            """,
        example: nil,
        instead: """
            Split the file. Rules of all files are evaluated together, so nothing changes in their meaning.
            """)
}
