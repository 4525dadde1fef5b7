package import GovernorCore
package import NIOCore

/// Writes one JSON text into raw memory; commas and escapes are its own affair.
///
/// Begins in the memory it is given and moves to the heap when that is too small, so an estimate may be wrong. Opening,
/// closing and naming must be balanced by the caller; tests check it for every writer there is.
package struct JSONWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var position = 0
    private var needsComma = false
    private var isOnHeap = false

    fileprivate init(_ region: UnsafeMutableRawBufferPointer) {
        // A region without an address has no bytes either, so the first write leaves it.
        base = region.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 8).unsafelyUnwrapped
        capacity = region.count
    }

    deinit { if isOnHeap { base.deallocate() } }

    // MARK: Structure

    @inline(__always) package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    @inline(__always) package mutating func endObject() { end(UInt8(ascii: "}")) }
    @inline(__always) package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    @inline(__always) package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// The name of the member whose value comes next; must need no escapes.
    @inline(__always)
    package mutating func name(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        reserve(count &+ 4)
        if needsComma { store(UInt8(ascii: ",")) }
        store(UInt8(ascii: "\""))
        (base + position).copyMemory(from: name.utf8Start, byteCount: count)
        position &+= count
        store(UInt8(ascii: "\""))
        store(UInt8(ascii: ":"))
        needsComma = false
    }

    /// The same for a name that is not written in the program.
    package mutating func name(text name: String) {
        value(name)
        reserve(1)
        store(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    @inline(__always)
    package mutating func value(_ text: String) {
        var text = text
        text.withUTF8 { value(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// A string whose bytes are known to be UTF-8.
    @inline(__always)
    package mutating func value(utf8 text: UnsafeRawBufferPointer) {
        // Every byte may become six.
        reserve(text.count &* 6 &+ 3)
        if needsComma { store(UInt8(ascii: ",")) }
        needsComma = true
        store(UInt8(ascii: "\""))
        if let source = text.baseAddress { escape(source, text.count) }
        store(UInt8(ascii: "\""))
    }

    /// A string that is written in the program and needs no escapes.
    @inline(__always)
    package mutating func value(static text: StaticString) {
        let count = text.utf8CodeUnitCount
        reserve(count &+ 3)
        if needsComma { store(UInt8(ascii: ",")) }
        needsComma = true
        store(UInt8(ascii: "\""))
        (base + position).copyMemory(from: text.utf8Start, byteCount: count)
        position &+= count
        store(UInt8(ascii: "\""))
    }

    @inline(__always)
    package mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    @inline(__always)
    package mutating func null() { literal("null") }

    @inline(__always)
    package mutating func value(_ number: some FixedWidthInteger & SignedInteger) {
        let number = Int64(number)
        integer(number.magnitude, isNegative: number < 0)
    }

    @inline(__always)
    package mutating func value(_ number: some FixedWidthInteger & UnsignedInteger) {
        integer(UInt64(number), isNegative: false)
    }

    /// RFC 3339 in UTC with three digits of a second.
    @inline(__always)
    package mutating func value(_ instant: Timestamp) {
        reserve(Timestamp.printedByteCount &+ 3)
        if needsComma { store(UInt8(ascii: ",")) }
        needsComma = true
        store(UInt8(ascii: "\""))
        instant.write(to: base + position)
        position &+= Timestamp.printedByteCount
        store(UInt8(ascii: "\""))
    }

    /// Bytes that already are one JSON value.
    package mutating func raw(_ json: UnsafeRawBufferPointer) {
        reserve(json.count + 1)
        if needsComma { store(UInt8(ascii: ",")) }
        needsComma = true
        if let source = json.baseAddress {
            (base + position).copyMemory(from: source, byteCount: json.count)
            position &+= json.count
        }
    }

    // MARK: Members

    @inline(__always) package mutating func field(_ name: StaticString, _ text: String) {
        self.name(name)
        value(text)
    }
    @inline(__always) package mutating func field(_ name: StaticString, static text: StaticString) {
        self.name(name)
        value(static: text)
    }
    @inline(__always) package mutating func field(_ name: StaticString, utf8 text: UnsafeRawBufferPointer) {
        self.name(name)
        value(utf8: text)
    }
    @inline(__always) package mutating func field(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        value(flag)
    }
    @inline(__always) package mutating func field(
        _ name: StaticString, _ number: some FixedWidthInteger & SignedInteger
    ) {
        self.name(name)
        value(number)
    }
    @inline(__always) package mutating func field(
        _ name: StaticString, _ number: some FixedWidthInteger & UnsignedInteger
    ) {
        self.name(name)
        value(number)
    }
    @inline(__always) package mutating func field(_ name: StaticString, _ instant: Timestamp) {
        self.name(name)
        value(instant)
    }
    /// Null when there is no text.
    @inline(__always) package mutating func field(_ name: StaticString, orNull text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }
    /// Null when there is no instant.
    @inline(__always) package mutating func field(_ name: StaticString, orNull instant: Timestamp?) {
        self.name(name)
        if let instant { value(instant) } else { null() }
    }
    @inline(__always) package mutating func nullField(_ name: StaticString) {
        self.name(name)
        null()
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func store(_ byte: UInt8) {
        base.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
        position &+= 1
    }

    @inline(__always)
    private mutating func begin(_ byte: UInt8) {
        reserve(2)
        if needsComma { store(UInt8(ascii: ",")) }
        store(byte)
        needsComma = false
    }

    @inline(__always)
    private mutating func end(_ byte: UInt8) {
        reserve(1)
        store(byte)
        needsComma = true
    }

    @inline(__always)
    private mutating func literal(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        reserve(count &+ 1)
        if needsComma { store(UInt8(ascii: ",")) }
        needsComma = true
        (base + position).copyMemory(from: text.utf8Start, byteCount: count)
        position &+= count
    }

    private mutating func integer(_ magnitude: UInt64, isNegative: Bool) {
        reserve(22)
        if needsComma { store(UInt8(ascii: ",")) }
        needsComma = true
        if isNegative { store(UInt8(ascii: "-")) }
        var count = 1
        var rest = magnitude
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        rest = magnitude
        for at in (position..<position + count).reversed() {
            base.storeBytes(of: UInt8(ascii: "0") + UInt8(rest % 10), toByteOffset: at, as: UInt8.self)
            rest /= 10
        }
        position += count
    }

    /// Copies eight bytes at a time as long as none needs an escape; room for six times the bytes is reserved.
    @inline(__always)
    private mutating func escape(_ source: UnsafeRawPointer, _ count: Int) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var at = 0
        while at &+ 8 <= count {
            let word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let slash = word ^ (ones &* 0x5c)
            let flags = ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (word &- ones &* 0x20) & ~word) & highs
            if flags != 0 {
                for place in at..<at &+ 8 { escape(source.load(fromByteOffset: place, as: UInt8.self)) }
            } else {
                base.storeBytes(of: word.littleEndian, toByteOffset: position, as: UInt64.self)
                position &+= 8
            }
            at &+= 8
        }
        while at < count {
            escape(source.load(fromByteOffset: at, as: UInt8.self))
            at &+= 1
        }
    }

    @inline(__always)
    private mutating func escape(_ byte: UInt8) {
        if _fastPath(byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")) {
            store(byte)
        } else {
            escapeRare(byte)
        }
    }

    @inline(never)
    private mutating func escapeRare(_ byte: UInt8) {
        store(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: store(UInt8(ascii: "b"))
        case 0x09: store(UInt8(ascii: "t"))
        case 0x0a: store(UInt8(ascii: "n"))
        case 0x0c: store(UInt8(ascii: "f"))
        case 0x0d: store(UInt8(ascii: "r"))
        case 0x20...: store(byte)
        default:
            store(UInt8(ascii: "u"))
            store(UInt8(ascii: "0"))
            store(UInt8(ascii: "0"))
            store(UInt8(ascii: "0") + byte >> 4)
            let low = byte & 0xf
            store(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }

    @inline(__always)
    private mutating func reserve(_ count: Int) {
        if _slowPath(position &+ count > capacity) { grow(count) }
    }

    @inline(never)
    private mutating func grow(_ count: Int) {
        let larger = max(capacity * 2, position + count, 1024)
        let heap = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        heap.copyMemory(from: base, byteCount: position)
        if isOnHeap { base.deallocate() }
        base = heap
        capacity = larger
        isOnHeap = true
    }

    /// The text when it left the memory it was given, else `nil`.
    fileprivate var moved: UnsafeRawBufferPointer? {
        isOnHeap ? UnsafeRawBufferPointer(start: base, count: position) : nil
    }
    fileprivate var count: Int { position }
}

extension ByteBuffer {
    /// Appends the JSON that `body` writes. `estimate` is what it usually needs, in bytes; more is allowed.
    @inline(__always)
    package mutating func writeJSON(estimate: Int = 512, _ body: (inout JSONWriter) -> Void) {
        var spilled: ByteBuffer?
        writeWithUnsafeMutableBytes(minimumWritableBytes: estimate) { region in
            var writer = JSONWriter(region)
            body(&writer)
            if let moved = writer.moved {
                spilled = ByteBuffer(bytes: moved)
                return 0
            }
            return writer.count
        }
        if var spilled { writeBuffer(&spilled) }
    }
}
