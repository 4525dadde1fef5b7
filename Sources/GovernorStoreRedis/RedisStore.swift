public import GovernorCore
public import GovernorStore
public import Logging
import NIOCore
import NIOPosix
import Synchronization

/// People in Redis, shared by any number of nodes: one record a person, evaluated here and committed there on condition
/// that nobody else has changed it.
///
/// A transaction runs on the event loop that asks for it, over a connection of that loop's own; from any other thread it
/// goes to a loop of the store's. See `docs/redis-format.md` for what Redis holds, and `docs/operations.md` for what its
/// settings guarantee.
public final class RedisStore: ContactStore {
    private let shared: StoreShared
    private let group: MultiThreadedEventLoopGroup
    /// Of the store's own loop: for callers that are on none, and for looking after the server.
    private let own: LoopClient
    private let here = ThreadSpecificVariable<LoopClient>()
    private let clients: Clients
    private let watcher: TopologyWatcher
    private let board: RedisNoticeBoard
    /// Where there is a ledger to replay.
    private let healer: Healer?
    private let isClosed = Atomic<Bool>(false)
    private let logger: Logger

    /// Connects, and checks that this Redis may be used: its version, role, eviction policy, and whose people it holds.
    ///
    /// Blocks, at most for `startPatience`; not to be called from an event loop. `journal` keeps what is decided and must
    /// stay open until `close` has returned.
    public init(
        _ configuration: RedisConfiguration, journal: any StoreJournal = NoJournal(), sync: JournalSync = .facts,
        now: @escaping @Sendable () -> Timestamp, logger: Logger = Logger(label: "governor.redis")
    ) throws(RedisStoreError) {
        try configuration.validate()
        let settings = try LinkSettings(configuration, now: now)
        shared = StoreShared(configuration, settings, journal: journal, sync: sync)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        own = LoopClient(loop: group.next(), shared: shared)
        self.logger = logger
        let clients = Clients()
        clients.add(own)
        self.clients = clients
        board = RedisNoticeBoard(own, shared)
        clients.add(board.reading)
        watcher = TopologyWatcher(own, shared) { master in clients.move(to: master) }
        healer = journal.node.map { [own, shared] in Healer(own, shared, node: $0, logger: logger) }
        do throws(RedisStoreError) { try begin() } catch {
            close()
            throw error
        }
        let board = shared.board
        let (gate, heals) = (shared.gate, healer != nil)
        board.onHistoryChange { before, after in
            if heals { gate.shut("Redis has another history than before, and may lack what was decided") }
            logger.warning(
                "Redis answers with another history: it was restarted, or a replica took its place",
                metadata: ["before": "\(before)", "after": "\(after)"])
        }
        guard let healer else { return }
        healer.start()
        let deadline = NIODeadline.now() + .milliseconds(configuration.startPatience.count)
        while !healer.hasLooked.load(ordering: .acquiring) && .now() < deadline { pause(milliseconds: 2) }
    }

    /// Waits until the servers can be used, or says why they cannot.
    private func begin() throws(RedisStoreError) {
        let watcher = watcher
        own.loop.execute { watcher.start() }
        let deadline = NIODeadline.now() + .milliseconds(shared.configuration.startPatience.count)
        while true {
            let progress = try? own.loop.submit { watcher.progress() }.wait()
            switch progress {
            case .success(true): return
            case .failure(let error) where !error.isPassing || deadline <= .now(): throw error
            case .success(false), .failure, nil:
                if deadline <= .now() {
                    throw .unreachable("\(shared.configuration.address) did not answer in time")
                }
            }
            pause(milliseconds: 5)
        }
    }

    // MARK: ContactStore

    public func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        if let client = here.currentValue { return client.run(keys, transaction) }
        if isClosed.load(ordering: .acquiring) {
            return transaction.finished(.failure(.unavailable("the store is closed")))
        }
        guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else {
            return own.loop.execute { [own] in own.run(keys, transaction) }
        }
        client(of: loop).run(keys, transaction)
    }

    private func client(of loop: any EventLoop) -> LoopClient {
        if loop === own.loop { return own }
        let client = LoopClient(loop: loop, shared: shared)
        clients.add(client)
        here.currentValue = client
        // Another master may have been named in between.
        if let master = shared.master.withLock({ $0 }) { client.move(to: master) }
        return client
    }

    /// At once when the entry need not be waited for; else when the node's journal has it on disk.
    public func whenDurable(
        _ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
    ) {
        if ticket == .none { return completion(.success(())) }
        shared.journal.whenDurable(ticket, completion)
    }

    // MARK: looking after the server

    /// Calls `listener` when a master with another replication id answers: after a failover, or a restart.
    public func onHistoryChange(_ listener: @escaping @Sendable (_ before: String, _ after: String) -> Void) {
        shared.board.onHistoryChange(listener)
    }

    /// Why decisions cannot be taken; `nil` when they can.
    public var trouble: String? {
        if isClosed.load(ordering: .acquiring) { return "the store is closed" }
        return shared.journal.trouble ?? shared.board.trouble ?? shared.gate.reason
    }

    public var statistics: RedisStatistics {
        var statistics = RedisStatistics()
        let counters = shared.counters
        statistics.transactionCount = counters.transactions.load(ordering: .relaxed)
        statistics.readingCount = counters.readings.load(ordering: .relaxed)
        statistics.commitCount = counters.commits.load(ordering: .relaxed)
        statistics.conflictCount = counters.conflicts.load(ordering: .relaxed)
        statistics.scriptReloadCount = counters.scriptReloads.load(ordering: .relaxed)
        statistics.unavailableCount = counters.unavailable.load(ordering: .relaxed)
        statistics.timeoutCount = counters.timeouts.load(ordering: .relaxed)
        statistics.unknownOutcomeCount = counters.unknownOutcomes.load(ordering: .relaxed)
        statistics.overloadCount = counters.overloads.load(ordering: .relaxed)
        statistics.damageCount = counters.damages.load(ordering: .relaxed)
        statistics.redirectionCount = counters.redirections.load(ordering: .relaxed)
        statistics.connectionCount = clients.all.count { $0.isStore }
        shared.board.write(to: &statistics)
        statistics.isHealing = shared.gate.reason != nil
        statistics.replayedCount = healer?.replayedCount.load(ordering: .relaxed) ?? 0
        let cache = shared.cache.counters
        statistics.cachedCount = cache.count
        statistics.cachedBytes = cache.bytes
        statistics.cacheHitCount = cache.hitCount
        statistics.cacheMissCount = cache.missCount
        statistics.cacheEvictionCount = cache.evictionCount
        statistics.aliasCount = cache.aliasCount
        statistics.staleAliasCount = cache.staleAliasCount
        return statistics
    }

    /// Where the nodes of this Redis tell each other what just happened.
    public var notices: any NoticeBoard { board }

    /// The table of this name, shared by the nodes of this Redis.
    public func table(_ name: String) -> any SharedTable { RedisSharedTable(own, shared, name: name) }

    // MARK: closing

    /// Takes no more transactions, ends those under way, and returns when its connections are closed.
    ///
    /// May be called more than once; not from an event loop.
    public func close() {
        if isClosed.exchange(true, ordering: .acquiringAndReleasing) { return }
        healer?.close()
        own.loop.execute { [watcher] in watcher.close() }
        own.loop.execute { [board] in board.close() }
        for client in clients.all { client.loop.execute { client.close() } }
        try? group.syncShutdownGracefully()
    }
}

/// The clients of every loop that ever asked.
private final class Clients: Sendable {
    private let list = Mutex<[LoopClient]>([])

    var all: [LoopClient] { list.withLock { $0 } }

    func add(_ client: LoopClient) { list.withLock { $0.append(client) } }

    func move(to master: RedisEndpoint) {
        for client in all { client.loop.execute { client.move(to: master) } }
    }
}
