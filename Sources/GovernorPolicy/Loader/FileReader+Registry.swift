import GovernorCore

// Rules about outside lists, and what a consent must be: here and in rules of kind `consent`.
extension FileReader {
    func readRegistry(_ keys: inout KeyReader) -> RegistryRule? {
        let name = keys.require("registry", findings, hint: "which list: `registry: us-dnc`")
            .flatMap { identifier($0, "registry") }
        let maxAge = keys.take("max_age").flatMap { wait($0, "max_age") }
        let afterListing = keys.take("after_listing").flatMap { wait($0, "after_listing") }
        let overrides = keys.take("overridden_by").map { readOverrides($0) } ?? []
        let or = keys.take("or").map { readRelationships($0) } ?? []
        return name.map {
            RegistryRule(
                registry: context.name($0), maxAge: maxAge, afterListing: afterListing, overriddenBy: overrides, or: or)
        }
    }

    /// `[express]`, or what a consent must be and when it must have been given.
    private func readOverrides(_ node: LocatedNode) -> [RegistryOverride] {
        list(node, "overridden_by").compactMap { item in
            guard case .mapping = item.content else {
                return name(item, "overridden_by").map { RegistryOverride(ConsentTerms(names: [context.name($0)])) }
            }
            guard var keys = KeyReader(item, what: "an entry of `overridden_by`", findings: findings) else {
                return nil
            }
            let names = keys.require(
                "consent", findings, hint: "the consents of which one is enough: `consent: [express]`"
            ).map { self.names($0, "consent") }
            let given = keys.take("given").flatMap {
                word($0, "given", [("any", RegistryOverride.Given.any), ("before", .before), ("after", .after)])
            }
            let terms = readConsentTerms(&keys, names ?? [])
            keys.finish(findings)
            return names.map { _ in RegistryOverride(terms, given: given ?? .any) }
        }
    }

    /// What a consent of one of these names must be to count.
    func readConsentTerms(_ keys: inout KeyReader, _ names: [String]) -> ConsentTerms {
        let bound = keys.take("bound_to").flatMap { word($0, "bound_to", [("endpoint", true), ("person", false)]) }
        let evidence = keys.take("evidence").flatMap {
            word($0, "evidence", [("required", true), ("not_required", false)])
        }
        let validFor = keys.take("valid_for").flatMap { wait($0, "valid_for") }
        let voidOn = keys.take("void_on").map { events($0, "void_on") } ?? []
        return ConsentTerms(
            names: context.names(names), isBoundToEndpoint: bound ?? false, needsEvidence: evidence ?? false,
            validFor: validFor, voidOn: context.names(voidOn))
    }
}
