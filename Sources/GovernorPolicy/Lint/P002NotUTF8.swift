extension DiagnosticCode {
    /// The file is not UTF-8.
    static let notUTF8 = DiagnosticCode(
        "P002", "not-utf8", .error,
        what: """
            The file holds bytes that are not UTF-8, for instance because it was saved in an older encoding.
            """,
        why: """
            Names of campaigns and products are compared byte by byte with those in requests. A guess at the \
            encoding would make a rule that never applies.
            """,
        example: nil,
        instead: "Save the file as UTF-8. A byte order mark at its beginning is accepted and ignored.")
}
