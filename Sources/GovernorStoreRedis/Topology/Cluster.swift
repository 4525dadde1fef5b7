import NIOCore
import Synchronization

/// What all loops know together of a cluster's slots.
final class Cluster: Sendable {
    private struct State {
        var map = SlotMap()
        /// Somebody met a redirection or a node that is gone: the slots are to be learned anew.
        var isStale = true
        var learnedAt: NIODeadline?
    }

    let seeds: [RedisEndpoint]
    private let state = Mutex(State())
    /// Slots are learned anew at most this often, however many redirections there are.
    static let learningPause = TimeAmount.milliseconds(100)
    /// And at least this often.
    static let learningInterval = TimeAmount.seconds(10)

    init(seeds: [RedisEndpoint]) { self.seeds = seeds }

    func node(of slot: UInt16) -> RedisEndpoint? { state.withLock { $0.map.node(of: slot) } }

    var nodes: [RedisEndpoint] { state.withLock { $0.map.nodes } }

    var uncoveredCount: Int { state.withLock { $0.map.uncoveredCount } }

    func markStale() { state.withLock { $0.isStale = true } }

    /// A node said that another one serves the slot now.
    func moved(_ slot: Int, to node: RedisEndpoint) {
        state.withLock { state in
            if (0..<HashSlot.count).contains(slot) { state.map.set(slot...slot, to: node) }
            state.isStale = true
        }
    }

    func learn(_ map: SlotMap) {
        state.withLock { state in
            state.map = map
            state.isStale = false
            state.learnedAt = .now()
        }
    }

    /// Whether it is time to learn the slots anew.
    var isDue: Bool {
        state.withLock { state in
            guard let learnedAt = state.learnedAt else { return true }
            let age = NIODeadline.now() - learnedAt
            return age >= (state.isStale ? Self.learningPause : Self.learningInterval)
        }
    }
}
