import GovernorCore
import GovernorStore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Brings back what Redis lost in a failover or a restart: replays the end of this node's ledger into it, says so in a
/// hash there, and keeps the gate shut until every node that is registered has done the same.
///
/// Works on a thread of its own, which may block.
final class Healer: Sendable {
    private let own: LoopClient
    private let shared: StoreShared
    private let node: String
    private let logger: Logger
    private let isClosed = Atomic<Bool>(false)
    private let pool = NIOThreadPool(numberOfThreads: 1)
    /// Nodes that were registered when the hash was last read, so that one that was lost is made good.
    private let peers = Mutex<Set<String>?>(nil)
    let replayedCount = Atomic<UInt64>(0)
    /// It is known whether there is anything to wait for.
    let hasLooked = Atomic<Bool>(false)

    static let groupMax = 32

    init(_ own: LoopClient, _ shared: StoreShared, node: String, logger: Logger) {
        self.own = own
        self.shared = shared
        self.node = node
        self.logger = logger
    }

    func start() {
        pool.start()
        pool.submit { [self] _ in
            while !isClosed.load(ordering: .acquiring) {
                look()
                // Soon again while others are waited for.
                var left = shared.gate.reason == nil ? 25 : 2
                while left > 0 && !isClosed.load(ordering: .acquiring) {
                    pause(milliseconds: 20)
                    left -= 1
                }
            }
        }
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
        try? pool.syncShutdownGracefully()
    }

    /// One look at the registry, and what it asks for.
    private func look() {
        let present = shared.board.histories
        guard !present.isEmpty, shared.board.fault == nil, let read = readRegistry() else { return }
        var registry = read
        let known = peers.withLock { $0 }
        if registry.healed[node] == nil, let known, !known.isEmpty {
            // The hash itself was lost, and with it that the others have something to replay.
            for peer in known where registry.healed[peer] == nil {
                guard set("HSETNX", peer, "") else { return }
            }
            guard let again = readRegistry() else { return }
            registry = again
        }
        let duty = registry.duty(
            of: node, present: present, hasRecords: shared.journal.newestSequence > 0)
        switch duty {
        case .nothing: break
        case .register: guard set("HSET", node, NodeRegistry.value(present)) else { return }
        case .replayTail, .replayAll:
            shared.gate.shut("Redis has another history than before: this node's ledger is being replayed into it")
            guard replay(isWhole: duty == .replayAll), set("HSET", node, NodeRegistry.value(present)) else { return }
        }
        guard let registry = duty == .nothing ? registry : readRegistry() else { return }
        peers.withLock { $0 = Set(registry.healed.keys) }
        // What came meanwhile is looked at next time.
        guard shared.board.histories == present else { return }
        defer { hasLooked.store(true, ordering: .releasing) }
        let others = registry.waitingFor(present)
        if others.isEmpty {
            if shared.gate.reason != nil { logger.notice("every node has replayed its ledger into Redis") }
            shared.gate.open()
        } else if shared.gate.reason != nil || others.contains(node) {
            shared.gate.shut(
                "Redis has another history than before, and these nodes have not replayed their ledgers into it: "
                    + others.prefix(8).joined(separator: ", ")
                    + "; start them, or write them off as the operations guide says")
        }
    }

    // MARK: the registry

    private func readRegistry() -> NodeRegistry? {
        ask("HGETALL", []) { reply in
            guard reply.error == nil, reply.kind == .array else { return nil }
            return NodeRegistry(fields: (0..<reply.count).map { reply[$0].string })
        }
    }

    private func set(_ command: StaticString, _ field: String, _ value: String) -> Bool {
        ask(command, [field, value]) { $0.integer } != nil
    }

    private func ask<Value: Sendable>(
        _ name: StaticString, _ words: [String], _ read: @escaping @Sendable (RedisReply) -> Value?
    ) -> Value? {
        let promise = own.loop.makePromise(of: Value?.self)
        own.loop.execute { [own] in
            let key = own.keys.nodes
            var command = RedisCommand()
            command.add(name)
            command.add(key)
            for word in words { command.add(word) }
            let receiver = OneReply { reply in promise.succeed(reply.flatMap(read)) }
            own.send(command, slot: RecordSlot(number: HashSlot.slot(of: key)), to: receiver, tag: 0)
        }
        return try? promise.futureResult.wait()
    }

    // MARK: replaying

    private enum Item {
        case change(HealingChange)
        case count(HealingCount)
    }

    private struct Interrupted: Error {}

    /// Replays the ledger's end, or all of it; all of it, too, when its end tells of people whom nobody knows.
    private func replay(isWhole: Bool) -> Bool {
        do {
            var isWhole = isWhole
            if !isWhole, try !pass(since: shared.configuration.healTail, mayCreate: false) { isWhole = true }
            if isWhole { _ = try pass(since: nil, mayCreate: true) }
            return true
        } catch {
            if !(error is Interrupted) { logger.error("the ledger could not be replayed into Redis: \(error)") }
            return false
        }
    }

    /// - Returns: false when a person could not be found.
    private func pass(since length: Milliseconds?, mayCreate: Bool) throws -> Bool {
        var heirs: [PersonID: PersonID] = [:]
        var group: [Item] = []
        var isComplete = true
        func flush() throws {
            let unknown = try run(group, &heirs)
            group = []
            for var change in unknown {
                change.heir = heirs[change.changes.person]
                change.mayCreate = mayCreate
                let rest = try run([.change(change)], &heirs)
                if !rest.isEmpty { isComplete = false }
            }
        }
        try shared.journal.replay(lasting: length) { body in
            for changes in body.changes {
                var change = HealingChange(changes: changes, names: body.names, at: body.changedAt)
                change.heir = heirs[changes.person]
                group.append(.change(change))
            }
            for state in body.counters { group.append(.count(HealingCount(state: state, at: body.changedAt))) }
            if group.count >= Self.groupMax { try flush() }
            replayedCount.add(1, ordering: .relaxed)
            if isClosed.load(ordering: .acquiring) { throw Interrupted() }
        }
        try flush()
        return isComplete
    }

    /// Takes the items to Redis together and waits for all; gives those whose person nobody knows.
    private func run(_ items: [Item], _ heirs: inout [PersonID: PersonID]) throws -> [HealingChange] {
        let door = HealingDoor(client: own)
        let results = items.map { item -> EventLoopFuture<HealingChange.Result> in
            let promise = own.loop.makePromise(of: HealingChange.Result.self)
            let done: @Sendable (Result<Committed<HealingChange.Result>, StoreError>) -> Void = { result in
                promise.completeWith(result.map(\.result).mapError { $0 as any Error })
            }
            switch item {
            case .change(let change):
                door.transact(change.keys, { .done(change.apply(to: &$0)) }, completion: done)
            case .count(let count):
                door.transact(
                    [.counter(count.state.key)],
                    { set in
                        count.apply(to: &set)
                        return .done(.done)
                    }, completion: done)
            }
            return promise.futureResult
        }
        var unknown: [HealingChange] = []
        var failure: (any Error)?
        for (item, result) in zip(items, results) {
            do {
                let outcome = try result.wait()
                guard case .change(let change) = item else { continue }
                switch outcome {
                case .done: break
                case .unknown: unknown.append(change)
                case .inherited(let heir): heirs[change.changes.person] = heir
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return unknown
    }
}

/// Lets the healer's own transactions through while the gate is shut, without putting them on record again.
private struct HealingDoor: ContactStore {
    let client: LoopClient

    func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        client.loop.execute { client.run(keys, transaction, isHealing: true) }
    }

    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        completion(.success(()))
    }
}
