import Glibc
import GovernorSQLite

/// Sixteen random bytes for each record, read from the system's generator in larger pieces.
struct SaltSource {
    private var buffer = [UInt8](repeating: 0, count: 4_096)
    private var next = 4_096

    /// - Throws: when the system's generator refuses; a predictable salt would let an erased body be guessed.
    mutating func fill(_ pointer: UnsafeMutableRawPointer) throws(SQLiteFailure) {
        if next == buffer.count { try refill() }
        let start = next
        buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            pointer.copyMemory(from: base + start, byteCount: RecordLayout.saltBytes)
            // Once used, it stands only beside its record.
            memset(base + start, 0, RecordLayout.saltBytes)
        }
        next += RecordLayout.saltBytes
    }

    private mutating func refill() throws(SQLiteFailure) {
        // The most that one call gives.
        let piece = 256
        for start in stride(from: 0, to: buffer.count, by: piece) {
            let status = buffer.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { getentropy($0 + start, piece) } ?? -1
            }
            guard status == 0 else {
                throw SQLiteFailure(code: 0, message: "no random numbers: \(String(cString: strerror(errno)))")
            }
        }
        next = 0
    }
}
