package import GovernorCore
package import GovernorLedger
import GovernorStore

/// Lets the contents of old records go, after what is still in force of them is on record once more.
package struct LedgerPruning: Sendable {
    /// What is to go, and what that takes.
    package struct Plan: Sendable {
        package struct Count: Hashable, Sendable {
            package var records: UInt64 = 0
            package var bytes: UInt64 = 0
        }

        /// By kind, of contents that go.
        package fileprivate(set) var counts: [LedgerKind: Count] = [:]
        /// Files that go whole.
        package fileprivate(set) var files: [LedgerFileInfo] = []
        /// Persons who are told of there, and who are put on record again.
        package var personCount: Int { needed.persons.count }
        fileprivate var sequences: [UInt64] = []
        fileprivate var needed = NeededRecords()
        /// Where the first file begins that stays.
        fileprivate var firstKept: UInt64 = 1

        package var recordCount: Int { sequences.count }
    }

    private let governor: Governor
    private let ledger: Ledger
    /// Per kind: what happened before this instant goes; a kind that is not named stays.
    private let limits: [LedgerKind: Timestamp]

    private let settle: @Sendable () throws -> Void

    /// - Parameter settle: returns when the store's files need nothing more of what the ledger has on disk.
    package init(
        governor: Governor, ledger: Ledger, limits: [LedgerKind: Timestamp],
        settle: @escaping @Sendable () throws -> Void
    ) {
        self.governor = governor
        self.ledger = ledger
        self.limits = limits
        self.settle = settle
    }

    /// Reads the whole ledger. Blocks.
    /// - Parameter progress: told how many records have been read since the last time.
    package func plan(progress: (Int) -> Void = { _ in }) throws -> Plan {
        let files = try ledger.reader.files()
        var plan = Plan()
        var file = 0
        /// Whether everything in the present file may go, and in all before it.
        var isWhole = true
        var read = 0
        func finish(_ info: LedgerFileInfo) {
            guard isWhole, !info.isNewest else { return }
            plan.files.append(info)
            plan.firstKept = info.last + 1
        }
        try ledger.replay { record in
            while file < files.count - 1, record.sequence > files[file].last {
                finish(files[file])
                file += 1
            }
            read += 1
            if read % 4_096 == 0 { progress(4_096) }
            if record.isErased { return }
            guard let limit = limits[record.kind], record.at < limit else {
                // Notes of erasures are about records in this file or earlier ones.
                if record.kind != .erased { isWhole = false }
                return
            }
            plan.counts[record.kind, default: Plan.Count()].records += 1
            plan.counts[record.kind, default: Plan.Count()].bytes += UInt64(record.body.count)
            plan.sequences.append(record.sequence)
            if record.kind.isAboutPeople { plan.needed.add(try JournalBody(decoding: record.body), except: []) }
        }
        return plan
    }

    /// Does what was planned: what is needed goes on record first, then files go, then contents. Blocks.
    /// - Parameter progress: told how many steps of `plan.steps` are done since the last time.
    package func apply(_ plan: Plan, progress: (Int) -> Void = { _ in }) throws {
        try governor.restate(plan.needed, progress: progress)
        try settle()
        try ledger.removeFiles(before: plan.firstKept)
        try ledger.erase(
            plan.sequences.filter { $0 >= plan.firstKept }, because: .retention, at: governor.clock.now(),
            progress: progress)
    }
}

extension LedgerPruning.Plan {
    /// What `apply` counts.
    package var steps: Int { needed.persons.count + needed.counters.count + sequences.count }
}
