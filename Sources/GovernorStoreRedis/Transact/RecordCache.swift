import GovernorCore
import GovernorStore
import Synchronization

/// What a node remembers of Redis: values by their key, and which key a person's or an identifier's record lies at.
///
/// Nothing here is ever an answer by itself: a write compares versions, a check reads again, and an alias holds only if
/// the record confirms it. Both parts have a bound, past which the least recently used leave.
final class RecordCache: Sendable {
    fileprivate struct Slot {
        var place: RecordKey
        var value: StoredValue
        var bytes: Int
        var isReferenced: Bool
    }

    fileprivate struct State {
        var slots: [Slot] = []
        var free: [Int] = []
        var byPlace: [RecordKey: Int] = [:]
        var bytes = 0
        var hand = 0
        var aliases: [RecordKey: RecordKey] = [:]
        /// In the order of arrival, for the oldest to leave first.
        var aliasRing: [RecordKey] = []
        var aliasHand = 0
        var counters = Counters()
    }

    struct Counters: Hashable, Sendable {
        var count = 0
        var bytes = 0
        var aliasCount = 0
        var hitCount: UInt64 = 0
        var missCount: UInt64 = 0
        var evictionCount: UInt64 = 0
        var staleAliasCount: UInt64 = 0
    }

    private let state = Mutex(State())
    let bytesMax: Int
    let aliasesMax: Int

    init(bytesMax: Int, aliasesMax: Int) {
        self.bytesMax = bytesMax
        self.aliasesMax = aliasesMax
    }

    var counters: Counters {
        state.withLock { state in
            var counters = state.counters
            counters.count = state.byPlace.count
            counters.bytes = state.bytes
            counters.aliasCount = state.aliases.count
            return counters
        }
    }

    /// The key that `key` was last seen to lead to, and what was last seen there.
    func look(up key: RecordKey) -> (place: RecordKey, value: StoredValue?) {
        state.withLock { state in
            let place = state.byPlace[key] == nil ? state.aliases[key] ?? key : key
            guard let i = state.byPlace[place] else {
                state.counters.missCount += 1
                return (place, nil)
            }
            state.counters.hitCount += 1
            state.slots[i].isReferenced = true
            return (place, state.slots[i].value)
        }
    }

    /// The value remembered under a key if it is of that version, so that it need not be decoded again.
    func value(at place: RecordKey, version: UInt64) -> StoredValue? {
        state.withLock { state in
            guard let i = state.byPlace[place], state.slots[i].value.version == version else { return nil }
            return state.slots[i].value
        }
    }

    /// Remembers what was read or written; a value without a record is forgotten.
    func put(_ value: StoredValue, at place: RecordKey) {
        // What waits for a transaction across slots is read again each time.
        guard let record = value.record, value.pending.isEmpty else { return forget(place) }
        let bytes = Self.estimate(record)
        state.withLock { state in
            let isKnown: Bool
            if let i = state.byPlace[place] {
                isKnown = state.slots[i].value.record?.identifiers.count == record.identifiers.count
                state.bytes += bytes - state.slots[i].bytes
                state.slots[i].value = value
                state.slots[i].bytes = bytes
                state.slots[i].isReferenced = true
            } else {
                isKnown = false
                let slot = Slot(place: place, value: value, bytes: bytes, isReferenced: true)
                if let i = state.free.popLast() {
                    state.slots[i] = slot
                    state.byPlace[place] = i
                } else {
                    state.byPlace[place] = state.slots.count
                    state.slots.append(slot)
                }
                state.bytes += bytes
            }
            if !isKnown {
                state.addAlias(.person(record.id), place, max: aliasesMax)
                for identifier in record.identifiers where !value.away.contains(identifier.hash) {
                    state.addAlias(.identifier(identifier.hash), place, max: aliasesMax)
                }
            }
            state.trim(to: bytesMax)
        }
    }

    func forget(_ place: RecordKey) {
        state.withLock { $0.remove(place) }
    }

    func forgetAlias(_ key: RecordKey) {
        state.withLock { state in
            state.counters.staleAliasCount += 1
            state.aliases[key] = nil
        }
    }

    /// Everything, after a server was replaced.
    func removeAll() {
        state.withLock { state in
            let counters = state.counters
            state = State()
            state.counters = counters
        }
    }

    /// The memory of a record, counted by what its arrays hold.
    static func estimate(_ record: borrowing PersonRecord) -> Int {
        MemoryLayout<Slot>.stride + 256 + record.touches.count * MemoryLayout<Touch>.stride
            + record.facts.count * (MemoryLayout<Fact>.stride + 64)
            + record.identifiers.count * (MemoryLayout<KnownIdentifier>.stride + 160) + record.names.count * 40
    }
}

extension RecordCache.State {
    fileprivate mutating func addAlias(_ key: RecordKey, _ place: RecordKey, max: Int) {
        guard key != place else { return }
        if aliases.updateValue(place, forKey: key) != nil { return }
        if aliasRing.count < max { return aliasRing.append(key) }
        aliases[aliasRing[aliasHand]] = nil
        aliasRing[aliasHand] = key
        aliasHand = (aliasHand + 1) % max
    }

    fileprivate mutating func remove(_ place: RecordKey) {
        guard let i = byPlace.removeValue(forKey: place) else { return }
        bytes -= slots[i].bytes
        slots[i].value = .absent
        slots[i].bytes = 0
        free.append(i)
    }

    fileprivate mutating func trim(to bytesMax: Int) {
        // Two rounds at most: the first lowers the marks of what was used, the second finds them low.
        var steps = slots.count * 2
        while bytes > bytesMax && steps > 0 {
            steps -= 1
            if hand >= slots.count { hand = 0 }
            let i = hand
            hand += 1
            if slots[i].value.isAbsent { continue }
            if slots[i].isReferenced {
                slots[i].isReferenced = false
                continue
            }
            remove(slots[i].place)
            counters.evictionCount += 1
        }
    }
}
