public import GovernorCore

/// Where records live: one meaning for every store, whether embedded or shared.
///
/// A store knows records, not rules. Everything it does is `transact`.
public protocol ContactStore: Sendable {
    /// Stop 4 of 6: runs `transaction` over the records of `keys` (at most `RecordKey.countMax`) and stores its changes,
    /// all or none.
    ///
    /// `finished` is called exactly once; on the calling thread before this function returns when the records are at
    /// hand (a cached person in the embedded store), else later on a thread of the store's.
    /// The changes are in force for every later `transact` once it is called; whether they are durable too is what its
    /// ticket is for (`whenDurable`).
    func transact(_ keys: [RecordKey], _ transaction: any Transaction)

    /// Calls `completion` once everything up to `ticket` is on disk, on any thread; at once if it already is.
    ///
    /// A store whose durability is not its own business (Redis) answers at once.
    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void)
}

/// One decision, fact or report as a store runs it: one object from the question to the answer.
///
/// A store calls one method at a time, each after the one before has returned; so an object may keep what `run` found
/// for `finished` without a lock.
public protocol Transaction: AnyObject, Sendable {
    /// Reads the records and changes them; `nil` when that was all, or more keys, to be run again over all of them.
    ///
    /// Pure but for what it keeps for `finished`: it may run more than once, each time over newer records, and on any
    /// thread. A shared store runs it first over what the node remembers, or as if nobody were known by an identifier
    /// that it has not met; only a run over what turned out to be there counts.
    func run(_ set: inout RecordSet) -> [RecordKey]?

    /// The changes of the latest run are stored, or why nothing or perhaps nothing is. The ticket says up to where the
    /// journal holds what was written, or, when nothing was, what was read.
    func finished(_ result: Result<StoreTicket, StoreError>)
}

extension ContactStore {
    /// The same with closures, for everything that is not asked thousands of times a second.
    public func transact<Value: Sendable>(
        _ keys: [RecordKey],
        _ body: @escaping @Sendable (inout RecordSet) -> Step<Value>,
        completion: @escaping @Sendable (Result<Committed<Value>, StoreError>) -> Void
    ) {
        transact(keys, ClosureTransaction(body: body, completion: completion))
    }
}

/// A transaction made of two closures.
///
/// `value` needs no lock: a store calls one method at a time.
private final class ClosureTransaction<Value: Sendable>: Transaction, @unchecked Sendable {
    private let body: @Sendable (inout RecordSet) -> Step<Value>
    private let completion: @Sendable (Result<Committed<Value>, StoreError>) -> Void
    private var value: Value?

    init(
        body: @escaping @Sendable (inout RecordSet) -> Step<Value>,
        completion: @escaping @Sendable (Result<Committed<Value>, StoreError>) -> Void
    ) {
        self.body = body
        self.completion = completion
    }

    func run(_ set: inout RecordSet) -> [RecordKey]? {
        switch body(&set) {
        case .done(let value):
            self.value = value
            return nil
        case .widen(let more): return more
        }
    }

    func finished(_ result: Result<StoreTicket, StoreError>) {
        switch result {
        case .failure(let error): completion(.failure(error))
        case .success(let ticket):
            guard let value else { preconditionFailure("a store finished a transaction that it never ran") }
            completion(.success(Committed(result: value, ticket: ticket)))
        }
    }
}

/// What `transact` loads: the person behind an identifier, a person by id, or what a campaign guard counts.
public enum RecordKey: Hashable, Sendable {
    case identifier(IdentifierHash)
    case person(PersonID)
    indirect case counter(CounterKey)

    /// Records of one transaction, at most: a contact's 17 identifiers, the other records of a merged person, counters.
    public static let countMax = 32
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
