package import GovernorCore
package import GovernorLedger
import GovernorRuntime

/// Which records of one or several ledgers to tell.
package struct AuditSelection: Sendable {
    /// Keyed hashes of one person's identifiers; empty: everybody.
    package var identifiers: Set<IdentifierHash> = []
    package var campaign: String?
    package var agency: String?
    /// `[from, to)`.
    package var from: Timestamp?
    package var to: Timestamp?

    package init() {}

    /// Gives every record that is meant to `body`, folder by folder, each in its order.
    ///
    /// Reads each ledger once, and twice when a person is asked for: who she is follows from all of them.
    /// - Parameter progress: told how many records have been read, of how many.
    /// - Returns: the ids of the persons who were asked for.
    package func forEach(
        in folders: [String], progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in },
        _ body: (AuditEvent) throws -> Void
    ) throws -> Set<PersonID> {
        let readers = folders.map { LedgerReader(dataDirectory: $0) }
        let files = try readers.map { try $0.files() }
        let total = files.reduce(UInt64(0)) { sum, list in
            sum + (list.last?.last ?? 0) - (list.first.map { $0.first - 1 } ?? 0)
        }
        let passes: UInt64 = identifiers.isEmpty ? 1 : 2
        var done: UInt64 = 0
        func read(_ each: (AuditRecord, NodeID) throws -> Void) throws {
            for (reader, files) in zip(readers, files) {
                guard let node = files.first?.node else { continue }
                try reader.replay(from: files[0].first) { record in
                    done += 1
                    if done % 4_096 == 0 { progress(done, total * passes) }
                    try each(AuditRecord(record), node)
                }
            }
        }
        var persons: Set<PersonID> = []
        if !identifiers.isEmpty { try read { record, _ in persons.formUnion(owners(in: record)) } }
        let wanted = identifiers.isEmpty ? nil : persons
        try read { record, node in
            guard isMeant(record, wanted) else { return }
            try body(AuditEvent(record, node: node, of: wanted))
        }
        progress(total * passes, total * passes)
        return persons
    }

    /// Whose record took one of the identifiers.
    private func owners(in record: AuditRecord) -> [PersonID] {
        record.changes.filter { item in
            item.changes.contains {
                if case .identifier(let known) = $0 { identifiers.contains(known.hash) } else { false }
            }
        }.map(\.person)
    }

    private func isMeant(_ record: AuditRecord, _ persons: Set<PersonID>?) -> Bool {
        if let from, record.at < from { return false }
        if let to, record.at >= to { return false }
        if let persons, !concerns(record, persons) { return false }
        if let campaign, !names(record, Name<CampaignKind>(campaign), \.campaign, \.campaign, \.campaigns) {
            return false
        }
        if let agency, !names(record, Name<AgencyKind>(agency), \.agency, \.agency, nil) { return false }
        return true
    }

    private func concerns(_ record: AuditRecord, _ persons: Set<PersonID>) -> Bool {
        if record.persons.contains(where: persons.contains) { return true }
        if record.changes.contains(where: { persons.contains($0.person) }) { return true }
        // Asked about before anybody knew her.
        switch record.content {
        case .decision(let decision), .confirmation(let decision):
            return decision.request.identifiers.contains { identifiers.contains($0.hash) }
        default: return false
        }
    }

    /// Whether the decision, a touch or a fact's scope of a record carries a name.
    private func names<Kind>(
        _ record: AuditRecord, _ name: Name<Kind>, _ ofRequest: KeyPath<ContactRequest, Name<Kind>>,
        _ ofTouch: KeyPath<Touch, Name<Kind>>, _ ofScope: KeyPath<FactScope, NameSet<Kind>>?
    ) -> Bool {
        switch record.content {
        case .decision(let decision), .confirmation(let decision):
            if decision.request[keyPath: ofRequest] == name { return true }
        default: break
        }
        return record.changes.contains { item in
            item.changes.contains { change in
                switch change {
                case .touch(let touch): touch[keyPath: ofTouch] == name
                case .fact(let fact):
                    ofScope.map { !fact.scope[keyPath: $0].isAny && fact.scope[keyPath: $0].contains(name) } ?? false
                default: false
                }
            }
        }
    }
}
