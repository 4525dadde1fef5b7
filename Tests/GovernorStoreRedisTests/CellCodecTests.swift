import GovernorCore
import GovernorStore
import GovernorTesting
import Testing

@testable import GovernorStoreRedis

@Suite("What is under way at a key")
struct CellCodecTests {
    @Test func isReadAsItWasWritten() throws {
        var generator = SeededGenerator.announced("cells")
        var random = RandomRecords(generator.split())
        func key() -> RecordKey {
            generator.oneIn(2) ? .identifier(random.identifierHash()) : .person(random.person())
        }
        for _ in 0..<300 {
            var before = StoredValue()
            if !generator.oneIn(3) { before.record = random.record() }
            var set = RecordSet(
                keys: [], records: before.record.map { [$0] } ?? [], homes: [])
            let position = before.record == nil ? set.create(random.person(), at: random.now) : 0
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let change = random.change(of: set.records[position])
                set.apply(change, to: position, names: random.names, at: random.now)
            }
            var after = before
            after.record = set.records[position]
            if generator.oneIn(3) { after.forward = key() }
            if generator.oneIn(3) { after.away = [random.identifierHash()] }
            let place = RecordKey.person(set.records[position].id)
            let change = PlaceChange(of: place, from: before, to: after, by: set)

            var cell = Cell<PlaceContent>()
            cell.version = generator.next() | 1
            let content = PlaceContent(forward: before.forward, away: before.away, record: before.record)
            cell.content = content.isEmpty ? nil : content
            cell.tentatives = [
                Tentative(
                    transaction: TransactionID(bits: generator.next()), anchor: key(), deadline: random.now,
                    isAdditive: change.isAdditive(on: before), effect: change.effect),
                Tentative(
                    transaction: TransactionID(bits: generator.next()), anchor: key(), deadline: random.now,
                    isAdditive: false, effect: nil),
            ]
            cell.marks = [
                CommitMark(transaction: TransactionID(bits: 7), deadline: random.now, others: [key(), key()])
            ]
            let bytes = cell.stored.encoded()
            let read = try bytes.withUnsafeBytes { try Cell(StoredValue(decoding: $0)) }
            #expect(read.version == cell.version && read.marks == cell.marks && read.tentatives == cell.tentatives)
            #expect(read.isSettled == false)
            // Made real, it is what it would have been at once.
            let settled = read.settling(cell.tentatives[0].transaction, isCommitted: true)
            #expect(settled.content?.forward == after.forward && settled.content?.away ?? [] == after.away)
            #expect(ContactStoreConformance.same(settled.content?.record, after.record))
            let dropped = read.settling(cell.tentatives[0].transaction, isCommitted: false)
            #expect(ContactStoreConformance.same(dropped.content?.record, before.record) || before.record == nil)
        }
    }

    @Test func onlyNewTouchesAreAdditive() throws {
        var generator = SeededGenerator.announced("additive")
        var random = RandomRecords(generator.split())
        var before = StoredValue()
        before.record = RandomRecords.typical(&generator, now: random.now, touches: 3)
        let record = try #require(before.record)
        let known = record.touches[0]
        let cases: [(Change, Bool)] = [
            (.touch(random.touch()), true), (.touch(known), false), (.fact(random.fact()), false),
            (.identifier(random.identifier()), false), (.forgetTouches(before: random.now, sparing: []), false),
        ]
        for (change, expected) in cases {
            var set = RecordSet(keys: [], records: [record], homes: [])
            set.apply(change, to: 0, names: random.names, at: random.now)
            var after = before
            after.record = set.records[0]
            let place = RecordKey.person(record.id)
            #expect(PlaceChange(of: place, from: before, to: after, by: set).isAdditive(on: before) == expected)
            after.forward = .person(record.id)
            #expect(!PlaceChange(of: place, from: before, to: after, by: set).isAdditive(on: before))
        }
    }
}
