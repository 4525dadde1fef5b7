package import GovernorCore
package import GovernorLedger
package import GovernorRuntime

/// One record of a ledger, read as far as this version understands it.
package struct AuditRecord: Sendable {
    package enum Content: Sendable {
        case decision(DecisionRecord)
        /// A decision about a touch that was reserved before.
        case confirmation(DecisionRecord)
        case report(ReportRecord)
        case fact(FactEntryRecord)
        /// Changes that nobody asked for, such as old touches that were dropped.
        case housekeeping
        case summary(SummaryRecord)
        case erasure(ErasureNote)
        case erased
        /// Of a kind, or written in a way, that this version does not read.
        case other(String)
    }

    package var sequence: UInt64
    package var kind: LedgerKind
    package var at: Timestamp
    package var persons: [PersonID]
    package var content: Content
    package var changes: [RecordChanges] = []
    /// The texts of the changes' names.
    package var names = NameTable()

    package init(_ record: LedgerRecord) {
        sequence = record.sequence
        kind = record.kind
        at = record.at
        persons = record.persons
        content = .erased
        if record.isErased { return }
        do throws(DecodeError) {
            try read(record)
        } catch {
            content = .other("\(error)")
        }
    }

    private mutating func read(_ record: LedgerRecord) throws(DecodeError) {
        switch record.kind {
        case .erased: content = .erasure(try ErasureNote(decoding: record.body))
        case .policy, .key, .checkpoint, .other: content = .other("\(record.kind)")
        case .decision, .reservationChange, .fact, .link, .summary:
            let body = try JournalBody(decoding: record.body)
            changes = body.changes
            names = body.names
            content = try Self.content(record.kind, body.entry)
        }
    }

    private static func content(_ kind: LedgerKind, _ entry: [UInt8]) throws(DecodeError) -> Content {
        if entry.isEmpty { return .housekeeping }
        return try entry.withUnsafeBufferPointer { (buffer) throws(DecodeError) -> Content in
            let bytes = UnsafeRawBufferPointer(buffer)
            switch kind {
            case .decision: return .decision(try DecisionRecord(decoding: bytes))
            case .reservationChange:
                // A confirmation is a decision, whose bodies are of version 2.
                if bytes.first == 1, let report = try? ReportRecord(decoding: bytes) { return .report(report) }
                return .confirmation(try DecisionRecord(decoding: bytes))
            case .fact, .link: return .fact(try FactEntryRecord(decoding: bytes))
            case .summary: return .summary(try SummaryRecord(decoding: bytes))
            case .policy, .key, .erased, .checkpoint, .other: return .other("\(kind)")
            }
        }
    }
}

extension LedgerKind {
    /// As reports call it.
    package var word: String {
        switch self {
        case .decision: "decision"
        case .reservationChange: "reservation"
        case .fact: "fact"
        case .link: "link"
        case .summary: "summary"
        case .policy: "policy"
        case .key: "key"
        case .erased: "erased"
        case .checkpoint: "checkpoint"
        case .other: "other"
        }
    }
}
