import GovernorCore

extension DiagnosticCode {
    /// A scope that nothing can be inside of.
    static let scopeNeverMatches = DiagnosticCode(
        "P061", "scope-never-matches", .warning,
        what: """
            No contact can ever be denied by this rule: its products belong to other families than it names, its dates \
            exclude its instants, or each of its purposes is exempt.
            """,
        why: "The rule looks like protection and is none.",
        example: """
            policy: house
            products:
              term-life: { family: life }
              car: { family: motor }
            rules:
              - id: no-life-cover
                kind: block
                scope: { products: [term-life], families: [motor] }
                because: We do not offer this cover.
            """,
        instead: """
            policy: house
            products:
              term-life: { family: life }
              car: { family: motor }
            rules:
              - id: no-life-cover
                kind: block
                scope: { families: [life] }
                because: We do not offer this cover.
            """)
}

extension MeaningChecks {
    func checkScope(_ read: ReadRule) {
        let rule = read.rule
        checkFamilies(read)
        let exempt = rule.unless.compactMap { if case .purpose(let purpose) = $0 { purpose } else { nil } }
        if !rule.scope.purposes.isAny, rule.scope.purposes.names.allSatisfy({ exempt.contains($0) }) {
            read.findings.report(
                .scopeNeverMatches, at: read.span("scope", "purposes"),
                "every purpose that \(quoted(rule.id)) is for is exempt from it",
                hint: "take the purpose out of the exemptions, or name those that the rule is for")
        }
        if case .block(let block) = rule.body { checkInstants(read, block) }
    }

    private func checkFamilies(_ read: ReadRule) {
        let scope = read.rule.scope
        guard !scope.products.isAny, !scope.families.isAny else { return }
        // A product that no file assigns to a family may be of any.
        let families = scope.products.names.map { context.families[$0] }
        guard families.allSatisfy({ $0 != nil && !scope.families.contains($0!) }) else { return }
        read.findings.report(
            .scopeNeverMatches, at: read.span("scope", "families"),
            "none of the products that \(quoted(read.rule.id)) names belongs to these families",
            hint: "dimensions of a scope are ANDed: keep one of the two")
    }

    /// Dates are those of the person's place, at most 14 hours from UTC.
    private func checkInstants(_ read: ReadRule, _ block: BlockRule) {
        guard let effective = read.rule.effective else { return }
        let slack: Int64 = 14 * 3_600_000
        if let until = block.until, let from = effective.from, until.milliseconds <= from.localMilliseconds - slack {
            read.findings.report(
                .scopeNeverMatches, at: read.span("until"),
                "the block ends before \(quoted(read.rule.id)) comes into force on \(from)",
                hint: "a block needs no `effective` beside its instants")
        }
        if let from = block.from, let until = effective.until, from.milliseconds >= until.localMilliseconds + slack {
            read.findings.report(
                .scopeNeverMatches, at: read.span("from"),
                "the block begins after \(quoted(read.rule.id)) has gone out of force on \(until)",
                hint: "a block needs no `effective` beside its instants")
        }
    }
}
