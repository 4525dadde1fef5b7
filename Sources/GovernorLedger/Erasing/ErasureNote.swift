public import GovernorCore

/// The body of an `erased` record: why, and which records.
public struct ErasureNote: Hashable, Sendable {
    /// Why bodies were erased. The number is stored, so that it never changes its meaning.
    public enum Reason: UInt8, Hashable, Sendable {
        /// Somebody asked that what is held about a person be erased.
        case request = 1
        /// Their time was over.
        case retention = 2
    }

    /// Places in one note, at most; more are told in several.
    public static let countMax = 65_536
    private static let version: UInt8 = 1

    public var reason: Reason
    /// Ascending.
    public var sequences: [UInt64]

    public init(reason: Reason, sequences: [UInt64]) {
        self.reason = reason
        self.sequences = sequences.sorted()
    }

    public func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: 16 + 3 * sequences.count)
        out.byte(Self.version)
        out.byte(reason.rawValue)
        out.varint(sequences.count)
        var before: UInt64 = 0
        for sequence in sequences {
            out.varint(sequence - before)
            before = sequence
        }
        return out.bytes
    }

    public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var input = ByteReader(bytes)
        guard try input.byte("a note of erasure") == Self.version else { throw input.invalid("a note's version") }
        guard let reason = Reason(rawValue: try input.byte("a reason")) else { throw input.invalid("a reason") }
        self.reason = reason
        sequences = []
        var before: UInt64 = 0
        for _ in 0..<(try input.count(bytesEach: 1, "erased records")) {
            before &+= try input.varint("an erased record")
            sequences.append(before)
        }
        guard input.isAtEnd else { throw input.invalid("the end of a note of erasure") }
    }
}
