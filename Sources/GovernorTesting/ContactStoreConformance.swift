import Glibc
public import GovernorCore
public import GovernorStore
import Synchronization

/// A promise of the store protocol that a store did not keep.
public struct ConformanceFailure: Error, CustomStringConvertible {
    public let description: String
    init(_ text: String) { description = text }
}

/// What every store must do, as functions that throw when one does not.
///
/// Each takes a store that is empty, or at least knows none of the people that the function makes at random from its
/// generator. Calls may block, so run them on a thread. A store may run a transaction over what it only takes to be there,
/// so the bodies here stand whatever they see; what counts is what their last run came to.
public enum ContactStoreConformance {
    public typealias Check = @Sendable (any ContactStore, inout SeededGenerator) throws -> Void

    /// Every check that needs one store only, by name.
    public static let all: [(name: String, run: Check)] = [
        ("unknown keys lead nowhere", unknownKeys),
        ("nothing changed, nothing written", readingWritesNothing),
        ("what is written is read", writesAreRead),
        ("every write changes the version", versionsChange),
        ("a limit of N under contention is exactly N", exactlyN),
        ("several records, all or none", allOrNone),
        ("widening runs again over all of them", widening),
        ("too many records are refused", tooMany),
        ("records ascend and homes point at them", homesAndOrder),
        ("an identifier leads to its person", identifiers),
        ("a shared identifier has a record of its own", sharedIdentifiers),
        ("changes are idempotent", idempotence),
        ("who is erased leaves her identifiers to others", erasure),
        ("a journal entry without changes is taken", journalOnly),
        ("random operations agree with the model", { try agreesWithModel($0, &$1, operations: 2_000) }),
    ]

    // MARK: calling a store and waiting for it

    /// Runs a transaction and waits for its answer.
    public static func transact<Value: Sendable>(
        _ store: any ContactStore, _ keys: [RecordKey],
        _ body: @escaping @Sendable (inout RecordSet) -> Step<Value>
    ) throws -> Committed<Value> {
        let box = Box<Swift.Result<Committed<Value>, StoreError>>()
        store.transact(keys, body) { box.set($0) }
        return try box.wait().get()
    }

    /// Waits until a write is on disk.
    public static func awaitDurable(_ store: any ContactStore, _ ticket: StoreTicket) throws {
        let box = Box<Swift.Result<Void, StoreError>>()
        store.whenDurable(ticket) { box.set($0) }
        try box.wait().get()
    }

    /// Makes a person with these identifiers; her id.
    @discardableResult
    public static func create(
        _ store: any ContactStore, _ id: PersonID, _ identifiers: [KnownIdentifier], at now: Timestamp,
        names: NameTable = NameTable()
    ) throws -> StoreTicket {
        try transact(store, identifiers.map { .identifier($0.hash) }) { set -> Step<Bool> in
            let position = set.create(id, at: now)
            for identifier in identifiers { set.apply(.identifier(identifier), to: position, names: names, at: now) }
            set.record(JournalEntry(kind: .link, at: now, body: [1]))
            return .done(true)
        }.ticket
    }

    public static func person(_ store: any ContactStore, _ id: PersonID) throws -> PersonRecord? {
        try transact(store, [.person(id)]) { .done($0.records.first) }.result
    }

    public static func phone(_ generator: inout SeededGenerator, at now: Timestamp) -> KnownIdentifier {
        KnownIdentifier(
            hash: IdentifierHash(high: generator.next(), low: generator.next()), kind: .phone, addedAt: now)
    }

    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    private static func newPerson(_ generator: inout SeededGenerator) -> PersonID {
        PersonID(high: generator.next(), low: generator.next())
    }

    private static func touch(_ id: UInt64, at: Timestamp, _ names: inout NameTable) -> Touch {
        var touch = Touch(
            id: TouchID(bits: id), at: at, expiresAt: at + .minutes(2), state: .reserved,
            channel: names.intern("voice"),
            purpose: names.intern("marketing"))
        touch.campaign = names.intern("q4-term-life")
        return touch
    }

    private static func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws {
        if !condition { throw ConformanceFailure(text()) }
    }

    // MARK: the checks

    private static func unknownKeys(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let keys: [RecordKey] = [
            .identifier(IdentifierHash(high: generator.next(), low: generator.next())), .person(newPerson(&generator)),
        ]
        let homes = try transact(store, keys) { set -> Step<[Int]> in .done(set.homes + [set.records.count]) }.result
        try expect(homes == [-1, -1, 0], "homes and count of unknown keys: \(homes)")
        let none = try transact(store, []) { set -> Step<Int> in .done(set.records.count) }
        try expect(none.result == 0, "a transaction over nothing")
    }

    private static func readingWritesNothing(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let phone = phone(&generator, at: now)
        let id = newPerson(&generator)
        try create(store, id, [phone], at: now)
        let first = try transact(store, [.identifier(phone.hash)]) { .done($0.records) }
        let second = try transact(store, [.identifier(phone.hash)]) { .done($0.records) }
        try expect(first.result == second.result, "reading changed the record")
        // Waiting for what was read is waiting for what wrote it.
        try expect(first.ticket <= second.ticket, "a later reading's ticket went back")
        try awaitDurable(store, second.ticket)
        try awaitDurable(store, .none)
    }

    private static func writesAreRead(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        var random = RandomRecords(generator.split(), now: now)
        for _ in 0..<30 {
            let id = newPerson(&generator)
            let phone = phone(&generator, at: now)
            try create(store, id, [phone], at: now)
            var model = PersonRecord(id: id, createdAt: now)
            model.apply(.identifier(phone), names: NameTable(), at: now)
            for _ in 0..<10 {
                let change = random.change(of: model)
                let names = random.names
                let at = random.now
                model.apply(change, names: names, at: at)
                let seen = try transact(store, [.person(id)]) { set -> Step<PersonRecord?> in
                    guard set.homes == [0] else { return .done(nil) }
                    set.apply(change, to: 0, names: names, at: at)
                    return .done(set.records[0])
                }
                try awaitDurable(store, seen.ticket)
                let read = try person(store, id)
                try expect(same(seen.result, model), "the body sees what it changed")
                try expect(same(read, model), "the record as read differs from the model")
                for touch in model.touches {
                    try expect(
                        read?.names.text(touch.campaign) == model.names.text(touch.campaign),
                        "the text of a name is lost")
                }
            }
        }
    }

    private static func versionsChange(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let id = newPerson(&generator)
        try create(store, id, [phone(&generator, at: now)], at: now)
        var seen: Set<UInt64> = [0]
        for i in 0..<20 {
            let version = try person(store, id)?.version ?? 0
            try expect(seen.insert(version).inserted, "version \(version) came again")
            let again = try person(store, id)?.version
            try expect(again == version, "reading changed the version")
            var names = NameTable()
            let touch = touch(UInt64(i), at: now, &names)
            let texts = names
            _ = try transact(store, [.person(id)]) { set -> Step<Bool> in
                set.apply(.touch(touch), to: 0, names: texts, at: now)
                return .done(true)
            }
        }
    }

    private static func exactlyN(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        for limit in [1, 2, 7] {
            let id = newPerson(&generator)
            let phone = phone(&generator, at: now)
            let names: NameTable = {
                var names = NameTable()
                _ = touch(1, at: now, &names)
                return names
            }()
            // The person is not known yet either: the first caller makes her.
            let allowed = Atomic<Int>(0)
            let failed = Atomic<Int>(0)
            let seeds = (0..<8).map { _ in generator.next() }
            try concurrently(8) { worker in
                var generator = SeededGenerator(seed: seeds[worker])
                for _ in 0..<25 {
                    var texts = names
                    let touch = touch(generator.next(), at: now, &texts)
                    let result = try? transact(store, [.identifier(phone.hash)]) { set -> Step<Bool> in
                        var position = set.homes[0]
                        if position < 0 {
                            position = set.create(id, at: now)
                            set.apply(.identifier(phone), to: position, names: names, at: now)
                        }
                        if set.records[position].touches.count >= limit { return .done(false) }
                        set.apply(.touch(touch), to: position, names: names, at: now)
                        set.record(JournalEntry(kind: .decision, at: now, body: [7]))
                        return .done(true)
                    }
                    if let result {
                        if result.result { allowed.add(1, ordering: .relaxed) }
                    } else {
                        failed.add(1, ordering: .relaxed)
                    }
                }
            }
            try expect(failed.load(ordering: .relaxed) == 0, "a transaction failed under contention")
            let count = allowed.load(ordering: .relaxed)
            try expect(count == limit, "\(count) were allowed under a limit of \(limit)")
            let stored = try transact(store, [.identifier(phone.hash)]) { .done($0.records.first?.touches.count ?? 0) }
                .result
            try expect(stored == limit, "\(stored) touches are stored under a limit of \(limit)")
        }
    }

    private static func allOrNone(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        var ids: [PersonID] = []
        for _ in 0..<5 {
            let id = newPerson(&generator)
            try create(store, id, [phone(&generator, at: now)], at: now)
            ids.append(id)
        }
        // Every transaction puts one touch with the same id on all of a random selection; a reader of all five must never
        // see a touch on one of its persons and not on the other.
        let persons = ids
        let seeds = (0..<6).map { _ in generator.next() }
        let torn = Atomic<Int>(0)
        try concurrently(6) { worker in
            var generator = SeededGenerator(seed: seeds[worker])
            for _ in 0..<40 {
                let chosen = persons.filter { _ in generator.oneIn(2) }
                if worker < 4, !chosen.isEmpty {
                    var names = NameTable()
                    var touch = touch(generator.next(), at: now, &names)
                    touch.peers = chosen
                    let texts = names
                    let written = touch
                    _ = try transact(store, chosen.map { .person($0) }) { set -> Step<Bool> in
                        for position in set.records.indices {
                            set.apply(.touch(written), to: position, names: texts, at: now)
                        }
                        return .done(true)
                    }
                } else {
                    let records = try transact(store, persons.map { .person($0) }) { .done($0.records) }.result
                    for record in records {
                        for touch in record.touches {
                            for peer in touch.peers
                            where !(records.first { $0.id == peer }?.touches.contains { $0.id == touch.id } ?? false) {
                                torn.add(1, ordering: .relaxed)
                            }
                        }
                    }
                }
            }
        }
        try expect(torn.load(ordering: .relaxed) == 0, "a change over several records was seen in part")
    }

    private static func widening(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let a = newPerson(&generator)
        let b = newPerson(&generator)
        let phoneA = phone(&generator, at: now)
        let phoneB = phone(&generator, at: now)
        try create(store, a, [phoneA], at: now)
        try create(store, b, [phoneB], at: now)
        let unknown = RecordKey.identifier(IdentifierHash(high: generator.next(), low: generator.next()))
        var texts = NameTable()
        let dropped = touch(1, at: now, &texts)
        let kept = touch(2, at: now, &texts)
        let names = texts
        let seen = try transact(store, [.identifier(phoneA.hash)]) { set -> Step<[Int]> in
            guard set.homes[0] >= 0 else { return .done([]) }
            if set.keys.count == 1 {
                // Changes made before widening are dropped, those that make people too.
                set.apply(.touch(dropped), to: 0, names: names, at: now)
                _ = set.create(PersonID(high: 1, low: 1), at: now)
                set.record(JournalEntry(kind: .decision, at: now, body: [1]))
                return .widen([.person(b), unknown, .identifier(phoneA.hash)])
            }
            if set.keys.count == 3 { return .widen([.person(a)]) }
            for position in set.records.indices { set.apply(.touch(kept), to: position, names: names, at: now) }
            return .done(set.homes + [set.records.count, set.changes.count])
        }
        let first = a < b ? 0 : 1
        try expect(
            seen.result == [first, 1 - first, -1, first, 2, 2], "homes after widening: \(seen.result)")
        for id in [a, b] {
            let touches = try person(store, id)?.touches.map(\.id.bits)
            try expect(touches == [2], "touches after widening: \(String(describing: touches))")
        }
        let ghost = try person(store, PersonID(high: 1, low: 1))
        try expect(ghost == nil, "a person made before widening exists")
        do {
            _ = try transact(store, [.person(a)]) { _ -> Step<Bool> in .widen([.person(a)]) }
            throw ConformanceFailure("widening to nothing new went on")
        } catch StoreError.overloaded {}
    }

    private static func tooMany(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let keys = (0...RecordKey.countMax).map { _ in RecordKey.person(newPerson(&generator)) }
        let most = try transact(store, Array(keys.dropLast())) { .done($0.homes.count) }.result
        try expect(most == RecordKey.countMax, "the bound itself")
        for attempt in [keys, Array(keys.prefix(3))] {
            do {
                _ = try transact(store, attempt) { set -> Step<Bool> in .widen(keys) }
                throw ConformanceFailure("\(keys.count) records were taken")
            } catch StoreError.overloaded {}
        }
    }

    private static func homesAndOrder(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        var people: [(id: PersonID, phones: [KnownIdentifier])] = []
        for _ in 0..<4 {
            let phones = [phone(&generator, at: now), phone(&generator, at: now)]
            let id = newPerson(&generator)
            try create(store, id, phones, at: now)
            people.append((id, phones))
        }
        for _ in 0..<50 {
            var keys: [RecordKey] = []
            var wanted: [PersonID?] = []
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let person = generator.pick(people)
                switch Int.random(in: 0...2, using: &generator) {
                case 0:
                    keys.append(.person(person.id))
                    wanted.append(person.id)
                case 1:
                    keys.append(.identifier(generator.pick(person.phones).hash))
                    wanted.append(person.id)
                default:
                    keys.append(.identifier(IdentifierHash(high: generator.next(), low: generator.next())))
                    wanted.append(nil)
                }
            }
            let (asked, ids, homes) = try transact(store, keys) { set -> Step<([RecordKey], [PersonID], [Int])> in
                .done((set.keys, set.records.map(\.id), set.homes))
            }.result
            try expect(asked == keys, "the keys in the order asked")
            try expect(ids == Set(wanted.compactMap { $0 }).sorted(), "the records, once each, ascending by id")
            try expect(
                homes.map { $0 < 0 ? nil : ids[$0] } == wanted, "the homes of the keys")
        }
    }

    private static func identifiers(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let id = newPerson(&generator)
        let first = phone(&generator, at: now)
        let second = phone(&generator, at: now)
        try create(store, id, [first], at: now)
        let wasKnown = try transact(store, [.identifier(first.hash), .identifier(second.hash)]) { set -> Step<Bool> in
            guard set.homes[0] >= 0 else { return .done(false) }
            set.apply(.identifier(second), to: set.homes[0], names: NameTable(), at: now)
            return .done(true)
        }.result
        try expect(wasKnown, "the person is not known by her first identifier")
        let homes = try transact(store, [.identifier(second.hash), .person(id)]) { .done($0.homes) }.result
        try expect(homes == [0, 0], "an identifier that was added leads to \(homes)")
        // What is known of it can be replaced.
        var labelled = second
        labelled.isHousehold = true
        let changed = labelled
        _ = try transact(store, [.identifier(second.hash)]) { set -> Step<Bool> in
            guard set.homes == [0] else { return .done(false) }
            set.apply(.identifier(changed), to: 0, names: NameTable(), at: now)
            return .done(true)
        }
        let record = try person(store, id)
        try expect(record?.identifiers == [first, changed], "identifiers of the record")
    }

    private static func sharedIdentifiers(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let id = newPerson(&generator)
        let own = phone(&generator, at: now)
        var common = phone(&generator, at: now)
        try create(store, id, [own, common], at: now)
        common.isShared = true
        let shared = common
        // Marked where it stands beside others: its home stays.
        _ = try transact(store, [.person(id)]) { set -> Step<Bool> in
            set.apply(.identifier(shared), to: 0, names: NameTable(), at: now)
            return .done(true)
        }
        try expect(
            try transact(store, [.identifier(shared.hash)]) { .done($0.records.map(\.id)) }.result == [id],
            "marking an identifier moved it")
        // Given a record of its own: that one is its home from then on, whatever is said on the other record.
        let office = newPerson(&generator)
        _ = try transact(store, [.identifier(shared.hash)]) { set -> Step<Bool> in
            let position = set.create(office, at: now)
            set.apply(.identifier(shared), to: position, names: NameTable(), at: now)
            return .done(true)
        }
        _ = try transact(store, [.person(id)]) { set -> Step<Bool> in
            set.apply(.identifier(shared), to: 0, names: NameTable(), at: now)
            return .done(true)
        }
        let found = try transact(store, [.identifier(own.hash), .identifier(shared.hash)]) { set -> Step<[PersonID?]> in
            .done(set.homes.map { $0 < 0 ? nil : set.records[$0].id })
        }.result
        try expect(found == [id, office], "the homes of an own and a shared identifier")
    }

    private static func erasure(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let id = newPerson(&generator)
        let phones = (0..<4).map { _ in phone(&generator, at: now) }
        try create(store, id, phones, at: now)
        var names = NameTable()
        let touch = touch(generator.next(), at: now, &names)
        let texts = names
        _ = try transact(store, [.person(id)]) { set -> Step<Bool> in
            if set.homes == [0] { set.apply(.touch(touch), to: 0, names: texts, at: now) }
            return .done(true)
        }
        // The third stays; the first, where her record may lie, goes.
        let later = now + .minutes(1)
        let ticket = try transact(store, [.person(id)]) { set -> Step<Bool> in
            guard set.homes == [0] else { return .done(false) }
            set.apply(.erase(upTo: later), to: 0, names: texts, at: later)
            var kept = phones[2]
            kept.addedAt = later
            set.apply(.identifier(kept), to: 0, names: NameTable(), at: later)
            set.record(JournalEntry(kind: .link, at: later, body: [1]))
            return .done(true)
        }
        try expect(ticket.result, "she is known by her id")
        try awaitDurable(store, ticket.ticket)
        func homes() throws -> [PersonID?] {
            try transact(store, phones.map { .identifier($0.hash) }) { set -> Step<[PersonID?]> in
                .done(set.homes.map { $0 < 0 ? nil : set.records[$0].id })
            }.result
        }
        let left = try homes()
        try expect(left == [nil, nil, id, nil], "identifiers after an erasure lead to \(left)")
        let record = try person(store, id)
        try expect(record?.erasedAt == later && record?.touches.isEmpty == true, "the record is not erased")
        try expect(record?.names.count == 0, "names of what was erased are left")
        // Somebody else is known by one of them now; then all of the first person goes.
        let other = newPerson(&generator)
        try create(store, other, [phones[0]], at: later)
        try expect(try homes() == [other, nil, id, nil], "an identifier that was erased is not free")
        _ = try transact(store, [.person(id)]) { set -> Step<Bool> in
            if set.homes == [0] { set.apply(.erase(upTo: later + .minutes(1)), to: 0, names: texts, at: later) }
            return .done(true)
        }
        let last = try homes()
        try expect(last == [other, nil, nil, nil], "identifiers after the whole erasure lead to \(last)")
        try expect(try person(store, id)?.isVacant == true, "nothing of her is known but her id")
    }

    private static func idempotence(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        var random = RandomRecords(generator.split(), now: now)
        for _ in 0..<20 {
            let id = newPerson(&generator)
            try create(store, id, [phone(&generator, at: now)], at: now)
            let before = try person(store, id) ?? PersonRecord(id: id, createdAt: now)
            let changes = (0..<5).map { _ in random.change(of: before) }
            let names = random.names
            func apply() throws {
                _ = try transact(store, [.person(id)]) { set -> Step<Bool> in
                    for change in changes { set.apply(change, to: 0, names: names, at: now) }
                    return .done(true)
                }
            }
            try apply()
            let once = try person(store, id)
            try apply()
            try expect(same(try person(store, id), once), "changes applied twice differ from once")
        }
    }

    private static func journalOnly(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let id = newPerson(&generator)
        try create(store, id, [phone(&generator, at: now)], at: now)
        let before = try person(store, id)
        let committed = try transact(store, [.person(id)]) { set -> Step<Bool> in
            set.record(JournalEntry(kind: .decision, at: now, body: [1, 2, 3], isAdvisory: true))
            return .done(true)
        }
        try expect(committed.ticket > .none, "a journal entry gives a ticket")
        try awaitDurable(store, committed.ticket)
        try expect(try person(store, id) == before, "a journal entry alone changed the record")
    }

    /// Runs the same random operations here and on the naive model and compares every answer.
    public static func agreesWithModel(
        _ store: any ContactStore, _ generator: inout SeededGenerator, operations: Int, people: Int = 40
    ) throws {
        let model = InMemoryStore()
        var random = RandomRecords(generator.split(), now: now)
        let phones = (0..<people).map { _ in phone(&generator, at: now) }
        for step in 0..<operations {
            let count = generator.oneIn(3) ? Int.random(in: 2...5, using: &generator) : 1
            let keys = (0..<count).map { _ in RecordKey.identifier(generator.pick(phones).hash) }
            if random.names.count > 400 { random.names = NameTable() }
            let change = random.change(of: PersonRecord(id: newPerson(&generator), createdAt: now))
            let names = random.names
            let at = now + .seconds(Int64(step))
            let fresh = newPerson(&generator)
            let kind = Int.random(in: 0...9, using: &generator)
            let extra = generator.pick(phones)
            let erasedCount = Int.random(in: 0...2, using: &generator)
            let body: @Sendable (inout RecordSet) -> Step<[PersonRecord]> = { set in
                switch kind {
                case 0, 1: return .done(set.records)
                case 2 where set.keys.count < 6 && !set.keys.contains(.identifier(extra.hash)):
                    for position in set.records.indices { set.apply(change, to: position, names: names, at: at) }
                    return .widen([.identifier(extra.hash)])
                case 3:
                    // Some of the identifiers stay, some lead to nobody from now on.
                    for position in set.records.indices {
                        let kept = set.records[position].identifiers.dropFirst(erasedCount)
                        set.apply(.erase(upTo: at), to: position, names: names, at: at)
                        for var identifier in kept where !identifier.isShared {
                            identifier.addedAt = at
                            set.apply(.identifier(identifier), to: position, names: names, at: at)
                        }
                    }
                    return .done(set.records)
                default:
                    if let missing = set.homes.firstIndex(of: -1), case .identifier(let hash) = set.keys[missing] {
                        let position = set.create(fresh, at: at)
                        let known = KnownIdentifier(hash: hash, kind: .phone, addedAt: at)
                        set.apply(.identifier(known), to: position, names: names, at: at)
                    }
                    for position in set.records.indices { set.apply(change, to: position, names: names, at: at) }
                    set.record(JournalEntry(kind: .fact, at: at, body: [UInt8(kind)]))
                    return .done(set.records)
                }
            }
            let here = try transact(store, keys, body).result
            let there = try transact(model, keys, body).result
            try expect(
                here.count == there.count && zip(here, there).allSatisfy { same($0, $1) },
                "operation \(step) (seed \(generator.seed)) differs from the model")
        }
        for expected in model.people {
            let record = try person(store, expected.id)
            try expect(same(record, expected), "a record differs from the model at the end (seed \(generator.seed))")
        }
    }

    /// Equal but for the version, which is random, for texts that nothing uses, and for idempotency keys past their time,
    /// which a store may forget.
    public static func same(_ a: PersonRecord?, _ b: PersonRecord?) -> Bool {
        guard var a, var b else { return a == nil && b == nil }
        let oldest = b.lastDecisionAt - PersonRecord.idempotencyKept
        for i in a.touches.indices where a.touches[i].recordedAt < oldest { a.touches[i].idempotency = nil }
        for i in b.touches.indices where b.touches[i].recordedAt < oldest { b.touches[i].idempotency = nil }
        a.version = b.version
        a.names = b.names
        return a == b
    }

    /// Runs `body` on threads of their own and waits for all; throws the first error.
    public static func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let failure = Mutex<(any Error)?>(nil)
        let threads = (0..<count).map { worker in
            TestThread {
                do { try body(worker) } catch {
                    failure.withLock { if $0 == nil { $0 = error } }
                }
            }
        }
        for thread in threads { thread.join() }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

/// Holds an answer until somebody asks for it; fails after thirty seconds without one.
///
/// `@unchecked Sendable`: the value is only touched under the mutex beside it.
final class Box<Value: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value?
    private var count = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        condition.deallocate()
    }

    func set(_ new: Value) {
        pthread_mutex_lock(mutex)
        count += 1
        precondition(count == 1, "a completion was called more than once")
        value = new
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func wait() throws -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += 30
        while value == nil {
            if pthread_cond_timedwait(condition, mutex, &deadline) != 0 && value == nil {
                throw ConformanceFailure("no answer within thirty seconds")
            }
        }
        guard let value else { throw ConformanceFailure("no answer") }
        return value
    }
}

/// A plain thread: stores block, and the shared pool has only as many threads as there are cores.
///
/// `@unchecked Sendable`: the handle is written before `init` returns, then only read.
public final class TestThread: @unchecked Sendable {
    private var handle = pthread_t()

    public init(_ body: @escaping @Sendable () -> Void) {
        final class Start {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let start = Unmanaged.passRetained(Start(body))
        let status = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        precondition(status == 0, "a thread could not be started")
    }

    public func join() { pthread_join(handle, nil) }
}
