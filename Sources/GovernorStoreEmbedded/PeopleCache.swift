import GovernorCore
import GovernorStore

/// The people at hand: records by slot, found by identifier or id; the least recently used leave when memory is short.
///
/// A changed record stays until it is written back. A record is in one of three states: clean (as in the file), queued
/// (changed), in flight (being written; it may be queued again meanwhile).
struct PeopleCache {
    struct Slot {
        var record: PersonRecord
        /// Its row in the file of people; given when the person is made.
        var row: Int64
        /// Whether the file has that row yet.
        var isInFile: Bool
        /// As estimated when last looked at.
        var bytes: Int
        /// The newest change in the journal; 0 while never changed here.
        var sequence: UInt64 = 0
        /// The oldest change that no capture has taken; 0 when there is none.
        var queuedSequence: UInt64 = 0
        var isInFlight = false
        var isUsed = false
        var isReferenced = false
        /// Identifiers whose home this record became since it was last written.
        var newHomes: [IdentifierHash] = []
        /// Identifiers that led here and lead to nobody; the file may still say otherwise.
        var goneHomes: [IdentifierHash] = []

        var isPinned: Bool { queuedSequence != 0 || isInFlight }
    }

    /// One record on its way to the file.
    struct Captured {
        var slot: Int32
        var row: Int64
        var isNew: Bool
        var record: PersonRecord
        var sequence: UInt64
        /// The oldest change it brings.
        var firstSequence: UInt64
        var newHomes: [IdentifierHash]
        var goneHomes: [IdentifierHash]
    }

    private(set) var slots: [Slot] = []
    private var free: [Int32] = []
    private var byIdentifier = HashIndex()
    private var byPerson = HashIndex()
    private var hand = 0
    /// Slots with changes to write, oldest change first. Entries whose slot says otherwise are stale.
    private var queue: [(slot: Int32, sequence: UInt64)] = []
    private var queueHead = 0
    let placeholder = PersonRecord(id: PersonID(high: 0, low: 0), createdAt: .distantPast)

    private(set) var count = 0
    private(set) var byteCount = 0
    private(set) var dirtyCount = 0
    private(set) var dirtyBytes = 0
    private(set) var evictionCount: UInt64 = 0
    let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var indexByteCount: Int { byIdentifier.byteCount + byPerson.byteCount }

    // MARK: finding

    @inline(__always)
    func slot(of hash: IdentifierHash) -> Int32 { byIdentifier[hash.high, hash.low] }

    @inline(__always)
    func slot(of id: PersonID) -> Int32 { byPerson[id.high, id.low] }

    /// A copy of the record at hand; `nil` when it is not.
    func record(of id: PersonID) -> PersonRecord? {
        let slot = self.slot(of: id)
        return slot < 0 ? nil : slots[Int(slot)].record
    }

    /// The newest change of the record; 0 when it is in the file, and so on disk.
    func sequence(of slot: Int32) -> UInt64 { slots[Int(slot)].sequence }

    func id(in slot: Int32) -> PersonID { slots[Int(slot)].record.id }

    /// Whether an identifier that is noted at `slot` leads to nobody any more, whatever the file says.
    @inline(__always)
    func isGone(_ hash: IdentifierHash, from slot: Int32) -> Bool {
        !slots[Int(slot)].goneHomes.isEmpty && slots[Int(slot)].goneHomes.contains(hash)
    }

    // MARK: taking a record out, in place, and back

    @inline(__always)
    mutating func take(_ slot: Int32, into set: inout RecordSet) {
        slots[Int(slot)].isReferenced = true
        set.take(&slots[Int(slot)].record, leaving: placeholder)
    }

    @inline(__always)
    mutating func put(_ position: Int, of set: inout RecordSet, back slot: Int32) {
        set.put(position, back: &slots[Int(slot)].record)
    }

    // MARK: adding

    /// Adds a record that is read from the file or new. Its homes are noted where nobody at hand has them.
    @discardableResult
    mutating func add(_ record: consuming PersonRecord, row: Int64, isInFile: Bool, homes: [IdentifierHash]) -> Int32 {
        let slot: Int32
        let bytes = Self.estimate(record)
        let id = record.id
        let new = Slot(record: record, row: row, isInFile: isInFile, bytes: bytes, isUsed: true, isReferenced: true)
        if let reused = free.popLast() {
            slot = reused
            slots[Int(slot)] = new
        } else {
            slot = Int32(slots.count)
            slots.append(new)
        }
        byPerson.set(high: id.high, low: id.low, to: slot)
        for hash in homes where self.slot(of: hash) < 0 { byIdentifier.set(high: hash.high, low: hash.low, to: slot) }
        count += 1
        byteCount += bytes
        return slot
    }

    mutating func setHome(_ hash: IdentifierHash, to slot: Int32) {
        byIdentifier.set(high: hash.high, low: hash.low, to: slot)
        if !slots[Int(slot)].goneHomes.isEmpty { slots[Int(slot)].goneHomes.removeAll { $0 == hash } }
        if !slots[Int(slot)].newHomes.contains(hash) { slots[Int(slot)].newHomes.append(hash) }
    }

    /// The record was erased from the identifier: it leads to nobody until somebody is known by it again.
    mutating func removeHome(_ hash: IdentifierHash, from slot: Int32) {
        slots[Int(slot)].newHomes.removeAll { $0 == hash }
        if !slots[Int(slot)].goneHomes.contains(hash) { slots[Int(slot)].goneHomes.append(hash) }
    }

    // MARK: changes

    mutating func modify(_ slot: Int32, _ body: (inout PersonRecord) -> Void) { body(&slots[Int(slot)].record) }

    func homeMoves(_ identifier: KnownIdentifier, to slot: Int32) -> Bool {
        RecordSet.movesHome(identifier, to: slots[Int(slot)].record)
    }

    /// Notes that the record in `slot` changed with the journal's entry `sequence`.
    mutating func changed(_ slot: Int32, sequence: UInt64) {
        let i = Int(slot)
        if !slots[i].isPinned {
            dirtyCount += 1
            dirtyBytes += slots[i].bytes
        }
        slots[i].sequence = sequence
        if slots[i].queuedSequence == 0 {
            slots[i].queuedSequence = sequence
            queue.append((slot, sequence))
        }
        let bytes = Self.estimate(slots[i].record)
        byteCount += bytes - slots[i].bytes
        dirtyBytes += bytes - slots[i].bytes
        slots[i].bytes = bytes
    }

    /// The oldest change that no capture has taken.
    mutating func oldestQueued() -> UInt64? {
        while queueHead < queue.count {
            let (slot, sequence) = queue[queueHead]
            if slots[Int(slot)].queuedSequence == sequence { return sequence }
            queueHead += 1
        }
        queue.removeAll(keepingCapacity: queue.capacity < 1 << 16)
        queueHead = 0
        return nil
    }

    /// Takes up to `count` of the records with the oldest changes that are not yet under way.
    mutating func capture(_ count: Int, into batch: inout [Captured]) {
        for _ in 0..<count {
            guard oldestQueued() != nil else { return }
            let (slot, sequence) = queue[queueHead]
            queueHead += 1
            let i = Int(slot)
            slots[i].queuedSequence = 0
            slots[i].isInFlight = true
            var homes: [IdentifierHash] = []
            if !slots[i].newHomes.isEmpty {
                swap(&homes, &slots[i].newHomes)
                // A home that has moved on meanwhile is the other record's to write.
                homes.removeAll { self.slot(of: $0) != slot || isGone($0, from: slot) }
            }
            // One that somebody is known by again is the other record's to write.
            if !slots[i].goneHomes.isEmpty {
                let gone = slots[i].goneHomes
                slots[i].goneHomes = gone.filter { self.slot(of: $0) == slot }
            }
            batch.append(
                Captured(
                    slot: slot, row: slots[i].row, isNew: !slots[i].isInFile, record: slots[i].record,
                    sequence: slots[i].sequence,
                    firstSequence: sequence, newHomes: homes, goneHomes: slots[i].goneHomes))
        }
        if queueHead > 4_096 && queueHead * 2 > queue.count {
            queue.removeSubrange(..<queueHead)
            queueHead = 0
        }
    }

    /// What was captured is in the file.
    mutating func written(_ captured: Captured) {
        let i = Int(captured.slot)
        slots[i].isInFlight = false
        slots[i].isInFile = true
        if slots[i].queuedSequence == 0 {
            // Not while a later change waits: the same identifier may have been learnt and erased again since, and only
            // that change takes it out of the file.
            for hash in captured.goneHomes where slots[i].goneHomes.contains(hash) {
                slots[i].goneHomes.removeAll { $0 == hash }
                byIdentifier.remove(high: hash.high, low: hash.low, from: captured.slot)
            }
            dirtyCount -= 1
            dirtyBytes -= slots[i].bytes
        }
    }

    /// What was captured could not be written: it is queued again, in its old place. To be called newest first.
    mutating func notWritten(_ captured: Captured) {
        let i = Int(captured.slot)
        slots[i].isInFlight = false
        slots[i].queuedSequence = captured.firstSequence
        for hash in captured.newHomes where !slots[i].newHomes.contains(hash) { slots[i].newHomes.append(hash) }
        if queueHead > 0 {
            queueHead -= 1
            queue[queueHead] = (captured.slot, captured.firstSequence)
        } else {
            queue.insert((captured.slot, captured.firstSequence), at: 0)
        }
    }

    // MARK: memory

    /// Lets clean records go, least recently used first, until the rest fits. Cheap when it fits.
    @inline(__always)
    mutating func trim() {
        if byteCount > bytesMax { evict() }
    }

    private mutating func evict() {
        // Two rounds at most: the first lowers the marks of those that were used, the second finds them low.
        var steps = slots.count * 2
        while byteCount > bytesMax && steps > 0 {
            steps -= 1
            if hand >= slots.count { hand = 0 }
            let i = hand
            hand += 1
            guard slots[i].isUsed, !slots[i].isPinned else { continue }
            if slots[i].isReferenced {
                slots[i].isReferenced = false
                continue
            }
            let slot = Int32(i)
            let id = slots[i].record.id
            byPerson.remove(high: id.high, low: id.low, from: slot)
            for identifier in slots[i].record.identifiers {
                byIdentifier.remove(high: identifier.hash.high, low: identifier.hash.low, from: slot)
            }
            count -= 1
            byteCount -= slots[i].bytes
            slots[i] = Slot(record: placeholder, row: 0, isInFile: false, bytes: 0)
            free.append(slot)
            evictionCount += 1
        }
    }

    /// The memory of a record, counted by the room its arrays have.
    static func estimate(_ record: borrowing PersonRecord) -> Int {
        let touch = MemoryLayout<Touch>.stride
        let fact = MemoryLayout<Fact>.stride + 64
        let identifier = MemoryLayout<KnownIdentifier>.stride + 160
        return MemoryLayout<Slot>.stride + 256 + record.touches.capacity * touch + record.facts.capacity * fact
            + record.identifiers.capacity * identifier + record.names.count * 40
    }
}
