/// Which mail domains deliver several spellings of a name to one mailbox: dots ignored, or what follows a plus sign.
///
/// Nothing by default, since only the domain's owner knows. A folded form never takes the place of an address: it is one
/// more identifier beside it, so what is known by either is found, and switching folding on or off orphans nothing.
public struct EmailFolding: Hashable, Sendable {
    public struct Rule: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `a.na@` and `ana@` are one mailbox.
        public static let dots = Rule(rawValue: 1)
        /// `ana+shop@` and `ana@` are one mailbox.
        public static let tags = Rule(rawValue: 2)
    }

    private let rules: [String: Rule]

    /// Nothing is folded.
    public static let none = EmailFolding(rules: [:])

    private init(rules: [String: Rule]) { self.rules = rules }

    /// `gmail.com=dots+tags, example.org=tags`; `nil` for anything else.
    public init?(parsing text: String) {
        var rules: [String: Rule] = [:]
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2,
                let domain = try? EmailAddress("a@" + parts[0].filter { $0 != " " }).text.dropFirst(2)
            else { return nil }
            var rule: Rule = []
            for word in parts[1].split(separator: "+", omittingEmptySubsequences: false) {
                switch word.filter({ $0 != " " }) {
                case "dots": rule.insert(.dots)
                case "tags": rule.insert(.tags)
                default: return nil
                }
            }
            rules[String(domain)] = rule
        }
        if rules.isEmpty { return nil }
        self.rules = rules
    }

    /// The form that the domain's spellings share; `nil` when the address already is it, or its domain folds nothing.
    public func folded(_ email: EmailAddress) -> EmailAddress? {
        if rules.isEmpty { return nil }
        guard let at = email.text.lastIndex(of: "@"),
            let rule = rules[String(email.text[email.text.index(after: at)...])]
        else { return nil }
        var name = email.text[..<at]
        if rule.contains(.tags), let plus = name.firstIndex(of: "+"), plus > name.startIndex { name = name[..<plus] }
        var text = String(name)
        if rule.contains(.dots) { text.removeAll { $0 == "." } }
        if text.isEmpty || text.utf8.count == email.text[..<at].utf8.count { return nil }
        return try? EmailAddress(text + email.text[at...])
    }
}
