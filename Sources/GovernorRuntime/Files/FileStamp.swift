import Glibc

/// What tells whether a file was replaced or written to since somebody last looked; costs one look at its folder entry.
public struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// `nil` for a file that is not there or cannot be looked at; follows links.
    public init?(_ path: String) {
        var entry = stat()
        guard stat(path, &entry) == 0 else { return nil }
        device = UInt64(entry.st_dev)
        inode = UInt64(entry.st_ino)
        size = Int64(entry.st_size)
        seconds = entry.st_mtim.tv_sec
        nanoseconds = entry.st_mtim.tv_nsec
    }
}
