import GovernorCore
import GovernorLedger
import GovernorRuntime

/// What a search of the ledger asks for; what is `nil` or empty admits everything.
struct LedgerQuery: Sendable {
    /// Of a decision, a fact or a person.
    var id: String = ""
    var persons: [PersonID] = []
    /// Her numbers and addresses: a denial tells of nobody but the one it was asked about.
    var endpoints: Set<IdentifierHash> = []
    var campaign = ""
    var agency = ""
    var rule = ""
    var verdict: Verdict?
    /// Only these kinds of record; empty: decisions, changes of reservations and facts.
    var kinds: Set<LedgerKind> = []
    var since: Timestamp?
    var until: Timestamp?
    /// Records before this one.
    var before: UInt64?

    /// Asks for decisions by what only they have.
    var isAboutDecisions: Bool { !campaign.isEmpty || !agency.isEmpty || !rule.isEmpty || verdict != nil }
}

/// A record that a search found, decoded.
struct LedgerHit: Sendable {
    enum Content: Sendable {
        case decision(DecisionRecord)
        case fact(FactEntryRecord)
        case other
        case erased
    }

    var sequence: UInt64
    var kind: LedgerKind
    var at: Timestamp
    var persons: [PersonID]
    var content: Content
    /// What it changed, and the texts of its names.
    var changes: [Change] = []
    var names = NameTable()
}

/// What a search found, newest first.
struct LedgerFindings: Sendable {
    var hits: [LedgerHit] = []
    /// The oldest record that was read, and when it was written; `nil` for an empty ledger.
    var oldest: (sequence: UInt64, at: Timestamp)?
    /// Nothing older is left.
    var isWhole = false
}

/// Searches the ledger backwards, piece by piece, also while it is being written.
struct LedgerSearch: Sendable {
    let reader: LedgerReader
    /// Records that are read, at most.
    let recordsMax: Int

    static let hitsMax = 50
    private static let piece: UInt64 = 16_384

    private struct Stop: Error {}

    init(dataDirectory: String, recordsMax: Int) {
        reader = LedgerReader(dataDirectory: dataDirectory)
        self.recordsMax = recordsMax
    }

    /// Blocks while it reads.
    func find(_ query: LedgerQuery, hitsMax: Int = LedgerSearch.hitsMax) throws -> LedgerFindings {
        var findings = LedgerFindings()
        var upper = try reader.newestSequence()
        if let before = query.before { upper = min(upper, before &- 1) }
        var budget = recordsMax
        while upper > 0, budget > 0, findings.hits.count < hitsMax {
            let lower = upper >= Self.piece ? upper - Self.piece + 1 : 1
            var found: [LedgerHit] = []
            var oldest: (UInt64, Timestamp)?
            try read(lower...upper) { record in
                if oldest == nil { oldest = (record.sequence, record.at) }
                budget -= 1
                if let hit = hit(record, query) { found.append(hit) }
            }
            findings.oldest = oldest ?? findings.oldest
            findings.hits += found.reversed()
            if let oldest, let since = query.since, oldest.1 < since { findings.isWhole = true }
            if lower == 1 { findings.isWhole = true }
            upper = lower - 1
            if findings.isWhole { break }
        }
        if findings.hits.count > hitsMax {
            findings.hits.removeSubrange(hitsMax...)
            findings.isWhole = false
            findings.oldest = findings.hits.last.map { ($0.sequence, $0.at) }
        }
        return findings
    }

    /// One record by its number.
    func record(_ sequence: UInt64) throws -> LedgerHit? {
        guard sequence > 0, sequence <= (try reader.newestSequence()) else { return nil }
        var hit: LedgerHit?
        try read(sequence...sequence) { hit = Self.decoded($0) }
        return hit?.sequence == sequence ? hit : nil
    }

    /// Gives every record of the newest `recordsMax` to `body`, oldest first; gives the first one's number.
    func readNewest(_ body: (LedgerRecord) throws -> Void) throws -> UInt64 {
        let newest = try reader.newestSequence()
        let first = newest > UInt64(recordsMax) ? newest - UInt64(recordsMax) + 1 : 1
        if newest > 0 { try reader.replay(from: first, body) }
        return first
    }

    private func read(_ range: ClosedRange<UInt64>, _ body: (LedgerRecord) throws -> Void) throws {
        do {
            try reader.replay(from: range.lowerBound) { record in
                if record.sequence > range.upperBound { throw Stop() }
                try body(record)
                if record.sequence == range.upperBound { throw Stop() }
            }
        } catch is Stop {}
    }

    private func hit(_ record: LedgerRecord, _ query: LedgerQuery) -> LedgerHit? {
        if let since = query.since, record.at < since { return nil }
        if let until = query.until, record.at >= until { return nil }
        if query.kinds.isEmpty {
            guard [.decision, .fact, .reservationChange, .link].contains(record.kind) else { return nil }
        } else if !query.kinds.contains(record.kind) {
            return nil
        }
        if query.isAboutDecisions, record.kind != .decision { return nil }
        let hit = Self.decoded(record)
        return admits(hit, query) ? hit : nil
    }

    private func admits(_ hit: LedgerHit, _ query: LedgerQuery) -> Bool {
        if !query.persons.isEmpty, !hit.persons.contains(where: { query.persons.contains($0) }), !isAsked(hit, query) {
            return false
        }
        if !query.id.isEmpty {
            let isPerson = hit.persons.contains { $0.hexadecimal == query.id }
            let isFact = hit.changes.contains {
                if case .fact(let fact) = $0 { fact.id.hexadecimal == query.id } else { false }
            }
            let isDecision =
                if case .decision(let decision) = hit.content { decision.id.hexadecimal == query.id } else { false }
            guard isPerson || isFact || isDecision || isAsked(hit, query) else { return false }
        }
        guard query.isAboutDecisions else { return true }
        guard case .decision(let decision) = hit.content else { return false }
        let names = decision.request.names
        if let verdict = query.verdict, decision.verdict != verdict { return false }
        if !query.campaign.isEmpty, names.text(decision.request.campaign) != query.campaign { return false }
        if !query.agency.isEmpty, names.text(decision.request.agency) != query.agency { return false }
        if !query.rule.isEmpty {
            return (decision.reasons + decision.shadow).contains {
                $0.rule == query.rule || $0.rule.hasSuffix("/" + query.rule)
            }
        }
        return true
    }

    /// Whether a decision was asked about one of the endpoints.
    private func isAsked(_ hit: LedgerHit, _ query: LedgerQuery) -> Bool {
        guard !query.endpoints.isEmpty, case .decision(let decision) = hit.content else { return false }
        return decision.request.identifiers.contains { query.endpoints.contains($0.hash) }
    }

    /// A record that cannot be decoded is shown as what it is: a record.
    static func decoded(_ record: LedgerRecord) -> LedgerHit {
        var hit = LedgerHit(
            sequence: record.sequence, kind: record.kind, at: record.at, persons: record.persons,
            content: record.isErased ? .erased : .other)
        guard !record.isErased, let body = try? JournalBody(decoding: record.body) else { return hit }
        hit.changes = body.changes.flatMap(\.changes)
        hit.names = body.names
        body.entry.withUnsafeBytes { bytes in
            guard !bytes.isEmpty else { return }
            switch record.kind {
            case .decision: if let decision = try? DecisionRecord(decoding: bytes) { hit.content = .decision(decision) }
            case .fact, .link: if let fact = try? FactEntryRecord(decoding: bytes) { hit.content = .fact(fact) }
            case .reservationChange, .summary, .policy, .key, .erased, .checkpoint, .other:
                if let decision = try? DecisionRecord(decoding: bytes) { hit.content = .decision(decision) }
            }
        }
        return hit
    }
}
