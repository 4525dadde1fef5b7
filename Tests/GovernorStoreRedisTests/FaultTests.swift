import Foundation
import GovernorCore
import GovernorStore
import GovernorStoreRedis
import GovernorTesting
import Synchronization
import Testing

@Suite(
    "When Redis is slow, gone, full or not itself",
    .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct FaultTests {
    private static let aof = [("appendonly", "yes"), ("appendfsync", "everysec")]

    /// Short bounds, for tests that wait for them.
    private static func hasty(_ configuration: inout RedisConfiguration) {
        configuration.commandTimeout = Milliseconds(300)
        configuration.connectTimeout = Milliseconds(500)
        configuration.transactionTimeout = Milliseconds(600)
        configuration.backoffMax = Milliseconds(100)
    }

    private func outcome(_ body: () throws -> Bool) -> Result<Bool, StoreError> {
        do { return .success(try body()) } catch {
            return .failure(error as? StoreError ?? .damaged("another error: \(error)"))
        }
    }

    private func recovers(_ store: RedisStore, _ body: () throws -> Void) throws {
        try RedisProcess.wait("the store did not recover: \(store.trouble ?? "no trouble")") {
            (try? body()) != nil && store.trouble == nil
        }
    }

    @Test func forgottenScriptsAreSentAgain() throws {
        let server = try RedisProcess()
        let store = try server.open()
        defer { store.close() }
        var generator = SeededGenerator.announced("script flush")
        let somebody = Somebody(&generator)
        for _ in 0..<3 {
            try somebody.reserve(store)
            try server.cli("SCRIPT", "FLUSH")
        }
        try somebody.reserve(store)
        #expect(try somebody.touchCount(store) == 4)
        #expect(store.statistics.scriptReloadCount == 3)
    }

    @Test(arguments: [true, false])
    func comesBackAfterARestart(isKilled: Bool) throws {
        let server = try RedisProcess(Self.aof)
        let store = try server.open(Self.hasty)
        defer { store.close() }
        var generator = SeededGenerator.announced("restart")
        let people = (0..<20).map { _ in Somebody(&generator) }
        for somebody in people { try somebody.optOut(store) }
        isKilled ? server.kill() : server.stop()
        // Whatever is asked meanwhile ends, in an error, and stores nothing.
        for somebody in people.prefix(5) {
            let answer = outcome { try somebody.reserve(store) }
            guard case .failure = answer else {
                Issue.record("a reservation without Redis")
                continue
            }
        }
        try RedisProcess.wait("no trouble was told") { store.trouble != nil }
        try server.start()
        try recovers(store) { _ = try people[0].check(store) }
        for somebody in people { #expect(try somebody.check(store)?.facts.count == 1) }
        #expect(store.statistics.connectionFailureCount > 0)
    }

    @Test func endsInTimeWhenRedisHangsAndWhatWasSentMayCount() throws {
        let server = try RedisProcess()
        let store = try server.open(Self.hasty)
        defer { store.close() }
        var generator = SeededGenerator.announced("hanging")
        let somebody = Somebody(&generator)
        try somebody.reserve(store, bits: 1)
        server.pause()
        let clock = ContinuousClock()
        let length = clock.measure {
            #expect(outcome { try somebody.reserve(store, bits: 2) } == .failure(.timedOut(outcome: .unknown)))
        }
        #expect(length < .seconds(3), "it took \(length)")
        // The breaker opens once nobody answers the door either, and then refuses at once.
        try RedisProcess.wait("the breaker did not open") {
            if case .failure(.unavailable) = outcome({ try somebody.reserve(store, bits: 3) }) { true } else { false }
        }
        let refusal = clock.measure { _ = outcome { try somebody.reserve(store, bits: 4) } }
        #expect(refusal < .milliseconds(250), "a refusal took \(refusal)")
        #expect(store.trouble != nil)
        server.resume()
        try recovers(store) { _ = try somebody.check(store) }
        // What reached Redis before the connection was given up counts, once, also when it is tried again.
        try RedisProcess.wait("the lost reservation never counted") { try somebody.touchCount(store) >= 2 }
        try somebody.reserve(store, bits: 2)
        let bits = try somebody.check(store)?.touches.map(\.id.bits).sorted()
        #expect(bits?.prefix(2) == [1, 2])
    }

    @Test(arguments: [LossyProxy.Mode.silent, .cutting])
    func aReservationWhoseReplyWasLostCounts(mode: LossyProxy.Mode) throws {
        let server = try RedisProcess()
        let proxy = try LossyProxy(to: server.socket)
        let store = try Harness.open("redis://127.0.0.1:\(proxy.port)", Self.hasty)
        defer {
            store.close()
            proxy.close()
        }
        var generator = SeededGenerator.announced("lost replies")
        for isKnown in [false, true] {
            let somebody = Somebody(&generator)
            if isKnown { try somebody.reserve(store, bits: 1) }
            proxy.set(mode)
            #expect(outcome { try somebody.reserve(store, bits: 2) } == .failure(.timedOut(outcome: .unknown)))
            proxy.set(.open)
            try recovers(store) { _ = try somebody.check(store) }
            #expect(try somebody.reserve(store, bits: 2))
            #expect(try somebody.touchCount(store) == (isKnown ? 2 : 1))
            // A check whose reply is lost changed nothing, and says so.
            proxy.set(mode)
            #expect(outcome { try somebody.check(store) != nil } == .failure(.timedOut(outcome: .notStored)))
            proxy.set(.open)
            try recovers(store) { _ = try somebody.check(store) }
        }
    }

    @Test func nonsenseEndsTheConnection() throws {
        let server = try RedisProcess()
        let proxy = try LossyProxy(to: server.socket)
        let store = try Harness.open("redis://127.0.0.1:\(proxy.port)", Self.hasty)
        defer {
            store.close()
            proxy.close()
        }
        var generator = SeededGenerator.announced("nonsense")
        let somebody = Somebody(&generator)
        proxy.set(.garbled)
        #expect(outcome { try somebody.reserve(store, bits: 1) } == .failure(.timedOut(outcome: .unknown)))
        proxy.set(.open)
        try recovers(store) { _ = try somebody.check(store) }
        #expect(try somebody.touchCount(store) == 1)
        // And whoever speaks so from the beginning is not let in.
        proxy.set(.garbled)
        let refusal = try Harness.refusal("redis://127.0.0.1:\(proxy.port)", Self.hasty)
        guard case .unreachable = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
    }

    @Test func leavesAServerThatBecomesAReplicaAndComesBack() throws {
        let server = try RedisProcess()
        let other = try RedisProcess()
        let store = try server.open(Self.hasty)
        defer { store.close() }
        var generator = SeededGenerator.announced("replica")
        let somebody = Somebody(&generator)
        try somebody.reserve(store)
        try server.cli("CONFIG", "SET", "replica-read-only", "yes")
        try server.cli("REPLICAOF", "127.0.0.1", "1")
        guard case .failure(.unavailable(let why)) = outcome({ try somebody.reserve(store) }) else {
            return #expect(Bool(false), "a replica took a reservation")
        }
        #expect(why.contains("replica") || why.contains("master"))
        try RedisProcess.wait("not ready was not told") { store.trouble?.contains("replica") == true }
        try server.cli("REPLICAOF", "NO", "ONE")
        try recovers(store) { try somebody.reserve(store) }
        _ = other
    }

    @Test func aReplicaIsNoStore() throws {
        let master = try RedisProcess()
        let replica = try RedisProcess([("replicaof", "127.0.0.1 \(master.port)")])
        let refusal = try Harness.refusal("redis+unix://\(replica.socket)")
        #expect(refusal?.description.contains("read-only replica") == true)
    }

    @Test func whenMemoryIsFullChecksGoOnAndChangesAreRefused() throws {
        let server = try RedisProcess()
        let store = try server.open(Self.hasty)
        defer { store.close() }
        var generator = SeededGenerator.announced("full")
        let known = Somebody(&generator)
        try known.optOut(store)
        try server.cli("CONFIG", "SET", "maxmemory", "1")
        let stranger = Somebody(&generator)
        guard case .failure(.unavailable(let why)) = outcome({ try stranger.reserve(store) }) else {
            return #expect(Bool(false), "a full Redis took a reservation")
        }
        #expect(why.contains("maxmemory"))
        #expect(store.trouble?.contains("maxmemory") == true)
        #expect(try known.check(store)?.facts.count == 1)
        #expect(try stranger.check(store) == nil)
        try server.cli("CONFIG", "SET", "maxmemory", "0")
        try recovers(store) { try stranger.reserve(store) }
    }

    @Test func waitsForAServerThatLoads() throws {
        let server = try RedisProcess([
            ("save", "3600 1"), ("enable-debug-command", "yes"), ("loading-process-events-interval-bytes", "1024"),
        ])
        let store = try server.open(Self.hasty)
        defer { store.close() }
        var generator = SeededGenerator.announced("loading")
        let people = (0..<50).map { _ in Somebody(&generator) }
        for somebody in people { try somebody.optOut(store) }
        try server.cli("DEBUG", "POPULATE", "2000", "x", "100")
        try server.cli("SAVE")
        server.kill()
        // Slow enough that everybody sees it: half a millisecond a key.
        let conf = server.folder + "/redis.conf"
        let text = try String(contentsOfFile: conf, encoding: .utf8)
        try (text + "key-load-delay 500\n").write(toFile: conf, atomically: true, encoding: .utf8)
        try server.start(waits: false)
        try RedisProcess.wait("the server was never seen loading") {
            _ = outcome { try people[0].reserve(store) }
            return store.trouble?.contains("loading") == true
        }
        try recovers(store) { _ = try people[0].check(store) }
        for somebody in people { #expect(try somebody.check(store)?.facts.count == 1) }
    }

    @Test func whatIsNoRecordIsDamage() throws {
        let server = try RedisProcess()
        let store = try server.open()
        defer { store.close() }
        var generator = SeededGenerator.announced("damage")
        let keys = try (0..<3).map { _ in
            let somebody = Somebody(&generator)
            try somebody.reserve(store)
            return (somebody, try server.cli("KEYS", "gov:i*").split(separator: "\n").map(String.init))
        }
        // The first person's key is the one that was there alone.
        let key = try #require(keys[0].1.first)
        for damage in [["SET", key, "short"], ["SET", key, String(repeating: "x", count: 200)], ["LPUSH", key, "1"]] {
            try server.cli("DEL", key)
            try server.cli(damage)
            guard case .failure(.damaged) = outcome({ try keys[0].0.reserve(store) }) else {
                Issue.record("\(damage[0]) was read as a record")
                continue
            }
            #expect(try keys[1].0.reserve(store))
        }
    }

    /// The journal is asked before anything is stored, and a lost entry makes the outcome unknown.
    @Test func nothingIsStoredThatCannotBePutOnRecord() throws {
        final class Journal: StoreJournal {
            let isRefusing = Atomic<Bool>(false)
            let isFull = Atomic<Bool>(false)
            let entries = Mutex<[StoreJournalEntry]>([])
            var trouble: String? { isRefusing.load(ordering: .acquiring) ? "the disk is full" : nil }
            func append(_ entry: StoreJournalEntry) throws(StoreError) -> StoreTicket {
                if isFull.load(ordering: .acquiring) { throw .overloaded("full") }
                return StoreTicket(
                    sequence: entries.withLock {
                        $0.append(entry)
                        return UInt64($0.count)
                    })
            }
            func whenDurable(
                _ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
            ) {
                completion(.success(()))
            }
        }
        let server = try RedisProcess()
        let journal = Journal()
        let store = try Harness.open("redis+unix://\(server.socket)", journal: journal)
        defer { store.close() }
        var generator = SeededGenerator.announced("journal")
        let somebody = Somebody(&generator)
        try somebody.reserve(store)
        try somebody.optOut(store)
        let entries = journal.entries.withLock { $0 }
        #expect(entries.map(\.kind) == [.decision, .fact] && entries.map(\.isAwaited) == [false, true])
        #expect(entries.allSatisfy { $0.persons == [somebody.id] })
        let body = try JournalBody(decoding: entries[0].body)
        #expect(body.changes.first?.isNew == true && body.changes.first?.changes.count == 2)
        journal.isRefusing.store(true, ordering: .releasing)
        #expect(outcome { try somebody.reserve(store) } == .failure(.unavailable("the disk is full")))
        #expect(store.trouble == "the disk is full")
        journal.isRefusing.store(false, ordering: .releasing)
        #expect(try somebody.touchCount(store) == 1)
        journal.isFull.store(true, ordering: .releasing)
        #expect(outcome { try somebody.reserve(store) } == .failure(.timedOut(outcome: .unknown)))
        #expect(try somebody.touchCount(store) == 2)
    }

    @Test func aClosedStoreAnswers() throws {
        let server = try RedisProcess()
        let store = try server.open()
        store.close()
        store.close()
        var generator = SeededGenerator(seed: 1)
        let somebody = Somebody(&generator)
        #expect(outcome { try somebody.reserve(store) } == .failure(.unavailable("the store is closed")))
        #expect(store.trouble == "the store is closed")
    }
}
