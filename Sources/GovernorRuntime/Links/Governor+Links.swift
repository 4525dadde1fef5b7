public import GovernorCore

/// One thing that a person chose on her page.
public struct PreferenceChoice: Hashable, Sendable {
    public var channels: [String]
    public var purposes: [String]
    /// Empty: every brand.
    public var brand: String
    /// An opt-in; else an opt-out.
    public var allows: Bool

    public init(channels: [String], purposes: [String], brand: String, allows: Bool) {
        self.channels = channels
        self.purposes = purposes
        self.brand = brand
        self.allows = allows
    }

    /// No, to everything and everybody.
    public static let nothingAtAll = PreferenceChoice(channels: [], purposes: [], brand: "", allows: false)
}

/// What is on record about whoever a link is for, and what she may be contacted by.
public struct PreferenceView: Sendable {
    public var people: [PersonRecord]
    /// The combinations asked about that an opt-out closes.
    public var stopped: Set<PreferenceCell>
}

/// A channel for a purpose.
public struct PreferenceCell: Hashable, Sendable {
    public var channel: String
    public var purpose: String
    public init(channel: String, purpose: String) {
        self.channel = channel
        self.purpose = purpose
    }
}

extension Governor {
    /// Opens a link's token; `nil` when this installation did not make it.
    public func link(_ token: some StringProtocol) -> ContactLink? { links.open(token) }

    /// Says the no of an unsubscribe link. On disk and in force when it is answered.
    ///
    /// Idempotent: said again it changes nothing, unless the person has said yes in between.
    public func unsubscribe(
        by link: ContactLink, token: String, evidence: String,
        completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void
    ) {
        let about = link.about()
        lookUp(about) { [self] found in
            switch found {
            case .failure(let error): completion(.failure(.store(error)))
            case .success(let records):
                tell(
                    link, about, scope: link.scope, allows: false,
                    id: links.number(token, "no \(Self.round(of: records))"),
                    source: "one-click", evidence: evidence, completion: completion)
            }
        }
    }

    /// Each yes begins a new round, in which the same no is said again.
    private static func round(of records: [PersonRecord]) -> Int {
        records.reduce(0) { count, record in
            count + record.facts.count { if case .optIn = $0.body { true } else { false } }
        }
    }

    /// What a preference page shows: the records behind the link's address, and which of `cells` are closed by an opt-out.
    public func preferences(
        by link: ContactLink, brand: String, cells: [PreferenceCell],
        completion: @escaping @Sendable (Result<PreferenceView, FactError>) -> Void
    ) {
        let about = link.about()
        lookUp(about) { [self] found in
            switch found {
            case .failure(let error): completion(.failure(.store(error)))
            case .success(let records):
                let policies = self.policies.current
                let now = clock.now()
                var stopped: Set<PreferenceCell> = []
                for cell in cells {
                    var request = about
                    request.reserve = false
                    request.channel = request.names.intern(cell.channel)
                    request.purpose = request.names.intern(cell.purpose)
                    request.brand = brand.isEmpty ? .none : request.names.intern(brand)
                    let acts: IdentifierKind? = Self.endpointKind[cell.channel]
                    request.endpoint = acts == link.identifier ? 0 : nil
                    let plan = policies.plan(for: request, zones: zones, at: now)
                    let decision = evaluate(plan, records, at: now, touchID: TouchID(bits: 0)).decision
                    if decision.reasons.contains(where: { $0.code == .optedOut }) { stopped.insert(cell) }
                }
                completion(.success(PreferenceView(people: records, stopped: stopped)))
            }
        }
    }

    private static let endpointKind: [String: IdentifierKind] = [
        "voice": .phone, "sms": .phone, "whatsapp": .phone, "email": .email,
    ]

    /// Puts a person's choices on record, in their order; on disk and in force when it is answered.
    ///
    /// - Parameter visit: of the page she chose on, so that sending it twice is the same as once.
    public func choose(
        _ choices: [PreferenceChoice], by link: ContactLink, token: String, visit: String, evidence: String,
        completion: @escaping @Sendable (Result<[FactAnswer], FactError>) -> Void
    ) {
        lookUp(link.about()) { [self] found in
            switch found {
            case .failure(let error): completion(.failure(.store(error)))
            case .success(let records):
                choose(
                    choices[...], told: [], by: link, token: token, visit: "\(visit) \(Self.round(of: records))",
                    evidence: evidence, completion: completion)
            }
        }
    }

    private func choose(
        _ rest: ArraySlice<PreferenceChoice>, told: [FactAnswer], by link: ContactLink, token: String, visit: String,
        evidence: String, completion: @escaping @Sendable (Result<[FactAnswer], FactError>) -> Void
    ) {
        guard let choice = rest.first else { return completion(.success(told)) }
        var scope: [ContactLink.ScopeDimension: [String]] = [.channels: choice.channels, .purposes: choice.purposes]
        if !choice.brand.isEmpty { scope[.brands] = [choice.brand] }
        let occasion = "\(visit) \(choice.allows) \(choice.brand) \(choice.channels) \(choice.purposes)"
        tell(
            link, link.about(), scope: scope, allows: choice.allows, id: links.number(token, occasion),
            source: "preference-page", evidence: evidence
        ) { [self] result in
            switch result {
            case .failure(let error): completion(.failure(error))
            case .success(let answer):
                choose(
                    rest.dropFirst(), told: told + [answer], by: link, token: token, visit: visit, evidence: evidence,
                    completion: completion)
            }
        }
    }

    private func tell(
        _ link: ContactLink, _ about: ContactRequest, scope: [ContactLink.ScopeDimension: [String]], allows: Bool,
        id: UInt64, source: String, evidence: String,
        completion: @escaping @Sendable (Result<FactAnswer, FactError>) -> Void
    ) {
        var about = about
        let sourceName: Name<LabelKind> = about.names.intern(source)
        let now = clock.now()
        let fact = Fact(
            id: FactID(id), at: now, receivedAt: now, scope: ContactLink.factScope(scope, &about.names),
            body: allows
                ? .optIn(reach: .person, endpoints: [link.endpoint])
                : .optOut(reach: link.reach, endpoints: [link.endpoint]),
            caller: about.caller, source: sourceName, hasEvidence: true)
        tell(
            ToldFact(
                about: about, fact: fact, evidence: evidence, kind: allows ? "opt_in" : "opt_out",
                callerText: link.caller), completion: completion)
    }
}
