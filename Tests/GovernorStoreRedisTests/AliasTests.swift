import GovernorCore
import GovernorStore
import GovernorTesting
import Testing

@testable import GovernorStoreRedis

@Suite("What a node remembers of where identifiers lead")
struct AliasTests {
    private func value(_ generator: inout SeededGenerator, phones: Int) -> (RecordKey, StoredValue) {
        var record = PersonRecord(
            id: PersonID(high: generator.next(), low: generator.next()), createdAt: Somebody.now)
        for _ in 0..<phones {
            record.apply(
                .identifier(ContactStoreConformance.phone(&generator, at: Somebody.now)), names: NameTable(),
                at: Somebody.now)
        }
        var value = StoredValue()
        value.version = generator.next() | 1
        value.record = record
        return (.identifier(record.identifiers[0].hash), value)
    }

    @Test func bothPartsAreBounded() throws {
        var generator = SeededGenerator.announced("bounds of the memory")
        let cache = RecordCache(bytesMax: 100_000, aliasesMax: 50)
        for _ in 0..<2_000 {
            let (place, value) = value(&generator, phones: 3)
            cache.put(value, at: place)
            #expect(cache.counters.bytes <= 100_000 && cache.counters.aliasCount <= 50)
            // What was just put there is found by each of its keys.
            let record = try #require(value.record)
            for key in record.identifiers.map({ RecordKey.identifier($0.hash) }) + [.person(record.id)] {
                #expect(cache.look(up: key).place == place)
            }
        }
        #expect(cache.counters.evictionCount > 0 && cache.counters.aliasCount == 50)
    }

    /// Another node gives a shared phone a record of its own: what this node remembers leads to a record that says no.
    @Test(.enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func aStaleAliasIsDetectedByTheRecord() throws {
        let server = try RedisProcess()
        let (here, there) = (try server.open(), try server.open())
        defer {
            here.close()
            there.close()
        }
        var generator = SeededGenerator.announced("stale alias")
        let id = PersonID(high: generator.next(), low: generator.next())
        let office = PersonID(high: generator.next(), low: generator.next())
        let own = ContactStoreConformance.phone(&generator, at: Somebody.now)
        var shared = ContactStoreConformance.phone(&generator, at: Somebody.now)
        try ContactStoreConformance.create(here, id, [own, shared], at: Somebody.now)
        shared.isShared = true
        let moved = shared
        func whose(_ store: RedisStore) throws -> [PersonID] {
            try ContactStoreConformance.transact(store, [.identifier(moved.hash)]) { .done($0.records.map(\.id)) }
                .result
        }
        #expect(try whose(here) == [id])
        _ = try ContactStoreConformance.transact(there, [.identifier(moved.hash)]) { set -> Step<Bool> in
            let position = set.create(office, at: Somebody.now)
            set.apply(.identifier(moved), to: position, names: NameTable(), at: Somebody.now)
            return .done(true)
        }
        #expect(try whose(here) == [office] && whose(there) == [office])
        #expect(here.statistics.staleAliasCount > 0)
        // Asked for her by her own number first, so that her newer record is at hand.
        _ = try ContactStoreConformance.transact(here, [.identifier(own.hash)]) { .done($0.records.count) }
        #expect(try whose(here) == [office])
    }
}
