import Foundation
import GovernorCore
import GovernorStore
import GovernorTesting
import Testing

@testable import GovernorStoreRedis

@Suite("Slots")
struct SlotTests {
    /// Source: `CLUSTER KEYSLOT` of Redis 7.0.15, and the check value of CRC-16/XMODEM for the first.
    @Test(arguments: [
        ("123456789", 0x31c3), ("", 0), ("foo", 12_182), ("{foo}bar", 12_182), ("a{foo}", 12_182),
        ("{user1000}.following", 3_443), ("{user1000}.followers", 3_443), ("foo{}{bar}", 8_363),
        ("foo{{bar}}zap", 4_015),
        ("foo{bar}{zap}", 5_061),
    ])
    func ofKeys(_ key: String, _ slot: Int) { #expect(HashSlot.slot(of: Array(key.utf8)) == UInt16(slot)) }

    @Test(
        "as Redis computes them", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func asRedis() throws {
        let server = try RedisProcess([("cluster-enabled", "yes")])
        var generator = SeededGenerator.announced("slots")
        for _ in 0..<40 {
            let hash = IdentifierHash(high: generator.next(), low: generator.next())
            let key = KeySpace().name(of: .identifier(hash))
            let slot = try server.cli("CLUSTER", "KEYSLOT", String(decoding: key, as: UTF8.self))
            #expect(Int(slot) == Int(HashSlot.slot(of: key)))
        }
    }

    @Test func mapsKnowWhoServesWhat() {
        var map = SlotMap()
        #expect(map.uncoveredCount == 16_384 && map.node(of: 5) == nil)
        let (a, b) = (RedisEndpoint.host("a", port: 1), RedisEndpoint.host("b", port: 1))
        map.set(0...9_999, to: a)
        map.set(10_000...16_383, to: b)
        #expect(map.uncoveredCount == 0 && map.node(of: 9_999) == a && map.node(of: 10_000) == b)
        map.set(9_999...9_999, to: b)
        #expect(map.node(of: 9_999) == b && map.nodes == [a, b])
        #expect(SlotMap.endpoint("", 7, from: a) == .host("a", port: 7))
        #expect(SlotMap.endpoint("?", 7, from: a) == .host("a", port: 7))
        #expect(SlotMap.endpoint("c", 7, from: a) == .host("c", port: 7))
    }
}

@Suite("Sentinel", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct SentinelTests {
    private final class Watched {
        let master: RedisProcess
        let replica: RedisProcess
        private(set) var sentinels: [RedisProcess] = []

        init() throws {
            master = try RedisProcess([("repl-diskless-sync-delay", "0")])
            replica = try RedisProcess([
                ("replicaof", "127.0.0.1 \(master.port)"), ("repl-diskless-sync-delay", "0"),
            ])
            let replica = replica
            try RedisProcess.wait("the replica was never in step") { try replica.info("master_link_status") == "up" }
            for _ in 0..<3 {
                sentinels.append(
                    try RedisProcess(
                        [
                            ("sentinel", "monitor people 127.0.0.1 \(master.port) 2"),
                            ("sentinel", "down-after-milliseconds people 400"),
                            ("sentinel", "failover-timeout people 2000"),
                        ], isSentinel: true))
            }
            let sentinels = sentinels
            try RedisProcess.wait("the sentinels never knew each other") {
                try sentinels.allSatisfy { sentinel in
                    let text = try sentinel.cli("SENTINEL", "MASTER", "people").split(separator: "\n")
                    func field(_ name: Substring) -> Substring? {
                        text.firstIndex(of: name).map { text[$0 + 1] }
                    }
                    return field("num-other-sentinels") == "2" && field("num-slaves") == "1"
                }
            }
        }

        var url: String {
            "redis+sentinel://" + sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ",") + "/people"
        }
    }

    @Test func theMasterIsFoundAndFollowed() throws {
        let watched = try Watched()
        let store = try Harness.open(watched.url) {
            $0.commandTimeout = Milliseconds(500)
            $0.connectTimeout = Milliseconds(500)
        }
        defer { store.close() }
        var generator = SeededGenerator.announced("sentinel")
        let people = (0..<20).map { _ in Somebody(&generator) }
        for somebody in people { try somebody.optOut(store) }
        #expect(try watched.master.info("master_repl_offset") != "0")
        try RedisProcess.wait("the replica is not in step") {
            let (ours, theirs) = (
                try watched.master.info("master_repl_offset"), try watched.replica.info("slave_repl_offset")
            )
            return ours == theirs
        }
        watched.master.kill()
        try RedisProcess.wait("the store did not follow the failover: \(store.trouble ?? "")", seconds: 30) {
            (try? people[0].reserve(store)) != nil && store.trouble == nil
        }
        for somebody in people { #expect(try somebody.check(store)?.facts.count == 1) }
        #expect(store.statistics.historyChangeCount == 1)
        #expect(try watched.replica.info("role") == "master")
        // The old master comes back as a replica, and nobody asks it.
        try watched.master.start()
        for somebody in people { try somebody.reserve(store) }
        #expect(store.trouble == nil)
    }

    /// The replica that takes over never heard of the last opt-outs: the ledger brings them back.
    @Test func whatTheNewMasterNeverHeardOfComesBack() throws {
        let watched = try Watched()
        let journal = MemoryJournal(node: "a")
        let store = try Harness.open(watched.url, journal: journal) {
            $0.commandTimeout = Milliseconds(500)
            $0.connectTimeout = Milliseconds(500)
        }
        defer { store.close() }
        try RedisProcess.wait("not ready") { store.trouble == nil }
        var generator = SeededGenerator.announced("lost by failover")
        let (before, after) = ((0..<10).map { _ in Somebody(&generator) }, (0..<10).map { _ in Somebody(&generator) })
        for somebody in before { try somebody.optOut(store) }
        try RedisProcess.wait("the replica is not in step") {
            let (ours, theirs) = (
                try watched.master.info("master_repl_offset"), try watched.replica.info("slave_repl_offset")
            )
            return ours == theirs
        }
        watched.replica.pause()
        try watched.master.cli("CLIENT", "KILL", "TYPE", "replica")
        for somebody in after {
            try somebody.optOut(store)
            try somebody.reserve(store, bits: somebody.phone.hash.high | 1)
        }
        watched.master.kill()
        watched.replica.resume()
        let key = String(decoding: KeySpace().name(of: .identifier(after[0].phone.hash)), as: UTF8.self)
        #expect(try watched.replica.cli("EXISTS", key) == "0")
        try RedisProcess.wait("the store did not follow the failover: \(store.trouble ?? "")", seconds: 30) {
            store.statistics.historyChangeCount > 0 && store.trouble == nil
        }
        for somebody in before + after { #expect(try somebody.check(store)?.facts.count == 1) }
        for somebody in after { #expect(try somebody.touchCount(store) == 1) }
        #expect(store.statistics.replayedCount >= 30)
    }

    @Test func anUnknownNameAndNobodyThereAreRefusedWithAReason() throws {
        let watched = try Watched()
        let other = watched.url.replacingOccurrences(of: "/people", with: "/others")
        #expect(try Harness.refusal(other)?.description.contains("know no master `others`") == true)
        let port = try RedisProcess.freePort()
        #expect(
            try Harness.refusal("redis+sentinel://127.0.0.1:\(port)/people")?.description.contains(
                "no sentinel answers")
                == true)
    }
}
