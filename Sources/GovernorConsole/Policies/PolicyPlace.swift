import GovernorCore

/// Where a rule stands in the pages about policies.
enum PolicyPlace {
    static func path(of rule: Rule, root: String) -> String {
        "\(root)/policies" + FormFields.query([("file", rule.file), ("line", "\(rule.line)")]) + "#L\(rule.line)"
    }
}
