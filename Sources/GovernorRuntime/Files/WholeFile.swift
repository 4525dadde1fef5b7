import Glibc

/// Files that are there whole or not at all, on disk, and for their owner alone.
enum WholeFile {
    /// Replaces what is there; on disk when it returns.
    /// - Returns: whether it could; `errno` says why not, and what was there stays.
    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let part = path + ".part"
        let file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let isWritten = append(bytes, to: file) && fsync(file) == 0
        close(file)
        guard isWritten, rename(part, path) == 0 else {
            let error = errno
            unlink(part)
            errno = error
            return false
        }
        let folder = open(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return true
    }

    static func append(_ bytes: [UInt8], to file: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let n = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, bytes.count - done) }
            if n <= 0 { return false }
            done += n
        }
        return true
    }
}
