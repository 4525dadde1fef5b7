import GovernorCore

/// Whether one rule makes another superfluous. `true` is proven; `false` also where it is only not known.
struct Strictness {
    let families: [Product: Family]

    /// Whether every contact that `rule` denies is denied by `strict` too, for as long as both are loaded.
    func isShadowed(_ rule: Rule, by strict: Rule) -> Bool {
        // What the law says stays on record, though the house asks for more.
        guard strict.mode == .enforce, rule.cite == nil || rule.cite == strict.cite else { return false }
        // What an allowed caller must do holds without a denial.
        guard rule.obligations.allSatisfy({ strict.obligations.contains($0) }) else { return false }
        guard strict.unless.allSatisfy({ rule.unless.contains($0) }) else { return false }
        guard covers(strict.effective, rule.effective), covers(strict.scope, rule.scope) else { return false }
        if case .block(let block) = strict.body {
            if case .block = rule.body {} else { return block == BlockRule() && !isOptOut(rule) }
        }
        return isStricter(strict.body, than: rule.body)
    }

    /// An opt-out rule also keeps the built-in one away.
    private func isOptOut(_ rule: Rule) -> Bool { if case .optOut = rule.body { true } else { false } }

    private func covers(_ a: EffectiveDates?, _ b: EffectiveDates?) -> Bool {
        guard let a else { return true }
        let starts = a.from.map { from in b?.from.map { from <= $0 } ?? false } ?? true
        let ends = a.until.map { until in b?.until.map { until >= $0 } ?? false } ?? true
        return starts && ends
    }

    /// Whether every contact inside `b` is inside `a`.
    func covers(_ a: RuleScope, _ b: RuleScope) -> Bool {
        holds(a.channels, b.channels) && holds(a.purposes, b.purposes) && holds(a.brands, b.brands)
            && holds(a.products, b.products) && holds(a.campaigns, b.campaigns) && holds(a.subjects, b.subjects)
            && holds(a.agencies, b.agencies) && holds(a.roles, b.roles) && holds(a.methods, b.methods)
            && holds(a.lineTypes, b.lineTypes) && (a.party == .unknown || a.party == b.party)
            && (a.jurisdictions.isEmpty
                || !b.jurisdictions.isEmpty
                    && b.jurisdictions.allSatisfy { place in
                        a.jurisdictions.contains { $0 == place || $0 == place.country }
                    })
            && holdsFamilies(a, b)
    }

    private func holdsFamilies(_ a: RuleScope, _ b: RuleScope) -> Bool {
        if holds(a.families, b.families) { return true }
        // A product brings its family along.
        return !b.products.isAny
            && b.products.names.allSatisfy { families[$0].map { a.families.contains($0) } ?? false }
    }

    private func holds<Kind>(_ a: NameSet<Kind>, _ b: NameSet<Kind>) -> Bool {
        a.isAny || !b.isAny && b.names.allSatisfy { a.contains($0) }
    }

    private func holds<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Bool {
        a.isEmpty || !b.isEmpty && b.allSatisfy { a.contains($0) }
    }

    // MARK: Which touches count

    /// Whether `a` counts every touch that `b` counts.
    private func covers(_ a: TouchFilter, _ b: TouchFilter) -> Bool {
        holds(a.channels, b.channels) && holds(a.purposes, b.purposes) && holds(a.brands, b.brands)
            && holds(a.products, b.products) && holds(a.campaigns, b.campaigns) && holds(a.subjects, b.subjects)
            && holds(a.agencies, b.agencies) && holds(a.accounts, b.accounts) && holds(a.roles, b.roles)
            && holds(a.methods, b.methods) && holds(a.outcomes, b.outcomes)
            && a.notOutcomes.names.allSatisfy { b.notOutcomes.contains($0) }
    }

    /// Whether a count by `a` holds every count by `b`.
    private func covers(_ a: CountKeys, _ b: CountKeys) -> Bool {
        func unless(_ key: KeyPath<CountKeys, Bool>) -> Bool { !a[keyPath: key] || b[keyPath: key] }
        return a.unit == b.unit && unless(\.perAccount) && unless(\.perSubject) && unless(\.perCampaign)
            && unless(\.perBrand) && unless(\.perProduct) && unless(\.perFamily) && unless(\.perAgency)
    }

    // MARK: Kinds

    private func isStricter(_ a: RuleBody, than b: RuleBody) -> Bool {
        switch (a, b) {
        case (.frequencyCap(let a), .frequencyCap(let b)):
            return a.limit <= b.limit && Lengths.isAtLeast(a.window, b.window) && covers(a.count, b.count)
                && covers(a.per, b.per) && (!a.releasesUnreported || b.releasesUnreported)
                && (b.keep == nil || a.keep == b.keep)
        case (.minGap(let a), .minGap(let b)):
            return Lengths.isAtLeast(a.gap, b.gap) && covers(a.count, b.count) && covers(a.per, b.per)
                && (!a.releasesUnreported || b.releasesUnreported)
        case (.coolOff(let a), .coolOff(let b)):
            return holds(a.after, b.after) && Lengths.isAtLeast(a.wait, b.wait) && covers(a.count, b.count)
                && covers(a.per, b.per)
        case (.contactHours(let a), .contactHours(let b)): return isStricter(a, than: b)
        case (.optOut(let a), .optOut(let b)):
            return isAtLeast(a.lasts, b.lasts) && (a.reach == .person || a.reach == b.reach)
        case (.consent(let a), .consent(let b)):
            return isStricter(a.require, than: b.require) && a.or.allSatisfy { b.or.contains($0) }
        case (.holding(let a), .holding(let b)): return isStricter(a, than: b)
        case (.registry(let a), .registry(let b)):
            return a.registry == b.registry && isAtLeast(b.maxAge, a.maxAge) && isAtMost(a.afterListing, b.afterListing)
                && a.overriddenBy.allSatisfy { b.overriddenBy.contains($0) } && a.or.allSatisfy { b.or.contains($0) }
        case (.block(let a), .block(let b)):
            let starts = a.from.map { from in b.from.map { from <= $0 } ?? false } ?? true
            let ends = a.until.map { until in b.until.map { until >= $0 } ?? false } ?? true
            return starts && ends && holds(a.labels, b.labels)
        default: return false
        }
    }

    /// `nil` is for ever.
    private func isAtLeast(_ a: Wait?, _ b: Wait?) -> Bool {
        guard let a else { return true }
        return b.map { Lengths.isAtLeast(a, $0) } ?? false
    }

    /// `nil` is at once.
    private func isAtMost(_ a: Wait?, _ b: Wait?) -> Bool {
        guard let a else { return true }
        return b.map { Lengths.isAtLeast($0, a) } ?? false
    }

    private func isStricter(_ a: ContactHours, than b: ContactHours) -> Bool {
        guard a.zone == b.zone, a.margin >= b.margin, b.closedDates.allSatisfy({ a.closedDates.contains($0) }) else {
            return false
        }
        guard zip(a.days, b.days).allSatisfy({ lie($0, inside: $1) }) else { return false }
        guard let holidays = b.holidays else {
            // Where they are ordinary days, the others' holidays must stay inside every day's hours.
            return a.holiday.map { spans in b.days.allSatisfy { lie(spans, inside: $0) } } ?? true
        }
        // A calendar that has run out denies, so it must be the same.
        guard a.holidays == holidays, let mine = a.holiday, let theirs = b.holiday else { return false }
        return lie(mine, inside: theirs)
    }

    private func lie(_ a: [ContactHours.DaySpan], inside b: [ContactHours.DaySpan]) -> Bool {
        a.allSatisfy { span in b.contains { $0.open <= span.open && span.close <= $0.close } }
    }

    private func isStricter(_ a: ConsentTerms, than b: ConsentTerms) -> Bool {
        a.names.names.allSatisfy { b.names.contains($0) } && (!a.names.isAny || b.names.isAny)
            && (a.isBoundToEndpoint || !b.isBoundToEndpoint) && (a.needsEvidence || !b.needsEvidence)
            && isAtLeast(b.validFor, a.validFor) && b.voidOn.names.allSatisfy { a.voidOn.contains($0) }
    }

    private func isStricter(_ a: HoldingRule, than b: HoldingRule) -> Bool {
        guard a.holds == b.holds || a.holds == .any, b.status.allSatisfy({ a.status.contains($0) }) else {
            return false
        }
        // What ends early for one of them is left alone, unless both say the same.
        guard a.renewalWindow == b.renewalWindow || a.renewalWindow == nil, isAtLeast(a.forFirst, b.forFirst) else {
            return false
        }
        return b.andFor.allSatisfy { status, wait in a.andFor[status].map { Lengths.isAtLeast($0, wait) } ?? false }
    }
}
