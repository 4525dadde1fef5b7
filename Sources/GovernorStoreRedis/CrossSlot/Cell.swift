import GovernorCore

/// What lies under one key of a store whose keys cannot be changed together.
protocol CellContent: Hashable, Sendable {
    /// All parties put keys in the same order.
    associatedtype Key: Hashable, Comparable, Sendable
    /// A change of one key's content.
    associatedtype Effect: Hashable, Sendable

    /// The content with a change made; `nil`: nothing lies there.
    static func applying(_ effect: Effect, to content: Self?) -> Self?
}

/// Names one attempt to change several keys together. Random, and never used again once it was given up.
struct TransactionID: Hashable, Sendable {
    let bits: UInt64
}

/// A change that waits in a cell until the first key of its transaction says what became of it.
struct Tentative<Content: CellContent>: Hashable, Sendable {
    var transaction: TransactionID
    /// The least of the transaction's keys, whose cell decides: a mark there means committed, this entry there means
    /// undecided, neither means aborted.
    var anchor: Content.Key
    /// From here on whoever meets it may abort it, at the anchor first.
    var deadline: Timestamp
    /// It only adds what counts against the person: others may add theirs beside it, as long as they count it too.
    /// Anything else keeps every other change out until it is decided.
    var isAdditive: Bool
    /// `nil`: the key was only read, and must stay as it was.
    var effect: Content.Effect?
}

/// In the anchor's cell: the transaction is committed, and these other cells may still hold it as tentative.
struct CommitMark<Content: CellContent>: Hashable, Sendable {
    var transaction: TransactionID
    var deadline: Timestamp
    var others: [Content.Key]
}

/// One key's value: the content that holds, and what is under way.
struct Cell<Content: CellContent>: Hashable, Sendable {
    /// A fresh random token at every write; 0: nothing was ever written there.
    var version: UInt64 = 0
    var content: Content?
    var tentatives: [Tentative<Content>] = []
    var marks: [CommitMark<Content>] = []

    /// Tentative changes in one cell, at most: more wait their turn.
    static var tentativesMax: Int { 64 }

    var isSettled: Bool { tentatives.isEmpty && marks.isEmpty }

    func tentative(of id: TransactionID) -> Tentative<Content>? { tentatives.first { $0.transaction == id } }
    func hasMark(of id: TransactionID) -> Bool { marks.contains { $0.transaction == id } }

    /// With a tentative change put in, in place of an earlier one of the same transaction.
    func adding(_ tentative: Tentative<Content>) -> Cell {
        var cell = self
        if let i = cell.tentatives.firstIndex(where: { $0.transaction == tentative.transaction }) {
            cell.tentatives[i] = tentative
        } else {
            cell.tentatives.append(tentative)
        }
        return cell
    }

    /// With a transaction's tentative change made real or dropped.
    func settling(_ id: TransactionID, isCommitted: Bool) -> Cell {
        guard let i = tentatives.firstIndex(where: { $0.transaction == id }) else { return self }
        var cell = self
        let tentative = cell.tentatives.remove(at: i)
        if isCommitted, let effect = tentative.effect { cell.content = Content.applying(effect, to: content) }
        return cell
    }

    /// The anchor's cell at the one instant at which a transaction is committed.
    func committing(_ id: TransactionID, others: [Content.Key], deadline: Timestamp) -> Cell {
        var cell = settling(id, isCommitted: true)
        if !others.isEmpty {
            cell.marks.append(CommitMark(transaction: id, deadline: deadline, others: others))
        }
        return cell
    }

    func droppingMark(of id: TransactionID) -> Cell {
        var cell = self
        cell.marks.removeAll { $0.transaction == id }
        return cell
    }

    func versioned(_ version: UInt64) -> Cell {
        var cell = self
        cell.version = version
        return cell
    }
}
