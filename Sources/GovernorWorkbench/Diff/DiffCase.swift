import GovernorCore

/// Where and when the search of a diff takes place, and what its names mean.
struct DiffWorld {
    let old: PolicySet
    let new: PolicySet
    let zones: ZoneAtlas
    /// The first instant of the search: noon of some working day near it is where histories begin.
    let start: Timestamp
    /// The texts of every name in both versions and of those that the search makes up.
    var names: NameTable

    /// The address that is contacted, and another one of the same person.
    static let endpoint = IdentifierHash(high: 1, low: 1)
    static let otherEndpoint = IdentifierHash(high: 1, low: 2)
    /// The message that a reply answers.
    static let message = FactID(high: 1, low: 3)

    init(old: PolicySet, new: PolicySet, zones: ZoneAtlas, start: Timestamp) {
        self.old = old
        self.new = new
        self.zones = zones
        self.start = start
        names = old.names
        names.adoptAll(from: new.names)
        for text in WellKnownWords.all { _ = names.intern(text, as: Name<LabelKind>.self) }
    }
}

/// Names that a search uses where the policies name none.
enum WellKnownWords {
    static let channels = ["voice", "sms", "email", "push", "mail", "whatsapp"]
    static let purposes = ["marketing", "service", "collections", "survey", "transactional"]
    static let made = [
        "a-campaign", "another-campaign", "a-product", "another-product", "a-brand", "another-brand", "a-subject",
        "another-subject", "an-agency", "another-agency", "account-1", "account-2", "consumer", "spouse", "no_answer",
        "conversation",
    ]
    static let all = channels + purposes + made
}

/// Where somebody is: one place, and the clock there.
struct DiffPlace: Hashable {
    var jurisdiction: Jurisdiction
    var zone: ZoneKey
}

/// A question with what happened before it: made up, judged under both versions, and cut down to what matters.
struct DiffCase {
    /// One thing that happened.
    enum Item: Hashable {
        case touch(Touch)
        case fact(Fact)
        /// The contacted number or address carries a label.
        case label(Name<LabelKind>)
        /// The contacted number or address stands for a household.
        case household
        /// What an outside list says of it.
        case listing(RegistryAnswer)
        /// So many contacts of the same campaign and agency with other people, all at one instant.
        case others(Int, outcome: EventName, at: Timestamp)

        var at: Timestamp? {
            switch self {
            case .touch(let touch): touch.at
            case .fact(let fact): fact.at
            case .others(_, _, let at): at
            case .label, .household, .listing: nil
            }
        }
    }

    var request: ContactRequest
    var place: DiffPlace
    var items: [Item]
    /// Consents and fresh lists that keep other rules from hiding the difference; as old as the question is.
    var kit: DiffKit

    /// Made for the question at `t`.
    func request(at t: Timestamp) -> ContactRequest {
        var request = request
        for case .listing(let answer) in items { request.registryAnswers.append(answer) }
        for registry in kit.registries where !request.registryAnswers.contains(where: { $0.registry == registry }) {
            request.registryAnswers.append(
                RegistryAnswer(registry: registry, snapshotAt: t - .hours(1), listing: .notListed))
        }
        return request
    }

    func record(at t: Timestamp) -> PersonRecord {
        var record = PersonRecord(id: PersonID(high: 1, low: 1), createdAt: .distantPast)
        var known = KnownIdentifier(
            hash: DiffWorld.endpoint, kind: request.identifiers[0].kind, zones: [place.zone],
            jurisdictions: [place.jurisdiction], lineType: request.lineType, addedAt: .distantPast)
        for (i, item) in items.enumerated() {
            switch item {
            case .touch(var touch):
                touch.id = TouchID(bits: UInt64(i + 1))
                record.touches.append(touch)
            case .fact(var fact):
                fact.id = FactID(high: 2, low: UInt64(i))
                record.facts.append(fact)
            case .label(let label): known.labels.append(label)
            case .household: known.isHousehold = true
            case .listing, .others: break
            }
        }
        for (i, consent) in kit.consents.enumerated() {
            let at = t - .hours(1)
            record.facts.append(
                Fact(
                    id: FactID(high: 3, low: UInt64(i)), at: at, receivedAt: at,
                    body: .consent(consent, endpoints: [DiffWorld.endpoint], until: nil), hasEvidence: true))
        }
        record.identifiers = [known]
        record.touches.sort { $0.at < $1.at }
        record.facts.sort { $0.at < $1.at }
        return record
    }

    func decide(_ policies: PolicySet, _ zones: ZoneAtlas, at t: Timestamp) -> Decision {
        let plan = policies.plan(for: request(at: t), zones: zones, at: t, isHypothetical: true)
        return evaluate(
            plan, [record(at: t)], counters: counters(of: plan, at: t), at: t, touchID: TouchID(bits: .max)
        ).decision
    }

    /// What campaign guards have counted.
    func counters(of plan: Plan, at t: Timestamp) -> [CounterRecord] {
        plan.counters.map { key in
            var counter = CounterRecord(key: key)
            for case .others(let count, let outcome, let at) in items {
                for _ in 0..<count {
                    counter.apply(
                        CounterChange(key: key, at: at, attempts: 1, outcome: outcome), names: request.names, at: t)
                }
            }
            return counter
        }
    }
}

/// What a case assumes besides its history, so that it fails on the rule in question and on no other.
struct DiffKit: Hashable {
    var consents: [ConsentName] = []
    var registries: [RegistryName] = []

    /// Everything that any rule of either version might ask for, but for what the rules in question themselves ask.
    init(_ world: DiffWorld, without rules: [Rule]) {
        let own = Set(rules.flatMap(\.consentNames))
        let lists = Set(rules.compactMap(\.registryName))
        for rule in world.old.rules + world.new.rules {
            if case .consent = rule.body {
                for name in rule.consentNames where !own.contains(name) && !consents.contains(name) {
                    consents.append(name)
                }
            }
            if let name = rule.registryName, !lists.contains(name), !registries.contains(name) {
                registries.append(name)
            }
        }
    }
}

extension Rule {
    /// Every consent that it names.
    var consentNames: [ConsentName] {
        let own: [ConsentName] =
            switch body {
            case .consent(let consent): consent.require.names.names
            case .registry(let registry): registry.overriddenBy.flatMap(\.consent.names.names)
            default: []
            }
        return own + unless.compactMap { if case .consent(let name, _, _) = $0 { name } else { nil } }
    }

    var registryName: RegistryName? { if case .registry(let rule) = body { rule.registry } else { nil } }
}
