public import GovernorCore

/// Makes records, touches, facts and changes at random: every field of every kind turns up, edges more often than in life.
public struct RandomRecords: Sendable {
    public var generator: SeededGenerator
    /// Around which instants lie.
    public var now: Timestamp
    /// The texts of the names used so far.
    public var names = NameTable()

    public init(_ generator: SeededGenerator, now: Timestamp = Timestamp(milliseconds: 1_795_000_000_000)) {
        self.generator = generator
        self.now = now
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    public mutating func name<Kind>(_ stem: String, _ variety: Int = 4, absentOneIn n: Int = 6) -> Name<Kind> {
        if generator.oneIn(n) { return .none }
        if generator.oneIn(12) { return names.intern("\(stem)-with-a-rather-long-name-äöü-📞-\(number(0...variety))") }
        return names.intern("\(stem)\(number(0...variety))")
    }

    private mutating func some<Kind>(_ stem: String, upTo count: Int = 3) -> [Name<Kind>] {
        let list: [Name<Kind>] = (0..<number(0...count)).map { _ in name(stem, 9, absentOneIn: 1_000_000) }
        return list.filter { !$0.isNone }
    }

    private mutating func set<Kind>(_ stem: String) -> NameSet<Kind> { generator.oneIn(3) ? NameSet(some(stem)) : [] }

    public mutating func instant() -> Timestamp {
        switch number(0...19) {
        case 0: .distantPast
        case 1: .distantFuture
        case 2: Timestamp(milliseconds: Int64(number(-5...5)))
        case 3: Timestamp(milliseconds: Int64.random(in: .min ... .max, using: &generator))
        default: now - Milliseconds(Int64(number(0...(400 * 86_400_000))))
        }
    }

    private mutating func optionalInstant() -> Timestamp? { generator.oneIn(3) ? nil : instant() }

    public mutating func person() -> PersonID { PersonID(high: generator.next(), low: generator.next()) }
    public mutating func identifierHash() -> IdentifierHash {
        IdentifierHash(high: generator.next(), low: generator.next())
    }
    public mutating func factID() -> FactID { FactID(high: generator.next(), low: generator.next()) }

    private mutating func zones() -> [ZoneKey] {
        (0..<number(0...3)).map { _ in ZoneKey(bits: UInt32(truncatingIfNeeded: generator.next())) }
    }

    private mutating func jurisdictions() -> [Jurisdiction] {
        let choices = ["US", "US-NY", "CA-QC", "FR", "DE-BY", "AU-NSW", "ZZ-1", "FR-2A", "AA-000", "ZZ-ZZZ"]
        return (0..<number(0...3)).map { _ in
            generator.oneIn(8) ? .unknown : Jurisdiction(generator.pick(choices)) ?? .unknown
        }
    }

    public mutating func identifier() -> KnownIdentifier {
        var identifier = KnownIdentifier(
            hash: identifierHash(), kind: generator.pick([.phone, .email, .key]),
            namespace: name("space", absentOneIn: 2),
            zones: zones(), jurisdictions: jurisdictions(), lineType: generator.pick(LineType.allCases),
            addedAt: instant())
        identifier.isShared = generator.oneIn(5)
        identifier.isHousehold = generator.oneIn(5)
        if generator.oneIn(3) { identifier.labels = some("label") }
        identifier.source = name("source", absentOneIn: 2)
        return identifier
    }

    public mutating func touch(endpoints: [IdentifierHash] = []) -> Touch {
        var touch = Touch(
            id: TouchID(bits: generator.next()), at: instant(), expiresAt: instant(),
            state: generator.pick([.reserved, .confirmed, .reported, .released, .revoked, .external]),
            direction: generator.oneIn(5) ? .inbound : .outbound, channel: name("channel"), purpose: name("purpose"),
            caller: CallerID(name("caller")))
        if generator.oneIn(2) { touch.recordedAt = instant() }
        touch.campaign = name("campaign")
        touch.subject = name("subject")
        touch.product = name("product")
        touch.brand = name("brand")
        touch.agency = name("agency")
        if generator.oneIn(4) { touch.accounts = some("account") }
        touch.method = generator.oneIn(3) ? nil : generator.pick(ContactMethod.allCases)
        touch.party = generator.pick([.unknown, .consumer, .business])
        touch.lineType = generator.pick(LineType.allCases)
        touch.exemption = generator.oneIn(4) ? generator.pick(RequestedExemption.allCases) : nil
        touch.inReplyTo = generator.oneIn(6) ? factID() : nil
        touch.endpoint = generator.oneIn(4) ? identifierHash() : endpoints.isEmpty ? nil : generator.pick(endpoints)
        if generator.oneIn(2) {
            touch.outcome = name("outcome")
            touch.outcomeAt = instant()
        }
        touch.isCorrected = generator.oneIn(8)
        if generator.oneIn(3) {
            touch.idempotency = IdempotencyKey(
                high: generator.next(), low: generator.next(), fingerprint: generator.next())
        }
        touch.factID = generator.oneIn(6) ? factID() : nil
        if touch.state == .external, generator.oneIn(2) { touch.factID = FactID(touch.id.bits) }
        touch.source = name("source", absentOneIn: 2)
        if generator.oneIn(4) {
            var places = RequestWhereabouts()
            places.statedZones = zones()
            places.addressZones = zones()
            places.addressJurisdictions = jurisdictions()
            touch.whereabouts = places
        }
        if generator.oneIn(6) { touch.role = name("role") }
        if generator.oneIn(8) {
            touch.registryAnswers = (0..<number(1...2)).map { _ in
                RegistryAnswer(
                    registry: name("registry", absentOneIn: 100), snapshotAt: instant(), version: name("version"),
                    listing: generator.oneIn(2) ? .notListed : .listed(since: optionalInstant()))
            }
        }
        if generator.oneIn(8) { touch.peers = (0..<number(1...3)).map { _ in person() } }
        return touch
    }

    public mutating func scope() -> FactScope {
        var scope = FactScope()
        if generator.oneIn(3) { return scope }
        scope.channels = set("channel")
        scope.purposes = set("purpose")
        scope.brands = set("brand")
        scope.products = set("product")
        scope.families = set("family")
        scope.campaigns = set("campaign")
        scope.subjects = set("subject")
        scope.accounts = set("account")
        return scope
    }

    public mutating func fact(endpoints: [IdentifierHash] = []) -> Fact {
        let named = (0..<number(0...2)).map { _ in
            endpoints.isEmpty || generator.oneIn(4) ? identifierHash() : generator.pick(endpoints)
        }
        let body: FactBody
        switch number(0...7) {
        case 0: body = .optOut(reach: generator.pick([.person, .endpoint]), endpoints: named)
        case 1: body = .optIn(reach: generator.pick([.person, .endpoint]), endpoints: named)
        case 2: body = .consent(name("consent"), endpoints: named, until: optionalInstant())
        case 3: body = .withdrawal(name("consent", absentOneIn: 2))
        case 4:
            body = .holding(
                Holding(
                    product: name("product"), family: name("family"), status: generator.pick(HoldingStatus.allCases),
                    from: optionalInstant(), to: optionalInstant(), graceUntil: optionalInstant()))
        case 5: body = .event(name("event"), endpoints: named)
        case 6: body = .appointment(from: instant(), to: instant())
        default:
            let spans = (0..<number(0...3)).map { _ in
                WeeklySpan(
                    days: UInt8(number(0...127)), start: Int32(number(0...86_400_000)),
                    end: Int32(number(0...86_400_000)))
            }
            body = .quietTime(spans, until: optionalInstant())
        }
        let at = instant()
        return Fact(
            id: factID(), at: at, receivedAt: generator.oneIn(2) ? at : instant(), scope: scope(), body: body,
            caller: CallerID(name("caller")), source: name("source", absentOneIn: 2), hasEvidence: generator.oneIn(3))
    }

    public mutating func merge(of id: PersonID) -> Merge {
        Merge(
            id: factID(), persons: ([id] + (0..<number(1...3)).map { _ in person() }).sorted(), at: instant(),
            caller: CallerID(name("caller")), source: name("source", absentOneIn: 2))
    }

    public mutating func change(of record: PersonRecord) -> Change {
        let endpoints = record.identifiers.map(\.hash)
        switch number(0...11) {
        case 0: return .identifier(identifier())
        case 1:
            guard var known = record.identifiers.randomElement(using: &generator) else {
                return .identifier(identifier())
            }
            known.isHousehold.toggle()
            return .identifier(known)
        case 2, 3, 4: return .touch(touch(endpoints: endpoints))
        case 5:
            guard var known = record.touches.randomElement(using: &generator) else {
                return .touch(touch(endpoints: endpoints))
            }
            known.at = instant()
            known.state = .reported
            known.outcome = name("outcome")
            return .touch(known)
        case 6, 7: return .fact(fact(endpoints: endpoints))
        case 8: return record.facts.randomElement(using: &generator).map { .fact($0) } ?? .fact(fact())
        case 9:
            guard var known = record.merges.randomElement(using: &generator), generator.oneIn(2) else {
                return .merge(merge(of: record.id))
            }
            known.undoneAt = instant()
            known.undoneBy = CallerID(name("caller"))
            return .merge(known)
        case 10:
            var borrowed = touch(endpoints: endpoints)
            borrowed.isBorrowed = true
            return .touch(borrowed)
        default:
            let outcomes: [EventName] = (0..<number(0...2)).map { _ in name("outcome") }
            return .forgetTouches(
                before: now - .days(Int64(number(300...500))), sparing: outcomes.filter { !$0.isNone })
        }
    }

    /// A record with everything in it, as `PersonRecord.apply` builds one.
    public mutating func record(changes: Int? = nil) -> PersonRecord {
        var record = PersonRecord(id: person(), createdAt: now - .days(Int64(number(0...800))))
        record.version = generator.next()
        for _ in 0..<(changes ?? number(0...25)) { record.apply(change(of: record), names: names, at: now) }
        return record
    }

    /// What the figures are about: one phone in New York, `touches` confirmed marketing calls some days apart for two
    /// campaigns of two agencies with all their names, two of them with outcomes, and opt-outs if wanted.
    public static func typical(
        _ generator: inout SeededGenerator, now: Timestamp, touches count: Int = 10, optOuts: Int = 0
    ) -> PersonRecord {
        func random() -> UInt64 { generator.next() }
        let created =
            now - .days(Int64.random(in: 100...300, using: &generator)) - Milliseconds(Int64(random() % 86_400_000))
        var record = PersonRecord(id: PersonID(high: random(), low: random()), createdAt: created)
        record.version = random()
        var names = NameTable()
        let hash = IdentifierHash(high: random(), low: random())
        let phone = KnownIdentifier(
            hash: hash, kind: .phone, zones: [ZoneKey(name: "America/New_York")],
            jurisdictions: [Jurisdiction("US-NY") ?? .unknown], lineType: .fixedOrMobile, addedAt: created)
        record.apply(.identifier(phone), names: names, at: created)
        let agencies = ["north", "atlas-contact"]
        let campaigns = ["q4-term-life", "winter-health"]
        let products = ["term-life", "health"]
        var at = created
        for i in 0..<count {
            at = at + .days(Int64.random(in: 2...9, using: &generator)) + Milliseconds(Int64(random() % 40_000_000))
            var touch = Touch(
                id: TouchID(bits: random()), at: at, expiresAt: at + .minutes(2), state: .confirmed,
                channel: names.intern("voice"), purpose: names.intern("marketing"))
            touch.recordedAt = at - Milliseconds(Int64(random() % 20_000))
            touch.expiresAt = touch.recordedAt + .minutes(2)
            let k = min(Int(random() % 5) / 3, campaigns.count - 1)
            touch.campaign = names.intern(campaigns[k])
            touch.product = names.intern(products[k])
            touch.brand = names.intern("acme")
            touch.agency = names.intern(agencies[k])
            touch.caller = CallerID(names.intern("key-\(agencies[k])"))
            touch.method = .live
            touch.party = .consumer
            touch.lineType = .fixedOrMobile
            touch.endpoint = hash
            if i == 3 || i == 7 {
                touch.outcome = names.intern(i == 3 ? "no_answer" : "conversation")
                touch.outcomeAt = at + .seconds(Int64.random(in: 5...600, using: &generator))
                touch.state = .reported
            }
            record.apply(.touch(touch), names: names, at: touch.at)
        }
        for i in 0..<optOuts {
            var scope = FactScope()
            if i == 0 { scope.purposes = [names.intern("marketing")] } else { scope.brands = [names.intern("acme")] }
            let fact = Fact(
                id: FactID(high: random(), low: random()), at: at + .hours(Int64(i + 1)),
                receivedAt: at + .hours(Int64(i + 1)),
                scope: scope, body: .optOut(reach: .person, endpoints: [hash]),
                caller: CallerID(names.intern("key-north")), source: names.intern("agent"))
            record.apply(.fact(fact), names: names, at: fact.at)
        }
        return record
    }
}
