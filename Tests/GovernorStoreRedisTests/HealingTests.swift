import Foundation
import GovernorCore
import GovernorStore
import GovernorTesting
import Testing

@testable import GovernorStoreRedis

@Suite("What ledgers bring back")
struct HealingRulesTests {
    private static let now = Somebody.now

    private func touch(_ state: TouchState, outcome: String = "", at minutes: Int64 = 0, corrected: Bool = false)
        -> Touch
    {
        var names = NameTable()
        var touch = Touch(
            id: TouchID(bits: 7), at: Self.now, expiresAt: Self.now + .minutes(2), state: state,
            channel: names.intern("voice"), purpose: names.intern("marketing"))
        if !outcome.isEmpty {
            touch.outcome = names.intern(outcome)
            touch.outcomeAt = Self.now + .minutes(minutes)
            touch.isCorrected = corrected
        }
        return touch
    }

    /// Of two accounts of one touch the newer stands, in whatever order they are told.
    @Test func ofATouchTheNewerAccountStands() {
        let older = [
            touch(.reserved), touch(.confirmed), touch(.released), touch(.reported, outcome: "busy", at: 1),
            touch(.reported, outcome: "sold", at: 2), touch(.reported, outcome: "busy", at: 1, corrected: true),
            touch(.reported, outcome: "sold", at: 2, corrected: true),
        ]
        for (i, a) in older.enumerated() {
            for (j, b) in older.enumerated() {
                #expect(a.merged(with: b) == older[max(i, j)], "\(i) and \(j)")
            }
        }
    }

    @Test func aNodeKnowsWhatItHasToDo() {
        let registry = NodeRegistry(fields: ["a", "h1,h2", "b", "h1", "c", ""])
        func duty(_ node: String, _ present: Set<String>, _ hasRecords: Bool = true) -> NodeRegistry.Duty {
            registry.duty(of: node, present: present, hasRecords: hasRecords)
        }
        #expect(duty("a", ["h1"]) == .nothing && duty("a", ["h1", "h2"]) == .nothing)
        #expect(duty("a", ["h3"]) == .replayTail && duty("b", ["h1", "h2"]) == .replayTail)
        #expect(duty("new", ["h1"], false) == .register && duty("new", ["h1"]) == .replayAll)
        #expect(duty("c", ["h1"]) == .replayTail)
        #expect(registry.waitingFor(["h1"]) == ["c"])
        #expect(registry.waitingFor(["h1", "h2"]) == ["b", "c"])
        #expect(NodeRegistry(fields: ["n", NodeRegistry.value(["x", "y"])]).healed == ["n": ["x", "y"]])
    }

    /// Whom Redis has forgotten is made again; whose identifiers lead to somebody else by now, that one gets it all.
    @Test func nobodyIsMovedBackAndNothingIsForgotten() throws {
        let store = InMemoryStore()
        var generator = SeededGenerator.announced("healing rules")
        let somebody = Somebody(&generator)
        let fact = Fact(
            id: FactID(high: 1, low: 2), at: Self.now, receivedAt: Self.now,
            body: .optOut(reach: .person, endpoints: [somebody.phone.hash]))
        let told = RecordChanges(
            person: somebody.id, isNew: true,
            changes: [.identifier(somebody.phone), .fact(fact), .touch(touch(.confirmed))])
        let change = HealingChange(changes: told, names: NameTable(), at: Self.now)
        func apply(_ change: HealingChange) throws -> HealingChange.Result {
            try ContactStoreConformance.transact(store, change.keys) { set -> Step<HealingChange.Result> in
                .done(change.apply(to: &set))
            }.result
        }
        for _ in 0..<2 { #expect(try apply(change) == .done) }
        #expect(try somebody.check(store)?.facts.count == 1 && somebody.touchCount(store) == 1)
        // A later account of the touch stays.
        let later = RecordChanges(
            person: somebody.id, isNew: false, changes: [.touch(touch(.reported, outcome: "busy"))])
        #expect(try apply(HealingChange(changes: later, names: NameTable(), at: Self.now)) == .done)
        #expect(try apply(change) == .done)
        #expect(try somebody.check(store)?.touches.first?.state == .reported)
        // Another record of hers, by another node, that Redis has forgotten.
        let lost = PersonID(high: generator.next(), low: generator.next())
        let second = Fact(
            id: FactID(high: 3, low: 4), at: Self.now, receivedAt: Self.now,
            body: .optOut(reach: .person, endpoints: []))
        let of = HealingChange(
            changes: RecordChanges(person: lost, isNew: true, changes: [.identifier(somebody.phone), .fact(second)]),
            names: NameTable(), at: Self.now)
        #expect(try apply(of) == .inherited(somebody.id))
        #expect(try somebody.check(store)?.facts.count == 2)
        var rest = HealingChange(
            changes: RecordChanges(person: lost, isNew: false, changes: [.fact(fact)]), names: NameTable(), at: Self.now
        )
        #expect(try apply(rest) == .unknown)
        rest.heir = somebody.id
        #expect(try apply(rest) == .done)
    }

    @Test func countersAreFilledUpToWhatWasCounted() throws {
        let store = InMemoryStore()
        let key = CounterKey(rule: "house/guard", unit: .campaign, name: "c")
        var names = NameTable()
        var whole = CounterRecord(key: key)
        let busy: EventName = names.intern("busy")
        let texts = names
        var state = whole.apply(CounterChange(key: key, at: Self.now, attempts: 1), names: names, at: Self.now)
        for _ in 0..<3 {
            state = whole.apply(
                CounterChange(key: key, at: Self.now, attempts: 1, outcome: busy), names: texts, at: Self.now)
        }
        let counted = HealingCount(state: state, at: Self.now)
        for _ in 0..<2 {
            _ = try ContactStoreConformance.transact(store, [.counter(key)]) { set -> Step<Bool> in
                counted.apply(to: &set)
                return .done(true)
            }
        }
        let found = try #require(try ContactStoreConformance.counter(store, key))
        #expect(found.buckets.map(\.attempts) == [4] && found.buckets[0].outcomes.map(\.count) == [3])
    }
}

@Suite("After Redis has lost something", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct HealingTests {
    private func open(_ url: String, _ journal: MemoryJournal) throws -> RedisStore {
        let store = try Harness.open(url, journal: journal) {
            $0.commandTimeout = Milliseconds(500)
            $0.connectTimeout = Milliseconds(500)
            $0.backoffMax = Milliseconds(100)
        }
        return store
    }

    private func ready(_ store: RedisStore) throws {
        try RedisProcess.wait("not ready: \(store.trouble ?? "")", seconds: 30) { store.trouble == nil }
    }

    /// Restarted without a disk: everything is gone, and both nodes bring back what each has decided.
    @Test func everythingComesBackFromTheLedgersOfAllNodes() throws {
        let server = try RedisProcess()
        let journals = [MemoryJournal(node: "a"), MemoryJournal(node: "b")]
        let stores = try journals.map { try open("redis+unix://\(server.socket)", $0) }
        defer { for store in stores { store.close() } }
        for store in stores { try ready(store) }
        var generator = SeededGenerator.announced("all lost")
        let people = (0..<20).map { _ in Somebody(&generator) }
        for (i, somebody) in people.enumerated() {
            try somebody.reserve(stores[i % 2], bits: UInt64(i + 1))
            try somebody.optOut(stores[(i + 1) % 2])
        }
        server.kill()
        try server.start()
        for store in stores {
            try RedisProcess.wait("the restart was not noticed") { store.statistics.historyChangeCount > 0 }
            try ready(store)
        }
        for somebody in people {
            let record = try somebody.check(stores[0])
            #expect(record?.facts.count == 1 && record?.touches.count == 1)
            #expect(try ContactStoreConformance.person(stores[1], somebody.id)?.facts.count == 1)
        }
        #expect(stores.allSatisfy { $0.statistics.replayedCount > 0 })
    }

    /// A node that is away may have decided something: nobody decides until it is back or written off.
    @Test func nobodyDecidesUntilEveryNodeHasReplayed() throws {
        let server = try RedisProcess([("save", "3600 100000")])
        let (a, b) = (MemoryJournal(node: "a"), MemoryJournal(node: "b"))
        let url = "redis+unix://\(server.socket)"
        let first = try open(url, a)
        defer { first.close() }
        var second = try open(url, b)
        for store in [first, second] { try ready(store) }
        var generator = SeededGenerator.announced("waiting")
        let (early, late) = (Somebody(&generator), Somebody(&generator))
        try early.optOut(second)
        try server.cli("SAVE")
        try late.optOut(second)
        second.close()
        server.kill()
        try server.start()
        try RedisProcess.wait("the other node is not waited for: \(first.trouble ?? "")") {
            first.trouble?.contains(": b;") == true
        }
        #expect(throws: StoreError.self) { try early.reserve(first) }
        #expect(throws: StoreError.self) { _ = try late.check(first) }
        second = try open(url, b)
        try ready(first)
        try ready(second)
        #expect(try late.check(first)?.facts.count == 1)
        second.close()
        // And the same, but that it never comes back.
        server.kill()
        try server.start()
        try RedisProcess.wait("the other node is not waited for") { first.trouble?.contains(": b;") == true }
        try server.cli("HDEL", "gov:nodes", "b")
        try ready(first)
        #expect(try early.check(first)?.facts.count == 1)
    }
}
