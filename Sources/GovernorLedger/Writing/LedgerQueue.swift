import GovernorCore
import GovernorSQLite
import Synchronization

/// What callers and the writer's thread share: the records that wait, who waits for them, and how things stand.
final class LedgerQueue: Sendable {
    typealias Completion = @Sendable (Result<Void, LedgerError>) -> Void
    typealias DurableListener = @Sendable (LedgerTicket) -> Void
    typealias HealthListener = @Sendable (LedgerHealth) -> Void

    struct State: ~Copyable {
        var pending = PendingBatch()
        var nextSequence: UInt64
        /// Taken from callers and not yet on disk, the writer's own batch included.
        var waitingCount = 0
        var waitingBytes = 0
        var isWriterAsleep = false
        var isClosing = false
        var waiters: [(sequence: UInt64, completion: Completion)] = []
        var durableListeners: [DurableListener] = []
        var healthListeners: [HealthListener] = []
        var health = LedgerHealth.healthy
        var head: LedgerHead
        var statistics = LedgerStatistics()
    }

    let state: Mutex<State>
    let wakeup = Signal()
    /// The newest sequence on disk; changed under the mutex, read without it.
    let durable: Atomic<UInt64>
    /// For fault tests: a limit of pages that the writer sets before its next group; 0 for none.
    let pageLimit = Atomic<Int>(0)
    private let configuration: LedgerConfiguration

    init(head: LedgerHead, configuration: LedgerConfiguration) {
        state = Mutex(State(nextSequence: head.sequence + 1, head: head))
        durable = Atomic(head.sequence)
        self.configuration = configuration
    }

    // MARK: callers

    /// Adds `count` records that `fill` writes, in one group, or none.
    @inline(__always)
    func append(
        count: Int, bytes: Int, _ fill: (inout PendingBatch, UInt64) -> Void
    ) throws(LedgerError) -> LedgerTicket {
        var isAsleep = false
        let last = try state.withLock { (state) throws(LedgerError) -> UInt64 in
            guard !state.isClosing else { throw .closed }
            guard state.waitingCount + count <= configuration.queueCountMax,
                state.waitingBytes + bytes <= configuration.queueBytesMax
            else {
                if count > configuration.queueCountMax || bytes > configuration.queueBytesMax {
                    throw .tooLarge(bytes: bytes, bytesMax: configuration.queueBytesMax)
                }
                state.statistics.refusedCount += UInt64(count)
                throw .full(waiting: state.waitingCount)
            }
            fill(&state.pending, state.nextSequence)
            state.nextSequence += UInt64(count)
            state.waitingCount += count
            state.waitingBytes += bytes
            isAsleep = state.isWriterAsleep
            state.isWriterAsleep = false
            return state.nextSequence - 1
        }
        if isAsleep { wakeup.raise() }
        return LedgerTicket(sequence: last)
    }

    func whenDurable(_ ticket: LedgerTicket, _ completion: @escaping Completion) {
        if ticket.sequence <= durable.load(ordering: .acquiring) { return completion(.success(())) }
        let answer = state.withLock { state -> Result<Void, LedgerError>? in
            if ticket.sequence <= state.head.sequence { return .success(()) }
            if case .closed = state.health { return .failure(.closed) }
            state.waiters.append((ticket.sequence, completion))
            return nil
        }
        if let answer { completion(answer) }
    }

    func close() {
        state.withLock { $0.isClosing = true }
        wakeup.raise()
    }

    // MARK: the writer's thread

    /// Records that are in no group yet.
    var waitingCount: Int { state.withLock { $0.waitingCount } }

    enum Taken { case records, nothing, closing }

    /// Exchanges the empty `batch` for what waits.
    func take(_ batch: inout PendingBatch) -> Taken {
        state.withLock { state -> Taken in
            if !state.pending.isEmpty {
                swap(&state.pending, &batch)
                return .records
            }
            if state.isClosing { return .closing }
            state.isWriterAsleep = true
            return .nothing
        }
    }

    /// A group is on disk: moves the watermark, then tells everybody, in the order in which they asked.
    func committed(_ head: LedgerHead, count: Int, bytes: Int, sample: LedgerStatistics.Sample) {
        var completions: [(sequence: UInt64, completion: Completion)] = []
        var listeners: [DurableListener] = []
        var recovered: [HealthListener] = []
        state.withLock { state in
            state.head = head
            durable.store(head.sequence, ordering: .releasing)
            state.waitingCount -= count
            state.waitingBytes -= bytes
            state.statistics.add(sample, count: count, bytes: bytes)
            if !state.waiters.isEmpty {
                let split = state.waiters.stablyPartition { $0.sequence <= head.sequence }
                completions = split.matching
                state.waiters = split.others
            }
            listeners = state.durableListeners
            if state.health != .healthy {
                state.health = .healthy
                recovered = state.healthListeners
            }
        }
        for listener in recovered { listener(.healthy) }
        for waiter in completions { waiter.completion(.success(())) }
        for listener in listeners { listener(LedgerTicket(sequence: head.sequence)) }
    }

    /// - Returns: whether the ledger is being closed.
    func failed(_ reason: String, attempts: Int) -> Bool {
        let health = LedgerHealth.failing(reason: reason, attempts: attempts)
        var listeners: [HealthListener] = []
        let isClosing = state.withLock { state -> Bool in
            state.statistics.failureCount += 1
            state.health = health
            listeners = state.healthListeners
            return state.isClosing
        }
        for listener in listeners { listener(health) }
        return isClosing
    }

    /// The last act of the writer: whoever still waits gets `error`.
    func finish(_ error: LedgerError) {
        let (waiters, listeners) = state.withLock { state in
            state.isClosing = true
            state.health = .closed
            let waiters = state.waiters
            state.waiters = []
            return (waiters, state.healthListeners)
        }
        for listener in listeners { listener(.closed) }
        for waiter in waiters { waiter.completion(.failure(error)) }
    }
}

extension Array {
    fileprivate func stablyPartition(_ matches: (Element) -> Bool) -> (matching: [Element], others: [Element]) {
        if allSatisfy(matches) { return (self, []) }
        var matching: [Element] = []
        var others: [Element] = []
        for element in self {
            if matches(element) { matching.append(element) } else { others.append(element) }
        }
        return (matching, others)
    }
}
