package import GovernorCore

/// A kind of contact as a person describes it: "a marketing call to a consumer in Florida".
package struct ContactKind: Sendable {
    package var channel: String?
    package var purpose: String?
    package var campaign: String?
    package var product: String?
    package var subject: String?
    package var brand: String?
    package var agency: String?
    package var method: ContactMethod?
    package var party = Party.unknown
    package var lineType = LineType.unknown
    /// Where the person may be; empty when that is not said, and then no place is left out.
    package var jurisdictions: [Jurisdiction] = []

    package init() {}

    /// Nothing is said: every rule is about it.
    package var isAnything: Bool {
        channel == nil && purpose == nil && campaign == nil && product == nil && subject == nil && brand == nil
            && agency == nil && method == nil && party == .unknown && lineType == .unknown && jurisdictions.isEmpty
    }

    /// The rules that may bear on such a contact, in the order of the policies: what is not said leaves none out.
    package func rules(of policies: PolicySet, zones: ZoneAtlas) -> [Rule] {
        var request = ContactRequest(
            identifiers: [], endpoint: nil, channel: channel.map { Channel($0) } ?? .none,
            purpose: purpose.map { Purpose($0) } ?? .none)
        request.campaign = campaign.map { Campaign($0) } ?? .none
        request.product = product.map { Product($0) } ?? .none
        request.subject = subject.map { Subject($0) } ?? .none
        request.brand = brand.map { Brand($0) } ?? .none
        request.agency = agency.map { Agency($0) } ?? .none
        request.method = method
        request.party = party
        request.lineType = lineType
        let plan = policies.plan(for: request, zones: zones, at: Timestamp(milliseconds: 0))
        let bearing = plan.rules.map { policies.rules[Int($0)] }.filter { rule in
            rule.scope.jurisdictions.isEmpty || jurisdictions.isEmpty
                || rule.scope.jurisdictions.contains { place in jurisdictions.contains { place.covers(candidate: $0) } }
        }
        // Where a rule of the policies' own says what a no means, the built-in one is silent.
        let isSilenced =
            !isAnything
            && bearing.contains { rule in
                guard case .optOut = rule.body, rule.mode == .enforce, rule.effective == nil else { return false }
                return rule.id != PolicySet.fallbackOptOut
                    && (rule.scope.jurisdictions.isEmpty || !jurisdictions.isEmpty)
            }
        return bearing.filter { !isSilenced || $0.id != PolicySet.fallbackOptOut }
    }

    /// `A voice call for marketing to a consumer in Florida (US-FL)`.
    package var title: String {
        var text = channel.map { Phrases.article(Phrases.channel($0, one: true)) } ?? "A contact"
        if let purpose { text += " for \(purpose)" }
        if let method { text += " \(Phrases.method(method))" }
        switch party {
        case .unknown: break
        case .consumer: text += " to a consumer"
        case .business: text += " to a business"
        }
        if lineType != .unknown { text += " on a \(lineType.name.replacing("_", with: " ")) number" }
        if !jurisdictions.isEmpty { text += " in \(Phrases.list(jurisdictions.map(Phrases.place)))" }
        for (what, name) in [
            ("for brand", brand), ("for product", product), ("in campaign", campaign), ("about", subject),
            ("by agency", agency),
        ] {
            if let name { text += " \(what) \(name)" }
        }
        return text
    }
}
