import Crypto
import GovernorCore

/// Reads and writes the first page of a snapshot.
struct SnapshotHeader {
    private let base: UnsafeRawPointer

    init(_ base: UnsafeRawPointer) { self.base = base }

    var slotCount: Int { Int(truncatingIfNeeded: load(SnapshotLayout.Field.slotCount, UInt64.self)) }
    var digest: [UInt8] { (0..<32).map { load(SnapshotLayout.Field.digest + $0, UInt8.self) } }

    /// Everything that can be said without reading the contents; throws for what is no intact header of this file.
    func info(path: String, byteCount: Int) throws(RegistryError) -> RegistryInfo {
        typealias Field = SnapshotLayout.Field
        guard (0..<8).allSatisfy({ load($0, UInt8.self) == SnapshotLayout.magic[$0] }) else {
            throw .damaged(path: path, reason: "it does not begin like one")
        }
        let version = load(Field.version, UInt32.self)
        guard version <= SnapshotLayout.formatVersion else { throw .newerFormat(path: path, version: version) }
        let page = UnsafeRawBufferPointer(start: base, count: Field.checksum)
        guard CRC32C.checksum(page) == load(Field.checksum, UInt32.self) else {
            throw .damaged(path: path, reason: "its first page was changed")
        }
        guard load(Field.fileBytes, UInt64.self) == UInt64(byteCount) else {
            throw .damaged(path: path, reason: "it is cut off")
        }
        let slots = load(Field.slotCount, UInt64.self)
        guard slots >= 64, slots.nonzeroBitCount == 1,
            slots <= UInt64(byteCount - SnapshotLayout.headerBytes) / UInt64(MemoryLayout<SnapshotLayout.Slot>.stride)
        else { throw .damaged(path: path, reason: "its table lies behind the end") }
        let nameCount = Int(load(Field.nameCount, UInt16.self))
        guard nameCount <= RegistryInfo.nameBytesMax else { throw .damaged(path: path, reason: "its name") }
        let name = String(decoding: (0..<nameCount).map { load(Field.name + $0, UInt8.self) }, as: UTF8.self)
        guard RegistryInfo.isName(name) else { throw .damaged(path: path, reason: "its name") }
        return RegistryInfo(
            name: name, version: Self.version(of: digest),
            asOf: Timestamp(milliseconds: load(Field.asOf, Int64.self)),
            builtAt: Timestamp(milliseconds: load(Field.builtAt, Int64.self)),
            count: Int(truncatingIfNeeded: load(Field.count, UInt64.self)),
            addedCount: Int(truncatingIfNeeded: load(Field.added, UInt64.self)),
            removedCount: Int(truncatingIfNeeded: load(Field.removed, UInt64.self)),
            hasDates: load(Field.flags, UInt32.self) & SnapshotLayout.hasDates != 0, byteCount: byteCount,
            sequence: Int(truncatingIfNeeded: load(Field.sequence, UInt64.self)))
    }

    static func bytes(of info: RegistryInfo, slotCount: Int, digest: [UInt8]) -> [UInt8] {
        typealias Field = SnapshotLayout.Field
        var page = [UInt8](repeating: 0, count: SnapshotLayout.headerBytes)
        page.withUnsafeMutableBytes { page in
            page.copyBytes(from: SnapshotLayout.magic)
            page.storeBytes(of: SnapshotLayout.formatVersion.littleEndian, toByteOffset: Field.version, as: UInt32.self)
            let flags = info.hasDates ? SnapshotLayout.hasDates : 0
            page.storeBytes(of: flags.littleEndian, toByteOffset: Field.flags, as: UInt32.self)
            func put(_ value: Int64, _ field: Int) {
                page.storeBytes(of: value.littleEndian, toByteOffset: field, as: Int64.self)
            }
            put(info.asOf.milliseconds, Field.asOf)
            put(info.builtAt.milliseconds, Field.builtAt)
            put(Int64(info.count), Field.count)
            put(Int64(info.addedCount), Field.added)
            put(Int64(info.removedCount), Field.removed)
            put(Int64(slotCount), Field.slotCount)
            put(Int64(info.byteCount), Field.fileBytes)
            put(Int64(info.sequence), Field.sequence)
            for (i, byte) in digest.enumerated() { page[Field.digest + i] = byte }
            page.storeBytes(of: UInt16(info.name.utf8.count), toByteOffset: Field.nameCount, as: UInt16.self)
            for (i, byte) in info.name.utf8.enumerated() { page[Field.name + i] = byte }
            let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: page[..<Field.checksum]))
            page.storeBytes(of: checksum.littleEndian, toByteOffset: Field.checksum, as: UInt32.self)
        }
        return page
    }

    static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return Array(hash.finalize())
    }

    static func version(of digest: [UInt8]) -> String {
        digest.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Value.Type) -> Value {
        Value(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
