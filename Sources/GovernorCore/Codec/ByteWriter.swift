/// Builds the compact binary forms that records and journals keep.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8]

    public init(capacity: Int = 64) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Starts with what is already there.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    public var count: Int { bytes.count }

    public mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Seven bits per byte, lowest first; the high bit says that more follow. 1…10 bytes.
    @inline(__always)
    public mutating func varint(_ value: UInt64) {
        if value < 0x80 { return bytes.append(UInt8(truncatingIfNeeded: value)) }
        longVarint(value)
    }

    private mutating func longVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    public mutating func varint(_ value: Int) { varint(UInt64(value)) }

    /// A signed number whose nearness to zero makes it short: 0, -1, 1, -2, … become 0, 1, 2, 3, ….
    public mutating func zigzag(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    /// 4 bytes, lowest first.
    public mutating func fixed32(_ value: UInt32) { raw(value.littleEndian) }

    /// 8 bytes, lowest first.
    public mutating func fixed64(_ value: UInt64) { raw(value.littleEndian) }

    /// 16 bytes: two big-endian halves, so that order by bytes is order by value.
    public mutating func fixed128(high: UInt64, low: UInt64) {
        raw(high.bigEndian)
        raw(low.bigEndian)
    }

    /// The length as a varint, then the bytes.
    public mutating func blob(_ content: [UInt8]) {
        varint(content.count)
        bytes.append(contentsOf: content)
    }

    /// The length in UTF-8 bytes as a varint, then the bytes.
    public mutating func text(_ content: String) {
        var content = content
        content.withUTF8 { utf8 in
            varint(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    @inline(__always) private mutating func raw<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }
}
