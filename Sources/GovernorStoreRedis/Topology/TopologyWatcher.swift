import NIOCore
import Synchronization

/// Looks after the servers from the store's own loop: learns where they are, and that they still are what they were.
///
/// Every function but `init` runs on the loop, which is what guards the state.
final class TopologyWatcher: @unchecked Sendable {
    private let own: LoopClient
    private let shared: StoreShared
    /// Tells every loop of another master.
    private let moveAll: @Sendable (RedisEndpoint) -> Void
    private var follower: SentinelFollower?
    private var task: RepeatedTask?
    private var tickCount = 0
    private var metaAnswer: Result<String, RedisStoreError>?
    private var isMetaAsked = false

    static let tick = TimeAmount.milliseconds(100)

    init(_ own: LoopClient, _ shared: StoreShared, moveAll: @escaping @Sendable (RedisEndpoint) -> Void) {
        self.own = own
        self.shared = shared
        self.moveAll = moveAll
    }

    func start() {
        if case .sentinel(let name, let sentinels) = shared.configuration.address.topology {
            let shared = shared
            let moveAll = moveAll
            follower = SentinelFollower(
                loop: own.loop, master: name, sentinels: sentinels, settings: shared.settings
            ) { master in
                shared.master.withLock { $0 = master }
                shared.board.keep(only: [master])
                moveAll(master)
            }
        }
        task = own.loop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.tick) { _ in self.look() }
    }

    private func look() {
        if let follower {
            if tickCount % 2 == 0 { follower.ask() }
            // While the master is fine, sentinels that are gone are no trouble yet.
            shared.board.setTopologyTrouble(shared.master.withLock { $0 } == nil ? follower.trouble : nil)
        }
        own.learnSlots()
        // At once until everything is connected, then every second.
        if !own.isReady || tickCount % 10 == 0 { own.lookAfter() }
        tickCount += 1
    }

    /// How far the start has come: done, or why not yet, or why not at all.
    func progress() -> Result<Bool, RedisStoreError> {
        own.lookAfter()
        guard own.isReady else {
            if let fault = shared.board.fault { return .failure(fault) }
            return .success(false)
        }
        guard shared.cluster != nil else { return .success(true) }
        switch metaAnswer {
        case .success(let text):
            if shared.settings.mark.admits(text) { return .success(true) }
            return .failure(Handshake.mismatch(text, at: "the cluster"))
        case .failure(let error):
            isMetaAsked = false
            metaAnswer = nil
            return .failure(error)
        case nil:
            if !isMetaAsked {
                isMetaAsked = true
                own.readMeta { self.metaAnswer = $0 }
            }
            return .success(false)
        }
    }

    func close() {
        task?.cancel()
        follower?.close()
    }
}
