import GovernorCore

/// The bytes of a record as they are hashed: salt, header, number of persons, persons, body.
///
/// Numbers are big-endian. `docs/ledger-format.md` says the same to other implementations.
enum RecordLayout {
    static let saltBytes = 16
    /// Sequence 8, instant 8, kind 1.
    static let headerBytes = 17
    static let personBytes = 16
    static let headerOffset = saltBytes
    static let personCountOffset = headerOffset + headerBytes
    static let personsOffset = personCountOffset + 1
    /// A record without persons and body.
    static let fixedBytes = personsOffset

    @inline(__always)
    static func writeHeader(sequence: UInt64, at: Int64, kind: UInt8, to pointer: UnsafeMutableRawPointer) {
        pointer.storeBytes(of: sequence.bigEndian, as: UInt64.self)
        pointer.storeBytes(of: at.bigEndian, toByteOffset: 8, as: Int64.self)
        pointer.storeBytes(of: kind, toByteOffset: 16, as: UInt8.self)
    }

    @inline(__always)
    static func writePerson(_ person: PersonID, to pointer: UnsafeMutableRawPointer) {
        pointer.storeBytes(of: person.high.bigEndian, as: UInt64.self)
        pointer.storeBytes(of: person.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }

    @inline(__always)
    static func person(at pointer: UnsafeRawPointer) -> PersonID {
        PersonID(
            high: UInt64(bigEndian: pointer.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
}

/// Collects the bytes over which a group's hash is taken: tag, previous hash, first sequence, count, and for each
/// record its header and its digest.
struct GroupHasher: ~Copyable {
    private static let tag: StaticString = "GLG1"
    private static let prefixBytes = 48
    private static let recordBytes = RecordLayout.headerBytes + 32

    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 4_096, alignment: 16)
    private var capacity = 4_096
    private var used = 0

    deinit { memory.deallocate() }

    mutating func begin(previous: LedgerHash, first: UInt64, count: Int) {
        memory.copyMemory(from: Self.tag.utf8Start, byteCount: 4)
        previous.withBytes { (memory + 4).copyMemory(from: $0) }
        memory.storeBytes(of: first.bigEndian, toByteOffset: 36, as: UInt64.self)
        memory.storeBytes(of: UInt32(count).bigEndian, toByteOffset: 44, as: UInt32.self)
        used = Self.prefixBytes
    }

    @inline(__always) mutating func add(header: UnsafeRawPointer, digest: LedgerHash) {
        if used + Self.recordBytes > capacity { grow() }
        (memory + used).copyMemory(from: header, byteCount: RecordLayout.headerBytes)
        (memory + used).storeBytes(
            of: digest.words, toByteOffset: RecordLayout.headerBytes, as: (UInt64, UInt64, UInt64, UInt64).self)
        used += Self.recordBytes
    }

    private mutating func grow() {
        let moved = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
        moved.copyMemory(from: memory, byteCount: used)
        memory.deallocate()
        memory = moved
        capacity *= 2
    }

    func finish() -> LedgerHash { LedgerHash(of: UnsafeRawBufferPointer(start: memory, count: used)) }
}

extension [UInt8] {
    mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeMutableRawPointer {
    @inline(__always) func copyMemory(from buffer: UnsafeRawBufferPointer) {
        if let start = buffer.baseAddress { copyMemory(from: start, byteCount: buffer.count) }
    }
}
