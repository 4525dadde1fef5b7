import GovernorCore
import GovernorPolicy

/// Reads what a test expects, and knows the rules that it may speak of.
struct ExpectationReader {
    let body: BodyReader
    let place: (SourceSpan) -> Place
    /// The ids of the rules that are loaded, `house/one-call-a-day`.
    let rules: [String]

    static let keys = [
        "verdict", "rules", "includes", "excludes", "codes", "next_allowed_at", "next_basis", "shadow", "remaining",
        "obligations", "expires_at", "identity_conflict", "reasons",
    ]

    func read(_ node: LocatedNode) -> Expectation {
        var result = Expectation(place: place(node.span))
        if case .scalar = node.content {
            result.verdict = verdict(node)
            return result
        }
        guard var keys = KeyReader(node, what: "`expect`", findings: body.findings) else { return result }
        result.verdict = keys.take("verdict").flatMap { verdict($0) }
        result.rules = ruleList(&keys, "rules")
        result.includes = ruleList(&keys, "includes") ?? []
        result.excludes = ruleList(&keys, "excludes") ?? []
        if let node = keys.take("codes") {
            result.codes = node.items.compactMap { word($0, "codes", ReasonCode.allCases.map(\.name)) }
        }
        if let node = keys.take("next_allowed_at") {
            if node.isNull {
                result.next = Expectation.Next.none
            } else if let instant = body.instant(node, "next_allowed_at") {
                result.next = .at(instant)
            }
        }
        if let node = keys.take("next_basis") {
            result.basis = word(node, "next_basis", ["time", "act", "never", "horizon"])
        }
        result.shadow = ruleList(&keys, "shadow")
        if let node = keys.take("remaining") {
            for entry in node.entries {
                guard let rule = rule(entry.key), let left = number(entry.value, "remaining") else { continue }
                result.remaining.append((rule, left))
            }
            if case .mapping = node.content {
            } else {
                body.findings.report(
                    .wrongType, at: node, "`remaining` is a group, not \(node.described)",
                    hint: "write what is left by rule: `{ one-call-a-day: 0 }`")
            }
        }
        result.obligations = ruleList(&keys, "obligations")
        result.expiresAt = body.instant(&keys, "expires_at")
        result.isIdentityConflict = body.flag(&keys, "identity_conflict")
        if let node = keys.take("reasons") { result.reasons = node.items.compactMap { reason($0) } }
        keys.finish(body.findings)
        if result.verdict == .allow, let node = node["rules"], let rules = result.rules, !rules.isEmpty {
            body.findings.report(
                .doesNotBelong, at: node, "an allowed contact is denied by no rule",
                hint: "leave `rules` out, or expect `deny`")
        }
        return result
    }

    private func reason(_ node: LocatedNode) -> ExpectedReason? {
        guard var keys = KeyReader(node, what: "an expected reason", findings: body.findings) else { return nil }
        var result = ExpectedReason(place: place(node.span))
        result.rule = keys.take("rule").flatMap { rule($0) }
        result.code = keys.take("code").flatMap { word($0, "code", ReasonCode.allCases.map(\.name)) }
        result.count = keys.take("count").flatMap { number($0, "count") }
        result.limit = keys.take("limit").flatMap { number($0, "limit") }
        result.until = body.instant(&keys, "until")
        result.message = body.text(&keys, "message")
        keys.finish(body.findings)
        return result
    }

    private func verdict(_ node: LocatedNode) -> Verdict? {
        word(node, "verdict", ["allow", "deny"]).map { $0 == "allow" ? .allow : .deny }
    }

    private func word(_ node: LocatedNode, _ key: String, _ words: [String]) -> String? {
        guard let text = body.text(node, key) else { return nil }
        if words.contains(text) { return text }
        body.findings.report(
            .unknownWord, at: node, "`\(key)` cannot be \(quoted(text))", expected: alternatives(words),
            hint: Suggestion.hint(for: text, in: words))
        return nil
    }

    private func number(_ node: LocatedNode, _ key: String) -> Int? {
        guard let text = body.text(node, key) else { return nil }
        if let number = Int(text), number >= 0 { return number }
        body.findings.report(.badNumber, at: node, "`\(key)` takes a whole number, not \(quoted(text))")
        return nil
    }

    private func ruleList(_ keys: inout KeyReader, _ key: String) -> [String]? {
        keys.take(key).map { node in node.isNull ? [] : node.items.compactMap { rule($0) } }
    }

    /// `house/one-call-a-day`, or what stands after the hyphen of a policy's name when only one rule is called so.
    private func rule(_ node: LocatedNode) -> String? {
        guard let text = body.text(node, "rules") else { return nil }
        if rules.contains(text) { return text }
        let matches = rules.filter { $0.hasSuffix("/" + text) }
        if matches.count == 1 { return matches[0] }
        if matches.count > 1 {
            body.findings.report(
                .unknownRule, at: node, "several rules are called \(quoted(text))",
                expected: alternatives(matches), hint: "name the policy too")
        } else {
            body.findings.report(
                .unknownRule, at: node, "no loaded rule is called \(quoted(text))",
                hint: Suggestion.hint(for: text, in: rules)
                    ?? Suggestion.hint(
                        for: text, in: rules.map { String($0[$0.index(after: $0.firstIndex(of: "/")!)...]) })
                    ?? "the rules of the files under `policies` can be named")
        }
        return nil
    }
}
