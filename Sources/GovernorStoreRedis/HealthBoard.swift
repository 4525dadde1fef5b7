import GovernorCore
import NIOCore
import Synchronization

/// What all loops know together of the servers: which can be used, and what is wrong.
final class HealthBoard: Sendable {
    private struct State {
        /// Why a server cannot be reached, by the latest report of any loop.
        var down: [RedisEndpoint: RedisStoreError] = [:]
        var facts: [RedisEndpoint: ServerFacts] = [:]
        /// Of every master's history that was met.
        var replicationIDs: Set<String> = []
        var replicationID = ""
        /// Of the masters that are asked now.
        var present: [RedisEndpoint: String] = [:]
        var historyChangeCount: UInt64 = 0
        var connectionFailureCount: UInt64 = 0
        /// The latest refusal that concerns everybody, and until when it counts.
        var refusal: (text: String, until: NIODeadline)?
        /// Said by whoever watches the topology.
        var topologyTrouble: String?
        var clockDifferences: [RedisEndpoint: Int64] = [:]
        var historyListeners: [@Sendable (_ before: String, _ after: String) -> Void] = []

        var worstClockDifference: Int64 { clockDifferences.values.max { abs($0) < abs($1) } ?? 0 }
    }

    private let state = Mutex(State())
    private let clockDifferenceMax: Int64
    /// There is one master at a time.
    private let isAlone: Bool

    init(clockDifferenceMax: Milliseconds, isAlone: Bool) {
        self.clockDifferenceMax = clockDifferenceMax.count
        self.isAlone = isAlone
    }

    func take(_ report: LinkReport, isStore: Bool) {
        switch report {
        case .down(let endpoint, let error):
            state.withLock { state in
                state.connectionFailureCount += 1
                state.down[endpoint] = error
            }
        case .ready(let endpoint, let facts):
            let told = state.withLock { state -> (String, [@Sendable (String, String) -> Void])? in
                state.down[endpoint] = nil
                let isKnown = state.facts[endpoint] != nil
                state.facts[endpoint] = facts
                state.clockDifferences[endpoint] = facts.clockDifference
                guard isStore, facts.isMaster else { return nil }
                if isAlone { state.present = [:] }
                state.present[endpoint] = facts.replicationID
                let isSuccessor = state.replicationIDs.contains(facts.earlierReplicationID)
                guard state.replicationIDs.insert(facts.replicationID).inserted else { return nil }
                let before = state.replicationID
                state.replicationID = facts.replicationID
                // The first history of a cluster's node is no change, unless it goes on from one that is known; a second
                // one is, and so is any other of what always was one server.
                guard !before.isEmpty, isKnown || isAlone || isSuccessor else { return nil }
                state.historyChangeCount += 1
                return (before, state.historyListeners)
            }
            if let told { for listener in told.1 { listener(told.0, facts.replicationID) } }
        }
    }

    /// Servers that are no longer part of the topology have nothing to say.
    func keep(only endpoints: Set<RedisEndpoint>) {
        state.withLock { state in
            state.down = state.down.filter { endpoints.contains($0.key) }
            state.clockDifferences = state.clockDifferences.filter { endpoints.contains($0.key) }
            state.present = state.present.filter { endpoints.contains($0.key) }
        }
    }

    /// The histories of the masters that are asked now.
    var histories: Set<String> { state.withLock { Set($0.present.values) } }

    func refused(_ error: RedisError) {
        switch error.kind {
        case .noScript, .moved, .ask, .tryAgain, .crossSlot, .wrongType, .other: return
        case .loading, .readOnly, .outOfMemory, .masterDown, .clusterDown, .noAuthentication, .noPermission,
            .cannotPersist, .tooFewReplicas, .busy:
            let text = error.description
            state.withLock { $0.refusal = (text, .now() + .seconds(3)) }
        }
    }

    func accepted() { state.withLock { $0.refusal = nil } }

    func setTopologyTrouble(_ text: String?) { state.withLock { $0.topologyTrouble = text } }

    func setClockDifference(_ milliseconds: Int64, of endpoint: RedisEndpoint) {
        state.withLock { $0.clockDifferences[endpoint] = milliseconds }
    }

    func onHistoryChange(_ listener: @escaping @Sendable (String, String) -> Void) {
        state.withLock { $0.historyListeners.append(listener) }
    }

    /// Why decisions cannot be taken; `nil` when they can.
    var trouble: String? {
        state.withLock { state in
            if let text = state.topologyTrouble { return text }
            if let (_, error) = state.down.min(by: { $0.key.description < $1.key.description }) {
                return error.description
            }
            if let refusal = state.refusal, refusal.until > .now() { return refusal.text }
            let difference = state.worstClockDifference
            if abs(difference) > clockDifferenceMax {
                return "this node's clock is \(abs(difference)) ms \(difference > 0 ? "ahead of" : "behind") Redis's; "
                    + "synchronise both"
            }
            return nil
        }
    }

    func write(to statistics: inout RedisStatistics) {
        state.withLock { state in
            statistics.connectionFailureCount = state.connectionFailureCount
            statistics.historyChangeCount = state.historyChangeCount
            statistics.replicationID = state.replicationID
            statistics.clockDifferenceMilliseconds = state.worstClockDifference
        }
    }

    /// Why a server cannot be used, first of all for good.
    var fault: RedisStoreError? {
        state.withLock { state in
            state.down.values.first { !$0.isPassing }
                ?? state.topologyTrouble.map { .unreachable($0) } ?? state.down.values.first
        }
    }
}
