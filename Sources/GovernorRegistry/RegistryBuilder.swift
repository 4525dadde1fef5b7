import Crypto
import Glibc
public import GovernorCore

/// Gathers numbers in any order, repeated or not, and writes them as a snapshot.
///
/// Memory: about the size of the snapshot, and with dates four bytes for each number added.
public final class RegistryBuilder {
    public let hasDates: Bool
    private var table = BlockTable()

    public init(hasDates: Bool) { self.hasDates = hasDates }

    /// Everything that a snapshot lists, to be changed and written again.
    public convenience init(_ snapshot: RegistrySnapshot) {
        self.init(hasDates: snapshot.info.hasDates)
        snapshot.forEachBlock { block, count, numbers, days in
            let base = block * SnapshotLayout.span
            SnapshotLayout.forEachNumber(count, numbers) { rank, low in
                let day = days.map { $0.loadUnaligned(fromByteOffset: rank * 2, as: UInt16.self) }
                self.add(base + UInt64(low), day: day ?? 0)
            }
        }
    }

    /// Adds a number: calling code and national number as one decimal number.
    ///
    /// - Parameter day: since when it is listed, in days since 1970-01-01; 0 when nobody knows. Of several the earliest holds,
    ///   and none beats any: both bind sooner.
    public func add(_ digits: UInt64, day: UInt16 = 0) {
        let (block, low) = digits.quotientAndRemainder(dividingBy: SnapshotLayout.span)
        let place = table.place(of: block)
        if hasDates {
            table.add(dated: UInt32(low) << 16 | UInt32(day), at: place)
        } else {
            table.add(UInt16(low), at: place)
        }
    }

    /// Takes a number out; nothing happens when it is not there.
    public func remove(_ digits: UInt64) {
        let (block, low) = digits.quotientAndRemainder(dividingBy: SnapshotLayout.span)
        guard let place = table.find(block) else { return }
        if hasDates {
            table.removeDated(UInt16(low), at: place)
        } else {
            table.bitmap(at: place)[Int(low >> 6)] &= ~(1 << (low & 63))
        }
    }

    /// Writes the snapshot and gives what it says of itself.
    ///
    /// - Parameters:
    ///   - before: the snapshot that it follows, to count the difference.
    ///   - path: a file that does not exist yet; it is on disk when this returns.
    public func write(
        to path: String, name: String, asOf: Timestamp, builtAt: Timestamp, after before: RegistrySnapshot? = nil
    ) throws(RegistryError) -> RegistryInfo {
        guard RegistryInfo.isName(name) else { throw .badName(name) }
        let finished = finish()
        var common = 0
        var count = 0
        var offset = 0
        let slotCount = SnapshotLayout.slotCount(forBlocks: finished.count)
        var slots = [SnapshotLayout.Slot?](repeating: nil, count: slotCount)
        for block in finished {
            if let before { common += before.commonCount(block.number, UnsafePointer(table.bitmap(at: block.place))) }
            count += block.count
            var i = SnapshotLayout.firstSlot(of: block.number, mask: slotCount - 1)
            while slots[i] != nil { i = (i + 1) & (slotCount - 1) }
            slots[i] = SnapshotLayout.Slot(block: block.number, offset: offset, count: block.count)
            offset += SnapshotLayout.blockBytes(count: block.count, hasDates: hasDates)
        }
        var info = RegistryInfo(
            name: name, version: "", asOf: asOf, builtAt: builtAt, count: count, addedCount: count - common,
            removedCount: (before?.info.count ?? 0) - common, hasDates: hasDates,
            byteCount: SnapshotLayout.headerBytes + slotCount * MemoryLayout<SnapshotLayout.Slot>.stride + offset,
            sequence: (before?.info.sequence ?? 0) + 1)
        let file = try SnapshotFile(path: path)
        do throws(RegistryError) {
            try file.skip(SnapshotLayout.headerBytes)
            for slot in slots {
                try file.append(slot?.key ?? 0)
                try file.append(slot?.place ?? 0)
            }
            for block in finished { try write(block, to: file) }
            let digest = try file.finish { SnapshotHeader.bytes(of: info, slotCount: slotCount, digest: $0) }
            info.version = SnapshotHeader.version(of: digest)
        } catch {
            file.discard()
            throw error
        }
        return info
    }

    // MARK: Blocks

    private struct Finished {
        var number: UInt64
        var place: Int
        var count: Int
    }

    /// Makes a bitmap of every block, dated ones sorted without repetition; those with numbers, ascending.
    private func finish() -> [Finished] {
        var finished: [Finished] = []
        finished.reserveCapacity(table.count)
        for place in 0..<table.count {
            if hasDates { table.keepDated(at: place) }
            let words = table.bitmap(at: place)
            var count = 0
            for i in 0..<SnapshotLayout.words { count += words[i].nonzeroBitCount }
            if count > 0 { finished.append(Finished(number: table.number(at: place), place: place, count: count)) }
        }
        return finished.sorted { $0.number < $1.number }
    }

    private func write(_ block: Finished, to file: SnapshotFile) throws(RegistryError) {
        let words = table.bitmap(at: block.place)
        if block.count >= SnapshotLayout.bitmapFrom {
            for i in 0..<SnapshotLayout.words { try file.append(words[i]) }
        } else {
            try file.append(SnapshotLayout.lastDigits(of: words))
        }
        if hasDates { try file.append(table.dated(at: block.place).map { UInt16($0 & 0xffff) }) }
    }
}

extension SnapshotLayout {
    /// The numbers of a block in ascending order, whichever way it is laid out.
    static func forEachNumber(_ count: Int, _ numbers: UnsafeRawPointer, _ body: (_ rank: Int, _ low: UInt16) -> Void) {
        if count < bitmapFrom {
            let list = numbers.assumingMemoryBound(to: UInt16.self)
            for i in 0..<count { body(i, list[i]) }
            return
        }
        let words = numbers.assumingMemoryBound(to: UInt64.self)
        var rank = 0
        for i in 0..<Self.words {
            var word = words[i]
            while word != 0 {
                body(rank, UInt16(i * 64 + word.trailingZeroBitCount))
                rank += 1
                word &= word - 1
            }
        }
    }

    static func lastDigits(of words: UnsafePointer<UInt64>) -> [UInt16] {
        var digits: [UInt16] = []
        forEachNumber(.max, UnsafeRawPointer(words)) { digits.append($1) }
        return digits
    }
}

/// Writes a snapshot from front to back, hashing what it writes.
private final class SnapshotFile {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash = SHA256()

    private static let bufferBytes = 1 << 20

    init(path: String) throws(RegistryError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        buffer.reserveCapacity(Self.bufferBytes + 8_192)
    }

    deinit { close(descriptor) }

    func skip(_ count: Int) throws(RegistryError) {
        guard lseek(descriptor, off_t(count), SEEK_SET) >= 0 else { throw failure }
    }

    func append(_ word: UInt64) throws(RegistryError) {
        withUnsafeBytes(of: word.littleEndian) { buffer.append(contentsOf: $0) }
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Padded with zeros to whole words.
    func append(_ values: [UInt16]) throws(RegistryError) {
        values.withUnsafeBytes { buffer.append(contentsOf: $0) }
        while buffer.count % 8 != 0 { buffer.append(0) }
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Writes the first page, made of the hash of the rest, and waits for the disk.
    func finish(_ header: ([UInt8]) -> [UInt8]) throws(RegistryError) -> [UInt8] {
        try flush()
        let digest = Array(hash.finalize())
        guard lseek(descriptor, 0, SEEK_SET) >= 0 else { throw failure }
        try write(header(digest))
        guard fsync(descriptor) == 0 else { throw failure }
        return digest
    }

    func discard() { unlink(path) }

    private func flush() throws(RegistryError) {
        buffer.withUnsafeBytes { hash.update(bufferPointer: $0) }
        try write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: [UInt8]) throws(RegistryError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure }
            done += count
        }
    }

    private var failure: RegistryError { .file(path: path, reason: String(cString: strerror(errno))) }
}
