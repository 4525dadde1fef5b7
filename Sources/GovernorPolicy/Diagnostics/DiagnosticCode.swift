/// What kind of finding it is: a number that stays, and the page that explains it.
public struct DiagnosticCode: Hashable, Sendable {
    /// `P011`. Numbers are never used again for something else.
    public let id: String
    /// `unknown-key`.
    public let name: String
    public let severity: Severity
    /// One paragraph each.
    public let what: String
    public let why: String
    /// A whole policy file that earns the finding; `nil` when no short text can.
    public let example: String?
    /// The same, put right; words when there is no example.
    public let instead: String

    init(
        _ id: String, _ name: String, _ severity: Severity, what: String, why: String, example: String?, instead: String
    ) {
        self.id = id
        self.name = name
        self.severity = severity
        self.what = what
        self.why = why
        self.example = example
        self.instead = instead
    }

    public static func == (a: DiagnosticCode, b: DiagnosticCode) -> Bool { a.id == b.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// The code of that number, in either case; `nil` when there is none.
    public static func named(_ id: String) -> DiagnosticCode? {
        let wanted = id.uppercased()
        return all.first { $0.id == wanted }
    }

    /// Its page in Markdown, as `docs/lint/` keeps it and `governor policy explain` prints it.
    public var page: String {
        var text = "# \(id) \(name)\n\n\(severity.rawValue)\n\n\(what)\n\n## Why\n\n\(why)\n"
        if let example {
            text +=
                "\n## Example\n\n```yaml\n\(example.trimmedEnd)\n```\n\n## Instead\n\n```yaml\n\(instead.trimmedEnd)\n```\n"
        } else {
            text += "\n## Instead\n\n\(instead)\n"
        }
        return text
    }
}

/// How much a finding matters.
public enum Severity: String, Hashable, Comparable, Sendable, CaseIterable {
    /// The files cannot be loaded; what was in force stays in force.
    case error
    /// Loaded, and probably not what its author means.
    case warning
    /// Worth knowing; `lint` does not fail for it.
    case note

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    private var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .note: 2
        }
    }
}

extension String {
    var trimmedEnd: Substring {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
