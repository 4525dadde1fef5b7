import GovernorStore
import Synchronization

/// Counts since the store was opened, written by every loop.
final class RedisCounters: Sendable {
    let transactions = Atomic<UInt64>(0)
    let readings = Atomic<UInt64>(0)
    let commits = Atomic<UInt64>(0)
    let conflicts = Atomic<UInt64>(0)
    let scriptReloads = Atomic<UInt64>(0)
    let unavailable = Atomic<UInt64>(0)
    let timeouts = Atomic<UInt64>(0)
    let unknownOutcomes = Atomic<UInt64>(0)
    let overloads = Atomic<UInt64>(0)
    let damages = Atomic<UInt64>(0)
    let redirections = Atomic<UInt64>(0)

    func count(_ error: StoreError) {
        switch error {
        case .unavailable: unavailable.add(1, ordering: .relaxed)
        case .timedOut(outcome: .notStored): timeouts.add(1, ordering: .relaxed)
        case .timedOut(outcome: .unknown): unknownOutcomes.add(1, ordering: .relaxed)
        case .overloaded: overloads.add(1, ordering: .relaxed)
        case .damaged: damages.add(1, ordering: .relaxed)
        }
    }
}

/// What the store has done and how it stands.
public struct RedisStatistics: Hashable, Sendable {
    public internal(set) var transactionCount: UInt64 = 0
    /// Readings and commits: together the round trips.
    public internal(set) var readingCount: UInt64 = 0
    public internal(set) var commitCount: UInt64 = 0
    /// Transactions that ran again because another was faster, or because the node's memory was out of date.
    public internal(set) var conflictCount: UInt64 = 0
    public internal(set) var scriptReloadCount: UInt64 = 0
    public internal(set) var unavailableCount: UInt64 = 0
    public internal(set) var timeoutCount: UInt64 = 0
    public internal(set) var unknownOutcomeCount: UInt64 = 0
    public internal(set) var overloadCount: UInt64 = 0
    public internal(set) var damageCount: UInt64 = 0
    public internal(set) var redirectionCount: UInt64 = 0
    public internal(set) var connectionCount = 0
    /// Times that a connection was lost or could not be made.
    public internal(set) var connectionFailureCount: UInt64 = 0
    /// Times that a master with another history answered: a failover or a restart.
    public internal(set) var historyChangeCount: UInt64 = 0
    public internal(set) var replicationID = ""
    /// Not all ledgers have been replayed since then: decisions are refused.
    public internal(set) var isHealing = false
    /// Entries of this node's ledger that were replayed.
    public internal(set) var replayedCount: UInt64 = 0
    /// This node's clock minus Redis's, in milliseconds.
    public internal(set) var clockDifferenceMilliseconds: Int64 = 0
    public internal(set) var cachedCount = 0
    public internal(set) var cachedBytes = 0
    public internal(set) var cacheHitCount: UInt64 = 0
    public internal(set) var cacheMissCount: UInt64 = 0
    public internal(set) var cacheEvictionCount: UInt64 = 0
    public internal(set) var aliasCount = 0
    public internal(set) var staleAliasCount: UInt64 = 0

    public init() {}
}
