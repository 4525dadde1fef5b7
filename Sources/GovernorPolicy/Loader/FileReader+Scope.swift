import GovernorCore

/// A rule's scope, with what the default of `count` is made from.
struct ScopeKeys {
    var scope = RuleScope()
    var families: [String] = []
}

extension FileReader {
    func readScope(_ node: LocatedNode) -> ScopeKeys {
        var result = ScopeKeys()
        guard var keys = KeyReader(node, what: "a scope", findings: findings) else { return result }
        if let node = keys.take("channels") {
            result.scope.channels = context.names(wellKnown(node, "channels", WellKnown.channels, "channel"))
        }
        if let node = keys.take("purposes") {
            result.scope.purposes = context.names(wellKnown(node, "purposes", WellKnown.purposes, "purpose"))
        }
        if let node = keys.take("brands") { result.scope.brands = context.names(names(node, "brands")) }
        if let node = keys.take("products") { result.scope.products = context.names(names(node, "products")) }
        if let node = keys.take("families") {
            result.families = families(node, "families")
            result.scope.families = context.names(result.families)
        }
        if let node = keys.take("campaigns") { result.scope.campaigns = context.names(names(node, "campaigns")) }
        if let node = keys.take("subjects") { result.scope.subjects = context.names(names(node, "subjects")) }
        if let node = keys.take("agencies") { result.scope.agencies = context.names(names(node, "agencies")) }
        if let node = keys.take("methods") { result.scope.methods = methods(node) }
        if let node = keys.take("jurisdictions") { result.scope.jurisdictions = jurisdictions(node) }
        if let node = keys.take("party") {
            result.scope.party =
                word(node, "party", [("consumer", Party.consumer), ("business", .business)]) ?? .unknown
        }
        if let node = keys.take("line_types") { result.scope.lineTypes = lineTypes(node) }
        if let node = keys.take("roles") { result.scope.roles = context.names(names(node, "roles")) }
        keys.finish(findings)
        return result
    }

    /// Which touches count: `count:`, else what the scope names, with `outcomes` and `not_outcomes` beside it.
    func readCount(_ keys: inout KeyReader, _ scope: ScopeKeys) -> TouchFilter {
        var filter = TouchFilter()
        var places: [String: LocatedNode] = [:]
        if let node = keys.take("count") {
            if case .scalar("all", _) = node.content {
                // Every touch.
            } else if var counted = KeyReader(node, what: "`count`", findings: findings) {
                readCounted(&counted, &filter)
                for key in ["outcomes", "not_outcomes"] { places[key] = counted.take(key) }
                counted.finish(findings)
            }
        } else {
            filter.channels = scope.scope.channels
            filter.purposes = scope.scope.purposes
            filter.brands = scope.scope.brands
            filter.products = scope.scope.products.isAny ? products(of: scope.families) : scope.scope.products
            filter.campaigns = scope.scope.campaigns
            filter.subjects = scope.scope.subjects
            filter.agencies = scope.scope.agencies
            filter.methods = scope.scope.methods
            filter.roles = scope.scope.roles
        }
        for key in ["outcomes", "not_outcomes"] {
            guard let node = keys.take(key) else { continue }
            if places[key] != nil {
                findings.report(
                    .doesNotBelong, at: keys.key(key), "`\(key)` stands here and inside `count`",
                    hint: "keep one of the two")
            }
            places[key] = node
        }
        let only = places["outcomes"].map { outcomes($0, "outcomes") } ?? []
        let not = places["not_outcomes"].map { outcomes($0, "not_outcomes") } ?? []
        filter.outcomes = context.names(only)
        filter.notOutcomes = context.names(not)
        if let node = places["outcomes"], !only.isEmpty, Set(only).isSubset(of: not) {
            findings.report(
                .capLimitsNothing, at: node, "every outcome that counts is left out again by `not_outcomes`",
                hint: "remove one of the two lists")
        }
        return filter
    }

    private func readCounted(_ keys: inout KeyReader, _ filter: inout TouchFilter) {
        if let node = keys.take("channels") {
            filter.channels = context.names(wellKnown(node, "channels", WellKnown.channels, "channel"))
        }
        if let node = keys.take("purposes") {
            filter.purposes = context.names(wellKnown(node, "purposes", WellKnown.purposes, "purpose"))
        }
        if let node = keys.take("brands") { filter.brands = context.names(names(node, "brands")) }
        if let node = keys.take("products") { filter.products = context.names(names(node, "products")) }
        if let node = keys.take("families") {
            let members = products(of: families(node, "families"))
            if filter.products.isAny {
                filter.products = members
            } else {
                findings.report(
                    .doesNotBelong, at: keys.key("families"), "`count` names both products and families",
                    hint: "list the products, or name the family alone")
            }
        }
        if let node = keys.take("campaigns") { filter.campaigns = context.names(names(node, "campaigns")) }
        if let node = keys.take("subjects") { filter.subjects = context.names(names(node, "subjects")) }
        if let node = keys.take("agencies") { filter.agencies = context.names(names(node, "agencies")) }
        if let node = keys.take("accounts") { filter.accounts = context.names(names(node, "accounts")) }
        if let node = keys.take("methods") { filter.methods = methods(node) }
        if let node = keys.take("roles") { filter.roles = context.names(names(node, "roles")) }
    }

    /// A touch names its product; its family follows from what the policies declare.
    private func products(of families: [String]) -> NameSet<ProductKind> {
        context.names(families.flatMap { context.productsOfFamily[$0] ?? [] })
    }

    /// `per: [person, account]`.
    func readPer(_ keys: inout KeyReader) -> CountKeys {
        var result = CountKeys()
        guard let node = keys.take("per") else { return result }
        var unit: CountKeys.Unit?
        let words: [(String, CountKeys.Unit?, WritableKeyPath<CountKeys, Bool>?)] = [
            ("person", .person, nil), ("endpoint", .endpoint, nil), ("household", .household, nil),
            ("account", nil, \.perAccount), ("subject", nil, \.perSubject), ("campaign", nil, \.perCampaign),
            ("brand", nil, \.perBrand), ("product", nil, \.perProduct), ("family", nil, \.perFamily),
            ("agency", nil, \.perAgency),
        ]
        for item in list(node, "per") {
            guard let (chosen, path) = word(item, "per", words.map { ($0.0, ($0.1, $0.2)) }) else { continue }
            if let chosen {
                if let unit, unit != chosen {
                    findings.report(
                        .doesNotBelong, at: item,
                        "a rule counts per person, per endpoint or per household, not by two of them",
                        hint: "two ways of counting are two rules")
                }
                unit = unit ?? chosen
            }
            if let path { result[keyPath: path] = true }
        }
        result.unit = unit ?? .person
        return result
    }

    private func wellKnown(_ node: LocatedNode, _ key: String, _ words: [String], _ what: String) -> [String] {
        list(node, key).compactMap { item in
            guard let name = name(item, key) else { return nil }
            warnIfMisspelt(name, item, among: words, what)
            return name
        }
    }

    /// Families that some product belongs to.
    func families(_ node: LocatedNode, _ key: String) -> [String] {
        list(node, key).compactMap { item in
            guard let name = name(item, key) else { return nil }
            if context.productsOfFamily[name] != nil || context.hasBrokenProducts { return name }
            findings.report(
                .undeclaredFamily, at: item, "no product belongs to a family \(quoted(name))",
                hint: Suggestion.hint(for: name, in: context.productsOfFamily.keys.sorted())
                    ?? "declare its products: `products: { NAME: { family: \(name) } }`")
            return nil
        }
    }

    private func methods(_ node: LocatedNode) -> [ContactMethod] {
        let words: [(String, ContactMethod)] = [
            ("live", .live), ("automated", .automated), ("prerecorded", .prerecorded),
        ]
        return list(node, "methods").compactMap { word($0, "methods", words) }
    }

    private func lineTypes(_ node: LocatedNode) -> [LineType] {
        list(node, "line_types").compactMap { word($0, "line_types", LineType.allCases.map { ($0.name, $0) }) }
    }

    private func jurisdictions(_ node: LocatedNode) -> [Jurisdiction] {
        list(node, "jurisdictions").compactMap { item in
            guard let text = name(item, "jurisdictions") else { return nil }
            if let place = Jurisdiction(text), text == place.description { return place }
            let upper = text.uppercased()
            findings.report(
                .badJurisdiction, at: item, "\(quoted(text)) is not a country or a region of one",
                expected: "`US` or `US-NY`", hint: Jurisdiction(upper) != nil ? "write `\(upper)`" : nil)
            return nil
        }
    }
}
