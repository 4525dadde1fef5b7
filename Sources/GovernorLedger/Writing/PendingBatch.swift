import Glibc
import GovernorCore

/// Records that wait for the writer, laid out as they will be hashed and stored, in one block of memory.
///
/// `@unchecked`: the memory has one owner at a time, because the type cannot be copied.
struct PendingBatch: ~Copyable, @unchecked Sendable {
    struct Item {
        var offset: Int
        var length: Int
        var at: Int64
        var kind: UInt8
        var personCount: UInt8
        /// Must be in one group with the item before it.
        var isJoined: Bool
    }

    private(set) var items: [Item] = []
    private(set) var firstSequence: UInt64 = 0
    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var capacity = 1 << 16
    private var used = 0

    deinit { memory.deallocate() }

    var isEmpty: Bool { items.isEmpty }
    var count: Int { items.count }
    func sequence(at index: Int) -> UInt64 { firstSequence + UInt64(index) }

    @inline(__always) func bytes(of item: Item) -> UnsafeMutableRawPointer { memory + item.offset }

    /// Adds a record with room for its salt; calls `persons` and `body` with the memory to fill.
    @inline(__always)
    mutating func add(
        sequence: UInt64, kind: UInt8, at: Int64, personCount: Int, bodyCount: Int, isJoined: Bool,
        persons: (UnsafeMutableRawPointer) -> Void, body: (UnsafeMutableRawPointer) -> Void
    ) {
        if items.isEmpty { firstSequence = sequence }
        let length = RecordLayout.fixedBytes + personCount * RecordLayout.personBytes + bodyCount
        if capacity - used < length { grow(by: length) }
        let start = memory + used
        RecordLayout.writeHeader(sequence: sequence, at: at, kind: kind, to: start + RecordLayout.headerOffset)
        start.storeBytes(of: UInt8(personCount), toByteOffset: RecordLayout.personCountOffset, as: UInt8.self)
        persons(start + RecordLayout.personsOffset)
        body(start + (length - bodyCount))
        items.append(
            Item(
                offset: used, length: length, at: at, kind: kind, personCount: UInt8(personCount), isJoined: isJoined))
        used += length
    }

    /// The end of a group that begins at `start` and holds `countMax` records, or more where a call's entries need it.
    func groupEnd(from start: Int, countMax: Int) -> Int {
        var end = min(items.count, start + countMax)
        while end < items.count, items[end].isJoined { end += 1 }
        return end
    }

    func byteCount(of range: Range<Int>) -> Int {
        let end = range.upperBound == items.count ? used : items[range.upperBound].offset
        return range.isEmpty ? 0 : end - items[range.lowerBound].offset
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: items.capacity < 1 << 16)
        used = 0
        // A burst does not keep its memory for ever.
        guard capacity > 1 << 23 else { return }
        memory.deallocate()
        capacity = 1 << 16
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    private mutating func grow(by length: Int) {
        let larger = max(capacity * 2, capacity + length)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: memory, byteCount: used)
        memory.deallocate()
        memory = moved
        capacity = larger
    }
}
