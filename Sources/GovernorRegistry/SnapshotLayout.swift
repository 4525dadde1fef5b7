import GovernorCore

/// The bytes of a snapshot: a page of header, a hash table of blocks, and the blocks. See `docs/registry-format.md`.
///
/// A block holds the numbers that share all but their last four digits: as a bitmap of 10,000 bits, or, when they are few,
/// as their last digits in ascending order. Source of the choice: a bitmap per used block needs 203 MB for 200 million
/// American numbers and answers in two reads of memory, where a sorted list needs 27.
enum SnapshotLayout {
    static let magic: [UInt8] = Array("GOVREGS1".utf8)
    static let formatVersion: UInt32 = 1
    static let headerBytes = 4_096
    /// Numbers in a block.
    static let span: UInt64 = 10_000
    /// 64-bit words of a bitmap.
    static let words = 157
    /// From so many on a bitmap is smaller than a list.
    static let bitmapFrom = words * 4

    enum Field {
        static let version = 8
        static let flags = 12
        static let asOf = 16
        static let builtAt = 24
        static let count = 32
        static let added = 40
        static let removed = 48
        static let slotCount = 56
        static let fileBytes = 64
        static let sequence = 72
        static let digest = 80
        static let nameCount = 112
        static let name = 114
        static let checksum = 4_092
    }

    static let hasDates: UInt32 = 1

    /// Where a block stands: `key` is its number plus one, 0 for a free slot; `place` packs the rest.
    struct Slot {
        var key: UInt64
        var place: UInt64

        init(block: UInt64, offset: Int, count: Int) {
            key = block + 1
            place = UInt64(offset / 8) | UInt64(count - 1) << 40
        }

        /// From the first block on, in bytes.
        var offset: Int { Int(place & 0xff_ffff_ffff) * 8 }
        var count: Int { Int(place >> 40 & 0x3fff) + 1 }
    }

    /// The slot at which a search for a block begins.
    @inline(__always)
    static func firstSlot(of block: UInt64, mask: Int) -> Int {
        let mixed = block &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 20) & mask
    }

    static func slotCount(forBlocks count: Int) -> Int {
        var slots = 64
        while slots < count * 2 { slots *= 2 }
        return slots
    }

    /// Bytes of a block with its dates.
    static func blockBytes(count: Int, hasDates: Bool) -> Int {
        let numbers = count >= bitmapFrom ? words * 8 : (count * 2 + 7) & ~7
        return numbers + (hasDates ? (count * 2 + 7) & ~7 : 0)
    }
}
