import GovernorCore
import GovernorStore
import GovernorStoreRedis
import GovernorTesting
import Testing

@Suite("What Redis has to hold", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct MemoryTests {
    private func store(_ person: PersonRecord, in store: RedisStore) throws {
        _ = try ContactStoreConformance.transact(store, person.identifiers.map { .identifier($0.hash) }) {
            set -> Step<Bool> in
            let position = set.create(person.id, at: person.createdAt)
            for identifier in person.identifiers {
                set.apply(.identifier(identifier), to: position, names: person.names, at: person.createdAt)
            }
            for touch in person.touches { set.apply(.touch(touch), to: position, names: person.names, at: touch.at) }
            for fact in person.facts { set.apply(.fact(fact), to: position, names: person.names, at: fact.at) }
            return .done(true)
        }
    }

    /// The record and the forwarder of her id together.
    @Test func aPersonWithTenTouchesAndTwoOptOutsIsUnderOneKibibyte() throws {
        let server = try RedisProcess()
        let store = try server.open()
        defer { store.close() }
        var generator = SeededGenerator.announced("memory")
        var most = 0
        for _ in 0..<10 {
            try server.cli("FLUSHALL")
            let person = RandomRecords.typical(&generator, now: Harness.wallClock(), touches: 10, optOuts: 2)
            try self.store(person, in: store)
            let keys = try server.cli("KEYS", "*").split(separator: "\n").map(String.init)
            #expect(keys.count == 2)
            let bytes = try keys.reduce(0) { sum, key in
                sum + (Int(try server.cli("MEMORY", "USAGE", key)) ?? 1_000_000)
            }
            most = max(most, bytes)
            for key in keys { #expect(try server.cli("PTTL", key) == "-1", "an opt-out expires") }
        }
        print("a person with ten touches and two opt-outs: at most \(most) bytes in Redis")
        #expect(most < 1_024)
    }

    @Test func whatHoldsNothingDurableExpires() throws {
        let server = try RedisProcess()
        let store = try server.open()
        defer { store.close() }
        var generator = SeededGenerator.announced("expiry")
        let now = Harness.wallClock()
        let person = RandomRecords.typical(&generator, now: now, touches: 3)
        try self.store(person, in: store)
        let day = 86_400_000
        for key in try server.cli("KEYS", "*").split(separator: "\n").map(String.init) where key != "gov:meta" {
            let rest = Int(try server.cli("PTTL", key)) ?? 0
            let age = Int((now - (person.touches.last?.at ?? now)).count)
            let range = key.hasPrefix("gov:i") ? 1_829...1_831 : 1_829 + 90...1_831 + 180
            #expect(range.contains((rest + age) / day), "\(key.prefix(5)) expires in \(rest) ms")
        }
        // An opt-out makes her stay, her forwarder too.
        let fact = Fact(
            id: FactID(high: 1, low: 1), at: now, receivedAt: now, body: .optOut(reach: .person, endpoints: []))
        _ = try ContactStoreConformance.transact(store, [.person(person.id)]) { set -> Step<Bool> in
            set.apply(.fact(fact), to: 0, names: NameTable(), at: now)
            return .done(true)
        }
        for key in try server.cli("KEYS", "*").split(separator: "\n").map(String.init) {
            #expect(try server.cli("PTTL", key) == "-1", "\(key.prefix(5)) of an opt-out expires")
        }
    }
}
