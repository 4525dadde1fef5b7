import GovernorCore

/// Pasts that bring one changed rule to its edges, in either version: the fewest things first.
///
/// Everything has happened by `anchor`; what follows from it in time is found by asking the rule itself.
struct DiffHistories {
    /// The versions of the rule.
    let rules: [Rule]
    let question: DiffQuestions.Question
    let anchor: Timestamp
    let world: DiffWorld

    typealias Item = DiffCase.Item

    /// Different pasts at most, for one question.
    static let countMax = 320

    func histories() -> [[Item]] {
        var own: [[Item]] = [[]]
        for rule in rules { own += histories(of: rule) }
        own = Self.distinct(own)
        var all = own
        let lifting = Self.distinct(rules.flatMap { rule in rule.unless.flatMap { self.lifting($0) } })
        for lift in lifting { for history in own.prefix(24) { all.append(history + lift) } }
        return Array(Self.distinct(all).sorted { $0.count < $1.count }.prefix(Self.countMax))
    }

    private static func distinct(_ lists: [[Item]]) -> [[Item]] {
        var seen: Set<[Item]> = []
        return lists.filter { seen.insert($0).inserted }
    }

    private func histories(of rule: Rule) -> [[Item]] {
        switch rule.body {
        case .frequencyCap(let cap): caps(cap)
        case .minGap: touches(counts: [1])
        case .coolOff(let coolOff): coolOffs(coolOff)
        case .contactHours, .quietTimes: []
        case .optOut: optOuts
        case .consent(let consent): permissions(consent.require) + relationships(consent.or)
        case .holding(let holding): holdings(holding.holds)
        case .registry(let registry): listings(registry)
        case .campaignGuard(let body): guards(body)
        case .block(let block): block.labels.names.map { [.label($0)] }
        }
    }

    // MARK: Touches

    private func caps(_ cap: FrequencyCap) -> [[Item]] {
        let limit = Int(min(cap.limit, 40))
        var histories = touches(counts: [limit - 1, limit, limit + 1])
        guard let keep = cap.keep else { return histories }
        // Some of the kept kind, the rest of others.
        let kept = Int(min(keep.slots, 40))
        for count in Set([0, 1, kept - 1, kept, kept + 1]) where count >= 0 {
            for others in Set([limit - kept - 1, limit - kept, limit - count - 1, limit - count]) where others >= 0 {
                var items = spread(others, touch(), by: .minutes(1))
                for i in 0..<count {
                    var one = touch()
                    if let campaign = keep.campaigns.names.first { one.campaign = campaign }
                    if let purpose = keep.purposes.names.first { one.purpose = purpose }
                    items.append(.touch(at(one, anchor - .minutes(Int64(50 + i)))))
                }
                histories.append(items)
            }
        }
        return histories
    }

    /// So many touches of every kind that one version may count and the other not, close together and far apart.
    private func touches(counts: Set<Int>) -> [[Item]] {
        var histories: [[Item]] = []
        let kinds = kinds
        for count in counts.sorted() where count > 0 {
            for (i, kind) in kinds.enumerated() {
                for gap in i == 0 ? [Milliseconds.minutes(1), .hours(1), .hours(25)] : [.minutes(1)] {
                    histories.append(spread(count, kind, by: gap))
                }
                // The last one of this kind, those before it plain.
                if i > 0 && count > 1 {
                    histories.append(
                        [.touch(at(kind, anchor))]
                            + spread(count - 1, kinds[0], by: .minutes(1), from: anchor - .minutes(1)))
                }
            }
        }
        return histories
    }

    private func spread(_ count: Int, _ touch: Touch, by gap: Milliseconds, from end: Timestamp? = nil) -> [Item] {
        (0..<max(0, count)).map { i in
            .touch(at(touch, (end ?? anchor) - Milliseconds(gap.count * Int64(i))))
        }
    }

    private func at(_ touch: Touch, _ instant: Timestamp) -> Touch {
        var touch = touch
        touch.at = instant
        touch.recordedAt = instant
        touch.expiresAt = instant + .minutes(2)
        if !touch.outcome.isNone { touch.outcomeAt = instant }
        return touch
    }

    /// What the question itself would leave behind, as far as the rule counts such touches.
    private func touch() -> Touch {
        let request = question.request
        var touch = Touch(
            id: TouchID(bits: 0), at: anchor, expiresAt: anchor, state: .reported, channel: request.channel,
            purpose: request.purpose)
        touch.campaign = request.campaign
        touch.product = request.product
        touch.brand = request.brand
        touch.subject = request.subject
        touch.agency = request.agency
        touch.accounts = request.accounts
        touch.method = request.method
        touch.role = request.role
        touch.endpoint = DiffWorld.endpoint
        for filter in rules.compactMap(\.filter) {
            if !filter.channels.admits(touch.channel) { touch.channel = filter.channels.names[0] }
            if !filter.purposes.admits(touch.purpose) { touch.purpose = filter.purposes.names[0] }
            if !filter.campaigns.admits(touch.campaign) { touch.campaign = filter.campaigns.names[0] }
            if !filter.products.admits(touch.product) { touch.product = filter.products.names[0] }
            if !filter.brands.admits(touch.brand) { touch.brand = filter.brands.names[0] }
            if !filter.subjects.admits(touch.subject) { touch.subject = filter.subjects.names[0] }
            if !filter.agencies.admits(touch.agency) { touch.agency = filter.agencies.names[0] }
            if !filter.roles.admits(touch.role) { touch.role = filter.roles.names[0] }
            if !filter.accounts.admitsAny(of: touch.accounts) { touch.accounts = [filter.accounts.names[0]] }
            if let method = touch.method, !filter.methods.isEmpty, !filter.methods.contains(method) {
                touch.method = filter.methods[0]
            }
        }
        touch.outcome = plainOutcome
        return touch
    }

    /// An outcome that every version counts, if there is one.
    private var plainOutcome: EventName {
        let filters = rules.compactMap(\.filter)
        let named = filters.flatMap { $0.outcomes.names }
        return (named + ["no_answer", "conversation"]).first { outcome in
            filters.allSatisfy { filter in
                filter.outcomes.admits(outcome) && (filter.notOutcomes.isAny || !filter.notOutcomes.contains(outcome))
            }
        } ?? .none
    }

    /// The plain touch, and touches that differ from it in one thing that some version of the rule looks at.
    private var kinds: [Touch] {
        let plain = touch()
        var kinds = [plain]
        func add(_ change: (inout Touch) -> Void) {
            var touch = plain
            change(&touch)
            if !kinds.contains(touch) { kinds.append(touch) }
        }
        let filters = rules.compactMap(\.filter)
        let keys = rules.compactMap(\.countKeys)
        func names<Kind>(_ set: KeyPath<TouchFilter, NameSet<Kind>>) -> [Name<Kind>] {
            filters.flatMap { $0[keyPath: set].names }
        }
        for name in names(\.channels) { add { $0.channel = name } }
        for name in names(\.purposes) { add { $0.purpose = name } }
        for name in names(\.campaigns) { add { $0.campaign = name } }
        for name in names(\.products) { add { $0.product = name } }
        for name in names(\.brands) { add { $0.brand = name } }
        for name in names(\.subjects) { add { $0.subject = name } }
        for name in names(\.agencies) { add { $0.agency = name } }
        for name in names(\.accounts) { add { $0.accounts = [name] } }
        for name in names(\.roles) { add { $0.role = name } }
        for outcome in names(\.outcomes) + names(\.notOutcomes) { add { $0.outcome = outcome } }
        if filters.contains(where: { !$0.outcomes.isAny || !$0.notOutcomes.isAny }) {
            add { $0.outcome = .none }
            add { $0.outcome = "no_answer" }
        }
        if !filters.flatMap(\.methods).isEmpty {
            for method in ContactMethod.allCases { add { $0.method = method } }
        }
        // A filter that one version has and the other lacks: what lies outside it.
        func stranger<Kind>(_ set: KeyPath<TouchFilter, NameSet<Kind>>, _ texts: [String]) -> Name<Kind>? {
            let sets = filters.map { $0[keyPath: set] }
            guard sets.contains(where: { !$0.isAny }) else { return nil }
            return texts.lazy.map { Name<Kind>($0) }.first { name in !sets.contains { !$0.isAny && $0.contains(name) } }
        }
        if let name = stranger(\.channels, WellKnownWords.channels) { add { $0.channel = name } }
        if let name = stranger(\.purposes, WellKnownWords.purposes) { add { $0.purpose = name } }
        if let name = stranger(\.campaigns, ["another-campaign"]) { add { $0.campaign = name } }
        if let name = stranger(\.products, ["another-product"]) { add { $0.product = name } }
        if let name = stranger(\.brands, ["another-brand"]) { add { $0.brand = name } }
        if let name = stranger(\.subjects, ["another-subject"]) { add { $0.subject = name } }
        if let name = stranger(\.agencies, ["another-agency"]) { add { $0.agency = name } }
        if let name = stranger(\.roles, ["spouse"]) { add { $0.role = name } }
        if keys.contains(where: { $0.unit != .person }) { add { $0.endpoint = DiffWorld.otherEndpoint } }
        if keys.contains(where: \.perCampaign) { add { $0.campaign = "another-campaign" } }
        if keys.contains(where: \.perProduct) || keys.contains(where: \.perFamily) {
            add { $0.product = "another-product" }
            for product in world.old.families.keys.sorted(by: { $0.bits < $1.bits }).prefix(6) {
                add { $0.product = product }
            }
        }
        if keys.contains(where: \.perBrand) { add { $0.brand = "another-brand" } }
        if keys.contains(where: \.perSubject) { add { $0.subject = "another-subject" } }
        if keys.contains(where: \.perAgency) { add { $0.agency = "another-agency" } }
        if keys.contains(where: \.perAccount) { add { $0.accounts = ["account-2"] } }
        // Reserved, and neither confirmed nor reported before it expired.
        add {
            $0.state = .reserved
            $0.outcome = .none
        }
        return kinds
    }

    // MARK: What was said and done

    private func coolOffs(_ coolOff: CoolOff) -> [[Item]] {
        var histories: [[Item]] = []
        for event in coolOff.after.names {
            var started = touch()
            started.outcome = event
            histories.append([.touch(at(started, anchor))])
            histories.append([fact(.event(event, endpoints: []))])
            histories.append([fact(.event(event, endpoints: [DiffWorld.otherEndpoint]))])
            started.direction = .inbound
            started.state = .external
            histories.append([.touch(at(started, anchor))])
            for kind in kinds.dropFirst() {
                var other = kind
                other.outcome = event
                histories.append([.touch(at(other, anchor))])
            }
        }
        return histories
    }

    private func fact(_ body: FactBody, at instant: Timestamp? = nil, evidence: Bool = true) -> Item {
        let at = instant ?? anchor
        return .fact(Fact(id: FactID(high: 0, low: 0), at: at, receivedAt: at, body: body, hasEvidence: evidence))
    }

    private var optOuts: [[Item]] {
        [
            [fact(.optOut(reach: .person, endpoints: []))],
            [fact(.optOut(reach: .endpoint, endpoints: [DiffWorld.endpoint]))],
            [fact(.optOut(reach: .endpoint, endpoints: [DiffWorld.otherEndpoint]))],
            [fact(.optOut(reach: .person, endpoints: [DiffWorld.otherEndpoint]))],
        ]
    }

    private func permissions(_ terms: ConsentTerms) -> [[Item]] {
        var histories: [[Item]] = []
        let before = anchor - .hours(1)
        for name in terms.names.names {
            histories.append([fact(.consent(name, endpoints: [DiffWorld.endpoint], until: nil), at: before)])
            histories.append([fact(.consent(name, endpoints: [], until: nil), at: before)])
            histories.append([fact(.consent(name, endpoints: [DiffWorld.otherEndpoint], until: nil), at: before)])
            histories.append(
                [fact(.consent(name, endpoints: [DiffWorld.endpoint], until: nil), at: before, evidence: false)])
            for event in rules.flatMap(\.voidingEvents) {
                histories.append([
                    fact(.consent(name, endpoints: [DiffWorld.endpoint], until: nil), at: before),
                    fact(.event(event, endpoints: [])),
                ])
            }
        }
        return histories
    }

    private func relationships(_ relationships: [Relationship]) -> [[Item]] {
        relationships.flatMap { relationship -> [[Item]] in
            switch relationship {
            case .event(let event, _): [[fact(.event(event, endpoints: []))]]
            case .holding(let holds, _): holdings(holds)
            }
        }
    }

    /// One holding in every state, of the product in question and of others, also with an end ahead.
    private func holdings(_ holds: Holds) -> [[Item]] {
        var products: [Product] = []
        if !question.request.product.isNone { products.append(question.request.product) }
        switch holds {
        case .products(let set): products += set.names.prefix(3)
        case .families(let families):
            products += world.old.families.merging(world.new.families) { $1 }
                .filter { families.contains($0.value) }.keys.sorted { $0.bits < $1.bits }.prefix(3)
        case .sameFamily:
            products += world.old.families.merging(world.new.families) { $1 }.keys.sorted { $0.bits < $1.bits }
                .prefix(8)
        case .sameProduct, .any: break
        }
        products.append("another-product")
        var seen: Set<Product> = []
        var histories: [[Item]] = []
        for product in products where seen.insert(product).inserted {
            for status in HoldingStatus.allCases {
                histories.append([fact(.holding(Holding(product: product, status: status, from: anchor)))])
            }
            histories.append([
                fact(
                    .holding(
                        Holding(
                            product: product, status: .active, from: anchor - .days(300), to: anchor + .days(65),
                            graceUntil: anchor + .days(95))))
            ])
            histories.append([
                fact(.holding(Holding(product: product, status: .active, from: anchor - .days(365), to: anchor)))
            ])
        }
        return histories
    }

    /// As many contacts with others as bring a guard to its edge.
    private func guards(_ body: CampaignGuard) -> [[Item]] {
        switch body.demand {
        case .attempts(let limit):
            let limit = Int(min(limit, 2_000))
            return [limit - 1, limit, limit + 1].filter { $0 > 0 }.map {
                [.others($0, outcome: .none, at: anchor)]
            }
        case .share(let of, let among, let millionths, let atLeast):
            guard let wrong = of.names.first else { return [] }
            let right = among.names.first { !of.contains($0) } ?? wrong
            var histories: [[Item]] = []
            for whole in [Int(atLeast) - 1, Int(atLeast), 200] where whole > 0 {
                let most = whole * Int(millionths) / 1_000_000
                for part in [most - 1, most, most + 1, whole] where part >= 0 && part <= whole {
                    histories.append([
                        .others(part, outcome: wrong, at: anchor), .others(whole - part, outcome: right, at: anchor),
                    ])
                }
            }
            return histories
        }
    }

    private func listings(_ rule: RegistryRule) -> [[Item]] {
        func answer(_ listing: RegistryAnswer.Listing) -> Item {
            .listing(RegistryAnswer(registry: rule.registry, snapshotAt: anchor, listing: listing))
        }
        let listings: [Item] = [
            answer(.notListed), answer(.listed(since: anchor - .days(800))), answer(.listed(since: anchor)),
            answer(.listed(since: nil)),
        ]
        var histories = listings.map { [$0] }
        let lifted = rule.overriddenBy.flatMap { permissions($0.consent) } + relationships(rule.or)
        for lift in lifted.prefix(12) { for listing in listings { histories.append([listing] + lift) } }
        return histories
    }

    private func lifting(_ exemption: Exemption) -> [[Item]] {
        switch exemption {
        case .consent(let name, _, let endsOn):
            let consent = { (at: Timestamp) in fact(.consent(name, endpoints: [DiffWorld.endpoint], until: nil), at: at)
            }
            // Given before the touches, so that they stay uncounted, and after them.
            return [[consent(anchor - .days(30))], [consent(anchor)]]
                + endsOn.map { [consent(anchor - .hours(1)), fact(.event($0, endpoints: []))] }
        case .event(let event, _): return [[fact(.event(event, endpoints: []))]]
        case .holding(let holds, _): return holdings(holds)
        case .appointment:
            return [[fact(.appointment(from: anchor - .hours(2), to: anchor + .days(3)), at: anchor - .hours(3))]]
        case .replyToInbound:
            var inbound = touch()
            inbound.direction = .inbound
            inbound.state = .external
            inbound.factID = DiffWorld.message
            return [[.touch(at(inbound, anchor))]]
        case .stopConfirmation: return [[fact(.optOut(reach: .person, endpoints: []))]]
        case .purpose: return []
        }
    }
}

extension Rule {
    fileprivate var voidingEvents: [EventName] {
        switch body {
        case .consent(let consent): consent.require.voidOn.names
        case .registry(let registry): registry.overriddenBy.flatMap(\.consent.voidOn.names)
        default: []
        }
    }
}
