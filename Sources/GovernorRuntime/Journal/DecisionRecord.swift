package import GovernorCore

/// A decision as the ledger keeps it: what `journalEntry(of:)` wrote, read again.
package struct DecisionRecord: Sendable {
    package var id: DecisionID
    package var flags: UInt8
    package var evaluatedAt: Timestamp
    package var revision: String
    /// The request, as far as a decision depends on it. Zones and places stand in `whereabouts`.
    package var request: ContactRequest
    package var verdict: Verdict
    package var nextBasis: NextBasis
    package var nextAllowedAt: Timestamp?
    package var reasons: [RecordedReason]
    package var shadow: [RecordedReason]
    /// The touch that a confirmation was about.
    package var confirmed: TouchID?
    /// Bodies of version 1 do not say which address or number was used.
    package var knowsEndpoint: Bool

    package var isHypothetical: Bool { flags & DecisionFlag.isHypothetical != 0 }

    /// A decision that no ledger tells of, with what its caller was answered.
    package init(
        of request: ContactRequest, at instant: Timestamp, verdict: Verdict, reasons: [RecordedReason],
        shadow: [RecordedReason], nextAllowedAt: Timestamp?, nextBasis: NextBasis
    ) {
        id = DecisionID(high: 0, low: 0)
        flags = request.reserve ? DecisionFlag.reserves : 0
        evaluatedAt = instant
        revision = ""
        self.request = request
        self.verdict = verdict
        self.nextBasis = nextBasis
        self.nextAllowedAt = nextAllowedAt
        self.reasons = reasons
        self.shadow = shadow
        knowsEndpoint = true
    }

    /// - Throws: `DecodeError` for anything but a whole body of a decision.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var input = ByteReader(bytes)
        let version = try input.byte("a decision")
        guard version == 1 || version == decisionBodyVersion else { throw input.invalid("a decision's version") }
        let (high, low) = try input.fixed128("a decision's id")
        id = DecisionID(high: high, low: low)
        flags = try input.byte("a decision's flags")
        evaluatedAt = Timestamp(milliseconds: try input.zigzag("a decision's instant"))
        revision = try input.text("a policy revision")
        var names = NameTable()
        func name<Kind>(_ what: String) throws(DecodeError) -> Name<Kind> {
            let text = try input.text(what)
            return text.isEmpty ? .none : names.intern(text)
        }
        let caller: Name<LabelKind> = try name("a caller")
        let agency: Agency = try name("an agency")
        let channel: Channel = try name("a channel")
        let purpose: Purpose = try name("a purpose")
        request = ContactRequest(
            identifiers: [], endpoint: nil, channel: channel, purpose: purpose, caller: CallerID(caller))
        request.agency = agency
        request.campaign = try name("a campaign")
        request.subject = try name("a subject")
        request.product = try name("a product")
        request.brand = try name("a brand")
        request.party = Party(rawValue: try input.byte("a party")) ?? .unknown
        request.lineType = LineType(rawValue: try input.byte("a line type")) ?? .unknown
        request.method = ContactMethod(rawValue: try input.byte("a method"))
        request.exemption = RequestedExemption(rawValue: try input.byte("an exemption"))
        for _ in 0..<(try input.count(bytesEach: 1, "accounts")) {
            request.accounts.append(try name("an account"))
        }
        let isStated = try input.byte("whether zones were stated") == 1
        var zones: [ZoneKey] = []
        for _ in 0..<(try input.count(bytesEach: 4, "zones")) {
            let zone = ZoneKey(bits: try input.fixed32("a zone"))
            if !zones.contains(zone) { zones.append(zone) }
        }
        if isStated { request.whereabouts.statedZones = zones } else { request.whereabouts.addressZones = zones }
        for _ in 0..<(try input.count(bytesEach: 8, "places")) {
            guard let place = Jurisdiction(bits: try input.fixed64("a place")) else { throw input.invalid("a place") }
            if !request.whereabouts.addressJurisdictions.contains(place) {
                request.whereabouts.addressJurisdictions.append(place)
            }
        }
        guard let verdict = Verdict(rawValue: try input.byte("a verdict")),
            let basis = NextBasis(rawValue: try input.byte("a basis"))
        else { throw input.invalid("a verdict") }
        self.verdict = verdict
        nextBasis = basis
        let next = try input.zigzag("a next instant")
        nextAllowedAt = next == 0 ? nil : Timestamp(milliseconds: next)
        reasons = try Self.reasons(&input)
        shadow = try Self.reasons(&input)
        knowsEndpoint = version >= 2
        if version >= 2, flags & DecisionFlag.namesEndpoint != 0 {
            guard let kind = IdentifierKind(rawValue: try input.byte("an identifier's kind")) else {
                throw input.invalid("an identifier's kind")
            }
            let (high, low) = try input.fixed128("an endpoint")
            request.identifiers = [RequestIdentifier(hash: IdentifierHash(high: high, low: low), kind: kind)]
            request.endpoint = 0
        }
        if version >= 2, flags & DecisionFlag.repliesTo != 0 {
            let (high, low) = try input.fixed128("a message")
            request.inReplyTo = FactID(high: high, low: low)
        }
        if version >= 2, flags & DecisionFlag.confirms != 0 {
            confirmed = TouchID(bits: try input.fixed64("a touch"))
        }
        request.reserve = flags & DecisionFlag.reserves != 0
        request.names = names
        guard input.isAtEnd else { throw input.invalid("the end of a decision") }
    }

    private static func reasons(_ input: inout ByteReader) throws(DecodeError) -> [RecordedReason] {
        let count = try input.count(bytesEach: 5, "reasons")
        var reasons: [RecordedReason] = []
        reasons.reserveCapacity(count)
        for _ in 0..<count {
            let rule = try input.text("a rule")
            guard let code = ReasonCode(rawValue: try input.byte("a reason's code")) else {
                throw input.invalid("a reason's code")
            }
            let found = UInt32(truncatingIfNeeded: try input.varint("a count"))
            let limit = UInt32(truncatingIfNeeded: try input.varint("a limit"))
            let until = try input.zigzag("an end")
            reasons.append(
                RecordedReason(
                    rule: rule, code: code, count: found, limit: limit,
                    until: until == 0 ? nil : Timestamp(milliseconds: until)))
        }
        return reasons
    }
}

/// A reason as the ledger keeps it: by the rule's name, since policies change.
package struct RecordedReason: Hashable, Sendable {
    /// Empty for reasons that no rule gave.
    package var rule: String
    package var code: ReasonCode
    package var count: UInt32
    package var limit: UInt32
    package var until: Timestamp?

    package init(rule: String, code: ReasonCode, count: UInt32, limit: UInt32, until: Timestamp?) {
        self.rule = rule
        self.code = code
        self.count = count
        self.limit = limit
        self.until = until
    }

    package init(_ reason: Reason, _ policies: PolicySet) {
        self.init(
            rule: reason.rule.map { policies.rules[Int($0)].id } ?? "", code: reason.code, count: reason.count,
            limit: reason.limit, until: reason.until)
    }
}
