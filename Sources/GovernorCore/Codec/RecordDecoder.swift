/// The shared vocabulary of the record and change formats, reading side. See `docs/record-format.md`.
struct RecordDecoder {
    var input: ByteReader
    /// Of the format that is read.
    var version: UInt8 = 1
    private(set) var names = NameTable()
    private var symbols: [UInt64] = []
    var identifiers: [KnownIdentifier] = []
    private var previous: [TouchDimensions] = []
    /// Which well-known names were met: a bit each.
    private var known: UInt64 = 0
    private var previousCaller: UInt64 = 0

    init(_ input: ByteReader) {
        self.input = input
        symbols.reserveCapacity(16)
    }

    mutating func bits(_ what: @autoclosure () -> String) throws(DecodeError) -> UInt64 {
        let position = try input.varint(what())
        if position == 0 { return 0 }
        if position <= UInt64(WellKnownNames.count) {
            let i = Int(position) - 1
            let bits = WellKnownNames.bits[i]
            if known & (1 << UInt64(i)) == 0 {
                known |= 1 << UInt64(i)
                names.add(bits: bits, text: WellKnownNames.texts[i])
            }
            return bits
        }
        let index = position - UInt64(WellKnownNames.count) - 1
        if index < UInt64(symbols.count) { return symbols[Int(index)] }
        guard index == UInt64(symbols.count) else { throw input.invalid(what()) }
        let start = input.offset
        let utf8 = try input.blob(what())
        if utf8.isEmpty {
            let bits = try input.fixed64(what())
            guard bits != 0 else { throw input.invalid(what()) }
            symbols.append(bits)
            return bits
        }
        guard let text = String(validating: utf8.bindMemory(to: UInt8.self), as: UTF8.self) else {
            throw DecodeError(.invalid, at: start, what: what())
        }
        let bits = nameBits(utf8)
        symbols.append(bits)
        names.add(bits: bits, text: text)
        return bits
    }

    mutating func name<Kind>(_ what: @autoclosure () -> String) throws(DecodeError) -> Name<Kind> {
        Name(bits: try bits(what()))
    }

    mutating func names<Kind>(_ what: @autoclosure () -> String) throws(DecodeError) -> [Name<Kind>] {
        let count = try input.count(bytesEach: 1, what())
        var list: [Name<Kind>] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            let name: Name<Kind> = try name(what())
            if name.isNone { throw input.invalid(what()) }
            list.append(name)
        }
        return list
    }

    mutating func optionalInstant(from base: Timestamp, _ what: @autoclosure () -> String) throws(DecodeError)
        -> Timestamp?
    {
        let code = try input.varint(what())
        switch code {
        case 0: return nil
        case 1: return .distantPast
        case 2: return .distantFuture
        case 3: return Timestamp(milliseconds: try input.zigzag(what()))
        default:
            let folded = code - 4
            let distance = Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
            let (sum, overflow) = base.milliseconds.addingReportingOverflow(distance)
            if overflow { throw input.invalid(what()) }
            return Timestamp(milliseconds: sum)
        }
    }

    mutating func instant(from base: Timestamp, _ what: @autoclosure () -> String) throws(DecodeError) -> Timestamp {
        guard let instant = try optionalInstant(from: base, what()) else { throw input.invalid(what()) }
        return instant
    }

    mutating func later(than earlier: Timestamp, _ what: @autoclosure () -> String) throws(DecodeError) -> Timestamp {
        let distance = try input.varint(what())
        let sum = earlier.milliseconds &+ Int64(bitPattern: distance)
        guard sum >= earlier.milliseconds else { throw input.invalid(what()) }
        return Timestamp(milliseconds: sum)
    }

    mutating func hash(_ what: @autoclosure () -> String) throws(DecodeError) -> IdentifierHash {
        let (high, low) = try input.fixed128(what())
        return IdentifierHash(high: high, low: low)
    }

    mutating func person(_ what: @autoclosure () -> String) throws(DecodeError) -> PersonID {
        let (high, low) = try input.fixed128(what())
        return PersonID(high: high, low: low)
    }

    mutating func factID(_ what: @autoclosure () -> String) throws(DecodeError) -> FactID {
        let (high, low) = try input.fixed128(what())
        return FactID(high: high, low: low)
    }

    mutating func endpoint() throws(DecodeError) -> IdentifierHash? {
        let position = try input.varint("an endpoint")
        if position == 0 { return nil }
        if position <= UInt64(identifiers.count) { return identifiers[Int(position) - 1].hash }
        guard position == UInt64(identifiers.count) + 1 else { throw input.invalid("an endpoint") }
        return try hash("an endpoint")
    }

    mutating func endpoints() throws(DecodeError) -> [IdentifierHash] {
        let count = try input.count(bytesEach: 1, "a list of endpoints")
        var list: [IdentifierHash] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            guard let hash = try endpoint() else { throw input.invalid("a list of endpoints") }
            list.append(hash)
        }
        return list
    }

    mutating func zones() throws(DecodeError) -> [ZoneKey] {
        let count = try input.count(bytesEach: 4, "a list of zones")
        var list: [ZoneKey] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(ZoneKey(bits: try input.fixed32("a zone"))) }
        return list
    }

    mutating func jurisdictions() throws(DecodeError) -> [Jurisdiction] {
        let count = try input.count(bytesEach: 1, "a list of jurisdictions")
        var list: [Jurisdiction] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            let packed = try input.varint("a jurisdiction")
            guard let place = Self.unpack(packed) else { throw input.invalid("a jurisdiction") }
            list.append(place)
        }
        return list
    }

    private static func unpack(_ packed: UInt64) -> Jurisdiction? {
        if packed == 0 { return .unknown }
        let first = packed >> 5 & 31
        let second = packed & 31
        var rest = packed >> 10
        let length = rest & 3
        rest >>= 2
        guard (1...26).contains(first), (1...26).contains(second) else { return nil }
        var region: UInt64 = 0
        for i in 0..<length {
            let character = rest & 63
            rest >>= 6
            guard character < 36 else { return nil }
            region |= (character < 10 ? character + 0x30 : character - 10 + 0x41) << (8 * i)
        }
        guard rest == 0 else { return nil }
        return Jurisdiction(bits: (first + 0x40) << 40 | (second + 0x40) << 32 | region)
    }

    mutating func identifier(base: Timestamp) throws(DecodeError) -> KnownIdentifier {
        let hash = try hash("an identifier")
        let flags = try input.varint("an identifier's flags")
        guard flags <= IdentifierFlag.all(version),
            let kind = IdentifierKind(rawValue: UInt8(flags & IdentifierFlag.kindMask))
        else { throw input.invalid("an identifier's flags") }
        var identifier = KnownIdentifier(hash: hash, kind: kind, addedAt: base)
        if flags & IdentifierFlag.lineType != 0 { identifier.lineType = try lineType() }
        if flags & IdentifierFlag.zones != 0 { identifier.zones = try zones() }
        if flags & IdentifierFlag.jurisdictions != 0 { identifier.jurisdictions = try jurisdictions() }
        if flags & IdentifierFlag.addedAt != 0 {
            identifier.addedAt = try instant(from: base, "an identifier's instant")
        }
        if flags & IdentifierFlag.namespace != 0 { identifier.namespace = try name("a namespace") }
        identifier.isShared = flags & IdentifierFlag.shared != 0
        identifier.isHousehold = flags & IdentifierFlag.household != 0
        if flags & IdentifierFlag.labels != 0 { identifier.labels = try names("a list of labels") }
        if flags & IdentifierFlag.source != 0 { identifier.source = try name("a source") }
        return identifier
    }

    private mutating func lineType() throws(DecodeError) -> LineType {
        guard let type = LineType(rawValue: try input.byte("a line type")) else { throw input.invalid("a line type") }
        return type
    }

    /// Everything of a touch except `at`, which the caller has read.
    mutating func touch(at: Timestamp) throws(DecodeError) -> Touch {
        let id = TouchID(bits: try input.fixed64("a touch's id"))
        let flags = try input.varint("a touch's flags")
        let isNamedByFact = version >= 2 && flags & TouchFlag.stateMask == TouchFlag.externalNamedByFact
        guard flags <= TouchFlag.all(version),
            let state = isNamedByFact ? .external : TouchState(rawValue: UInt8(flags & TouchFlag.stateMask))
        else { throw input.invalid("a touch's flags") }
        var touch = Touch(id: id, at: at, expiresAt: at, state: state, channel: .none, purpose: .none)
        var changed: UInt64 = 0
        var same = previous.last ?? TouchDimensions()
        if flags & TouchFlag.dimensions != 0 {
            changed = try input.varint("a touch's dimensions")
            guard changed <= TouchDimensions.allBits else { throw input.invalid("a touch's dimensions") }
            if changed & 1 != 0 {
                let campaign = try bits("a campaign")
                if let other = previous.last(where: { $0.campaign == campaign }) { same = other }
                same.names.0 = campaign
            }
        }
        if flags & TouchFlag.inbound != 0 { touch.direction = .inbound }
        var holdIsGiven = false
        var expiry: UInt64 = 0
        var expiryRaw: Int64 = 0
        if changed != 0 {
            if changed & 2 != 0 { same.names.1 = try bits("an agency") }
            if changed & 4 != 0 { same.names.2 = try bits("a caller") }
            if changed & 8 != 0 { same.names.3 = try bits("a channel") }
            if changed & 16 != 0 { same.names.4 = try bits("a purpose") }
            if changed & 32 != 0 { same.names.5 = try bits("a product") }
            if changed & 64 != 0 { same.names.6 = try bits("a subject") }
            if changed & 128 != 0 { same.names.7 = try bits("a brand") }
            if changed & TouchDimensions.endpointBit != 0 { same.endpoint = try endpoint() }
            if changed & TouchDimensions.methodBit != 0 {
                let raw = try input.byte("a method")
                same.method = ContactMethod(rawValue: raw)
                if same.method == nil && raw != 0 { throw input.invalid("a method") }
            }
            if changed & TouchDimensions.partyBit != 0 {
                guard let party = Party(rawValue: try input.byte("a party")) else { throw input.invalid("a party") }
                same.party = party
            }
            if changed & TouchDimensions.lineTypeBit != 0 { same.lineType = try lineType() }
            if changed & TouchDimensions.holdBit != 0 {
                // Relative to `recordedAt`, which comes later.
                holdIsGiven = true
                expiry = try input.varint("an expiry")
                if expiry == 3 { expiryRaw = try input.zigzag("an expiry") }
            }
        }
        touch.campaign = Name(bits: same.names.0)
        touch.agency = Name(bits: same.names.1)
        touch.caller = CallerID(Name(bits: same.names.2))
        touch.channel = Name(bits: same.names.3)
        touch.purpose = Name(bits: same.names.4)
        touch.product = Name(bits: same.names.5)
        touch.subject = Name(bits: same.names.6)
        touch.brand = Name(bits: same.names.7)
        touch.endpoint = same.endpoint
        touch.method = same.method
        touch.party = same.party
        touch.lineType = same.lineType
        if flags & TouchFlag.recordedAt != 0 { touch.recordedAt = try instant(from: at, "the instant of a record") }
        if holdIsGiven {
            switch expiry {
            case 0: throw input.invalid("an expiry")
            case 1: touch.expiresAt = .distantPast
            case 2: touch.expiresAt = .distantFuture
            case 3: touch.expiresAt = Timestamp(milliseconds: expiryRaw)
            default:
                let folded = expiry - 4
                let distance = Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
                touch.expiresAt = Timestamp(milliseconds: touch.recordedAt.milliseconds &+ distance)
            }
        } else {
            touch.expiresAt = Timestamp(milliseconds: touch.recordedAt.milliseconds &+ same.hold)
        }
        if flags & TouchFlag.outcome != 0 {
            touch.outcome = try name("an outcome")
            touch.outcomeAt = try instant(from: at, "the instant of an outcome")
        }
        if flags & TouchFlag.accounts != 0 { touch.accounts = try names("a list of accounts") }
        if flags & TouchFlag.exemption != 0 {
            guard let exemption = RequestedExemption(rawValue: try input.byte("an exemption")) else {
                throw input.invalid("an exemption")
            }
            touch.exemption = exemption
        }
        if flags & TouchFlag.inReplyTo != 0 { touch.inReplyTo = try factID("an inbound touch") }
        if flags & TouchFlag.idempotency != 0 {
            let (high, low) = try input.fixed128("an idempotency key")
            touch.idempotency = IdempotencyKey(
                high: high, low: low, fingerprint: try input.fixed64("an idempotency key"))
        }
        if isNamedByFact { touch.factID = FactID(id.bits) }
        if flags & TouchFlag.factID != 0 { touch.factID = try factID("a fact's id") }
        if flags & TouchFlag.whereabouts != 0 {
            var places = RequestWhereabouts()
            places.statedZones = try zones()
            places.addressZones = try zones()
            places.addressJurisdictions = try jurisdictions()
            touch.whereabouts = places
        }
        if flags & TouchFlag.peers != 0 {
            let count = try input.count(bytesEach: 16, "a list of peers")
            touch.peers.reserveCapacity(count)
            for _ in 0..<count { touch.peers.append(try person("a peer")) }
        }
        touch.isCorrected = flags & TouchFlag.corrected != 0
        if flags & TouchFlag.source != 0 { touch.source = try name("a source") }
        if flags & TouchFlag.role != 0 { touch.role = try name("a role") }
        if flags & TouchFlag.registries != 0 { touch.registryAnswers = try registryAnswers(base: at) }
        touch.isBorrowed = flags & TouchFlag.borrowed != 0
        same.hold = touch.expiresAt.milliseconds &- touch.recordedAt.milliseconds
        previous.append(same)
        if previous.count > TouchDimensions.reach { previous.removeFirst() }
        return touch
    }

    private mutating func registryAnswers(base: Timestamp) throws(DecodeError) -> [RegistryAnswer] {
        let count = try input.count(bytesEach: 4, "the answers of registries")
        var list: [RegistryAnswer] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            let registry: RegistryName = try name("a registry")
            let snapshotAt = try instant(from: base, "a registry's date")
            let version: Name<LabelKind> = try name("a registry's version")
            let listing: RegistryAnswer.Listing
            switch try input.byte("a listing") {
            case 0: listing = .notListed
            case 1: listing = .listed(since: try optionalInstant(from: base, "a listing's date"))
            default: throw input.invalid("a listing")
            }
            list.append(
                RegistryAnswer(registry: registry, snapshotAt: snapshotAt, version: version, listing: listing))
        }
        return list
    }

    mutating func spared(base: Timestamp) throws(DecodeError) -> [SparedOutcome] {
        let count = try input.count(bytesEach: 2, "the spared outcomes")
        var list: [SparedOutcome] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            let outcome: EventName = try name("a spared outcome")
            if outcome.isNone { throw input.invalid("a spared outcome") }
            list.append(SparedOutcome(outcome, from: try instant(from: base, "a spared outcome's history")))
        }
        return list
    }

    /// Everything of a fact except `at`, which the caller has read.
    mutating func fact(at: Timestamp) throws(DecodeError) -> Fact {
        let id = try factID("a fact's id")
        let flags = try input.varint("a fact's flags")
        guard flags <= FactFlag.all(version) else { throw input.invalid("a fact's flags") }
        let receivedAt = flags & FactFlag.receivedAt != 0 ? try instant(from: at, "a fact's arrival") : at
        var scope = FactScope()
        if flags & FactFlag.scope != 0 { scope = try self.scope() }
        if flags & FactFlag.caller != 0 { previousCaller = try bits("a caller") }
        let source: Name<LabelKind> = flags & FactFlag.source != 0 ? try name("a source") : .none
        let body: FactBody
        switch flags & FactFlag.tagMask {
        case FactTag.optOut: body = .optOut(reach: try reach(), endpoints: try endpoints())
        case FactTag.optIn: body = .optIn(reach: try reach(), endpoints: try endpoints())
        case FactTag.consent:
            body = .consent(
                try name("a consent"), endpoints: try endpoints(),
                until: try optionalInstant(from: at, "a consent's end"))
        case FactTag.withdrawal: body = .withdrawal(try name("a withdrawal"))
        case FactTag.holding:
            let product: Product = try name("a product")
            let family: Family = try name("a family")
            guard let status = HoldingStatus(rawValue: try input.byte("a holding's status")) else {
                throw input.invalid("a holding's status")
            }
            body = .holding(
                Holding(
                    product: product, family: family, status: status,
                    from: try optionalInstant(from: at, "a holding's start"),
                    to: try optionalInstant(from: at, "a holding's end"),
                    graceUntil: try optionalInstant(from: at, "a holding's grace")))
        case FactTag.event: body = .event(try name("an event"), endpoints: try endpoints())
        case FactTag.appointment:
            let from = try instant(from: at, "an appointment's start")
            body = .appointment(from: from, to: try instant(from: from, "an appointment's end"))
        case FactTag.quietTime:
            let count = try input.count(bytesEach: 3, "a list of quiet times")
            var spans: [WeeklySpan] = []
            spans.reserveCapacity(count)
            for _ in 0..<count {
                let days = try input.byte("a quiet time")
                guard let start = Int32(exactly: try input.zigzag("a quiet time")),
                    let end = Int32(exactly: try input.zigzag("a quiet time"))
                else { throw input.invalid("a quiet time") }
                spans.append(WeeklySpan(days: days, start: start, end: end))
            }
            body = .quietTime(spans, until: try optionalInstant(from: at, "a quiet time's end"))
        default: throw input.invalid("a fact's flags")
        }
        var fact = Fact(
            id: id, at: at, receivedAt: receivedAt, scope: scope, body: body,
            caller: CallerID(Name(bits: previousCaller)), source: source,
            hasEvidence: flags & FactFlag.evidence != 0)
        fact.isBorrowed = flags & FactFlag.borrowed != 0
        return fact
    }

    mutating func merge(base: Timestamp) throws(DecodeError) -> Merge {
        let id = try factID("a merge's id")
        let count = try input.count(bytesEach: 16, "the persons of a merge")
        var persons: [PersonID] = []
        persons.reserveCapacity(count)
        for _ in 0..<count { persons.append(try person("a person of a merge")) }
        var merge = Merge(id: id, persons: persons, at: try instant(from: base, "a merge's instant"))
        merge.caller = CallerID(try name("a caller"))
        merge.source = try name("a source")
        merge.undoneAt = try optionalInstant(from: merge.at, "the end of a merge")
        if merge.undoneAt != nil { merge.undoneBy = CallerID(try name("a caller")) }
        return merge
    }

    private mutating func reach() throws(DecodeError) -> Reach {
        guard let reach = Reach(rawValue: try input.byte("a reach")) else { throw input.invalid("a reach") }
        return reach
    }

    private mutating func scope() throws(DecodeError) -> FactScope {
        let mask = try input.byte("a scope")
        var scope = FactScope()
        if mask & 1 != 0 { scope.channels = NameSet(try names("channels")) }
        if mask & 2 != 0 { scope.purposes = NameSet(try names("purposes")) }
        if mask & 4 != 0 { scope.brands = NameSet(try names("brands")) }
        if mask & 8 != 0 { scope.products = NameSet(try names("products")) }
        if mask & 16 != 0 { scope.families = NameSet(try names("families")) }
        if mask & 32 != 0 { scope.campaigns = NameSet(try names("campaigns")) }
        if mask & 64 != 0 { scope.subjects = NameSet(try names("subjects")) }
        if mask & 128 != 0 { scope.accounts = NameSet(try names("accounts")) }
        return scope
    }
}
