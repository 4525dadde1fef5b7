import Glibc
import GovernorCore
import GovernorLedger
import GovernorStore

/// What somebody else needs of records whose bodies are to go.
struct NeededRecords: Hashable, Sendable {
    /// Persons of whom something is told there.
    var persons: Set<PersonID> = []
    /// Buckets of counters, by an instant in each.
    var counters: Set<CounterInstant> = []

    struct CounterInstant: Hashable, Sendable {
        var key: CounterKey
        var instant: Timestamp
    }

    mutating func add(_ body: JournalBody, except persons: Set<PersonID>) {
        for changes in body.changes where !persons.contains(changes.person) { self.persons.insert(changes.person) }
        for state in body.counters {
            counters.insert(CounterInstant(key: state.key, instant: state.bucket.start))
        }
    }
}

/// Finds what a ledger holds about a person who was erased.
struct LedgerSearch {
    /// Every record that stood for the person.
    let persons: Set<PersonID>
    /// Hashes that only she was known by: of records that name nobody, those that hold one are hers.
    let hashes: Set<IdentifierHash>
    let upTo: Timestamp
    /// What was decided within so much after it on a node whose clock is ahead, and changed nothing, goes too.
    let slack: Milliseconds

    struct Found: Sendable {
        var sequences: [UInt64] = []
        var needed = NeededRecords()
    }

    /// Reads the whole ledger, as far as it is on disk. Blocks.
    func run(_ ledger: Ledger) throws -> Found {
        let needles = hashes.map { hash in
            withUnsafeBytes(of: (hash.high.bigEndian, hash.low.bigEndian)) { [UInt8]($0) }
        }
        let end = ledger.durableSequence
        var found = Found()
        // The first record that says what stays.
        var erasure = UInt64.max
        do {
            try ledger.replay { record in
                if record.sequence > end { throw Enough() }
                guard !record.isErased, record.kind.isAboutPeople, record.at <= upTo + slack else { return }
                if record.personCount == 0 {
                    guard needles.contains(where: { record.body.holds($0) }) else { return }
                } else {
                    guard (0..<record.personCount).contains(where: { persons.contains(record.person(at: $0)) }) else {
                        return
                    }
                }
                let body = try JournalBody(decoding: record.body)
                if record.at > upTo && !body.changes.isEmpty { return }
                // What an erasure of this instant or later says stays.
                let isErasure = body.changes.contains { item in
                    persons.contains(item.person)
                        && item.changes.contains { if case .erase(let instant) = $0 { instant >= upTo } else { false } }
                }
                if isErasure {
                    erasure = min(erasure, record.sequence)
                    return
                }
                found.sequences.append(record.sequence)
                found.needed.add(body, except: persons)
            }
        } catch is Enough {}
        // What was told after it in the same instant is news.
        found.sequences.removeAll { $0 > erasure }
        return found
    }

    private struct Enough: Error {}
}

extension LedgerKind {
    /// Whether records of this kind may tell of persons.
    var isAboutPeople: Bool {
        switch self {
        case .decision, .reservationChange, .fact, .link, .summary: true
        case .policy, .key, .erased, .checkpoint, .other: false
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func holds(_ needle: [UInt8]) -> Bool {
        guard let baseAddress, let first = needle.first, count >= needle.count else { return false }
        var start = 0
        let last = count - needle.count
        while start <= last {
            guard let hit = memchr(baseAddress + start, Int32(first), last - start + 1) else { return false }
            start = UnsafeRawPointer(hit) - baseAddress
            if needle.elementsEqual(self[start..<start + needle.count]) { return true }
            start += 1
        }
        return false
    }
}

extension Governor {
    /// Puts on record once more what the store holds of persons and counters. Blocks.
    func restate(
        _ needed: NeededRecords, progress: (Int) -> Void = { _ in }
    ) throws(StoreError) {
        for person in needed.persons {
            try restate(person)
            progress(1)
        }
        let oldest = clock.now() - CounterRecord.windowMax
        for counter in needed.counters where counter.instant > oldest {
            try restate(counter.key, at: counter.instant)
            progress(1)
        }
    }
}
