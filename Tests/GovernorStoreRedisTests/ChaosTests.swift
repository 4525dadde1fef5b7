import Foundation
import GovernorCore
import GovernorStore
import GovernorStoreRedis
import GovernorTesting
import Synchronization
import Testing

/// Several nodes and hundreds of callers while everything fails by turns. At the end no cap was passed, and everything
/// that was acknowledged is there, once.
@Suite("While everything fails", .serialized, .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct ChaosTests {
    /// One node: its store behind a proxy of its own, closed and opened again now and then.
    private final class Node: Sendable {
        let proxy: LossyProxy
        let journal: MemoryJournal
        private let store: Mutex<RedisStore>

        init(_ name: String, _ server: RedisProcess) throws {
            proxy = try LossyProxy(to: server.socket)
            journal = MemoryJournal(node: name)
            store = Mutex(try Self.open(proxy, journal))
        }

        private static func open(_ proxy: LossyProxy, _ journal: MemoryJournal) throws -> RedisStore {
            try Harness.open("redis://127.0.0.1:\(proxy.port)", journal: journal) {
                $0.commandTimeout = Milliseconds(200)
                $0.connectTimeout = Milliseconds(400)
                $0.transactionTimeout = Milliseconds(500)
                $0.backoffMax = Milliseconds(100)
                $0.startPatience = Milliseconds(3_000)
            }
        }

        var current: RedisStore { store.withLock { $0 } }

        /// Ends it and starts it again, unless Redis cannot be used just then.
        func restart() {
            current.close()
            while true {
                if let new = try? Self.open(proxy, journal) { return store.withLock { $0 = new } }
            }
        }

        func close() {
            current.close()
            proxy.close()
        }
    }

    /// What was acknowledged to anybody.
    private final class Acknowledged: Sendable {
        let touches = Mutex<[Int: Set<UInt64>]>([:])
        let optOuts = Mutex<Set<Int>>([])
        let faults = Mutex<[String]>([])
        let answers = Atomic<Int>(0)
        let isDone = Atomic<Bool>(false)
    }

    private static let limit = 6

    /// Reserves unless the limit is reached or she said no; the same touch is the same contact.
    private static func reserve(_ somebody: Somebody, _ bits: UInt64, _ store: any ContactStore) throws -> Bool {
        var texts = NameTable()
        let touch = Touch(
            id: TouchID(bits: bits), at: Somebody.now, expiresAt: Somebody.now + .minutes(2), state: .reserved,
            channel: texts.intern("voice"), purpose: texts.intern("marketing"))
        let names = texts
        return try ContactStoreConformance.transact(store, [.identifier(somebody.phone.hash)]) { set -> Step<Bool> in
            var position = set.homes[0]
            if position < 0 {
                position = set.create(somebody.id, at: Somebody.now)
                set.apply(.identifier(somebody.phone), to: position, names: names, at: Somebody.now)
            }
            let record = set.records[position]
            if record.touches.contains(where: { $0.id == touch.id }) { return .done(true) }
            if record.touches.count >= limit || !record.facts.isEmpty { return .done(false) }
            set.apply(.touch(touch), to: position, names: names, at: Somebody.now)
            set.record(JournalEntry(kind: .decision, at: Somebody.now, body: [1]))
            return .done(true)
        }.result
    }

    private static func call(
        _ people: [Somebody], _ nodes: [Node], _ said: Acknowledged, _ seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        while !said.isDone.load(ordering: .acquiring) {
            let i = Int.random(in: 0..<people.count, using: &generator)
            let node = generator.pick(nodes)
            if generator.oneIn(40) {
                if (try? people[i].optOut(node.current)) != nil { _ = said.optOuts.withLock { $0.insert(i) } }
                continue
            }
            let bits = generator.next() | 1
            let wasOut = said.optOuts.withLock { $0.contains(i) }
            // Until somebody answers, as callers do, each time at another node.
            var answer: Bool?
            for _ in 0..<6 where answer == nil {
                answer = try? reserve(people[i], bits, generator.pick(nodes).current)
                if answer == nil { usleep(5_000) }
            }
            guard let answer else { continue }
            said.answers.add(1, ordering: .relaxed)
            if answer {
                if wasOut { said.faults.withLock { $0.append("a contact after an acknowledged opt-out") } }
                _ = said.touches.withLock { $0[i, default: []].insert(bits) }
                // Asked again it is the same answer, or none.
                if generator.oneIn(4), let again = try? reserve(people[i], bits, generator.pick(nodes).current), !again
                {
                    said.faults.withLock { $0.append("one contact had two answers") }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3))) func noCapIsPassedAndNothingAcknowledgedIsLost() throws {
        var generator = SeededGenerator.announced("chaos")
        // Every answer is on Redis's disk before it is given, so that a killed server loses none.
        let server = try RedisProcess([("appendonly", "yes"), ("appendfsync", "always")])
        let nodes = try (0..<3).map { try Node("node-\($0)", server) }
        defer { for node in nodes { node.close() } }
        let people = (0..<60).map { _ in Somebody(&generator) }
        let said = Acknowledged()
        let seeds = (0..<200).map { _ in generator.next() }
        let callers = seeds.map { seed in TestThread { Self.call(people, nodes, said, seed) } }
        for _ in 0..<14 {
            let node = generator.pick(nodes)
            switch Int.random(in: 0...6, using: &generator) {
            case 0: node.proxy.set(.silent)
            case 1: node.proxy.set(.cutting)
            case 2: node.proxy.set(.garbled)
            case 3:
                server.pause()
                usleep(UInt32.random(in: 20_000...400_000, using: &generator))
                server.resume()
            case 4:
                server.kill()
                usleep(UInt32.random(in: 0...100_000, using: &generator))
                try server.start()
            case 5: try server.cli("SCRIPT", "FLUSH")
            default: node.restart()
            }
            usleep(UInt32.random(in: 20_000...250_000, using: &generator))
            node.proxy.set(.open)
        }
        said.isDone.store(true, ordering: .releasing)
        for caller in callers { caller.join() }
        for node in nodes {
            try RedisProcess.wait("a node did not recover: \(node.current.trouble ?? "")", seconds: 30) {
                node.current.trouble == nil
            }
        }
        #expect(said.faults.withLock { Set($0) } == [])
        let (touches, optOuts) = (said.touches.withLock { $0 }, said.optOuts.withLock { $0 })
        print("chaos: \(said.answers.load(ordering: .relaxed)) answers, \(optOuts.count) opt-outs")
        #expect(touches.count > 10 && !optOuts.isEmpty)
        for (i, somebody) in people.enumerated() {
            let record = try somebody.check(nodes[i % 3].current)
            let stored = record?.touches.map(\.id.bits) ?? []
            #expect(stored.count <= Self.limit && Set(stored).count == stored.count)
            #expect(touches[i, default: []].isSubset(of: stored), "an acknowledged contact is lost")
            if optOuts.contains(i) { #expect(record?.facts.count == 1, "an acknowledged opt-out is lost") }
        }
    }
}
