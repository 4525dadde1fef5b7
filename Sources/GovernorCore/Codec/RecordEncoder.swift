/// The shared vocabulary of the record and change formats, writing side. See `docs/record-format.md`.
struct RecordEncoder {
    var out: ByteWriter
    /// Where the texts of names are found.
    var names: NameTable
    /// Names met so far and the numbers that stand for them.
    private var symbols: [UInt64] = []
    private var codes: [UInt32] = []
    /// Texts written so far.
    private var textCount: UInt32 = 0
    /// Identifiers that an endpoint may refer to by position.
    var identifiers: [KnownIdentifier] = []
    /// The touches before, newest last, whose dimensions need not be repeated.
    private var previous: [TouchDimensions] = []
    private var previousCaller: UInt64 = 0

    init(capacity: Int, names: NameTable) {
        out = ByteWriter(capacity: capacity)
        self.names = names
        symbols.reserveCapacity(16)
        codes.reserveCapacity(16)
    }

    /// 0 for no name, the number of a well-known one or of one written before, or the next number and the text.
    mutating func name(_ bits: UInt64) {
        if bits == 0 { return out.byte(0) }
        if let i = symbols.firstIndex(of: bits) { return out.varint(UInt64(codes[i])) }
        symbols.append(bits)
        if let known = WellKnownNames.bits.firstIndex(of: bits), names.text(bits: bits) != nil {
            codes.append(UInt32(known) + 1)
            return out.varint(known + 1)
        }
        textCount += 1
        let code = UInt32(WellKnownNames.count) + textCount
        codes.append(code)
        out.varint(UInt64(code))
        if let text = names.text(bits: bits) {
            out.text(text)
        } else {
            // A name whose text is not known keeps its bits: rules still match it, only nobody can spell it.
            out.byte(0)
            out.fixed64(bits)
        }
    }

    mutating func name<Kind>(_ name: Name<Kind>) { self.name(name.bits) }

    /// Lists hold names that are there; an absent one among them is left out.
    mutating func names<Kind>(_ list: [Name<Kind>]) {
        var count = 0
        for item in list where !item.isNone { count += 1 }
        out.varint(count)
        for item in list where !item.isNone { name(item) }
    }

    /// 0 `nil`, 1 `distantPast`, 2 `distantFuture`, 3 and the zigzag of the milliseconds themselves, else 4 + the
    /// zigzag of the distance to `base`.
    mutating func instant(_ instant: Timestamp?, from base: Timestamp) {
        guard let instant else { return out.byte(0) }
        if instant == .distantPast { return out.byte(1) }
        if instant == .distantFuture { return out.byte(2) }
        let (distance, overflow) = instant.milliseconds.subtractingReportingOverflow(base.milliseconds)
        let folded = UInt64(bitPattern: (distance << 1) ^ (distance >> 63))
        if overflow || folded > UInt64.max - 4 {
            out.byte(3)
            out.zigzag(instant.milliseconds)
        } else {
            out.varint(folded + 4)
        }
    }

    /// An instant that is not before `earlier`.
    mutating func later(_ instant: Timestamp, than earlier: Timestamp) {
        out.varint(UInt64(bitPattern: instant.milliseconds &- earlier.milliseconds))
    }

    mutating func hash(_ hash: IdentifierHash) { out.fixed128(high: hash.high, low: hash.low) }
    mutating func person(_ id: PersonID) { out.fixed128(high: id.high, low: id.low) }

    /// 0 none, the position (from 1) of an identifier of the record, or one past the last and the hash.
    mutating func endpoint(_ hash: IdentifierHash?) {
        guard let hash else { return out.byte(0) }
        if let i = identifiers.firstIndex(where: { $0.hash == hash }) { return out.varint(i + 1) }
        out.varint(identifiers.count + 1)
        self.hash(hash)
    }

    mutating func endpoints(_ list: [IdentifierHash]) {
        out.varint(list.count)
        for item in list { endpoint(item) }
    }

    mutating func zones(_ list: [ZoneKey]) {
        out.varint(list.count)
        for zone in list { out.fixed32(zone.bits) }
    }

    mutating func jurisdictions(_ list: [Jurisdiction]) {
        out.varint(list.count)
        for place in list { out.varint(Self.pack(place)) }
    }

    /// Five bits a letter of the country, then two bits of length and six bits a character of the region: 2…5 bytes.
    private static func pack(_ place: Jurisdiction) -> UInt64 {
        if place.isUnknown { return 0 }
        let country = place.bits >> 32
        let letters = ((country >> 8 & 0xff) - 0x40) << 5 | ((country & 0xff) - 0x40)
        var region: UInt64 = 0
        var length: UInt64 = 0
        for shift in [16, 8, 0] as [UInt64] {
            let character = place.bits >> shift & 0xff
            if character == 0 { continue }
            // 0…9 as 0…9, A…Z as 10…35.
            region = region << 6 | (character >= 0x41 ? character - 0x41 + 10 : character - 0x30)
            length += 1
        }
        return (region << 2 | length) << 10 | letters
    }

    mutating func identifier(_ identifier: KnownIdentifier, base: Timestamp) {
        hash(identifier.hash)
        var flags = UInt64(identifier.kind.rawValue)
        if identifier.lineType != .unknown { flags |= IdentifierFlag.lineType }
        if !identifier.zones.isEmpty { flags |= IdentifierFlag.zones }
        if !identifier.jurisdictions.isEmpty { flags |= IdentifierFlag.jurisdictions }
        if identifier.addedAt != base { flags |= IdentifierFlag.addedAt }
        if !identifier.namespace.isNone { flags |= IdentifierFlag.namespace }
        if identifier.isShared { flags |= IdentifierFlag.shared }
        if identifier.isHousehold { flags |= IdentifierFlag.household }
        if !identifier.labels.isEmpty { flags |= IdentifierFlag.labels }
        if !identifier.source.isNone { flags |= IdentifierFlag.source }
        out.varint(flags)
        if identifier.lineType != .unknown { out.byte(identifier.lineType.rawValue) }
        if !identifier.zones.isEmpty { zones(identifier.zones) }
        if !identifier.jurisdictions.isEmpty { jurisdictions(identifier.jurisdictions) }
        if identifier.addedAt != base { instant(identifier.addedAt, from: base) }
        if !identifier.namespace.isNone { name(identifier.namespace) }
        if !identifier.labels.isEmpty { names(identifier.labels) }
        if !identifier.source.isNone { name(identifier.source) }
    }

    /// Everything of a touch except `at`, which the caller has written.
    mutating func touch(_ touch: Touch, keepsIdempotency: Bool) {
        out.fixed64(touch.id.bits)
        let now = TouchDimensions(touch)
        let last = previous.last ?? TouchDimensions()
        // A campaign that is met again brings back what it came with.
        let isOtherCampaign = now.campaign != last.campaign
        let base = isOtherCampaign ? previous.last { $0.campaign == now.campaign } ?? last : last
        let changed = now.difference(from: base) & ~1 | (isOtherCampaign ? 1 : 0)
        previous.append(now)
        if previous.count > TouchDimensions.reach { previous.removeFirst() }
        let idempotency = keepsIdempotency ? touch.idempotency : nil
        let hasOutcome = !touch.outcome.isNone || touch.outcomeAt != .distantPast
        let isNamedByFact = touch.isExternalAndNamedByFact
        var flags = isNamedByFact ? TouchFlag.externalNamedByFact : UInt64(touch.state.rawValue)
        if changed != 0 { flags |= TouchFlag.dimensions }
        if hasOutcome { flags |= TouchFlag.outcome }
        if touch.recordedAt != touch.at { flags |= TouchFlag.recordedAt }
        if touch.direction == .inbound { flags |= TouchFlag.inbound }
        if !touch.accounts.isEmpty { flags |= TouchFlag.accounts }
        if touch.exemption != nil { flags |= TouchFlag.exemption }
        if touch.inReplyTo != nil { flags |= TouchFlag.inReplyTo }
        if idempotency != nil { flags |= TouchFlag.idempotency }
        if touch.factID != nil, !isNamedByFact { flags |= TouchFlag.factID }
        if touch.whereabouts != nil { flags |= TouchFlag.whereabouts }
        if !touch.peers.isEmpty { flags |= TouchFlag.peers }
        if touch.isCorrected { flags |= TouchFlag.corrected }
        if !touch.source.isNone { flags |= TouchFlag.source }
        if !touch.role.isNone { flags |= TouchFlag.role }
        if !touch.registryAnswers.isEmpty { flags |= TouchFlag.registries }
        if touch.isBorrowed { flags |= TouchFlag.borrowed }
        out.varint(flags)

        if changed != 0 {
            out.varint(changed)
            for i in 0..<TouchDimensions.nameCount where changed & (1 << UInt64(i)) != 0 { name(now.name(i)) }
            if changed & TouchDimensions.endpointBit != 0 { endpoint(touch.endpoint) }
            if changed & TouchDimensions.methodBit != 0 { out.byte(touch.method?.rawValue ?? 0) }
            if changed & TouchDimensions.partyBit != 0 { out.byte(touch.party.rawValue) }
            if changed & TouchDimensions.lineTypeBit != 0 { out.byte(touch.lineType.rawValue) }
            if changed & TouchDimensions.holdBit != 0 { instant(touch.expiresAt, from: touch.recordedAt) }
        }
        if touch.recordedAt != touch.at { instant(touch.recordedAt, from: touch.at) }
        if hasOutcome {
            name(touch.outcome)
            instant(touch.outcomeAt, from: touch.at)
        }
        if !touch.accounts.isEmpty { names(touch.accounts) }
        if let exemption = touch.exemption { out.byte(exemption.rawValue) }
        if let id = touch.inReplyTo { out.fixed128(high: id.high, low: id.low) }
        if let key = idempotency {
            out.fixed128(high: key.high, low: key.low)
            out.fixed64(key.fingerprint)
        }
        if let id = touch.factID, !isNamedByFact { out.fixed128(high: id.high, low: id.low) }
        if let places = touch.whereabouts {
            zones(places.statedZones)
            zones(places.addressZones)
            jurisdictions(places.addressJurisdictions)
        }
        if !touch.peers.isEmpty {
            out.varint(touch.peers.count)
            for peer in touch.peers { person(peer) }
        }
        if !touch.source.isNone { name(touch.source) }
        if !touch.role.isNone { name(touch.role) }
        if !touch.registryAnswers.isEmpty { registryAnswers(touch.registryAnswers, base: touch.at) }
    }

    private mutating func registryAnswers(_ list: [RegistryAnswer], base: Timestamp) {
        out.varint(list.count)
        for answer in list {
            name(answer.registry)
            instant(answer.snapshotAt, from: base)
            name(answer.version)
            switch answer.listing {
            case .notListed: out.byte(0)
            case .listed(let since):
                out.byte(1)
                instant(since, from: base)
            }
        }
    }

    /// Outcomes that were spared, each with the start of its own history; from version 2 on.
    mutating func spared(_ list: [SparedOutcome], base: Timestamp) {
        out.varint(list.count)
        for item in list {
            name(item.outcome)
            instant(item.from, from: base)
        }
    }

    /// Everything of a fact except `at`, which the caller has written.
    mutating func fact(_ fact: Fact) {
        out.fixed128(high: fact.id.high, low: fact.id.low)
        var flags = FactTag.of(fact.body)
        if fact.receivedAt != fact.at { flags |= FactFlag.receivedAt }
        if fact.scope != FactScope() { flags |= FactFlag.scope }
        if fact.caller.name.bits != previousCaller { flags |= FactFlag.caller }
        if !fact.source.isNone { flags |= FactFlag.source }
        if fact.hasEvidence { flags |= FactFlag.evidence }
        if fact.isBorrowed { flags |= FactFlag.borrowed }
        out.varint(flags)
        if fact.receivedAt != fact.at { instant(fact.receivedAt, from: fact.at) }
        if flags & FactFlag.scope != 0 { scope(fact.scope) }
        if fact.caller.name.bits != previousCaller {
            name(fact.caller.name)
            previousCaller = fact.caller.name.bits
        }
        if !fact.source.isNone { name(fact.source) }
        switch fact.body {
        case .optOut(let reach, let endpoints), .optIn(let reach, let endpoints):
            out.byte(reach.rawValue)
            self.endpoints(endpoints)
        case .consent(let consent, let endpoints, let until):
            name(consent)
            self.endpoints(endpoints)
            instant(until, from: fact.at)
        case .withdrawal(let consent): name(consent)
        case .holding(let holding):
            name(holding.product)
            name(holding.family)
            out.byte(holding.status.rawValue)
            instant(holding.from, from: fact.at)
            instant(holding.to, from: fact.at)
            instant(holding.graceUntil, from: fact.at)
        case .event(let event, let endpoints):
            name(event)
            self.endpoints(endpoints)
        case .appointment(let from, let to):
            instant(from, from: fact.at)
            instant(to, from: from)
        case .quietTime(let spans, let until):
            out.varint(spans.count)
            for span in spans {
                out.byte(span.days)
                out.zigzag(Int64(span.start))
                out.zigzag(Int64(span.end))
            }
            instant(until, from: fact.at)
        }
    }

    /// A merge, from version 3 of records and 4 of journal bodies on.
    mutating func merge(_ merge: Merge, base: Timestamp) {
        out.fixed128(high: merge.id.high, low: merge.id.low)
        out.varint(merge.persons.count)
        for person in merge.persons { self.person(person) }
        instant(merge.at, from: base)
        name(merge.caller.name)
        name(merge.source)
        instant(merge.undoneAt, from: merge.at)
        if merge.undoneAt != nil { name(merge.undoneBy.name) }
    }

    private mutating func scope(_ scope: FactScope) {
        var mask: UInt8 = 0
        if !scope.channels.isAny { mask |= 1 }
        if !scope.purposes.isAny { mask |= 2 }
        if !scope.brands.isAny { mask |= 4 }
        if !scope.products.isAny { mask |= 8 }
        if !scope.families.isAny { mask |= 16 }
        if !scope.campaigns.isAny { mask |= 32 }
        if !scope.subjects.isAny { mask |= 64 }
        if !scope.accounts.isAny { mask |= 128 }
        out.byte(mask)
        if mask & 1 != 0 { names(scope.channels.names) }
        if mask & 2 != 0 { names(scope.purposes.names) }
        if mask & 4 != 0 { names(scope.brands.names) }
        if mask & 8 != 0 { names(scope.products.names) }
        if mask & 16 != 0 { names(scope.families.names) }
        if mask & 32 != 0 { names(scope.campaigns.names) }
        if mask & 64 != 0 { names(scope.subjects.names) }
        if mask & 128 != 0 { names(scope.accounts.names) }
    }
}

extension Touch {
    /// Whether the format can leave the fact's id out, because the touch's own says it.
    var isExternalAndNamedByFact: Bool { state == .external && factID == FactID(id.bits) }
}

/// What usually stays the same from one touch to the next.
struct TouchDimensions {
    /// Channel, purpose, campaign, subject, product, brand, agency, caller.
    var names: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
    var endpoint: IdentifierHash?
    var method: ContactMethod?
    var party = Party.unknown
    var lineType = LineType.unknown
    /// From `recordedAt` to `expiresAt`.
    var hold: Int64 = 0

    static let nameCount = 8
    /// How many touches back a campaign's companions are looked for.
    static let reach = 16
    static let endpointBit: UInt64 = 1 << 8
    static let methodBit: UInt64 = 1 << 9
    static let partyBit: UInt64 = 1 << 10
    static let lineTypeBit: UInt64 = 1 << 11
    static let holdBit: UInt64 = 1 << 12
    static let allBits: UInt64 = 1 << 13 - 1

    init() {}

    init(_ touch: Touch) {
        // The order puts what changes most often into the first seven bits.
        names = (
            touch.campaign.bits, touch.agency.bits, touch.caller.name.bits, touch.channel.bits, touch.purpose.bits,
            touch.product.bits, touch.subject.bits, touch.brand.bits
        )
        endpoint = touch.endpoint
        method = touch.method
        party = touch.party
        lineType = touch.lineType
        hold = touch.expiresAt.milliseconds &- touch.recordedAt.milliseconds
    }

    var campaign: UInt64 { names.0 }

    func name(_ i: Int) -> UInt64 {
        switch i {
        case 0: names.0
        case 1: names.1
        case 2: names.2
        case 3: names.3
        case 4: names.4
        case 5: names.5
        case 6: names.6
        default: names.7
        }
    }

    func difference(from other: TouchDimensions) -> UInt64 {
        var mask: UInt64 = 0
        for i in 0..<Self.nameCount where name(i) != other.name(i) { mask |= 1 << UInt64(i) }
        if endpoint != other.endpoint { mask |= Self.endpointBit }
        if method != other.method { mask |= Self.methodBit }
        if party != other.party { mask |= Self.partyBit }
        if lineType != other.lineType { mask |= Self.lineTypeBit }
        if hold != other.hold { mask |= Self.holdBit }
        return mask
    }
}

/// Bits of an identifier's first varint, above the two of its kind.
enum IdentifierFlag {
    static let kindMask: UInt64 = 3
    static let lineType: UInt64 = 1 << 2
    static let zones: UInt64 = 1 << 3
    static let jurisdictions: UInt64 = 1 << 4
    static let addedAt: UInt64 = 1 << 5
    static let namespace: UInt64 = 1 << 6
    static let shared: UInt64 = 1 << 7
    static let household: UInt64 = 1 << 8
    static let labels: UInt64 = 1 << 9
    static let source: UInt64 = 1 << 10

    /// The flags that a format version knows.
    static func all(_ version: UInt8) -> UInt64 { version == 1 ? 1 << 10 - 1 : 1 << 11 - 1 }
}

/// Bits of a touch's first varint, above the three of its state.
enum TouchFlag {
    static let stateMask: UInt64 = 7
    /// In place of a state: external, with the id of the fact that told of it for its own; from version 2 on.
    static let externalNamedByFact: UInt64 = 7
    static let dimensions: UInt64 = 1 << 3
    static let outcome: UInt64 = 1 << 4
    static let recordedAt: UInt64 = 1 << 5
    static let inbound: UInt64 = 1 << 6
    static let accounts: UInt64 = 1 << 7
    static let exemption: UInt64 = 1 << 8
    static let inReplyTo: UInt64 = 1 << 9
    static let idempotency: UInt64 = 1 << 10
    static let factID: UInt64 = 1 << 11
    static let whereabouts: UInt64 = 1 << 12
    static let peers: UInt64 = 1 << 13
    static let corrected: UInt64 = 1 << 14
    static let source: UInt64 = 1 << 15
    static let role: UInt64 = 1 << 16
    static let registries: UInt64 = 1 << 17
    static let borrowed: UInt64 = 1 << 18

    /// The flags that a format version knows.
    static func all(_ version: UInt8) -> UInt64 {
        version == 1 ? 1 << 15 - 1 : version == 2 ? 1 << 18 - 1 : 1 << 19 - 1
    }
}

/// Bits of a fact's first varint, above the four of its body's tag.
enum FactFlag {
    static let tagMask: UInt64 = 15
    static let receivedAt: UInt64 = 1 << 4
    static let scope: UInt64 = 1 << 5
    static let caller: UInt64 = 1 << 6
    static let source: UInt64 = 1 << 7
    static let evidence: UInt64 = 1 << 8
    static let borrowed: UInt64 = 1 << 9

    /// The flags that a format version knows.
    static func all(_ version: UInt8) -> UInt64 {
        version == 1 ? 1 << 8 - 1 : version == 2 ? 1 << 9 - 1 : 1 << 10 - 1
    }
}

enum FactTag {
    static let optOut: UInt64 = 1
    static let optIn: UInt64 = 2
    static let consent: UInt64 = 3
    static let withdrawal: UInt64 = 4
    static let holding: UInt64 = 5
    static let event: UInt64 = 6
    static let appointment: UInt64 = 7
    static let quietTime: UInt64 = 8

    static func of(_ body: FactBody) -> UInt64 {
        switch body {
        case .optOut: optOut
        case .optIn: optIn
        case .consent: consent
        case .withdrawal: withdrawal
        case .holding: holding
        case .event: event
        case .appointment: appointment
        case .quietTime: quietTime
        }
    }
}
