package import GovernorCore

/// What differs between two versions of a policy set as it is written: rule by rule and key by key, in words.
package struct PolicyChanges: Sendable {
    /// One key of a rule that says something else.
    package struct KeyChange: Hashable, Sendable {
        package var key: String
        package var old: [String]
        package var new: [String]

        /// `limit: 1 → 2`, `scope.channels: + sms, − email`.
        package var text: String {
            if old.count <= 1 && new.count <= 1 {
                return "\(key): \(old.first ?? "nothing") → \(new.first ?? "nothing")"
            }
            let added = new.filter { !old.contains($0) }.map { "+ \($0)" }
            let removed = old.filter { !new.contains($0) }.map { "− \($0)" }
            let parts = added + removed
            return "\(key): \(parts.isEmpty ? "another order" : parts.joined(separator: "; "))"
        }
    }

    /// A rule that came, went or says something else.
    package struct RuleChange: Sendable {
        package var id: String
        package var old: Rule?
        package var new: Rule?
        /// Empty for a rule that came or went.
        package var keys: [KeyChange]
        /// What it demanded and demands; `nil` where there is no such version.
        package var demandBefore: String?
        package var demandNow: String?
    }

    package var rules: [RuleChange] = []
    /// Calendars, products, events and what else files declare for all rules.
    package var declarations: [String] = []

    package var isEmpty: Bool { rules.isEmpty && declarations.isEmpty }

    /// The rules that say the same and stand on declarations that do not.
    private(set) var touched: [RuleChange] = []

    package init(from old: PolicySet, to new: PolicySet, zones: ZoneAtlas) {
        let before = Dictionary(old.rules.map { ($0.id, $0) }) { first, _ in first }
        let after = Dictionary(new.rules.map { ($0.id, $0) }) { first, _ in first }
        let calendars = Self.calendars(old, new)
        let families = Set(old.families.keys).union(new.families.keys).filter { product in
            Self.text(old.families[product], old) != Self.text(new.families[product], new)
        }
        for rule in old.rules + new.rules.filter({ before[$0.id] == nil }) {
            let (was, now) = (before[rule.id], after[rule.id])
            let oldProse = was.map { RuleProse($0, in: old, zones: zones) }
            let newProse = now.map { RuleProse($0, in: new, zones: zones) }
            var change = RuleChange(
                id: rule.id, old: was, new: now, keys: [], demandBefore: oldProse?.demand, demandNow: newProse?.demand)
            if let oldProse, let newProse { change.keys = Self.keys(oldProse.facets, newProse.facets) }
            if was == nil || now == nil || !change.keys.isEmpty {
                rules.append(change)
            } else if let was, let now,
                was.dependsOnFamilies && !families.isEmpty
                    || was.calendars.contains(where: { calendars.names.contains(old.calendars[$0].name) })
                    || now.calendars.contains(where: { calendars.names.contains(new.calendars[$0].name) })
            {
                touched.append(change)
            }
        }
        declarations = calendars.texts + Self.families(families, old, new) + Self.others(old, new)
    }

    private static func keys(_ old: [RuleFacet], _ new: [RuleFacet]) -> [KeyChange] {
        var keys = old.map(\.key)
        keys += new.map(\.key).filter { !keys.contains($0) }
        return keys.compactMap { key in
            let before = old.first { $0.key == key }?.words ?? []
            let after = new.first { $0.key == key }?.words ?? []
            return before == after ? nil : KeyChange(key: key, old: before, new: after)
        }
    }

    private static func text<Kind>(_ name: Name<Kind>?, _ policies: PolicySet) -> String? {
        name.flatMap { policies.names.text($0) }
    }

    private static func calendars(_ old: PolicySet, _ new: PolicySet) -> (names: Set<String>, texts: [String]) {
        var names: Set<String> = []
        var texts: [String] = []
        let known = old.calendars.map(\.name)
        for name in known + new.calendars.map(\.name).filter({ !known.contains($0) }) {
            let before = old.calendars.first { $0.name == name }
            let after = new.calendars.first { $0.name == name }
            guard let before, let after else {
                texts.append("calendar `\(name)` is \(before == nil ? "added" : "removed")")
                names.insert(name)
                continue
            }
            if before.dates == after.dates && before.validThrough == after.validThrough { continue }
            names.insert(name)
            let added = after.dates.filter { !before.dates.contains($0) }.map { "+ \($0)" }
            let removed = before.dates.filter { !after.dates.contains($0) }.map { "− \($0)" }
            var parts = added + removed
            if before.validThrough != after.validThrough {
                parts.append("valid_through \(before.validThrough) → \(after.validThrough)")
            }
            texts.append("calendar `\(name)`: \(parts.joined(separator: "; "))")
        }
        return (names, texts)
    }

    private static func families(_ products: Set<Product>, _ old: PolicySet, _ new: PolicySet) -> [String] {
        products.map { product in
            let name = text(product, new) ?? text(product, old) ?? "?"
            let before = text(old.families[product], old) ?? "none"
            return "product `\(name)`: family \(before) → \(text(new.families[product], new) ?? "none")"
        }.sorted()
    }

    private static func others(_ old: PolicySet, _ new: PolicySet) -> [String] {
        var texts: [String] = []
        for event in new.declaredEvents where !old.declaredEvents.contains(event) {
            texts.append("event `\(event)` is declared")
        }
        for event in old.declaredEvents where !new.declaredEvents.contains(event) {
            texts.append("event `\(event)` is no longer declared")
        }
        func word(_ choice: FailurePolicy?) -> String { choice == .allow ? "allow" : "deny" }
        let purposes = Set(old.onStoreFailure.keys).union(new.onStoreFailure.keys)
        texts += purposes.compactMap { purpose in
            let (before, after) = (word(old.onStoreFailure[purpose]), word(new.onStoreFailure[purpose]))
            let name = text(purpose, new) ?? text(purpose, old) ?? "?"
            return before == after ? nil : "on_store_failure for `\(name)`: \(before) → \(after)"
        }.sorted()
        for kind in RecordKind.allCases where old.retention[kind] != new.retention[kind] {
            let before = old.retention[kind].map { "\($0)" } ?? "for good"
            texts.append("retention of \(kind.name): \(before) → \(new.retention[kind].map { "\($0)" } ?? "for good")")
        }
        return texts
    }
}

extension Rule {
    /// Positions of the calendars that it stands on.
    var calendars: [Int] {
        func of(_ wait: Wait?) -> [Int] {
            if case .businessDays(_, let calendar, _) = wait { return [calendar] }
            return []
        }
        func of(_ relationships: [Relationship]) -> [Int] {
            relationships.flatMap { relationship in
                if case .event(_, let within) = relationship { return of(within) }
                return []
            }
        }
        let own: [Int] =
            switch body {
            case .contactHours(let hours): hours.holidays.map { [$0] } ?? []
            case .minGap(let gap): of(gap.gap)
            case .coolOff(let coolOff): of(coolOff.wait)
            case .optOut(let optOut): of(optOut.lasts)
            case .consent(let consent): of(consent.require.validFor) + of(consent.or)
            case .holding(let holding): holding.andFor.values.flatMap { of($0) } + of(holding.forFirst)
            case .registry(let registry):
                of(registry.maxAge) + of(registry.afterListing) + of(registry.or)
                    + registry.overriddenBy.flatMap { of($0.consent.validFor) }
            case .frequencyCap, .quietTimes, .campaignGuard, .block: []
            }
        return own
            + unless.flatMap { (exemption: Exemption) -> [Int] in
                switch exemption {
                case .consent(_, let within, _): return of(within)
                case .event(_, let within): return of(within)
                case .holding, .appointment, .replyToInbound, .stopConfirmation, .purpose: return []
                }
            }
    }

    /// Whether it may matter to it which family a product is of.
    var dependsOnFamilies: Bool {
        if !scope.families.isAny { return true }
        func of(_ holds: Holds) -> Bool {
            switch holds {
            case .sameFamily, .families: true
            case .sameProduct, .any, .products: false
            }
        }
        func of(_ relationships: [Relationship]) -> Bool {
            relationships.contains { relationship in
                if case .holding(let holds, _) = relationship { return of(holds) }
                return false
            }
        }
        let isOwn =
            switch body {
            case .frequencyCap(let cap): cap.per.perFamily
            case .minGap(let gap): gap.per.perFamily
            case .coolOff(let coolOff): coolOff.per.perFamily
            case .holding(let holding): of(holding.holds)
            case .consent(let consent): of(consent.or)
            case .registry(let registry): of(registry.or)
            case .contactHours, .quietTimes, .optOut, .campaignGuard, .block: false
            }
        return isOwn
            || unless.contains { exemption in
                if case .holding(let holds, _) = exemption { return of(holds) }
                return false
            }
    }
}
