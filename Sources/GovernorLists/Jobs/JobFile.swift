import Glibc

/// A file that only its owner reads, written from front to back; it leaves the disk the room that others need.
package final class JobFile {
    private let descriptor: Int32
    private let freeBytesMin: Int64
    private var buffer: [UInt8] = []
    private var unchecked = JobFile.checkEveryBytes
    /// Bytes that were appended, those still in memory included.
    package private(set) var bytes: Int64

    private static let bufferBytes = 64 << 10
    private static let checkEveryBytes = 4 << 20

    /// - Parameter bytes: how much of what is there stays.
    package init(path: String, keeping bytes: Int64, freeBytesMin: Int64) throws(JobRefusal) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        self.bytes = bytes
        self.freeBytesMin = freeBytesMin
        guard descriptor >= 0 else { throw Self.refusal(errno) }
        guard ftruncate(descriptor, off_t(bytes)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw Self.refusal(errno)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(JobRefusal) {
        buffer.append(contentsOf: bytes)
        self.bytes += Int64(bytes.count)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    package func append(_ bytes: [UInt8]) throws(JobRefusal) {
        do { try bytes.withUnsafeBytes { try append($0) } } catch let refusal as JobRefusal { throw refusal } catch {
            throw .disk(EIO)
        }
    }

    /// Hands what is in memory to the system.
    package func flush() throws(JobRefusal) {
        unchecked += buffer.count
        if unchecked >= Self.checkEveryBytes {
            unchecked = 0
            var room = statvfs()
            if fstatvfs(descriptor, &room) == 0, Int64(room.f_bavail) * Int64(room.f_frsize) < freeBytesMin {
                throw .diskFull
            }
        }
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.refusal(errno)
            }
            done += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// The same, and waits for the disk.
    package func synchronize() throws(JobRefusal) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.refusal(errno) }
    }

    static func refusal(_ code: Int32) -> JobRefusal {
        code == ENOSPC || code == EDQUOT || code == EFBIG ? .diskFull : .disk(code)
    }

    /// The length of a file; `nil` when it is not there.
    static func size(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}

extension JobRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooMany(let most): "\(most) jobs are under way; send the list when one of them has ended"
        case .tooLong(let bytesMax): "a list may have at most \(bytesMax) bytes: split it"
        case .diskFull: "the disk has no room for it beside the store and the ledger"
        case .disk(let code): "its files cannot be written: \(String(cString: strerror(code)))"
        case .closing: "the server is stopping; send the list again in a moment"
        }
    }
}
