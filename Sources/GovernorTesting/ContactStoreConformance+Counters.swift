public import GovernorCore
public import GovernorStore
import Synchronization

extension ContactStoreConformance {
    /// Checks of the counters of campaign guards, by name.
    public static let ofCounters: [(name: String, run: Check)] = [
        ("counters stand beside people", countersBesidePeople),
        ("what is counted is stored with the records, or not at all", countedWithRecords),
        ("attempts under contention are exactly N", exactlyNAttempts),
    ]

    /// What the store has counted.
    public static func counter(_ store: any ContactStore, _ key: CounterKey) throws -> CounterRecord? {
        try transact(store, [.counter(key)]) { .done($0.counters.first) }.result
    }

    private static func newKey(_ generator: inout SeededGenerator, _ unit: CounterKey.Unit = .campaign) -> CounterKey {
        CounterKey(rule: "test/guard", unit: unit, name: "c\(generator.next())")
    }

    private static func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
        if !condition { throw ConformanceFailure(text()) }
    }

    private static func countersBesidePeople(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let key = newKey(&generator)
        let other = CounterKey(rule: key.rule, unit: .agency, name: key.name)
        let phone = phone(&generator, at: now)
        let id = PersonID(high: generator.next(), low: generator.next())
        try create(store, id, [phone], at: now)
        let keys: [RecordKey] = [.counter(other), .identifier(phone.hash), .counter(key), .person(id)]
        let before = try transact(store, keys) { .done(($0.homes, $0.counters.count)) }.result
        try require(before.0 == [-1, 0, -1, 0], "homes beside counters: \(before.0)")
        try require(before.1 == 0, "counters that nobody counted in")

        var names = NameTable()
        let sold: EventName = names.intern("sold")
        let texts = names
        let written = try transact(store, keys) { set -> Step<Bool> in
            set.count(CounterChange(key: key, at: now, attempts: 1), names: texts, at: now)
            set.count(CounterChange(key: key, at: now, attempts: 1, outcome: sold), names: texts, at: now)
            set.count(CounterChange(key: other, at: now - .hours(5), attempts: 1), names: texts, at: now)
            return .done(true)
        }
        try awaitDurable(store, written.ticket)
        let found = try transact(store, keys) { .done($0.counters) }.result
        try require(Set(found.map(\.key)) == [key, other], "the counters asked for: \(found.map(\.key))")
        guard let counter = found.first(where: { $0.key == key }) else { return }
        try require(counter.buckets.map(\.attempts) == [2], "attempts: \(counter.buckets)")
        try require(counter.buckets[0].outcomes.map(\.count) == [1], "outcomes: \(counter.buckets)")
        try require(counter.names.text(sold) == "sold", "the text of an outcome is lost")
        try require(counter.firstUse == now, "first use: \(counter.firstUse)")
        let alone = try transact(store, [.identifier(phone.hash)]) { .done($0.counters.count) }.result
        try require(alone == 0, "counters that nobody asked for")
    }

    private static func countedWithRecords(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        let key = newKey(&generator)
        let phone = phone(&generator, at: now)
        let id = PersonID(high: generator.next(), low: generator.next())
        // What is counted before more records are asked for is dropped with everything else.
        let runs = Atomic<Int>(0)
        _ = try transact(store, [.counter(key)]) { set -> Step<Bool> in
            set.count(CounterChange(key: key, at: now, attempts: 1), names: NameTable(), at: now)
            runs.add(1, ordering: .relaxed)
            if set.keys.count == 1 { return .widen([.identifier(phone.hash)]) }
            let position = set.create(id, at: now)
            set.apply(.identifier(phone), to: position, names: NameTable(), at: now)
            return .done(true)
        }
        try require(runs.load(ordering: .relaxed) >= 2, "runs: \(runs.load(ordering: .relaxed))")
        let counter = try counter(store, key)
        try require(counter?.buckets.map(\.attempts) == [1], "counted twice: \(String(describing: counter))")
        try require(try person(store, id) != nil, "the person made beside the counter is missing")
        // Read again it is as it was.
        let again = try transact(store, [.counter(key), .person(id)]) { .done($0.counters.first) }.result
        try require(again?.buckets == counter?.buckets, "reading changed a counter")
    }

    /// Many callers about many people, one campaign: the guard's limit holds over all of them.
    private static func exactlyNAttempts(_ store: any ContactStore, _ generator: inout SeededGenerator) throws {
        for limit in [1, 40] as [UInt32] {
            let key = newKey(&generator)
            let phones = (0..<8).map { _ in phone(&generator, at: now) }
            let ids = phones.map { _ in PersonID(high: generator.next(), low: generator.next()) }
            let allowed = Atomic<Int>(0)
            let failed = Atomic<Int>(0)
            let seeds = (0..<8).map { _ in generator.next() }
            try concurrently(8) { worker in
                var generator = SeededGenerator(seed: seeds[worker])
                for _ in 0..<20 {
                    let who = Int.random(in: 0..<phones.count, using: &generator)
                    let touch = Touch(
                        id: TouchID(bits: generator.next()), at: now, expiresAt: now, state: .reserved,
                        channel: "voice", purpose: "marketing")
                    let result = try? transact(store, [.identifier(phones[who].hash), .counter(key)]) {
                        set -> Step<Bool> in
                        let count = set.counters.first?.buckets.reduce(0) { $0 + $1.attempts } ?? 0
                        if count >= limit { return .done(false) }
                        var position = set.homes[0]
                        if position < 0 {
                            position = set.create(ids[who], at: now)
                            set.apply(.identifier(phones[who]), to: position, names: NameTable(), at: now)
                        }
                        set.apply(.touch(touch), to: position, names: NameTable(), at: now)
                        set.count(CounterChange(key: key, at: now, attempts: 1), names: NameTable(), at: now)
                        set.record(JournalEntry(kind: .decision, at: now, body: [7]))
                        return .done(true)
                    }
                    guard let result else {
                        failed.add(1, ordering: .relaxed)
                        continue
                    }
                    if result.result { allowed.add(1, ordering: .relaxed) }
                }
            }
            try require(failed.load(ordering: .relaxed) == 0, "a transaction failed under contention")
            let count = allowed.load(ordering: .relaxed)
            try require(count == limit, "\(count) were allowed under a limit of \(limit)")
            let stored = try counter(store, key)?.buckets.reduce(0) { $0 + $1.attempts } ?? 0
            try require(stored == limit, "\(stored) are counted under a limit of \(limit)")
        }
    }
}
