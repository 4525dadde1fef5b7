import CHiredis
import NIOCore

/// One command: its arguments behind each other, formatted by hiredis when it is sent.
struct RedisCommand {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init(capacity: Int = 64) { bytes.reserveCapacity(capacity) }

    init(_ words: String...) {
        for word in words { add(word) }
    }

    var count: Int { ends.count }

    mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
    }

    mutating func add(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
        ends.append(bytes.count)
    }

    mutating func add(_ value: StaticString) {
        value.withUTF8Buffer { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
    }

    /// Adds what `body` appends as one argument.
    mutating func add(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        ends.append(bytes.count)
    }

    /// The eight bytes of a version, or none for a key that does not exist.
    mutating func add(version: UInt64) {
        if version != 0 { withUnsafeBytes(of: version.littleEndian) { bytes.append(contentsOf: $0) } }
        ends.append(bytes.count)
    }

    /// Appends the command as it goes over the wire.
    func write(to buffer: inout ByteBuffer) {
        bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: ends.count) { pointers in
                    withUnsafeTemporaryAllocation(of: Int.self, capacity: ends.count) { lengths in
                        // An argument may be empty; hiredis wants an address all the same.
                        let base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!
                        var start = 0
                        for (i, end) in ends.enumerated() {
                            pointers.initializeElement(at: i, to: base + start)
                            lengths.initializeElement(at: i, to: end - start)
                            start = end
                        }
                        var target: UnsafeMutablePointer<CChar>?
                        let length = redisFormatCommandArgv(
                            &target, Int32(ends.count), pointers.baseAddress, lengths.baseAddress)
                        // Negative only when memory has run out.
                        precondition(length > 0, "hiredis could not format a command")
                        buffer.writeBytes(UnsafeRawBufferPointer(start: target, count: Int(length)))
                        redisFreeCommand(target)
                    }
                }
            }
        }
    }
}
