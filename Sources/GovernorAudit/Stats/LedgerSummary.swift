package import GovernorCore
package import GovernorLedger
import GovernorRuntime

/// What a ledger holds, in numbers.
package struct LedgerSummary: Sendable {
    package struct Kind: Hashable, Sendable {
        package var count: UInt64 = 0
        /// Of bodies, without what the file needs for itself.
        package var bytes: UInt64 = 0
        package var erased: UInt64 = 0
    }

    /// Decisions of one verdict.
    package struct Verdicts: Hashable, Sendable {
        /// They asked for a reservation.
        package var reserving: UInt64 = 0
        /// They only asked.
        package var checks: UInt64 = 0
        package var confirmations: UInt64 = 0
        /// Checks that are on record as sums alone.
        package var summed: UInt64 = 0

        package var total: UInt64 { reserving + checks + confirmations + summed }
    }

    package private(set) var files: [LedgerFileInfo] = []
    package private(set) var kinds: [LedgerKind: Kind] = [:]
    package private(set) var allowed = Verdicts()
    package private(set) var denied = Verdicts()
    /// Summed-up checks of which not even the verdict is known.
    package private(set) var unknownChecks: UInt64 = 0
    /// Facts by what they say: `opt_out`, `consent`, …
    package private(set) var facts: [String: UInt64] = [:]
    package private(set) var outcomes: [String: UInt64] = [:]
    /// Records that this version does not read.
    package private(set) var unreadable: UInt64 = 0
    /// The earliest and the latest instant of a record.
    package private(set) var period: ClosedRange<Timestamp>?

    package var recordCount: UInt64 { kinds.values.reduce(0) { $0 + $1.count } }

    /// Reads the ledger of a data folder, also while a server writes it, and writes nothing.
    /// - Parameter progress: called every few thousand records with their number so far.
    package init(dataDirectory: String, progress: (UInt64) -> Void = { _ in }) throws {
        let reader = LedgerReader(dataDirectory: dataDirectory)
        files = try reader.files()
        var count: UInt64 = 0
        try reader.replay(from: files.first?.first ?? 1) { record in
            count += 1
            if count % 8_192 == 0 { progress(count) }
            add(record)
        }
        progress(count)
    }

    private mutating func add(_ record: LedgerRecord) {
        var kind = kinds[record.kind] ?? Kind()
        kind.count += 1
        kind.bytes += UInt64(record.body.count)
        if record.isErased { kind.erased += 1 }
        kinds[record.kind] = kind
        period = min(period?.lowerBound ?? record.at, record.at)...max(period?.upperBound ?? record.at, record.at)
        switch AuditRecord(record).content {
        case .decision(let decision):
            count(decision.verdict, decision.request.reserve ? \.reserving : \.checks, 1)
        case .confirmation(let decision): count(decision.verdict, \.confirmations, 1)
        case .report(let report):
            if !report.outcome.isEmpty { outcomes[report.outcome, default: 0] += 1 }
        case .fact(let fact): facts[fact.kind, default: 0] += 1
        case .summary(let summary):
            unknownChecks += summary.others
            for item in summary.items { count(item.verdict, \.summed, item.count) }
        case .other: if record.kind.isReadable { unreadable += 1 }
        case .housekeeping, .erasure, .erased: break
        }
    }

    private mutating func count(_ verdict: Verdict, _ path: WritableKeyPath<Verdicts, UInt64>, _ number: UInt64) {
        switch verdict {
        case .allow: allowed[keyPath: path] += number
        case .deny: denied[keyPath: path] += number
        }
    }
}

extension LedgerKind {
    /// Whether a report knows what such a body says.
    fileprivate var isReadable: Bool {
        switch self {
        case .decision, .reservationChange, .fact, .link, .summary, .erased: true
        case .policy, .key, .checkpoint, .other: false
        }
    }
}
