import GovernorCore
import GovernorTesting
import Testing

@Suite struct CounterRecordTests {
    private static let key = CounterKey(rule: "house/pace", unit: .campaign, name: "spring")

    private static func names() -> NameTable {
        var names = NameTable()
        for text in ["abandoned", "sold", "no_answer"] { _ = names.intern(text, as: EventName.self) }
        return names
    }

    /// Random contacts over weeks, each sooner or later with an outcome: nothing is lost or counted twice, whatever is
    /// put together; the stored form gives the same counter; and a journal of states rebuilds it.
    @Test func keepsEverythingOnce() throws {
        var random = SeededGenerator.announced("keepsEverythingOnce")
        for _ in 0..<60 {
            var counter = CounterRecord(key: Self.key)
            var rebuilt = counter
            let names = Self.names()
            var now = Timestamp(milliseconds: 1_774_000_000_000 + .random(in: 0...86_400_000, using: &random))
            var waiting: [Timestamp] = []
            var attempts = 0
            var outcomes = 0
            let start = now
            while now < start + .days(20) {
                now = now + Milliseconds(.random(in: 0...3_000_000, using: &random))
                var changes = [CounterChange(key: Self.key, at: now, attempts: 1)]
                attempts += 1
                waiting.append(now)
                if Bool.random(using: &random), let i = waiting.indices.randomElement(using: &random) {
                    changes.append(CounterChange(key: Self.key, at: waiting.remove(at: i), outcome: "sold"))
                    outcomes += 1
                }
                for change in changes {
                    let state = counter.apply(change, names: names, at: now)
                    rebuilt.apply(state, at: now)
                    // Said twice, it is the same.
                    if Int.random(in: 0..<10, using: &random) == 0 { rebuilt.apply(state, at: now) }
                }
            }
            #expect(counter.firstUse <= start + .minutes(50))
            #expect(counter.buckets.reduce(0) { $0 + Int($1.attempts) } == attempts)
            #expect(counter.buckets.reduce(0) { $0 + $1.outcomes.reduce(0) { $0 + Int($1.count) } } == outcomes)
            for (a, b) in zip(counter.buckets, counter.buckets.dropFirst()) { #expect(a.end <= b.start) }
            #expect(counter.buckets.count < 900)
            #expect(rebuilt.buckets == counter.buckets)
            let bytes = counter.encoded()
            let decoded = try bytes.withUnsafeBytes { try CounterRecord(decoding: $0) }
            #expect(decoded.buckets == counter.buckets && decoded.key == counter.key)
            #expect(decoded.firstUse == counter.firstUse)
        }
    }

    /// Whatever happens to the bytes, the answer is an error.
    @Test func damageIsNoticed() throws {
        var random = SeededGenerator.announced("damageIsNoticed of counters")
        var counter = CounterRecord(key: Self.key)
        for i in 0..<40 {
            let at = Timestamp(milliseconds: 1_774_000_000_000 + Int64(i) * 400_000)
            counter.apply(
                CounterChange(key: Self.key, at: at, attempts: 1, outcome: "sold"), names: Self.names(), at: at)
        }
        let bytes = counter.encoded()
        for _ in 0..<2_000 {
            var damaged = bytes
            if Bool.random(using: &random) {
                damaged.removeLast(.random(in: 1...damaged.count, using: &random))
            } else {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            }
            #expect(throws: DecodeError.self) {
                try damaged.withUnsafeBytes { _ = try CounterRecord(decoding: $0) }
            }
        }
    }

    @Test func changesOfATouch() {
        var touch = Touch(
            id: TouchID(bits: 1), at: Timestamp(milliseconds: 1_000), expiresAt: Timestamp(milliseconds: 2_000),
            state: .reserved, channel: "voice", purpose: "marketing")
        let reserved = touch
        touch.confirm(at: Timestamp(milliseconds: 1_500))
        let confirmed = touch
        _ = touch.report("sold", at: Timestamp(milliseconds: 1_600), accounts: nil, isCorrection: false)
        let reported = touch
        var released = reserved
        _ = released.release()
        var counter = CounterRecord(key: Self.key)
        let rows: [(Touch?, Touch?, attempts: Int, sold: Int, String)] = [
            (nil, reserved, 1, 0, "reserved"), (reserved, confirmed, 1, 0, "confirmed"),
            (confirmed, reported, 1, 1, "reported"), (reported, reported, 1, 1, "reported again"),
            (nil, reserved, 2, 1, "another"), (reserved, released, 1, 1, "given back"),
            (released, released, 1, 1, "given back again"), (nil, released, 1, 1, "nothing to give back"),
        ]
        for (before, after, attempts, sold, why) in rows {
            for change in CounterChange.changes(from: before, to: after, in: Self.key) {
                counter.apply(change, names: Self.names(), at: Timestamp(milliseconds: 2_000))
            }
            #expect(counter.buckets.reduce(0) { $0 + Int($1.attempts) } == attempts, Comment(rawValue: why))
            let found = counter.buckets.reduce(0) { $0 + $1.outcomes.reduce(0) { $0 + Int($1.count) } }
            #expect(found == sold, Comment(rawValue: why))
        }
    }
}
