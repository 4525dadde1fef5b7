import GovernorCore
import GovernorIdentity

/// Questions that one changed rule is about: made from the names of both versions and from names that neither knows.
struct DiffQuestions {
    let world: DiffWorld
    /// The versions of the rule.
    let rules: [Rule]

    /// A question and where it is asked about.
    struct Question {
        var request: ContactRequest
        var place: DiffPlace
    }

    /// Different questions at most, for one rule.
    static let countMax = 48

    /// The plainest first; each of the others differs from it in one thing.
    func questions(_ kit: DiffKit) -> [Question] {
        let places = places()
        guard let first = places.first else { return [] }
        var bases: [Question] = []
        for place in places.prefix(3) {
            for channel in pool(\.channels, WellKnownWords.channels, counted: \.channels) {
                for purpose in pool(\.purposes, WellKnownWords.purposes, counted: \.purposes) {
                    bases.append(Question(request: base(channel, purpose), place: place))
                }
            }
        }
        // A question that other rules deny for good shows nothing.
        let plain = bases.firstIndex { isOpen($0, kit) } ?? 0
        let base =
            bases.indices.contains(plain) ? bases[plain] : Question(request: base("voice", "marketing"), place: first)
        var questions = [base]
        func add(_ change: (inout Question) -> Void) {
            var question = base
            change(&question)
            questions.append(question)
        }
        for place in places where place != base.place { add { $0.place = place } }
        // Another channel or purpose may meet fewer other rules.
        for channel in pool(\.channels, WellKnownWords.channels, counted: \.channels) {
            add { $0.request.channel = channel }
        }
        for purpose in pool(\.purposes, WellKnownWords.purposes, counted: \.purposes) {
            add { $0.request.purpose = purpose }
        }
        vary(\.campaigns, counted: \.campaigns, ["a-campaign", "another-campaign"], \.campaign, add)
        vary(\.products, counted: \.products, ["a-product", "another-product"], \.product, add)
        vary(\.brands, counted: \.brands, ["a-brand", "another-brand"], \.brand, add)
        vary(\.subjects, counted: \.subjects, ["a-subject", "another-subject"], \.subject, add)
        vary(\.agencies, counted: \.agencies, ["an-agency", "another-agency"], \.agency, add)
        vary(\.roles, counted: \.roles, ["consumer", "spouse"], \.role, add)
        for campaign in rules.flatMap(\.keptCampaigns) { add { $0.request.campaign = campaign } }
        for purpose in rules.flatMap(\.keptPurposes) { add { $0.request.purpose = purpose } }
        for product in declaredProducts { add { $0.request.product = product } }
        let methods = Set(rules.flatMap(\.scope.methods))
        if !methods.isEmpty { for method in ContactMethod.allCases { add { $0.request.method = method } } }
        if rules.contains(where: { $0.scope.party != .unknown }) {
            for party in [Party.consumer, .business] { add { $0.request.party = party } }
        }
        for type in Set(rules.flatMap(\.scope.lineTypes)).union(
            rules.contains { !$0.scope.lineTypes.isEmpty } ? [.fixed, .mobile] : []
        ).sorted(by: { $0.rawValue < $1.rawValue }) {
            add { $0.request.lineType = type }
        }
        for exemption in rules.flatMap(\.unless) {
            switch exemption {
            case .stopConfirmation: add { $0.request.exemption = .stopConfirmation }
            case .replyToInbound: add { $0.request.inReplyTo = DiffWorld.message }
            case .purpose(let purpose): add { $0.request.purpose = purpose }
            case .consent, .event, .holding, .appointment: break
            }
        }
        return Array(questions.prefix(Self.countMax))
    }

    private func base(_ channel: Channel, _ purpose: Purpose) -> ContactRequest {
        let identifier = RequestIdentifier(
            hash: DiffWorld.endpoint, kind: world.names.text(channel) == "email" ? .email : .phone)
        var request = ContactRequest(identifiers: [identifier], endpoint: 0, channel: channel, purpose: purpose)
        request.reserve = false
        request.names = world.names
        let scopes = rules.map(\.scope)
        request.campaign = common(scopes.map(\.campaigns))
        request.product = common(scopes.map(\.products))
        request.brand = common(scopes.map(\.brands))
        request.subject = common(scopes.map(\.subjects))
        request.agency = common(scopes.map(\.agencies))
        request.role = common(scopes.map(\.roles))
        if request.product.isNone, let product = declaredProducts.first { request.product = product }
        let keys = rules.compactMap(\.countKeys)
        if keys.contains(where: \.perCampaign), request.campaign.isNone { request.campaign = "a-campaign" }
        if keys.contains(where: \.perProduct), request.product.isNone { request.product = "a-product" }
        if keys.contains(where: \.perBrand), request.brand.isNone { request.brand = "a-brand" }
        if keys.contains(where: \.perSubject), request.subject.isNone { request.subject = "a-subject" }
        if keys.contains(where: \.perAgency), request.agency.isNone { request.agency = "an-agency" }
        for case .campaignGuard(let body) in rules.map(\.body) {
            if body.per == .campaign, request.campaign.isNone { request.campaign = "a-campaign" }
            if body.per == .agency, request.agency.isNone { request.agency = "an-agency" }
        }
        if keys.contains(where: \.perAccount) { request.accounts = ["account-1"] }
        request.method = Self.shared(scopes.map(\.methods)) ?? .live
        request.lineType = Self.shared(scopes.map(\.lineTypes)) ?? .mobile
        request.party = scopes.map(\.party).first { $0 != .unknown } ?? .consumer
        return request
    }

    /// Products that tell families apart, where the rule looks at what the person has or counts per family.
    private var declaredProducts: [Product] {
        var products: [Product] = []
        for rule in rules {
            switch rule.body {
            case .holding(let holding):
                switch holding.holds {
                case .products(let set): products += set.names
                case .families(let families): products += self.products { families.contains($0) }
                case .sameFamily: products += self.products { !$0.isNone }
                case .sameProduct: products += ["a-product"]
                case .any: break
                }
            default:
                if rule.dependsOnFamilies {
                    products += self.products { rule.scope.families.isAny || rule.scope.families.contains($0) }
                }
            }
        }
        var seen: Set<Product> = []
        return Array(products.filter { seen.insert($0).inserted }.prefix(6))
    }

    private func products(_ isWanted: (Family) -> Bool) -> [Product] {
        [world.old, world.new].flatMap { policies in policies.families.filter { isWanted($0.value) }.keys }
            .sorted { $0.bits < $1.bits }
    }

    /// Whether other rules let it pass at some instant.
    private func isOpen(_ question: Question, _ kit: DiffKit) -> Bool {
        let test = DiffCase(request: question.request, place: question.place, items: [], kit: kit).placed
        return [world.old, world.new].allSatisfy {
            test.decide($0, world.zones, at: world.start).nextAllowedAt != nil
        }
    }

    // MARK: Names

    private func vary<Kind>(
        _ scope: KeyPath<RuleScope, NameSet<Kind>>, counted: KeyPath<TouchFilter, NameSet<Kind>>, _ others: [String],
        _ field: WritableKeyPath<ContactRequest, Name<Kind>>, _ add: ((inout Question) -> Void) -> Void
    ) {
        let isMeant =
            rules.contains { !$0.scope[keyPath: scope].isAny }
            || rules.contains { !($0.filter?[keyPath: counted].isAny ?? true) }
        guard isMeant else { return }
        for name in pool(scope, others, counted: counted) { add { $0.request[keyPath: field] = name } }
    }

    /// The names that both versions agree on, then those of one alone, then one that neither knows.
    private func pool<Kind>(
        _ scope: KeyPath<RuleScope, NameSet<Kind>>, _ others: [String], counted: KeyPath<TouchFilter, NameSet<Kind>>
    ) -> [Name<Kind>] {
        let sets = rules.map { $0.scope[keyPath: scope] }
        let named = sets.flatMap(\.names)
        var pool = named.filter { name in sets.allSatisfy { $0.admits(name) } } + named
        if pool.isEmpty { pool = others.map { Name($0) } }
        pool += rules.compactMap(\.filter).flatMap { $0[keyPath: counted].names }
        if let stranger = others.lazy.map({ Name<Kind>($0) }).first(where: { !pool.contains($0) }) {
            pool.append(stranger)
        }
        var seen: Set<Name<Kind>> = []
        return pool.filter { seen.insert($0).inserted }
    }

    /// A name that every set admits, of those that restrict at all; else the first there is.
    private func common<Kind>(_ sets: [NameSet<Kind>]) -> Name<Kind> {
        let named = sets.flatMap(\.names)
        return named.first { name in sets.allSatisfy { $0.admits(name) } } ?? named.first ?? .none
    }

    private static func shared<Value: Equatable>(_ lists: [[Value]]) -> Value? {
        let all = lists.flatMap { $0 }
        return all.first { value in lists.allSatisfy { $0.isEmpty || $0.contains(value) } } ?? all.first
    }

    // MARK: Places

    /// Where the rule is in force in one version or both, and somewhere else; the least regulated first where it is free.
    private func places() -> [DiffPlace] {
        let scopes = rules.map(\.scope.jurisdictions)
        let isAnywhere = scopes.contains(where: \.isEmpty)
        var places: [Jurisdiction] = []
        let named = scopes.flatMap { $0 }
        let common = named.filter { place in
            scopes.allSatisfy { list in list.isEmpty || list.contains { $0.covers(candidate: place) } }
        }
        if isAnywhere { places.append(Self.neutral(world)) }
        for place in common.prefix(2) + named.filter({ !common.contains($0) }).prefix(6) {
            places.append(Self.inside(place, world))
        }
        places.append(Self.neutral(world))
        var seen: Set<Jurisdiction> = []
        return places.filter { seen.insert($0).inserted }.compactMap(Self.place)
    }

    static func place(_ jurisdiction: Jurisdiction) -> DiffPlace? {
        guard let zone = Places.shared.address(jurisdiction)?.zones.first else { return nil }
        return DiffPlace(jurisdiction: jurisdiction, zone: zone)
    }

    private static func named(_ world: DiffWorld) -> Set<Jurisdiction> {
        Set((world.old.rules + world.new.rules).flatMap(\.scope.jurisdictions))
    }

    /// A country that no rule names, if there is one.
    static func neutral(_ world: DiffWorld) -> Jurisdiction {
        let countries = Set(named(world).map(\.country))
        let candidates = ["NZ", "CH", "PT", "JP", "IS", "UY"].compactMap { Jurisdiction($0) }
        return candidates.first { !countries.contains($0) } ?? candidates[0]
    }

    /// A region of a country of which no rule of its own speaks; the place itself when it is one.
    private static func inside(_ place: Jurisdiction, _ world: DiffWorld) -> Jurisdiction {
        if place.hasRegion { return place }
        let named = named(world)
        let regions = Regions.codes.filter { $0.hasPrefix(place.countryCode + "-") }.compactMap { Jurisdiction($0) }
        return regions.first { !named.contains($0) } ?? regions.first ?? place
    }
}

extension DiffCase {
    /// With the place written into the request, as an address.
    var placed: DiffCase {
        var placed = self
        placed.request.whereabouts.addressJurisdictions = [place.jurisdiction]
        placed.request.whereabouts.statedZones = [place.zone]
        return placed
    }
}

extension Rule {
    /// Which touches it counts, if it counts any.
    var filter: TouchFilter? {
        switch body {
        case .frequencyCap(let cap): cap.count
        case .minGap(let gap): gap.count
        case .coolOff(let coolOff): coolOff.count
        default: nil
        }
    }

    var countKeys: CountKeys? {
        switch body {
        case .frequencyCap(let cap): cap.per
        case .minGap(let gap): gap.per
        case .coolOff(let coolOff): coolOff.per
        default: nil
        }
    }

    var keptCampaigns: [Campaign] {
        if case .frequencyCap(let cap) = body { cap.keep?.campaigns.names ?? [] } else { [] }
    }

    var keptPurposes: [Purpose] {
        if case .frequencyCap(let cap) = body { cap.keep?.purposes.names ?? [] } else { [] }
    }
}
