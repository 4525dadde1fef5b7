/// Reads what `ByteWriter` wrote; every step checks its bounds, and no input makes it trap.
///
/// Borrows the memory: it must not outlive it.
public struct ByteReader {
    let memory: UnsafeRawBufferPointer
    public private(set) var offset: Int
    /// Reads up to here, not included.
    let end: Int

    public init(_ memory: UnsafeRawBufferPointer) {
        self.memory = memory
        offset = 0
        end = memory.count
    }

    /// The first `count` bytes only.
    init(_ memory: UnsafeRawBufferPointer, count: Int) {
        self.memory = memory
        offset = 0
        end = min(count, memory.count)
    }

    public var remaining: Int { end - offset }
    public var isAtEnd: Bool { offset == end }

    @inline(__always)
    public mutating func byte(_ what: @autoclosure () -> String) throws(DecodeError) -> UInt8 {
        guard offset < end else { throw truncated(what()) }
        defer { offset += 1 }
        return memory[offset]
    }

    @inline(__always)
    public mutating func varint(_ what: @autoclosure () -> String) throws(DecodeError) -> UInt64 {
        if offset < end {
            let first = memory[offset]
            if first < 0x80 {
                offset += 1
                return UInt64(first)
            }
        }
        return try longVarint(what())
    }

    private mutating func longVarint(_ what: @autoclosure () -> String) throws(DecodeError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var at = offset
        while true {
            guard at < end else { throw truncated(what()) }
            let next = memory[at]
            at += 1
            // The tenth byte may only bring the 64th bit.
            if shift == 63 && next > 1 { throw invalid(what()) }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 {
                offset = at
                return value
            }
            shift += 7
            if shift > 63 { throw invalid(what()) }
        }
    }

    public mutating func zigzag(_ what: @autoclosure () -> String) throws(DecodeError) -> Int64 {
        let value = try varint(what())
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number of things that take at least `bytesEach` bytes each: never more than can still follow.
    public mutating func count(bytesEach: Int, _ what: @autoclosure () -> String) throws(DecodeError) -> Int {
        let value = try varint(what())
        guard value <= UInt64(remaining / max(1, bytesEach)) else { throw truncated(what()) }
        return Int(value)
    }

    public mutating func fixed32(_ what: @autoclosure () -> String) throws(DecodeError) -> UInt32 {
        guard remaining >= 4 else { throw truncated(what()) }
        defer { offset += 4 }
        return UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    public mutating func fixed64(_ what: @autoclosure () -> String) throws(DecodeError) -> UInt64 {
        guard remaining >= 8 else { throw truncated(what()) }
        defer { offset += 8 }
        return UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    public mutating func fixed128(_ what: @autoclosure () -> String) throws(DecodeError) -> (high: UInt64, low: UInt64)
    {
        guard remaining >= 16 else { throw truncated(what()) }
        defer { offset += 16 }
        return (
            UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        )
    }

    /// A length as a varint, then that many bytes, which stay where they are.
    public mutating func blob(_ what: @autoclosure () -> String) throws(DecodeError) -> UnsafeRawBufferPointer {
        let length = try count(bytesEach: 1, what())
        return try slice(length, what())
    }

    mutating func slice(_ length: Int, _ what: @autoclosure () -> String) throws(DecodeError) -> UnsafeRawBufferPointer
    {
        guard length >= 0, remaining >= length else { throw truncated(what()) }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: memory[offset..<offset + length])
    }

    /// A length as a varint, then that many bytes of UTF-8.
    public mutating func text(_ what: @autoclosure () -> String) throws(DecodeError) -> String {
        let start = offset
        let utf8 = try blob(what())
        guard let text = String(validating: utf8.bindMemory(to: UInt8.self), as: UTF8.self) else {
            throw DecodeError(.invalid, at: start, what: what())
        }
        return text
    }

    public func truncated(_ what: String) -> DecodeError { DecodeError(.truncated, at: offset, what: what) }
    public func invalid(_ what: String) -> DecodeError { DecodeError(.invalid, at: offset, what: what) }
}
