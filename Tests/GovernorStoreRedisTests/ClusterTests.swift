import Foundation
import GovernorCore
import GovernorStore
import GovernorTesting
import Synchronization
import Testing

@testable import GovernorStoreRedis

@Suite("A cluster", .serialized, .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct ClusterTests {
    private func slot(_ somebody: Somebody) -> Int {
        Int(HashSlot.slot(of: KeySpace().name(of: .identifier(somebody.phone.hash))))
    }

    /// Everything that every store promises, over three nodes that take turns.
    @Test(.timeLimit(.minutes(4))) func keepsThePromisesOfEveryStore() throws {
        let cluster = try RedisCluster()
        let stores = try (0..<3).map { _ in try Harness.open(cluster.url) }
        defer { for store in stores { store.close() } }
        for (name, check) in ContactStoreConformance.all + ContactStoreConformance.ofCounters {
            var generator = SeededGenerator.announced("cluster: \(name)")
            do {
                if name.hasPrefix("random operations") {
                    try ContactStoreConformance.agreesWithModel(TakingTurns(stores), &generator, operations: 300)
                } else {
                    try check(TakingTurns(stores), &generator)
                }
            } catch { Issue.record("\(name): \(error)") }
        }
    }

    @Test func aFirstContactIsOneRoundTripHereToo() throws {
        let cluster = try RedisCluster()
        let store = try Harness.open(cluster.url)
        defer { store.close() }
        var generator = SeededGenerator.announced("cluster")
        for _ in 0..<30 {
            let before = store.statistics
            let somebody = Somebody(&generator)
            try somebody.reserve(store)
            #expect(store.statistics.commitCount == before.commitCount + 1)
            #expect(store.statistics.readingCount == before.readingCount)
            #expect(try ContactStoreConformance.person(store, somebody.id)?.touches.count == 1)
        }
    }

    /// Callers reserve all the time while slots move back and forth: nobody gets more than the limit, and nobody less.
    @Test(.timeLimit(.minutes(3))) func slotsMoveUnderTraffic() throws {
        let cluster = try RedisCluster()
        let stores = try (0..<2).map { _ in
            try Harness.open(cluster.url) { $0.transactionTimeout = .seconds(20) }
        }
        defer { for store in stores { store.close() } }
        var generator = SeededGenerator.announced("moving slots")
        let people = (0..<4).map { _ in Somebody(&generator) }
        let limit = 40
        let isDone = Atomic<Bool>(false)
        let allowed = Mutex([Int](repeating: 0, count: people.count))
        let failures = Mutex<[String]>([])
        let threads = (0..<4).map { worker in
            TestThread {
                var generator = SeededGenerator(seed: UInt64(worker))
                while !isDone.load(ordering: .acquiring) {
                    let i = Int.random(in: 0..<people.count, using: &generator)
                    do {
                        if try people[i].reserve(stores[worker % 2], limit: limit) {
                            allowed.withLock { $0[i] += 1 }
                        }
                    } catch { failures.withLock { $0.append("\(error)") } }
                }
            }
        }
        for round in 0..<2 {
            for somebody in people {
                let owner = try #require(try cluster.owner(of: slot(somebody)))
                let index = cluster.masters.firstIndex { $0 === owner } ?? 0
                try cluster.move(slot: slot(somebody), to: cluster.masters[(index + 1 + round) % 3])
            }
        }
        try RedisProcess.wait("the limits were not reached") {
            allowed.withLock { $0.allSatisfy { $0 >= limit } }
        }
        isDone.store(true, ordering: .releasing)
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == [])
        for (somebody, count) in zip(people, allowed.withLock { $0 }) {
            #expect(count == limit)
            #expect(try somebody.touchCount(stores[0]) == limit)
        }
        #expect(stores.contains { $0.statistics.redirectionCount > 0 })
    }

    /// A contact whose identifiers lead to persons in different slots counts on all of them or on none.
    @Test(.timeLimit(.minutes(2))) func decisionsOverSeveralSlotsAreAllOrNothing() throws {
        let cluster = try RedisCluster()
        let stores = try (0..<3).map { _ in try Harness.open(cluster.url) }
        defer { for store in stores { store.close() } }
        var generator = SeededGenerator.announced("several slots")
        let people = (0..<3).map { _ in Somebody(&generator) }
        for somebody in people { try somebody.optOut(stores[0]) }
        #expect(Set(people.map(slot)).count > 1)
        let limit = 5
        let allowed = Atomic<Int>(0)
        try ContactStoreConformance.concurrently(6) { worker in
            for _ in 0..<10 {
                var names = NameTable()
                let touch = Touch(
                    id: TouchID(bits: .random(in: 1 ... .max)), at: Somebody.now, expiresAt: Somebody.now,
                    state: .reserved, channel: names.intern("voice"), purpose: names.intern("marketing"))
                let texts = names
                let keys = people.shuffled().map { RecordKey.identifier($0.phone.hash) }
                let isAllowed = try ContactStoreConformance.transact(stores[worker % 3], keys) { set -> Step<Bool> in
                    if set.records.contains(where: { $0.touches.count >= limit }) { return .done(false) }
                    for position in set.records.indices {
                        set.apply(.touch(touch), to: position, names: texts, at: Somebody.now)
                    }
                    return .done(true)
                }.result
                if isAllowed { allowed.add(1, ordering: .relaxed) }
            }
        }
        #expect(allowed.load(ordering: .relaxed) == limit)
        for somebody in people { #expect(try somebody.touchCount(stores[1]) == limit) }
    }

    @Test(.timeLimit(.minutes(2))) func aReplicaTakesThePlaceOfANodeThatDies() throws {
        let cluster = try RedisCluster(replicated: [0])
        let store = try Harness.open(cluster.url) {
            $0.commandTimeout = Milliseconds(1_000)
            $0.connectTimeout = Milliseconds(500)
        }
        defer { store.close() }
        var generator = SeededGenerator.announced("a node dies")
        var people: [Somebody] = []
        while people.count < 10 {
            let somebody = Somebody(&generator)
            if slot(somebody) < 5_000 { people.append(somebody) }
        }
        for somebody in people { try somebody.optOut(store) }
        let (master, replica) = (cluster.masters[0], cluster.replicas[0])
        try RedisProcess.wait("the replica is not in step") {
            let (ours, theirs) = (try master.info("master_repl_offset"), try replica.info("slave_repl_offset"))
            return ours == theirs
        }
        master.kill()
        try RedisProcess.wait("the store did not follow: \(store.trouble ?? "no trouble")", seconds: 30) {
            (try? people[0].reserve(store)) != nil && store.trouble == nil
        }
        for somebody in people { #expect(try somebody.check(store)?.facts.count == 1) }
        // The others were served all the time.
        var other = Somebody(&generator)
        while slot(other) < 6_000 { other = Somebody(&generator) }
        try other.reserve(store)
    }

    @Test func oneServerIsNoClusterAndAClusterNodeNoServer() throws {
        let server = try RedisProcess()
        #expect(
            try Harness.refusal("redis+cluster://127.0.0.1:\(server.port)")?.description.contains(
                "not part of a cluster")
                == true)
        let cluster = try RedisCluster()
        #expect(
            try Harness.refusal("redis://127.0.0.1:\(cluster.masters[0].port)")?.description.contains("redis+cluster")
                == true)
        guard
            case .mismatch = try {
                try Harness.open(cluster.url).close()
                return try Harness.refusal(cluster.url) { $0.secretFingerprint = [9] }
            }()
        else { return #expect(Bool(false), "another secret was let in") }
    }
}
