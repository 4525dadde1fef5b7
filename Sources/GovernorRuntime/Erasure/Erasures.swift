import Dispatch
import Glibc
public import GovernorCore
public import GovernorLedger
import GovernorStore
public import Logging
import Synchronization

/// Erases persons for good: out of the store, then out of this node's ledger, and tells the other nodes to do the same with
/// theirs.
///
/// An erasure is noted in the data folder before anything is changed, and taken up again after a crash at any point. It
/// is done in an order in which nothing that forbids is ever lost: what stays goes to the ledger anew first, with what
/// others need of records that go as a whole, then bodies go.
public final class Erasures: Sendable {
    private struct State {
        /// Numbers of what was told by other nodes and is noted down.
        var seen = NoticeID.first
        var isClosed = false
    }

    private let governor: Governor
    private let ledger: Ledger?
    private let folder: ErasureFolder?
    private let settle: @Sendable () throws -> Void
    private let logger: Logger
    private let queue = DispatchQueue(label: "erasures")
    private let state = Mutex(State())

    /// How long an answer waits for the ledger.
    static let patience = Milliseconds.seconds(10)
    /// Between two tries of what could not be finished.
    private static let pauseSeconds = 30
    /// By so much a node's clock may be ahead of another's.
    private static let clockSlack = Milliseconds.seconds(1)

    /// - Parameters:
    ///   - ledger: of this node; `nil`: only the store is erased from.
    ///   - dataDirectory: where erasures are noted that are not finished.
    ///   - settle: returns when nothing of what was erased is left in the store's files.
    public init(
        governor: Governor, ledger: Ledger?, dataDirectory: String?, logger: Logger,
        settle: @escaping @Sendable () throws -> Void = {}
    ) {
        self.governor = governor
        self.ledger = ledger
        self.settle = settle
        self.logger = logger
        folder = dataDirectory.map { ErasureFolder(dataDirectory: $0) }
    }

    /// Takes up what a process before this one has begun, and what other nodes tell.
    public func resume() {
        if let seen = folder?.seen.flatMap({ NoticeID($0) }) { state.withLock { $0.seen = seen } }
        for task in folder?.tasks() ?? [] { queue.async { [self] in work(on: task) } }
        governor.revocations.onErasure { [weak self] id, notice in self?.heard(notice, id) }
    }

    /// Takes up nothing more, and returns when what is under way is done.
    public func close() {
        state.withLock { $0.isClosed = true }
        queue.sync {}
    }

    /// What became of an erasure.
    public struct Report: Sendable {
        public var answer: ErasureAnswer
        /// Records of this node's ledger whose contents went; `nil`: still at work, and finished in any case.
        public var recordCount: Int?
    }

    /// Erases a person.
    ///
    /// Answered once the store holds nothing more than what forbids, and that is on record; the report says whether the
    /// ledger is done too, for which it waits ten seconds.
    public func erase(_ person: PersonID, by caller: Caller) async -> Result<Report, ErasureError> {
        let known: [PersonRecord]
        switch await settled({ governor.person(person, completion: $0) }) {
        case .failure(let error): return .failure(.store(error))
        case .success(let records): known = records
        }
        guard known.first?.id == person else { return .failure(.unknownPerson) }
        var task = ErasureTask(persons: known.map(\.id), hashes: Self.hashes(of: known), caller: caller.id)
        do throws(ErasureFolderError) { try folder?.keep(task) } catch { return .failure(.folder(error.description)) }
        let answer: ErasureAnswer
        switch await settled({ governor.eraseRecords(of: person, callerText: caller.id, completion: $0) }) {
        case .failure(let error):
            // Perhaps it is done all the same: then it is done to the end.
            if case .store(.timedOut(outcome: .unknown)) = error {
                let begun = task
                queue.async { [self] in work(on: begun) }
            } else {
                folder?.remove(task)
            }
            return .failure(error)
        case .success(let erased): answer = erased
        }
        task.add(answer)
        // Without it the work below is the same; only after a crash it would begin with the store again.
        try? folder?.keep(task)
        tell(task)
        let owed = AnswerOnce<Int?>()
        let noted = task
        queue.async { [self] in owed.give(work(on: noted)) }
        governor.deadlines.add(after: Self.patience, Expiry { owed.give(nil) })
        return .success(Report(answer: answer, recordCount: await owed.value()))
    }

    private static func hashes(of records: [PersonRecord]) -> Set<IdentifierHash> {
        Set(records.flatMap(\.identifiers).filter { !$0.isShared }.map(\.hash))
    }

    // MARK: other nodes

    private func tell(_ task: ErasureTask) {
        guard let upTo = task.upTo else { return }
        let notice = ErasureNotice(persons: task.persons, upTo: upTo, node: ledger?.node)
        governor.revocations.post(notice)
    }

    private func heard(_ notice: ErasureNotice, _ id: NoticeID) {
        guard let ledger, notice.node != ledger.node, !notice.persons.isEmpty,
            id > state.withLock({ $0.seen })
        else { return }
        queue.async { [self] in
            let task = ErasureTask(persons: notice.persons, upTo: notice.upTo, caller: "another node")
            do throws(ErasureFolderError) {
                // Noted first, so that it is done even if it is never told again.
                try folder?.keep(task)
                try folder?.note(seen: id.description)
                state.withLock { $0.seen = max($0.seen, id) }
            } catch { logger.error("an erasure on another node is not noted: \(error)") }
            work(on: task)
        }
    }

    // MARK: the work, on the queue

    /// Does what is left to do.
    /// - Returns: how many records of the ledger went; `nil` when it has to be tried again.
    @discardableResult
    private func work(on task: ErasureTask) -> Int? {
        if state.withLock({ $0.isClosed }) { return nil }
        var task = task
        do {
            if task.upTo == nil {
                let (person, caller) = (task.persons[0], task.caller)
                do throws(ErasureError) {
                    task.add(try waiting { governor.eraseRecords(of: person, callerText: caller, completion: $0) })
                    try? folder?.keep(task)
                    tell(task)
                } catch {
                    // Nothing was stored, and nobody is there.
                    guard case .unknownPerson = error else { throw error }
                    folder?.remove(task)
                    return 0
                }
            }
            let count = try eraseLedger(task)
            try settle()
            folder?.remove(task)
            if count > 0 { logger.notice("an erasure is finished", metadata: ["ledger_records": "\(count)"]) }
            return count
        } catch {
            logger.error("an erasure could not be finished and is tried again: \(error)")
            let left = task
            queue.asyncAfter(deadline: .now() + .seconds(Self.pauseSeconds)) { [self] in work(on: left) }
            return nil
        }
    }

    /// Lets the contents of the person's records go, after what others need of them is on record once more.
    private func eraseLedger(_ task: ErasureTask) throws -> Int {
        guard let ledger, let upTo = task.upTo else { return 0 }
        let found = try LedgerSearch(
            persons: Set(task.persons), hashes: task.hashes, upTo: upTo, slack: Self.clockSlack
        )
        .run(ledger)
        try governor.restate(found.needed)
        return try ledger.erase(found.sequences, because: .request, at: governor.clock.now())
    }
}

extension ErasureTask {
    mutating func add(_ answer: ErasureAnswer) {
        upTo = answer.erasedAt
        hashes.formUnion(answer.hashes)
        for person in answer.persons where !persons.contains(person) { persons.append(person) }
    }
}

/// An answer that is given by whoever comes first and waited for without holding up a thread.
private final class AnswerOnce<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waited(CheckedContinuation<Value, Never>)
        case given(Value)
        case taken
    }

    private let state = Mutex(State.empty)

    func give(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .empty:
                state = .given(value)
                return nil
            case .waited(let continuation):
                state = .taken
                return continuation
            case .given, .taken: return nil
            }
        }
        waiting?.resume(returning: value)
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state -> Value? in
                if case .given(let value) = state {
                    state = .taken
                    return value
                }
                state = .waited(continuation)
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
