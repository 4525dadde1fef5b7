/// The numbers of a list while it is gathered, by block, in memory of its own: adding one costs some nanoseconds, for
/// there is nothing to count, to check or to copy.
struct BlockTable: ~Copyable {
    /// Numbers that share all but their last four digits.
    struct Block {
        let number: UInt64
        /// Last digits as they came while they are few; then a bitmap.
        fileprivate var numbers: UnsafeMutableRawPointer?
        fileprivate var count: Int32 = 0
        /// `bitmap`: it is one.
        fileprivate var capacity: Int32 = 0
        /// Last digits in the upper half, days since 1970 in the lower; 0 stands for no date.
        fileprivate var dated: UnsafeMutablePointer<UInt32>?
        fileprivate var datedCount: Int32 = 0
        fileprivate var datedCapacity: Int32 = 0
    }

    private(set) var count = 0
    private var blocks: UnsafeMutablePointer<Block>
    private var capacity = 64
    /// Places plus one, found by the hash of the block's number; 0: free.
    private var slots: UnsafeMutablePointer<UInt32>
    private var mask = 255
    private var last = 0

    private static let bitmap: Int32 = -1
    private static let fewMax: Int32 = 512

    init() {
        blocks = .allocate(capacity: capacity)
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
    }

    deinit {
        for place in 0..<count {
            blocks[place].numbers?.deallocate()
            blocks[place].dated?.deallocate()
        }
        blocks.deallocate()
        slots.deallocate()
    }

    func number(at place: Int) -> UInt64 { blocks[place].number }

    /// Where a block is; `nil` while none of its numbers was added.
    func find(_ number: UInt64) -> Int? {
        var slot = SnapshotLayout.firstSlot(of: number, mask: mask)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if blocks[place].number == number { return place }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The same, and makes room for a new one.
    mutating func place(of number: UInt64) -> Int {
        // Lists are mostly sorted.
        if last < count, blocks[last].number == number { return last }
        if let known = find(number) {
            last = known
            return known
        }
        if count == capacity { grow() }
        (blocks + count).initialize(to: Block(number: number))
        enter(count)
        last = count
        count += 1
        return last
    }

    private func enter(_ place: Int) {
        var slot = SnapshotLayout.firstSlot(of: blocks[place].number, mask: mask)
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(place + 1)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Block>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: blocks, count: count)
        blocks.deallocate()
        blocks = larger
        capacity *= 2
        slots.deallocate()
        mask = capacity * 4 - 1
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: 0, count: mask + 1)
        for place in 0..<count { enter(place) }
    }

    // MARK: Numbers

    mutating func add(_ low: UInt16, at place: Int) {
        let block = blocks + place
        if block.pointee.capacity == Self.bitmap {
            words(of: block)[Int(low >> 6)] |= 1 << UInt64(low & 63)
            return
        }
        if block.pointee.count == block.pointee.capacity {
            if block.pointee.capacity == Self.fewMax {
                bitmap(at: place)[Int(low >> 6)] |= 1 << UInt64(low & 63)
                return
            }
            block.pointee.capacity = max(8, block.pointee.capacity * 2)
            block.pointee.numbers = Self.moved(
                block.pointee.numbers, Int(block.pointee.count) * 2, to: Int(block.pointee.capacity) * 2)
        }
        few(of: block)[Int(block.pointee.count)] = low
        block.pointee.count += 1
    }

    mutating func add(dated item: UInt32, at place: Int) {
        let block = blocks + place
        if block.pointee.datedCount == block.pointee.datedCapacity {
            block.pointee.datedCapacity = max(8, block.pointee.datedCapacity * 2)
            block.pointee.dated = Self.moved(
                block.pointee.dated.map { UnsafeMutableRawPointer($0) }, Int(block.pointee.datedCount) * 4,
                to: Int(block.pointee.datedCapacity) * 4
            ).assumingMemoryBound(to: UInt32.self)
        }
        block.pointee.dated.unsafelyUnwrapped[Int(block.pointee.datedCount)] = item
        block.pointee.datedCount += 1
    }

    /// The block as a bitmap, which it is from now on.
    mutating func bitmap(at place: Int) -> UnsafeMutablePointer<UInt64> {
        let block = blocks + place
        if block.pointee.capacity == Self.bitmap { return words(of: block) }
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: SnapshotLayout.words)
        words.initialize(repeating: 0, count: SnapshotLayout.words)
        if block.pointee.count > 0 {
            for i in 0..<Int(block.pointee.count) {
                let low = few(of: block)[i]
                words[Int(low >> 6)] |= 1 << UInt64(low & 63)
            }
        }
        block.pointee.numbers?.deallocate()
        block.pointee.numbers = UnsafeMutableRawPointer(words)
        block.pointee.count = 0
        block.pointee.capacity = Self.bitmap
        return words
    }

    /// What has dates, as it came or as `keepDated` left it.
    func dated(at place: Int) -> UnsafeMutableBufferPointer<UInt32> {
        UnsafeMutableBufferPointer(start: blocks[place].dated, count: Int(blocks[place].datedCount))
    }

    mutating func removeDated(_ low: UInt16, at place: Int) {
        var items = dated(at: place)
        blocks[place].datedCount = Int32(items.partition { $0 >> 16 == UInt32(low) })
    }

    /// Sorts what has dates, keeps the first of every number, and makes the bitmap of them.
    mutating func keepDated(at place: Int) {
        var items = dated(at: place)
        items.sort()
        var kept = 0
        for i in items.indices where kept == 0 || items[kept - 1] >> 16 != items[i] >> 16 {
            items[kept] = items[i]
            kept += 1
        }
        blocks[place].datedCount = Int32(kept)
        let words = bitmap(at: place)
        words.update(repeating: 0, count: SnapshotLayout.words)
        for item in items.prefix(kept) { words[Int(item >> 22)] |= 1 << UInt64(item >> 16 & 63) }
    }

    private func words(of block: UnsafeMutablePointer<Block>) -> UnsafeMutablePointer<UInt64> {
        block.pointee.numbers.unsafelyUnwrapped.assumingMemoryBound(to: UInt64.self)
    }

    private func few(of block: UnsafeMutablePointer<Block>) -> UnsafeMutablePointer<UInt16> {
        block.pointee.numbers.unsafelyUnwrapped.assumingMemoryBound(to: UInt16.self)
    }

    private static func moved(
        _ old: UnsafeMutableRawPointer?, _ bytes: Int, to capacity: Int
    ) -> UnsafeMutableRawPointer {
        let new = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        if let old {
            new.copyMemory(from: old, byteCount: bytes)
            old.deallocate()
        }
        return new
    }
}
