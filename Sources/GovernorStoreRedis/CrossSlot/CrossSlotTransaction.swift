import GovernorCore

/// A change of several keys that no single command can change together, all or none: the protocol alone, without I/O.
///
/// Every write replaces one cell on condition that its version is still the one that was read, and hands back the newer
/// cell when it is not. The transaction puts a tentative entry into each of its cells in key order; the first, its
/// anchor, then turns from tentative to committed in one write, which is the instant of the whole transaction; the other
/// cells are cleaned up after the answer. What a reader meets:
///
/// - *an additive tentative* (a new touch): counted as if it stood. An answer that changes nothing beside it is given only
///   once it is decided: so nobody is denied, and nothing repeated, for a touch that does not come to stand.
/// - *any other tentative* (a fact, an identifier, a merge): a lock. Nobody judges beside it; it waits for the tentative
///   touches it meets, so that it is ordered after them.
/// - *a tentative whose anchor says otherwise*: the anchor is read after the cell that shows the entry. A mark there:
///   committed, so it is made real here. Neither mark nor entry: aborted, so it is dropped here.
/// - *an overdue tentative*: dropped at its anchor first, which aborts it everywhere.
///
/// Whatever is lost, late, crashed or set to the wrong time: no cap is passed, no committed change is lost, and nothing
/// that was reported as not stored appears later. Time only decides how soon others give up on a transaction.
///
/// The caller performs each action and hands its event back, until `.finish`. A value type, so that a test can take every
/// branch from every state.
struct CrossSlotTransaction<Content: CellContent>: Hashable, Sendable {
    typealias Key = Content.Key

    /// What the caller does next.
    enum Action: Hashable, Sendable {
        /// Read these cells, each at some instant of its own; answer with `.read` in the same order.
        case read([Key])
        /// Write a cell if the stored version is still `expecting`; `.replaced`, or `.refused` with the stored one.
        case replace(Key, expecting: UInt64, with: Cell<Content>)
        /// Decide over these cells, in the order of `keys`; tentatives left in them are others' and additive.
        case judge([Cell<Content>])
        /// Let a moment pass, different for each party.
        case wait
        /// The transaction's outcome is known; more actions follow, which nobody waits for.
        case answer(Outcome)
        case finish
    }

    /// What an action came to.
    enum Event: Hashable, Sendable {
        case read([Cell<Content>])
        case replaced
        case refused(Cell<Content>)
        /// No reply: a write may have been made, or may still be made later.
        case lost
        case judged(Judgement)
        case waited
        case answered
    }

    /// What deciding over the cells came to.
    enum Judgement: Hashable, Sendable {
        case nothing
        /// Effects in the order of `keys`; `nil`: the key must only stay as it is.
        case write([Content.Effect?], isAdditive: Bool)
        /// More keys are needed.
        case widen([Key])
    }

    enum Outcome: Hashable, Sendable {
        case committed
        /// Judged over cells that all stood at one instant; there was nothing to write.
        case unchanged
        /// Others were in the way for too long. Nothing is stored, now or later.
        case busy
        /// The reply to the deciding write was lost.
        case unknown
    }

    /// Bounds on how long a party goes on.
    struct Patience: Hashable, Sendable {
        /// Writes refused and replies lost, at most.
        var tries = 48
        /// Moments waited, at most.
        var waits = 40
        /// From here on others may abort what it left.
        var lifetime = Milliseconds.seconds(1)
    }

    /// Ascending, without repetition; the first is the anchor.
    var keys: [Key]
    /// In the order of `keys`, as last seen or written.
    var cells: [Cell<Content>] = []
    var id: TransactionID
    /// The anchor's cell held the entry of `id` when it was last seen.
    var isAtAnchor = false
    /// The reply to a write that commits `id` was lost.
    var isCommitLost = false
    /// What is to be written, until a newer cell calls for judging anew.
    var wanted: Wanted?
    /// Others' transactions that are decided for good.
    var verdicts: [Verdict] = []
    /// This one's own earlier attempts, which are never committed; one may still turn up late in a cell.
    var abandoned: [TransactionID] = []
    /// Others' transactions that were undecided when their anchor was read.
    var undecided: [Undecided] = []
    var phase = Phase.new
    /// The cell in flight.
    var sent = Cell<Content>()
    var sweep: Sweep?
    var triesLeft: Int
    var waitsLeft: Int
    var withdrawalsLeft = 16
    let lifetime: Milliseconds

    struct Wanted: Hashable, Sendable {
        var effects: [Content.Effect?]
        var isAdditive: Bool
    }

    struct Verdict: Hashable, Sendable {
        var transaction: TransactionID
        var isCommitted: Bool
    }

    struct Undecided: Hashable, Sendable {
        var transaction: TransactionID
        var anchor: Key
        var anchorCell: Cell<Content>
    }

    /// What the action in flight is for.
    enum Phase: Hashable, Sendable {
        case new
        case reading
        case asking([TransactionID], [Key])
        case expelling(TransactionID, Key)
        case settling(Int)
        case sweeping
        case judging
        case waiting
        case validating
        case direct
        case redirecting
        case placing(Int)
        case rereading(Int)
        case committing
        case recommitting
        case withdrawing(Then)
        case rewithdrawing(Then)
        case answering(Outcome)
        case done
    }

    /// What follows once the own entry is withdrawn from the anchor.
    enum Then: Hashable, Sendable {
        case reread
        case wait
        case widen([Key])
        case giveUp
    }

    /// Cleaning up after a decided transaction, cell by cell; the anchor's mark goes last.
    struct Sweep: Hashable, Sendable {
        var transaction: TransactionID
        var isCommitted: Bool
        var stops: [Stop]
        var triesLeft = 8
        /// Somebody else's, met on the way: afterwards everything is read again.
        var isForeign: Bool

        struct Stop: Hashable, Sendable {
            var key: Key
            /// As last seen; `nil`: to be read.
            var cell: Cell<Content>?
        }
    }

    init(keys: [Key], patience: Patience = Patience(), using generator: inout some RandomNumberGenerator) {
        self.keys = Self.sorted(keys)
        id = TransactionID(bits: generator.next())
        triesLeft = patience.tries
        waitsLeft = patience.waits
        lifetime = patience.lifetime
    }

    static func sorted(_ keys: [Key]) -> [Key] { Array(Set(keys)).sorted() }

    /// The first action.
    mutating func start() -> Action { readAll() }

    /// A token of a new version: never zero, which says that nothing is there.
    static func token(_ generator: inout some RandomNumberGenerator) -> UInt64 { max(1, generator.next()) }

    /// Whether a transaction was committed or aborted; `nil`: undecided, or not known.
    func verdict(on id: TransactionID) -> Bool? {
        if abandoned.contains(id) { return false }
        return verdicts.first { $0.transaction == id }?.isCommitted
    }

    mutating func decide(_ id: TransactionID, isCommitted: Bool) {
        undecided.removeAll { $0.transaction == id }
        if verdict(on: id) == nil { verdicts.append(Verdict(transaction: id, isCommitted: isCommitted)) }
    }

    func isForeign(_ tentative: Tentative<Content>) -> Bool { tentative.transaction != id }
}
