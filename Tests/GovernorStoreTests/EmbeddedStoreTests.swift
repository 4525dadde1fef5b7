import CSQLite
import Foundation
import GovernorCore
import GovernorLedger
import GovernorStore
import GovernorStoreEmbedded
import GovernorTesting
import Synchronization
import Testing

@Suite("Embedded store")
struct EmbeddedStoreTests {
    typealias Conformance = ContactStoreConformance
    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    private func fill(_ store: EmbeddedStore, _ generator: inout SeededGenerator, people: Int) throws -> [PersonRecord]
    {
        var random = RandomRecords(generator.split(), now: Self.now)
        var expected: [PersonRecord] = []
        var last = StoreTicket.none
        for i in 0..<people {
            if i % 50 == 49 { try store.flush() }
            if random.names.count > 300 { random.names = NameTable() }
            let id = random.person()
            let phone = Conformance.phone(&generator, at: Self.now)
            try Conformance.create(store, id, [phone], at: Self.now)
            var model = PersonRecord(id: id, createdAt: Self.now)
            model.apply(.identifier(phone), names: NameTable(), at: Self.now)
            let changes = (0..<Int.random(in: 1...4, using: &generator)).map { _ in random.change(of: model) }
            let names = random.names
            for change in changes { model.apply(change, names: names, at: Self.now) }
            last = try Conformance.transact(store, [.identifier(phone.hash)]) { set -> Step<Bool> in
                for change in changes { set.apply(change, to: 0, names: names, at: Self.now) }
                set.record(JournalEntry(kind: .fact, at: Self.now, body: [1]))
                return .done(true)
            }.ticket
            expected.append(model)
        }
        try Conformance.awaitDurable(store, last)
        return expected
    }

    private func expectAll(_ expected: [PersonRecord], in store: EmbeddedStore) throws {
        for model in expected {
            #expect(Conformance.same(try store.person(model.id), model))
            #expect(Conformance.same(try Conformance.person(store, model.id), model))
            let home = try Conformance.transact(store, [.identifier(model.identifiers[0].hash)]) {
                .done($0.records.first?.id)
            }.result
            #expect(home == model.id)
        }
        var seen: Set<PersonID> = []
        try store.forEachPerson { record in
            #expect(seen.insert(record.id).inserted)
            return true
        }
        #expect(seen == Set(expected.map(\.id)))
    }

    @Test("a restart keeps everything, after closing and after dying")
    func restart() throws {
        var generator = SeededGenerator.announced("restart")
        let folder = try StoreFolder()
        var expected = try fill(folder.open(), &generator, people: 200)
        for round in 0..<3 {
            folder.close()
            let store = try folder.open()
            try expectAll(expected, in: store)
            expected += try fill(store, &generator, people: 50)
            if round == 1 { try store.flush() }
            // A copy of the files as they are now is what a sudden death leaves.
            let copy = try StoreFolder(copying: folder.path)
            let survivor = try copy.open()
            try expectAll(expected, in: survivor)
        }
        folder.close()
        let store = try folder.open()
        #expect(store.statistics.appliedSequence == folder.ledger.head.sequence)
        #expect(store.openingNotice == nil)
    }

    @Test("whatever was durable before a sudden death is there after it")
    func suddenDeath() throws {
        var generator = SeededGenerator.announced("suddenDeath")
        let folder = try StoreFolder()
        var configuration = StoreFolder.configuration
        configuration.cacheBytes = 1 << 20
        configuration.writeBackCount = 16
        let store = try folder.open(configuration)
        let phones = (0..<300).map { _ in Conformance.phone(&generator, at: Self.now) }
        let people = phones.map { _ in PersonID(high: generator.next(), low: generator.next()) }
        let seeds = (0..<4).map { _ in generator.next() }
        // Touches whose tickets were durable, in the order in which they became so.
        let durable = Mutex<[(person: PersonID, touch: TouchID)]>([])
        let isStopping = Atomic<Bool>(false)
        let workers = seeds.map { seed in
            TestThread {
                var generator = SeededGenerator(seed: seed)
                while !isStopping.load(ordering: .relaxed) {
                    let i = Int.random(in: 0..<phones.count, using: &generator)
                    let touch = Touch(
                        id: TouchID(bits: generator.next()), at: Self.now, expiresAt: Self.now, state: .reserved,
                        channel: Channel("voice"), purpose: Purpose("marketing"))
                    let phone = phones[i]
                    let id = people[i]
                    let committed = try? Conformance.transact(store, [.identifier(phone.hash)]) { set -> Step<Bool> in
                        var position = set.homes[0]
                        if position < 0 {
                            position = set.create(id, at: Self.now)
                            set.apply(.identifier(phone), to: position, names: NameTable(), at: Self.now)
                        }
                        set.apply(.touch(touch), to: position, names: NameTable(), at: Self.now)
                        set.record(JournalEntry(kind: .decision, at: Self.now, body: [1]))
                        return .done(true)
                    }
                    if let committed {
                        store.whenDurable(committed.ticket) { result in
                            if case .success = result { durable.withLock { $0.append((id, touch.id)) } }
                        }
                    }
                }
            }
        }
        for _ in 0..<6 {
            let before = durable.withLock { $0.count }
            #expect(
                eventually { durable.withLock { $0.count } > before + Int.random(in: 50...1_500, using: &generator) })
            let known = durable.withLock { $0 }
            let copy = try StoreFolder(copying: folder.path)
            let survivor = try copy.open(configuration)
            var records: [PersonID: Set<TouchID>] = [:]
            try survivor.forEachPerson { record in
                records[record.id] = Set(record.touches.map(\.id))
                return true
            }
            let lost = known.filter { !(records[$0.person]?.contains($0.touch) ?? false) }
            #expect(lost.isEmpty, "\(lost.count) of \(known.count) durable touches are lost")
        }
        isStopping.store(true, ordering: .relaxed)
        for worker in workers { worker.join() }
    }

    @Test("counters survive a restart and a sudden death, each attempt once")
    func counters() throws {
        var generator = SeededGenerator.announced("counters")
        let folder = try StoreFolder()
        var names = NameTable()
        let outcomes: [EventName] = [names.intern("sold"), names.intern("abandoned")]
        let texts = names
        let keys = (0..<3).map { CounterKey(rule: "house/guard", unit: .campaign, name: "c\($0)") }
        var store = try folder.open()
        var now = Self.now
        for round in 0..<6 {
            var ticket = StoreTicket.none
            for _ in 0..<200 {
                let key = keys[Int.random(in: 0..<3, using: &generator)]
                let outcome = Int.random(in: 0..<3, using: &generator)
                now = now + .minutes(.random(in: 0...9, using: &generator))
                let change = CounterChange(
                    key: key, at: now - .minutes(outcome == 2 ? 200 : 0), attempts: 1,
                    outcome: outcome == 2 ? .none : outcomes[outcome])
                let at = now
                ticket = try Conformance.transact(store, [.counter(key)]) { set -> Step<Bool> in
                    set.count(change, names: texts, at: at)
                    set.record(JournalEntry(kind: .decision, at: at, body: [1]))
                    return .done(true)
                }.ticket
            }
            if round % 2 == 0 { try store.flush() }
            try Conformance.awaitDurable(store, ticket)
            func buckets(_ store: EmbeddedStore) throws -> [[CounterBucket]] {
                try keys.map { try Conformance.counter(store, $0)?.buckets ?? [] }
            }
            let expected = try buckets(store)
            let count = expected.joined().reduce(0) { $0 + Int($1.attempts) }
            #expect(count == 200 * (round + 1))
            let survivor = try StoreFolder(copying: folder.path)
            let reopened = try survivor.open()
            #expect(try buckets(reopened) == expected)
            if round == 3 {
                folder.close()
                store = try folder.open()
                #expect(try buckets(store) == expected)
            }
        }
    }

    @Test("random operations agree with the model across restarts")
    func modelAcrossRestarts() throws {
        var generator = SeededGenerator.announced("modelAcrossRestarts")
        let folder = try StoreFolder()
        for _ in 0..<4 {
            let store = try folder.open()
            try Conformance.agreesWithModel(store, &generator, operations: 300)
            folder.close()
        }
    }

    // MARK: opening

    @Test("one process at a time")
    func locked() throws {
        let folder = try StoreFolder()
        try folder.open()
        let other = try StoreFolder()
        let ledger = try Ledger(
            dataDirectory: other.path, identity: LedgerIdentity(secretFingerprint: [1], normaliserVersion: 1))
        defer { ledger.close() }
        let error = #expect(throws: EmbeddedStoreError.self) {
            try EmbeddedStore(directory: folder.path, ledger: ledger, configuration: StoreFolder.configuration)
        }
        #expect(error?.description.contains("people.lock` is held by another process") == true)
    }

    private func corrupt(_ path: String, at offset: Int, _ bytes: [UInt8]) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    @Test(
        "a missing or damaged file of people is made again from the ledger",
        arguments: ["missing", "text", "header", "empty"])
    func rebuilt(kind: String) throws {
        var generator = SeededGenerator.announced("rebuilt")
        let folder = try StoreFolder()
        let expected = try fill(folder.open(), &generator, people: 100)
        folder.close()
        switch kind {
        case "missing": try FileManager.default.removeItem(atPath: folder.peoplePath)
        case "text":
            try Data("this is not a database, but it is long enough to be taken for one".utf8).write(
                to: URL(filePath: folder.peoplePath))
        case "empty": try Data().write(to: URL(filePath: folder.peoplePath))
        default: try corrupt(folder.peoplePath, at: 0, [UInt8](repeating: 0xab, count: 512))
        }
        let seen = Mutex<[UInt64]>([])
        let store = try folder.open { done, total in seen.withLock { $0 += [done, total] } }
        #expect(store.openingNotice?.contains(folder.peoplePath) == true)
        let progress = seen.withLock { $0 }
        #expect(progress.suffix(2) == [folder.ledger.head.sequence, folder.ledger.head.sequence])
        try expectAll(expected, in: store)
    }

    @Test("a damaged file without a ledger to make it again is refused")
    func damagedAlone() throws {
        let folder = try StoreFolder()
        try Data("not a database at all".utf8).write(to: URL(filePath: folder.peoplePath))
        let error = #expect(throws: EmbeddedStoreError.self) { try folder.open() }
        #expect(error?.description.contains("`\(folder.peoplePath)` is damaged") == true)
        #expect(try String(contentsOfFile: folder.peoplePath, encoding: .utf8) == "not a database at all")
    }

    @Test(
        "a file that does not fit is refused, and says why",
        arguments: [
            ("PRAGMA user_version = 9", "was written by a later version (format 9)"),
            ("UPDATE meta SET value = x'0909' WHERE key = 'secret_fingerprint'", "another identifier secret"),
            ("UPDATE meta SET value = 7 WHERE key = 'normaliser_version'", "normaliser version 7"),
            ("UPDATE meta SET value = x'00' WHERE key = 'ledger_node'", "another ledger beside it"),
            ("UPDATE meta SET value = 99999 WHERE key = 'applied_seq'", "the ledger ends at"),
        ])
    func misfit(sql: String, expected: String) throws {
        var generator = SeededGenerator.announced("misfit")
        let folder = try StoreFolder()
        _ = try fill(folder.open(), &generator, people: 3)
        folder.close()
        try execute(sql, folder.peoplePath)
        let error = #expect(throws: EmbeddedStoreError.self) { try folder.open() }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
        #expect(error?.description.contains(folder.peoplePath) == true)
    }

    private func execute(_ sql: String, _ path: String) throws {
        var handle: OpaquePointer?
        try #require(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
        defer { sqlite3_close_v2(handle) }
        try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
    }

    @Test("a damaged record is reported when it is met, and changes nothing")
    func damagedRecord() throws {
        var generator = SeededGenerator.announced("damagedRecord")
        let folder = try StoreFolder()
        let expected = try fill(folder.open(), &generator, people: 3)
        folder.close()
        try execute(
            "UPDATE people SET record = substr(record, 1, 20) || x'ff' || substr(record, 22) WHERE row = 2",
            folder.peoplePath)
        let store = try folder.open()
        let error = #expect(throws: StoreError.self) { try Conformance.person(store, expected[1].id) }
        guard case .damaged(let what) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(what.contains("row 2"))
        #expect(Conformance.same(try Conformance.person(store, expected[2].id), expected[2]))
    }

    @Test("a folder that cannot be written is refused")
    func unusable() throws {
        let folder = try StoreFolder()
        let ledger = try Ledger(
            dataDirectory: folder.path, identity: LedgerIdentity(secretFingerprint: [1], normaliserVersion: 1))
        defer { ledger.close() }
        #expect(throws: EmbeddedStoreError.self) {
            try EmbeddedStore(directory: "/proc/nowhere", ledger: ledger, configuration: StoreFolder.configuration)
        }
        var configuration = StoreFolder.configuration
        configuration.cacheBytes = 0
        let error = #expect(throws: EmbeddedStoreError.self) {
            try EmbeddedStore(directory: folder.path, ledger: ledger, configuration: configuration)
        }
        #expect(error?.description == "store: `cacheBytes` is 0; it must be 1048576 to 68719476736")
    }

    // MARK: bounds and faults

    @Test("a ledger that cannot write fills up, then refuses; nothing refused is in force")
    func ledgerFull() throws {
        var generator = SeededGenerator.announced("ledgerFull")
        let folder = try StoreFolder()
        var ledgerConfiguration = LedgerConfiguration()
        ledgerConfiguration.queueCountMax = 50
        let store = try folder.open(ledger: ledgerConfiguration)
        let expected = try fill(store, &generator, people: 5)
        folder.ledger.limitPages(1)
        var taken = 0
        var refused = 0
        let id = expected[0].id
        let before = try #require(try store.person(id)).touches.count
        for _ in 0..<200 {
            let touch = Touch(
                id: TouchID(bits: generator.next()), at: Self.now, expiresAt: Self.now, state: .reserved,
                channel: Channel("voice"), purpose: Purpose("marketing"))
            do {
                _ = try Conformance.transact(store, [.person(id)]) { set -> Step<Bool> in
                    set.apply(.touch(touch), to: 0, names: NameTable(), at: Self.now)
                    set.record(JournalEntry(kind: .decision, at: Self.now, body: [UInt8](repeating: 7, count: 5_000)))
                    return .done(true)
                }
                taken += 1
            } catch StoreError.overloaded { refused += 1 }
        }
        #expect(refused > 0)
        #expect(try store.person(id)?.touches.count == before + taken)
        #expect(eventually { store.health != .healthy })
        // Reading goes on.
        #expect(try Conformance.person(store, expected[1].id) != nil)
        folder.ledger.limitPages(nil)
        #expect(eventually { store.health == .healthy })
        try store.flush()
        folder.close()
        #expect(try folder.open().person(id)?.touches.count == before + taken)
    }

    @Test("a file of people that cannot grow holds changes back up to a bound, and loses none")
    func fileFull() throws {
        var generator = SeededGenerator.announced("fileFull")
        let folder = try StoreFolder()
        var configuration = StoreFolder.configuration
        configuration.cacheBytes = 1 << 20
        let store = try folder.open(configuration)
        var expected = try fill(store, &generator, people: 20)
        try store.flush()
        store.limitPages(1)
        var refused = false
        for _ in 0..<5_000 where !refused {
            do { expected += try fill(store, &generator, people: 1) } catch StoreError.overloaded { refused = true }
        }
        #expect(refused)
        #expect(store.health != .healthy)
        #expect(store.statistics.counters.writeBackFailureCount > 0)
        store.limitPages(nil)
        #expect(eventually { store.health == .healthy && store.statistics.dirtyCount == 0 })
        for model in expected { #expect(Conformance.same(try store.person(model.id), model)) }
        _ = try fill(store, &generator, people: 5)
    }

    @Test("memory stays within its bound")
    func bounded() throws {
        var generator = SeededGenerator.announced("bounded")
        let folder = try StoreFolder()
        var configuration = StoreFolder.configuration
        configuration.cacheBytes = 1 << 20
        let store = try folder.open(configuration)
        let expected = try fill(store, &generator, people: 1_000)
        try store.flush()
        #expect(store.statistics.cachedBytes < (1 << 20) + (1 << 18))
        #expect(store.statistics.evictionCount > 0)
        try expectAll(expected, in: store)
        #expect(store.statistics.counters.missCount > 0)
        #expect(store.statistics.peopleCount == 1_000)
    }

    @Test("an unknown identifier costs no look into the file once the filter is complete")
    func filter() throws {
        var generator = SeededGenerator.announced("filter")
        let folder = try StoreFolder()
        _ = try fill(folder.open(), &generator, people: 200)
        folder.close()
        let store = try folder.open()
        #expect(eventually { store.statistics.isFilterComplete })
        let before = store.statistics.counters.missCount
        for _ in 0..<1_000 {
            let hash = IdentifierHash(high: generator.next(), low: generator.next())
            _ = try Conformance.transact(store, [.identifier(hash)]) { .done($0.homes[0]) }
        }
        #expect(store.statistics.counters.missCount - before < 50)
    }

    @Test("closing answers everybody")
    func closing() throws {
        var generator = SeededGenerator.announced("closing")
        let folder = try StoreFolder()
        let store = try folder.open()
        let expected = try fill(store, &generator, people: 10)
        store.close()
        store.close()
        let error = #expect(throws: StoreError.self) { try Conformance.person(store, expected[0].id) }
        #expect(error == .unavailable("it is closed"))
        #expect(store.health == .closed)
    }

    @Test("one call of the durable listener per group, with growing tickets")
    func durableListener() throws {
        var generator = SeededGenerator.announced("durableListener")
        let folder = try StoreFolder()
        let store = try folder.open()
        let tickets = Mutex<[StoreTicket]>([])
        store.onDurable { ticket in tickets.withLock { $0.append(ticket) } }
        _ = try fill(store, &generator, people: 20)
        let seen = tickets.withLock { $0 }
        #expect(!seen.isEmpty)
        #expect(seen == seen.sorted())
        #expect(store.durableTicket >= seen.last ?? .none)
    }
}
