import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorStoreEmbedded

@Suite struct PeopleCacheTests {
    /// An identifier is erased, learnt again and erased again while the first two are on their way to the file: the last
    /// one must still reach it.
    @Test func anErasureIsNotForgottenWhileAnEarlierOneIsWritten() throws {
        var cache = PeopleCache(bytesMax: 1 << 20)
        let hash = IdentifierHash(high: 1, low: 2)
        let record = PersonRecord(id: PersonID(high: 3, low: 4), createdAt: .distantPast)
        let slot = cache.add(record, row: 1, isInFile: true, homes: [hash])
        var sequence: UInt64 = 0
        func capture() -> PeopleCache.Captured? {
            sequence += 1
            cache.changed(slot, sequence: sequence)
            var batch: [PeopleCache.Captured] = []
            cache.capture(1, into: &batch)
            return batch.first
        }
        cache.removeHome(hash, from: slot)
        let erased = try #require(capture())
        cache.setHome(hash, to: slot)
        let learnt = try #require(capture())
        #expect(erased.goneHomes == [hash] && learnt.newHomes == [hash] && learnt.goneHomes.isEmpty)
        cache.removeHome(hash, from: slot)
        sequence += 1
        cache.changed(slot, sequence: sequence)
        cache.written(erased)
        cache.written(learnt)
        #expect(cache.isGone(hash, from: slot), "the file says that it leads here, and it does not")
        var batch: [PeopleCache.Captured] = []
        cache.capture(1, into: &batch)
        let again = try #require(batch.first)
        #expect(again.goneHomes == [hash] && again.newHomes.isEmpty)
        cache.written(again)
        #expect(cache.slot(of: hash) < 0)
    }

    /// What leads to somebody else by now is not taken out of the file by the record that it left.
    @Test func anErasedIdentifierThatSomebodyElseHasIsTheirs() throws {
        var cache = PeopleCache(bytesMax: 1 << 20)
        let hash = IdentifierHash(high: 1, low: 2)
        let (left, has) = (
            PersonRecord(id: PersonID(high: 3, low: 4), createdAt: .distantPast),
            PersonRecord(id: PersonID(high: 5, low: 6), createdAt: .distantPast)
        )
        let a = cache.add(left, row: 1, isInFile: true, homes: [hash])
        let b = cache.add(has, row: 2, isInFile: true, homes: [])
        cache.removeHome(hash, from: a)
        cache.setHome(hash, to: b)
        cache.changed(b, sequence: 1)
        cache.changed(a, sequence: 2)
        var batch: [PeopleCache.Captured] = []
        cache.capture(2, into: &batch)
        #expect(batch.map(\.newHomes) == [[hash], []])
        #expect(batch.map(\.goneHomes) == [[], []])
    }
}
