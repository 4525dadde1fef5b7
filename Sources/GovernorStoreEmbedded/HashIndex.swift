/// From 128 random bits to a slot: open addressing, linear probing, at most three quarters full.
///
/// The keys are keyed hashes or random ids, so their own bits place them and nobody outside can make them collide.
struct HashIndex {
    private struct Entry {
        var high: UInt64
        var low: UInt64
        /// -1 when free.
        var slot: Int32
    }

    private var entries: [Entry]
    private var mask: Int
    private(set) var count = 0

    init() {
        entries = [Entry](repeating: Entry(high: 0, low: 0, slot: -1), count: 64)
        mask = 63
    }

    var byteCount: Int { entries.count * MemoryLayout<Entry>.stride }

    /// The slot of the key, or -1.
    @inline(__always)
    subscript(high: UInt64, low: UInt64) -> Int32 {
        var i = Int(truncatingIfNeeded: low) & mask
        while true {
            let entry = entries[i]
            if entry.slot < 0 { return -1 }
            if entry.low == low && entry.high == high { return entry.slot }
            i = (i + 1) & mask
        }
    }

    /// Adds the key or moves it to another slot.
    mutating func set(high: UInt64, low: UInt64, to slot: Int32) {
        if (count + 1) * 4 > entries.count * 3 { grow() }
        var i = Int(truncatingIfNeeded: low) & mask
        while entries[i].slot >= 0 {
            if entries[i].low == low && entries[i].high == high {
                entries[i].slot = slot
                return
            }
            i = (i + 1) & mask
        }
        entries[i] = Entry(high: high, low: low, slot: slot)
        count += 1
    }

    /// Removes the key if it leads to `slot`.
    mutating func remove(high: UInt64, low: UInt64, from slot: Int32) {
        var i = Int(truncatingIfNeeded: low) & mask
        while true {
            if entries[i].slot < 0 { return }
            if entries[i].low == low && entries[i].high == high { break }
            i = (i + 1) & mask
        }
        guard entries[i].slot == slot else { return }
        count -= 1
        // Close the gap: whoever follows moves up unless that would put it before its place.
        var gap = i
        var j = (i + 1) & mask
        while entries[j].slot >= 0 {
            let home = Int(truncatingIfNeeded: entries[j].low) & mask
            if ((j &- home) & mask) >= ((j &- gap) & mask) {
                entries[gap] = entries[j]
                gap = j
            }
            j = (j + 1) & mask
        }
        entries[gap].slot = -1
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(high: 0, low: 0, slot: -1), count: old.count * 2)
        mask = entries.count - 1
        for entry in old where entry.slot >= 0 {
            var i = Int(truncatingIfNeeded: entry.low) & mask
            while entries[i].slot >= 0 { i = (i + 1) & mask }
            entries[i] = entry
        }
    }
}
