public import GovernorCore
public import GovernorStore

/// Where a node puts on record what its transactions came to: the ledger.
///
/// Redis keeps the records; what was decided is kept by each node.
public protocol StoreJournal: Sendable {
    /// What Redis knows this journal's node by; `nil`: it keeps nothing, so that nothing can be replayed.
    var node: String? { get }

    /// The place of the newest entry on disk; 0: there is none.
    var newestSequence: UInt64 { get }

    /// Gives the entries on disk that changed something to `body`, in order: those of the last `length` before the
    /// newest, or all. Blocks.
    /// - Throws: when it cannot be read, or what `body` throws.
    func replay(lasting length: Milliseconds?, _ body: (JournalBody) throws -> Void) throws

    /// Why nothing can be put on record; `nil` when it can. Asked before anything is stored.
    var trouble: String? { get }

    /// Puts one entry on record and returns its place at once.
    /// - Throws: `.overloaded` or `.unavailable`; nothing was taken then.
    func append(_ entry: StoreJournalEntry) throws(StoreError) -> StoreTicket

    /// Calls `completion` once everything up to `ticket` is on disk.
    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void)
}

/// A journal that nothing can be read back from.
extension StoreJournal {
    public var node: String? { nil }
    public var newestSequence: UInt64 { 0 }
    public func replay(lasting length: Milliseconds?, _ body: (JournalBody) throws -> Void) throws {}
}

/// What one transaction puts on record.
public struct StoreJournalEntry: Sendable {
    /// `nil` for changes without an entry of their own (housekeeping).
    public var kind: JournalKind?
    public var at: Timestamp
    /// Everybody concerned.
    public var persons: [PersonID]
    /// A `JournalBody`.
    public var body: [UInt8]
    public var isAdvisory: Bool
    /// The answer waits until it is on disk.
    public var isAwaited: Bool
}

/// Which answers wait for their entry to be on disk.
public enum JournalSync: String, Sendable, CaseIterable {
    /// Facts and links, an opt-out above all; an allowed contact's entry is queued.
    case facts
    /// Allowed contacts and reports too.
    case all
}

extension StoreJournalEntry {
    /// The entry of a transaction that ran over `set`; `nil` when it has nothing to record.
    init?(_ set: RecordSet, counted: [CounterState], sync: JournalSync) {
        if !set.isChanged && set.journal == nil { return nil }
        kind = set.journal?.kind
        at = set.journal?.at ?? set.changedAt
        persons = set.records.map(\.id)
        body = JournalBody.encoded(
            entry: set.journal?.body ?? [], changedAt: set.changedAt, changes: set.changes, counters: counted
        ) { i in
            let person = set.changes[i].person
            return set.records.first { $0.id == person }?.names ?? NameTable()
        }
        isAdvisory = set.journal?.isAdvisory ?? false
        isAwaited =
            switch kind {
            case .fact, .link, nil: true
            case .decision, .reservation: sync == .all
            case .summary: false
            }
    }
}

/// For a store without a ledger beside it: takes everything and keeps nothing.
public struct NoJournal: StoreJournal {
    public init() {}
    public var trouble: String? { nil }
    public func append(_ entry: StoreJournalEntry) -> StoreTicket { StoreTicket(sequence: 1) }
    public func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
    ) {
        completion(.success(()))
    }
}
