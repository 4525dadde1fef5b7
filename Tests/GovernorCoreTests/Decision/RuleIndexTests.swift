import GovernorCore
import GovernorTesting
import Testing

/// The index finds what a look at every rule finds, whatever places and names rules and requests have.
@Suite struct RuleIndexTests {
    private static let places = ["US", "US-NY", "US-FL", "US-TX", "CA", "CA-QC", "FR", "DE-BY"].compactMap {
        Jurisdiction($0)
    }

    /// Every rule denies, so that the reasons tell which were judged.
    private func rule(_ i: Int, _ random: inout SeededGenerator) -> Rule {
        var rule = Rule(id: "r/\(i)", body: .block(BlockRule()))
        func one<K>(_ texts: [String]) -> NameSet<K> {
            NameSet(texts.filter { _ in Bool.random(using: &random) }.map { Name($0) })
        }
        if Int.random(in: 0..<3, using: &random) == 0 { rule.scope.channels = one(["voice", "sms"]) }
        if Int.random(in: 0..<3, using: &random) == 0 { rule.scope.purposes = one(["marketing", "service"]) }
        if Int.random(in: 0..<4, using: &random) == 0 { rule.scope.campaigns = one(["a", "b"]) }
        if Int.random(in: 0..<5, using: &random) == 0 { rule.scope.products = one(["x", "y"]) }
        if Bool.random(using: &random) {
            rule.scope.jurisdictions = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Self.places.randomElement(using: &random)!
            }
        }
        return rule
    }

    @Test func findsWhatALookAtEveryRuleFinds() throws {
        var random = SeededGenerator.announced("findsWhatALookAtEveryRuleFinds")
        let atlas = try Scenario.atlas.get()
        for _ in 0..<300 {
            let rules = (0..<40).map { rule($0, &random) }
            let policies = PolicySet(rules: rules)
            var request = ContactRequest(
                identifiers: [RequestIdentifier(hash: Scenario.phone, kind: .phone)], endpoint: 0, channel: "voice",
                purpose: "marketing")
            if Bool.random(using: &random) { request.campaign = "a" }
            if Bool.random(using: &random) { request.product = "z" }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                request.identifiers[0].jurisdictions.append(Self.places.randomElement(using: &random)!)
            }
            var record = PersonRecord(id: PersonID(high: 0, low: 1), createdAt: .distantPast)
            var known = KnownIdentifier(hash: Scenario.phone, kind: .phone, addedAt: .distantPast)
            // The record may tell of places that the request does not.
            if Bool.random(using: &random) { known.jurisdictions = [Self.places.randomElement(using: &random)!] }
            record.identifiers = [known]
            var candidates = request.identifiers[0].jurisdictions + known.jurisdictions
            if candidates.isEmpty { candidates = [.unknown] }

            let now = Timestamp(milliseconds: 1_795_300_000_000)
            let decision = evaluate(
                policies.plan(for: request, zones: atlas, at: now), [record], at: now, touchID: TouchID(bits: 1)
            ).decision
            let found = Set(decision.reasons.compactMap { $0.rule.map { policies.rules[Int($0)].id } })
            let wanted = rules.filter { rule in
                rule.scope.channels.admits(request.channel) && rule.scope.purposes.admits(request.purpose)
                    && rule.scope.campaigns.admits(request.campaign) && rule.scope.products.admits(request.product)
                    && (rule.scope.jurisdictions.isEmpty
                        || rule.scope.jurisdictions.contains { place in
                            candidates.contains { place.covers(candidate: $0) }
                        })
            }
            #expect(found == Set(wanted.map(\.id)))
            #expect(decision.reasons.count == found.count, "each rule once")
        }
    }
}
