import Glibc
public import GovernorCore

/// A registry as it is asked: its file mapped read-only, shared by all processes through the page cache.
///
/// `@unchecked Sendable`: the mapping is never written and lives as long as the object. The file is never changed in place.
public final class RegistrySnapshot: @unchecked Sendable {
    public let info: RegistryInfo
    public let path: String
    /// What rules know it by.
    public let registryName: RegistryName
    public let versionName: Name<LabelKind>
    private let base: UnsafeRawPointer
    private let byteCount: Int
    private let slots: UnsafePointer<SnapshotLayout.Slot>
    private let mask: Int
    private let blocks: UnsafeRawPointer

    /// Maps a file and looks at its header and its table, some milliseconds; with `populating`, reads all of it from the
    /// disk, so that no look-up waits for that.
    public init(path: String, populating: Bool = false) throws(RegistryError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        byteCount = Int(status.st_size)
        guard byteCount >= SnapshotLayout.headerBytes else { throw .damaged(path: path, reason: "it is cut off") }
        let flags = MAP_SHARED | (populating ? MAP_POPULATE : 0)
        guard let mapped = mmap(nil, byteCount, PROT_READ, Int32(flags), descriptor, 0), mapped != MAP_FAILED else {
            throw .file(path: path, reason: String(cString: strerror(errno)))
        }
        base = UnsafeRawPointer(mapped)
        self.path = path
        let header = SnapshotHeader(base)
        do throws(RegistryError) { info = try header.info(path: path, byteCount: byteCount) } catch {
            munmap(mapped, byteCount)
            throw error
        }
        let slotCount = header.slotCount
        mask = slotCount - 1
        slots = (base + SnapshotLayout.headerBytes).assumingMemoryBound(to: SnapshotLayout.Slot.self)
        blocks = base + SnapshotLayout.headerBytes + slotCount * MemoryLayout<SnapshotLayout.Slot>.stride
        registryName = RegistryName(info.name)
        versionName = Name(info.version)
        // From here on everything has its value, and `deinit` unmaps.
        let blockBytes = byteCount - (blocks - base)
        for i in 0..<slotCount where slots[i].key != 0 {
            let end = slots[i].offset + SnapshotLayout.blockBytes(count: slots[i].count, hasDates: info.hasDates)
            if end > blockBytes { throw .damaged(path: path, reason: "a block lies behind the end") }
        }
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }

    /// What the list says of a number: calling code and national number as one decimal number.
    ///
    /// Cost: two reads of memory; no allocation.
    public func listing(of digits: UInt64) -> RegistryAnswer.Listing {
        let (block, low) = digits.quotientAndRemainder(dividingBy: SnapshotLayout.span)
        guard let slot = slot(of: block) else { return .notListed }
        let start = blocks + slots[slot].offset
        let count = slots[slot].count
        if count >= SnapshotLayout.bitmapFrom {
            let words = start.assumingMemoryBound(to: UInt64.self)
            let word = words[Int(low >> 6)]
            guard word >> (low & 63) & 1 == 1 else { return .notListed }
            guard info.hasDates else { return .listed(since: nil) }
            var rank = (word & (1 << (low & 63) &- 1)).nonzeroBitCount
            for i in 0..<Int(low >> 6) { rank += words[i].nonzeroBitCount }
            return .listed(since: date(at: rank, behind: start + SnapshotLayout.words * 8))
        }
        let offsets = start.assumingMemoryBound(to: UInt16.self)
        var from = 0
        var to = count
        while from < to {
            let middle = (from + to) / 2
            if UInt64(offsets[middle]) < low { from = middle + 1 } else { to = middle }
        }
        guard from < count, UInt64(offsets[from]) == low else { return .notListed }
        return .listed(
            since: info.hasDates ? date(at: from, behind: start + ((count * 2 + 7) & ~7)) : nil)
    }

    /// The list's answer as a request carries it.
    public func answer(for digits: UInt64) -> RegistryAnswer {
        RegistryAnswer(
            registry: registryName, snapshotAt: info.asOf, version: versionName, listing: listing(of: digits))
    }

    /// Reads all of the file and compares it with its own hash; about a second for 200 MB.
    public func verify() throws(RegistryError) {
        let digest = SnapshotHeader.digest(
            of: UnsafeRawBufferPointer(
                start: base + SnapshotLayout.headerBytes, count: byteCount - SnapshotLayout.headerBytes))
        guard digest == SnapshotHeader(base).digest else {
            throw .damaged(path: path, reason: "its contents are not what was written")
        }
    }

    private func date(at rank: Int, behind dates: UnsafeRawPointer) -> Timestamp? {
        let day = dates.loadUnaligned(fromByteOffset: rank * 2, as: UInt16.self)
        return day == 0 ? nil : Timestamp(milliseconds: Int64(day) * 86_400_000)
    }

    private func slot(of block: UInt64) -> Int? {
        var i = SnapshotLayout.firstSlot(of: block, mask: mask)
        // The table is at most half full, and a damaged one ends the search after one round.
        for _ in 0...mask {
            if slots[i].key == block + 1 { return i }
            if slots[i].key == 0 { return nil }
            i = (i + 1) & mask
        }
        return nil
    }

    /// Every block, in no order: its numbers' last digits ascending, and their days where it has dates.
    func forEachBlock(
        _ body: (_ block: UInt64, _ count: Int, _ numbers: UnsafeRawPointer, _ days: UnsafeRawPointer?) -> Void
    ) {
        for i in 0...mask where slots[i].key != 0 {
            let count = slots[i].count
            let start = blocks + slots[i].offset
            let numberBytes = SnapshotLayout.blockBytes(count: count, hasDates: false)
            body(slots[i].key - 1, count, start, info.hasDates ? start + numberBytes : nil)
        }
    }

    /// How many of a block's numbers are listed here: `words` are a bitmap.
    func commonCount(_ block: UInt64, _ words: UnsafePointer<UInt64>) -> Int {
        guard let slot = slot(of: block) else { return 0 }
        let start = blocks + slots[slot].offset
        let count = slots[slot].count
        var common = 0
        if count >= SnapshotLayout.bitmapFrom {
            let own = start.assumingMemoryBound(to: UInt64.self)
            for i in 0..<SnapshotLayout.words { common += (own[i] & words[i]).nonzeroBitCount }
        } else {
            let own = start.assumingMemoryBound(to: UInt16.self)
            for i in 0..<count where words[Int(own[i] >> 6)] >> UInt64(own[i] & 63) & 1 == 1 { common += 1 }
        }
        return common
    }
}
