package import GovernorCore
package import GovernorLedger
package import GovernorRuntime

/// One record of a ledger in words that programs and people read; what does not apply is left out.
package struct AuditEvent: Encodable, Sendable {
    package struct Reason: Encodable, Hashable, Sendable {
        package var rule: String?
        package var code: String
        package var count: UInt32
        package var limit: UInt32
        package var until: String?
    }

    package struct Identifier: Encodable, Hashable, Sendable {
        package var kind: String
        /// The first eight hexadecimal digits of its keyed hash.
        package var hash: String
        package var namespace: String?
        package var shared: Bool
        package var household: Bool
        package var source: String?
    }

    package struct TouchText: Encodable, Hashable, Sendable {
        package var id: String
        package var at: String
        package var state: String
        package var direction: String
        package var channel: String?
        package var purpose: String?
        package var campaign: String?
        package var subject: String?
        package var product: String?
        package var brand: String?
        package var agency: String?
        package var method: String?
        package var endpoint: String?
        package var outcome: String?
        package var outcome_at: String?
        package var expires_at: String?
        package var source: String?
    }

    package struct FactText: Encodable, Hashable, Sendable {
        package var kind: String
        package var at: String
        package var received_at: String
        package var source: String?
        package var caller: String?
        /// Dimensions that are limited, by their name.
        package var scope: [String: [String]]
        package var reach: String?
        package var endpoints: [String]
        package var name: String?
        package var product: String?
        package var family: String?
        package var status: String?
        package var from: String?
        package var to: String?
        package var grace_until: String?
        package var until: String?
    }

    package var node: String
    package var sequence: UInt64
    package var at: String
    /// `decision`, `confirmation`, `report`, `fact`, `housekeeping`, `summary`, `erasure`, `erased` or `other`.
    package var kind: String
    package var persons: [String]
    package var decision_id: String?
    package var verdict: String?
    package var reserve: Bool?
    package var hypothetical: Bool?
    package var identity_conflict: Bool?
    package var policy_revision: String?
    package var caller: String?
    package var agency: String?
    package var channel: String?
    package var purpose: String?
    package var campaign: String?
    package var subject: String?
    package var product: String?
    package var brand: String?
    package var accounts: [String]?
    package var method: String?
    package var line_type: String?
    package var jurisdictions: [String]?
    package var endpoint: String?
    package var reasons: [Reason]?
    package var shadow: [Reason]?
    package var next_allowed_at: String?
    package var next_basis: String?
    package var touch: String?
    package var state: String?
    package var outcome: String?
    package var correction: Bool?
    package var fact: String?
    package var evidence: String?
    package var records: [UInt64]?
    package var note: String?
    package var identifiers: [Identifier]?
    package var touches: [TouchText]?
    package var facts: [FactText]?

    package let instant: Timestamp

    private enum CodingKeys: String, CodingKey {
        case node, sequence, at, kind, persons, decision_id, verdict, reserve, hypothetical, identity_conflict
        case policy_revision, caller, agency, channel, purpose, campaign, subject, product, brand, accounts, method
        case line_type, jurisdictions, endpoint, reasons, shadow, next_allowed_at, next_basis, touch, state, outcome
        case correction, fact, evidence, records, note, identifiers, touches, facts
    }

    /// - Parameter persons: whose changes to tell; nil for everybody's.
    package init(_ record: AuditRecord, node: NodeID, of persons: Set<PersonID>? = nil) {
        self.node = node.description
        sequence = record.sequence
        at = record.at.description
        instant = record.at
        self.persons = record.persons.map(\.hexadecimal)
        kind = "other"
        switch record.content {
        case .decision(let decision):
            kind = "decision"
            tell(decision)
        case .confirmation(let decision):
            kind = "confirmation"
            tell(decision)
        case .report(let report):
            kind = "report"
            touch = report.touch.text
            state = report.state.word
            outcome = report.outcome.isEmpty ? nil : report.outcome
            correction = report.isCorrection ? true : nil
            caller = report.caller.isEmpty ? nil : report.caller
            policy_revision = report.revision
        case .fact(let entry):
            kind = "fact"
            fact = entry.kind
            caller = entry.caller
            evidence = entry.evidence
        case .housekeeping: kind = "housekeeping"
        case .summary(let summary):
            kind = "summary"
            let checks = summary.items.reduce(summary.others) { $0 + $1.count }
            note = "\(checks) checks that are on record as sums"
        case .erasure(let erasure):
            kind = "erasure"
            records = erasure.sequences
            note = erasure.reason == .request ? "on request" : "by retention"
        case .erased: kind = "erased"
        case .other(let what): note = what
        }
        tell(record.changes, record.names, persons)
    }

    private mutating func tell(_ decision: DecisionRecord) {
        let request = decision.request
        let names = request.names
        decision_id = decision.id.hexadecimal
        verdict = decision.verdict == .allow ? "allow" : "deny"
        reserve = request.reserve
        hypothetical = decision.isHypothetical ? true : nil
        identity_conflict = decision.flags & DecisionFlag.isIdentityConflict != 0 ? true : nil
        policy_revision = decision.revision
        caller = names.text(request.caller.name)
        agency = names.text(request.agency)
        channel = names.text(request.channel)
        purpose = names.text(request.purpose)
        campaign = names.text(request.campaign)
        subject = names.text(request.subject)
        product = names.text(request.product)
        brand = names.text(request.brand)
        accounts = request.accounts.isEmpty ? nil : request.accounts.compactMap { names.text($0) }
        method = request.method?.word
        line_type = request.lineType == .unknown ? nil : request.lineType.name
        let places = request.whereabouts.addressJurisdictions.filter { !$0.isUnknown }.map(\.description)
        jurisdictions = places.isEmpty ? nil : places
        endpoint = request.identifiers.first?.hash.short
        reasons = decision.reasons.map(Reason.init)
        shadow = decision.shadow.isEmpty ? nil : decision.shadow.map(Reason.init)
        next_allowed_at = decision.nextAllowedAt?.description
        next_basis = decision.verdict == .deny ? decision.nextBasis.name : nil
        touch = decision.confirmed?.text
    }

    private mutating func tell(_ changes: [RecordChanges], _ names: NameTable, _ persons: Set<PersonID>?) {
        var identifiers: [Identifier] = []
        var touches: [TouchText] = []
        var facts: [FactText] = []
        for item in changes where persons.map({ $0.contains(item.person) }) ?? true {
            for change in item.changes {
                switch change {
                case .identifier(let known):
                    let text = Identifier(known, names)
                    if !identifiers.contains(text) { identifiers.append(text) }
                case .touch(let touch):
                    let text = TouchText(touch, names)
                    if !touches.contains(text) { touches.append(text) }
                case .fact(let fact):
                    let text = FactText(fact, names)
                    if !facts.contains(text) { facts.append(text) }
                default: break
                }
            }
        }
        self.identifiers = identifiers.isEmpty ? nil : identifiers
        self.touches = touches.isEmpty ? nil : touches
        self.facts = facts.isEmpty ? nil : facts
    }
}

extension AuditEvent.Reason {
    package init(_ reason: RecordedReason) {
        rule = reason.rule.isEmpty ? nil : reason.rule
        code = reason.code.name
        count = reason.count
        limit = reason.limit
        until = reason.until?.description
    }
}

extension AuditEvent.Identifier {
    package init(_ known: KnownIdentifier, _ names: NameTable) {
        kind =
            switch known.kind {
            case .phone: "phone"
            case .email: "email"
            case .key: "key"
            }
        hash = known.hash.short
        namespace = names.text(known.namespace)
        shared = known.isShared
        household = known.isHousehold
        source = names.text(known.source)
    }
}

extension AuditEvent.TouchText {
    package init(_ touch: Touch, _ names: NameTable) {
        id = touch.id.text
        at = touch.at.description
        state = touch.state.word
        direction = touch.direction == .inbound ? "inbound" : "outbound"
        channel = names.text(touch.channel)
        purpose = names.text(touch.purpose)
        campaign = names.text(touch.campaign)
        subject = names.text(touch.subject)
        product = names.text(touch.product)
        brand = names.text(touch.brand)
        agency = names.text(touch.agency)
        method = touch.method?.word
        endpoint = touch.endpoint?.short
        outcome = names.text(touch.outcome)
        outcome_at = touch.outcome.isNone ? nil : touch.outcomeAt.description
        expires_at = touch.state == .reserved ? touch.expiresAt.description : nil
        source = names.text(touch.source)
    }
}

extension AuditEvent.FactText {
    package init(_ fact: Fact, _ names: NameTable) {
        at = fact.at.description
        received_at = fact.receivedAt.description
        source = names.text(fact.source)
        caller = names.text(fact.caller.name)
        endpoints = []
        scope = [:]
        kind = "other"
        func limit<Kind>(_ name: String, _ set: NameSet<Kind>) -> (String, [String])? {
            set.isAny ? nil : (name, set.names.map { names.text($0) ?? "unknown" })
        }
        let limits = [
            limit("channels", fact.scope.channels), limit("purposes", fact.scope.purposes),
            limit("brands", fact.scope.brands), limit("products", fact.scope.products),
            limit("families", fact.scope.families), limit("campaigns", fact.scope.campaigns),
            limit("subjects", fact.scope.subjects), limit("accounts", fact.scope.accounts),
        ]
        for case .some((let name, let values)) in limits { scope[name] = values }
        switch fact.body {
        case .optOut(let reach, let list):
            kind = "opt_out"
            self.reach = reach == .person ? "person" : "endpoint"
            endpoints = list.map(\.short)
        case .optIn(let reach, let list):
            kind = "opt_in"
            self.reach = reach == .person ? "person" : "endpoint"
            endpoints = list.map(\.short)
        case .consent(let consent, let list, let end):
            kind = "consent"
            name = names.text(consent)
            endpoints = list.map(\.short)
            until = end?.description
        case .withdrawal(let consent):
            kind = "withdrawal"
            name = names.text(consent)
        case .holding(let holding):
            kind = "holding"
            product = names.text(holding.product)
            family = names.text(holding.family)
            status = holding.status.word
            from = holding.from?.description
            to = holding.to?.description
            grace_until = holding.graceUntil?.description
        case .event(let event, let list):
            kind = "event"
            name = names.text(event)
            endpoints = list.map(\.short)
        case .appointment(let start, let end):
            kind = "appointment"
            from = start.description
            to = end.description
        case .quietTime(_, let end):
            kind = "quiet_time"
            until = end?.description
        }
    }
}
