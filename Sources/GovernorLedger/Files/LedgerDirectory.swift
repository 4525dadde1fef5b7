import Glibc
import GovernorCore

/// The folder of a ledger: its files in order, and the lock that says who writes them.
struct LedgerDirectory {
    let path: String

    /// - Parameter dataDirectory: the data folder; the files lie in its subfolder `ledger`.
    init(dataDirectory: String) { path = dataDirectory + "/ledger" }

    func path(of name: LedgerFileName) -> String { "\(path)/\(name)" }

    /// Makes the folder and those above it where they are missing.
    func create() throws(LedgerError) {
        var prefix = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            prefix += part
            if !prefix.isEmpty, mkdir(prefix, 0o750) != 0, errno != EEXIST, errno != EISDIR {
                // A folder above ours may be read-only and exist: only what cannot be entered is an error.
                let reason = String(cString: strerror(errno))
                var status = stat()
                guard stat(prefix, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                    throw .unusable(path: prefix, reason: reason)
                }
            }
            prefix += "/"
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .unusable(path: path, reason: "it is not a folder") }
    }

    /// The ledger files, oldest first.
    func files() throws(LedgerError) -> [LedgerFileName] { try entries().compactMap { LedgerFileName($0) }.sorted() }

    /// Removes what a process that died while making a file has left.
    func removeUnfinished() throws(LedgerError) {
        for entry in try entries() where entry.hasSuffix(".ledger.new") || entry.hasSuffix(".ledger.new-journal") {
            unlink("\(path)/\(entry)")
        }
    }

    func remove(_ name: LedgerFileName) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path(of: name) + suffix) }
        try? synchronize()
    }

    func hasWriteAheadLog(_ name: LedgerFileName) -> Bool { access(path(of: name) + "-wal", F_OK) == 0 }

    /// Bytes of a file and of the log beside it; 0 for what is not there.
    static func byteCount(_ path: String) -> UInt64 {
        var total: UInt64 = 0
        for suffix in ["", "-wal"] {
            var status = stat()
            if stat(path + suffix, &status) == 0 { total += UInt64(max(0, status.st_size)) }
        }
        return total
    }

    /// Makes names that were added or removed survive a loss of power.
    func synchronize() throws(LedgerError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
    }

    private func entries() throws(LedgerError) -> [String] {
        guard let stream = opendir(path) else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}

/// Holds `LOCK` for as long as it lives; the system lets go of it when the process ends, however it ends.
final class LedgerLock: Sendable {
    private let descriptor: Int32

    init(directory: LedgerDirectory) throws(LedgerError) {
        let path = directory.path + "/LOCK"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            var buffer = [UInt8](repeating: 0, count: 128)
            let count = read(descriptor, &buffer, buffer.count)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw .unusable(path: path, reason: String(cString: strerror(code))) }
            let holder = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").first
            throw .locked(path: path, holder: holder.map(String.init) ?? "another process")
        }
        let text = "process \(getpid())\n"
        // The text only helps people; the lock itself is what counts.
        if ftruncate(descriptor, 0) == 0 { _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) } }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
