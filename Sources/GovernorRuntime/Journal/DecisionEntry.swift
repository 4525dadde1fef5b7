import GovernorCore
import GovernorStore

/// Version of the bodies of facts, outcomes and summaries; the first byte of each.
let journalBodyVersion: UInt8 = 1
/// Version of the bodies of decisions: since 2 with the endpoint and what else a replay needs.
let decisionBodyVersion: UInt8 = 2

/// Bits of a decision's flags.
package enum DecisionFlag {
    package static let reserves: UInt8 = 1
    package static let isHypothetical: UInt8 = 2
    package static let isIdentityConflict: UInt8 = 4
    package static let namesEndpoint: UInt8 = 8
    package static let repliesTo: UInt8 = 16
    /// A confirmation, of the touch that is named.
    package static let confirms: UInt8 = 32
}

extension Governor {
    /// What the ledger keeps of a decision: everything that a replay needs, in names and hashes only.
    ///
    /// Layout (docs/ledger-format.md, "Decisions"): version, decision id, flags, instant, policy revision, caller,
    /// agency and the request's names as texts, party, line type, method, candidate zones, jurisdictions, accounts,
    /// then verdict, next instant and basis, the reasons, and by the flags the endpoint, the message replied to, and the
    /// touch that was confirmed.
    func journalEntry(
        of decision: Decision, _ plan: Plan, id: DecisionID, kind: JournalKind = .decision, confirming: TouchID? = nil
    ) -> JournalEntry {
        let request = plan.request
        var out = ByteWriter(capacity: 192)
        out.byte(decisionBodyVersion)
        out.fixed128(high: id.high, low: id.low)
        let endpoint = request.endpoint.map { request.identifiers[$0] }
        var flags: UInt8 = 0
        if request.reserve { flags |= DecisionFlag.reserves }
        if plan.isHypothetical { flags |= DecisionFlag.isHypothetical }
        if decision.isIdentityConflict { flags |= DecisionFlag.isIdentityConflict }
        if endpoint != nil { flags |= DecisionFlag.namesEndpoint }
        if request.inReplyTo != nil { flags |= DecisionFlag.repliesTo }
        if confirming != nil { flags |= DecisionFlag.confirms }
        out.byte(flags)
        out.zigzag(decision.evaluatedAt.milliseconds)
        out.text(plan.policies.revision)
        out.name(request.caller.name, request.names)
        out.name(request.agency, request.names)
        out.name(request.channel, request.names)
        out.name(request.purpose, request.names)
        out.name(request.campaign, request.names)
        out.name(request.subject, request.names)
        out.name(request.product, request.names)
        out.name(request.brand, request.names)
        out.byte(request.party.rawValue)
        out.byte(request.lineType.rawValue)
        out.byte(request.method?.rawValue ?? 0)
        out.byte(request.exemption?.rawValue ?? 0)
        out.varint(request.accounts.count)
        for account in request.accounts { out.name(account, request.names) }
        let zones =
            request.whereabouts.statedZones.isEmpty
            ? request.whereabouts.addressZones + request.identifiers.flatMap(\.zones) : request.whereabouts.statedZones
        out.byte(request.whereabouts.statedZones.isEmpty ? 0 : 1)
        out.varint(zones.count)
        for zone in zones { out.fixed32(zone.bits) }
        let places = request.whereabouts.addressJurisdictions + request.identifiers.flatMap(\.jurisdictions)
        out.varint(places.count)
        for place in places { out.fixed64(place.bits) }
        out.byte(decision.verdict.rawValue)
        out.byte(decision.nextBasis.rawValue)
        out.zigzag(decision.nextAllowedAt?.milliseconds ?? 0)
        out.varint(decision.reasons.count)
        for reason in decision.reasons { out.reason(reason, plan.policies) }
        out.varint(decision.shadow.count)
        for reason in decision.shadow { out.reason(reason, plan.policies) }
        if let endpoint {
            out.byte(endpoint.kind.rawValue)
            out.fixed128(high: endpoint.hash.high, low: endpoint.hash.low)
        }
        if let inReplyTo = request.inReplyTo { out.fixed128(high: inReplyTo.high, low: inReplyTo.low) }
        if let confirming { out.fixed64(confirming.bits) }
        return JournalEntry(
            kind: kind, at: decision.evaluatedAt, body: out.bytes,
            isAdvisory: decision.verdict == .deny || !request.reserve)
    }

    /// What the ledger keeps of an outcome or a release, besides the touch itself.
    func journalEntry(
        ofOutcome touch: Touch, names: NameTable, policies: PolicySet, at now: Timestamp, isCorrection: Bool
    ) -> JournalEntry {
        var out = ByteWriter(capacity: 64)
        out.byte(journalBodyVersion)
        out.byte(touch.state.rawValue)
        out.byte(isCorrection ? 1 : 0)
        out.fixed64(touch.id.bits)
        out.text(policies.revision)
        out.name(touch.caller.name, names)
        out.name(touch.outcome, names)
        return JournalEntry(kind: .reservation, at: now, body: out.bytes)
    }

    /// What the ledger keeps of a fact besides the fact itself: who told it, and the evidence in full.
    func journalEntry(
        ofFact kind: String, caller: String, evidence: String?, at now: Timestamp, kind journal: JournalKind = .fact
    ) -> JournalEntry {
        var out = ByteWriter(capacity: 64 + (evidence?.utf8.count ?? 0))
        out.byte(journalBodyVersion)
        out.text(kind)
        out.text(caller)
        out.text(evidence ?? "")
        return JournalEntry(kind: journal, at: now, body: out.bytes)
    }
}

extension ByteWriter {
    mutating func name<Kind>(_ name: Name<Kind>, _ names: NameTable) { text(names.text(name) ?? "") }

    mutating func reason(_ reason: Reason, _ policies: PolicySet) {
        text(reason.rule.map { policies.rules[Int($0)].id } ?? "")
        byte(reason.code.rawValue)
        varint(UInt64(reason.count))
        varint(UInt64(reason.limit))
        zigzag(reason.until?.milliseconds ?? 0)
    }
}
