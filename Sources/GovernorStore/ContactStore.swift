public import GovernorCore

/// Where records live: one meaning for every store, whether embedded or shared.
///
/// A store knows records, not rules. Everything it does is `transact`.
public protocol ContactStore: Sendable {
    /// Stop 4 of 6: runs `body` over the records of `keys` (at most `RecordKey.countMax`) and stores its changes, all or
    /// none.
    ///
    /// `body` must be pure: it may run more than once, each time over newer records, and on any thread. It may ask for
    /// more records by returning `.widen`, and is then run again over all of them.
    /// `completion` is called exactly once; on the calling thread before this function returns when the records are at
    /// hand (a cached person in the embedded store), else later on a thread of the store's. An error says whether
    /// changes may have been stored.
    /// The changes are in force for every later `transact` once `completion` runs; whether they are durable too is what
    /// the ticket is for (`whenDurable`).
    func transact<Result: Sendable>(
        _ keys: [RecordKey],
        _ body: @escaping @Sendable (inout RecordSet) -> Step<Result>,
        completion: @escaping @Sendable (Swift.Result<Committed<Result>, StoreError>) -> Void
    )

    /// Calls `completion` once everything up to `ticket` is on disk, on any thread; at once if it already is.
    ///
    /// A store whose durability is not its own business (Redis) answers at once.
    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void)
}

/// What `transact` loads: the person behind an identifier, or a person by id.
public enum RecordKey: Hashable, Sendable {
    case identifier(IdentifierHash)
    case person(PersonID)

    /// Records of one transaction, at most.
    public static let countMax = 20
}

/// What `body` says after it ran.
public enum Step<Result: Sendable>: Sendable {
    /// Store the changes made to the set, if any, and answer this.
    case done(Result)
    /// Run again with these keys added; changes made so far are dropped.
    case widen([RecordKey])
}

/// What a transaction came to.
public struct Committed<Result: Sendable>: Sendable {
    public var result: Result
    /// Up to here the journal holds what the transaction wrote, or, when it wrote nothing, what it read.
    public var ticket: StoreTicket

    public init(result: Result, ticket: StoreTicket) {
        self.result = result
        self.ticket = ticket
    }
}

/// The position of a write in the store's journal; later writes are greater.
public struct StoreTicket: Hashable, Comparable, Sendable {
    public let sequence: UInt64
    public init(sequence: UInt64) { self.sequence = sequence }
    /// Before everything: already durable.
    public static let none = StoreTicket(sequence: 0)
    public static func < (a: StoreTicket, b: StoreTicket) -> Bool { a.sequence < b.sequence }
}

/// Why a store could not do it.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing was stored; try again later.
    case unavailable(String)
    /// The answer did not come in time.
    case timedOut(outcome: WriteOutcome)
    /// A bound was reached (queue, record, transaction); nothing was stored.
    case overloaded(String)
    /// What is stored cannot be read; nothing was changed.
    case damaged(String)

    public enum WriteOutcome: Hashable, Sendable {
        case notStored
        /// It may have been stored: a retry finds it.
        case unknown
    }

    public var description: String {
        switch self {
        case .unavailable(let why): "the store is not available: \(why)"
        case .timedOut(outcome: .notStored): "the store did not answer in time; nothing was stored"
        case .timedOut(outcome: .unknown): "the store did not answer in time; the change may have been stored"
        case .overloaded(let what): "the store is at a bound: \(what)"
        case .damaged(let what): "the store holds something that cannot be read: \(what)"
        }
    }
}
