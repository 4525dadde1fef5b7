import GovernorCore
import GovernorRuntime

/// One answer in words, for timelines and failures.
struct AnswerTelling {
    let answer: DecisionAnswer
    let zone: ScenarioZone

    var line: String {
        let decision = answer.decision
        if decision.verdict == .allow {
            guard let reservation = decision.reservation else { return "allow" }
            return "allow, held until \(instant(reservation.expiresAt))"
        }
        let next =
            decision.nextAllowedAt.map { "next at \(instant($0))" }
            ?? "not again by itself (\(decision.nextBasis.name))"
        return "deny, \(next)"
    }

    /// `house/one-call-a-day: 1 of 1 voice calls … [cap.reached]`, the enforced ones first.
    var reasons: [String] {
        answer.decision.reasons.map { text($0) } + answer.decision.shadow.map { "in shadow: " + text($0) }
    }

    private func text(_ reason: Reason) -> String {
        "\(rule(reason)): \(answer.sentence(reason, for: .admin)) [\(reason.code.name)]"
            + (reason.until.map { " until \(instant($0))" } ?? "")
    }

    func rule(_ reason: Reason) -> String { reason.rule.map { answer.policies.rules[Int($0)].id } ?? "(no rule)" }

    func instant(_ instant: Timestamp) -> String { TestTime.withOffset(instant, zone) }
}

extension Expectation {
    struct Difference {
        var place: Place
        var what: String
        var expected: String
        var actual: String
    }

    /// Where an answer is not what was expected; empty when it is.
    func differences(from answer: DecisionAnswer, zone: ScenarioZone) -> [Difference] {
        let telling = AnswerTelling(answer: answer, zone: zone)
        let decision = answer.decision
        var result: [Difference] = []
        func check(_ what: String, _ isMet: Bool, _ expected: String, _ actual: String) {
            if !isMet { result.append(Difference(place: place, what: what, expected: expected, actual: actual)) }
        }
        func checkSet(_ what: String, _ wanted: [String]?, _ found: [String]) {
            guard let wanted else { return }
            check(what, Set(wanted) == Set(found), list(wanted), list(found))
        }
        let denying = decision.reasons.map { telling.rule($0) }
        if let verdict {
            check("verdict", verdict == decision.verdict, name(verdict), name(decision.verdict))
        }
        checkSet("rules", rules, denying)
        let missing = includes.filter { !denying.contains($0) }
        check("includes", missing.isEmpty, list(missing), list(denying))
        let unwanted = excludes.filter { denying.contains($0) }
        check("excludes", unwanted.isEmpty, "not \(list(unwanted))", list(denying))
        checkSet("codes", codes, decision.reasons.map(\.code.name))
        let foundNext = decision.nextAllowedAt.map { telling.instant($0) } ?? "none (\(decision.nextBasis.name))"
        switch next {
        case nil: break
        case .some(.none): check("next_allowed_at", decision.nextAllowedAt == nil, "none", foundNext)
        case .at(let instant):
            check("next_allowed_at", decision.nextAllowedAt == instant, telling.instant(instant), foundNext)
        }
        if let basis { check("next_basis", basis == decision.nextBasis.name, basis, decision.nextBasis.name) }
        checkSet("shadow", shadow, decision.shadow.map { telling.rule($0) })
        for (rule, left) in remaining {
            let found = decision.remaining.first { answer.policies.rules[Int($0.rule)].id == rule }
            check(
                "remaining of \(rule)", found.map { Int($0.left) == left } ?? false, "\(left)",
                found.map { "\($0.left)" } ?? "not told")
        }
        checkSet("obligations", obligations, decision.obligations.map { answer.policies.rules[Int($0)].id })
        if let expiresAt {
            check(
                "expires_at", decision.reservation?.expiresAt == expiresAt, telling.instant(expiresAt),
                decision.reservation.map { telling.instant($0.expiresAt) } ?? "no reservation")
        }
        if let isIdentityConflict {
            check(
                "identity_conflict", decision.isIdentityConflict == isIdentityConflict, "\(isIdentityConflict)",
                "\(decision.isIdentityConflict)")
        }
        for wanted in reasons
        where !(decision.reasons + decision.shadow).contains(where: { wanted.isMet(by: $0, of: answer) }) {
            result.append(
                Difference(
                    place: wanted.place, what: "reasons", expected: wanted.text(telling),
                    actual: telling.reasons.isEmpty ? "none" : telling.reasons.joined(separator: " | ")))
        }
        return result
    }

    private func name(_ verdict: Verdict) -> String { verdict == .allow ? "allow" : "deny" }

    private func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}

extension ExpectedReason {
    func isMet(by reason: Reason, of answer: DecisionAnswer) -> Bool {
        if let rule, rule != reason.rule.map({ answer.policies.rules[Int($0)].id }) { return false }
        if let code, code != reason.code.name { return false }
        if let count, count != Int(reason.count) { return false }
        if let limit, limit != Int(reason.limit) { return false }
        if let until, until != reason.until { return false }
        if let message, !answer.sentence(reason, for: .admin).contains(message) { return false }
        return true
    }

    func text(_ telling: AnswerTelling) -> String {
        var parts = [rule, code].compactMap { $0 }
        if let count { parts.append("count \(count)") }
        if let limit { parts.append("limit \(limit)") }
        if let until { parts.append("until \(telling.instant(until))") }
        if let message { parts.append("“\(message)”") }
        return parts.joined(separator: ", ")
    }
}
