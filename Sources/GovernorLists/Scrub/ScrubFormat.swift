import GovernorCore
public import GovernorRuntime

/// What follows a row in the answer to a list.
public protocol ScrubFormat: Sendable {
    /// Of a row that was decided.
    func tail(_ answer: DecisionAnswer, for role: Role) -> [UInt8]
    /// Of a row that cannot be read; the errors name its columns.
    func tail(_ errors: [FieldError]) -> [UInt8]
    /// Of a row that is about somebody whom an earlier one is about.
    func tail(duplicateOf first: Int) -> [UInt8]
}

/// The cells of `ListColumns.answered`, beginning with a separator and without a line end.
public struct CSVScrubFormat: ScrubFormat {
    private let separator: UInt8

    public init(separator: UInt8 = UInt8(ascii: ",")) { self.separator = separator }

    public func tail(_ answer: DecisionAnswer, for role: Role) -> [UInt8] {
        let decision = answer.decision
        if decision.verdict == .allow { return cells("allow", "", "", "", "") }
        return cells(
            "deny", decision.reasons.map { answer.name(of: $0) }.joined(separator: " "),
            decision.reasons.first.map { answer.sentence($0, for: role) } ?? "",
            decision.nextAllowedAt?.description ?? "", "")
    }

    public func tail(_ errors: [FieldError]) -> [UInt8] {
        cells(
            "invalid", errors.map(\.code).joined(separator: " "),
            errors.map { $0.path.isEmpty ? $0.detail : "\($0.path): \($0.detail)" }.joined(separator: "; "), "", "")
    }

    public func tail(duplicateOf first: Int) -> [UInt8] { cells("duplicate", "", "", "", "\(first)") }

    private func cells(_ texts: String...) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        for text in texts {
            bytes.append(separator)
            CSVText.append(text, separator: separator, to: &bytes)
        }
        return bytes
    }
}

extension DecisionAnswer {
    /// The rule of a reason, or its code when no rule stands behind it.
    func name(of reason: Reason) -> String {
        reason.rule.map { policies.rules[Int($0)].id } ?? reason.code.name
    }
}
