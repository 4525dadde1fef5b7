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

/// Collects the bytes over which a group's hash is taken: tag, previous hash, first sequence, count, and for each record
/// its header and its digest.
struct GroupHasher {
    private var bytes: [UInt8] = []

    mutating func begin(previous: LedgerHash, first: UInt64, count: Int) {
        bytes.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(48 + count * (RecordLayout.headerBytes + 32))
        bytes.append(contentsOf: "GLG1".utf8)
        previous.withBytes { bytes.append(contentsOf: $0) }
        bytes.append(bigEndian: first)
        bytes.append(bigEndian: UInt32(count))
    }

    @inline(__always) mutating func add(header: UnsafeRawBufferPointer, digest: LedgerHash) {
        bytes.append(contentsOf: header)
        digest.withBytes { bytes.append(contentsOf: $0) }
    }

    func finish() -> LedgerHash { bytes.withUnsafeBytes { LedgerHash(of: $0) } }
}

extension [UInt8] {
    mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
