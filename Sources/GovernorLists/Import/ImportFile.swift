import Foundation
import Glibc

/// A file read in pieces, row after row.
package struct ImportFile {
    /// Of its contents; the rows' ids begin with it.
    package let digest: String
    package let size: Int64
    private let name: String
    private let descriptor: FileHandle
    private var parser = CSVParser()
    private var ready: [CSVParser.Row] = []
    private var next = 0
    private var isAtEnd = false
    /// Rows handed out, the header included.
    private var rowCount = 0
    package private(set) var bytesRead: Int64 = 0

    private static let pieceBytes = 256 << 10

    /// - Parameter digest: of its contents, where it is known; else the file is read twice.
    package init(path: String, digest: String? = nil) throws(ImportFailure) {
        name = (path as NSString).lastPathComponent
        var status = stat()
        guard stat(path, &status) == 0, let handle = FileHandle(forReadingAtPath: path) else {
            throw ImportFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ImportFailure(
                "\(path) is no regular file; it is read twice, so that importing it again changes nothing")
        }
        descriptor = handle
        size = Int64(status.st_size)
        if let digest {
            self.digest = digest
            return
        }
        var contents = ContentDigest()
        do {
            while let piece = try handle.read(upToCount: Self.pieceBytes), !piece.isEmpty {
                piece.withUnsafeBytes { contents.update($0) }
            }
            try handle.seek(toOffset: 0)
        } catch { throw ImportFailure("\(path) cannot be read") }
        self.digest = contents.finish()
    }

    /// The next row and its number, from 0; `nil` at the end.
    package mutating func row() throws(ImportFailure) -> (number: Int, row: CSVParser.Row)? {
        while next == ready.count {
            if isAtEnd { return nil }
            ready.removeAll(keepingCapacity: true)
            next = 0
            var rows: [CSVParser.Row] = []
            do {
                if let piece = try descriptor.read(upToCount: Self.pieceBytes), !piece.isEmpty {
                    bytesRead += Int64(piece.count)
                    parser.feed(Array(piece)) { rows.append($0) }
                } else {
                    isAtEnd = true
                    parser.finish { rows.append($0) }
                }
            } catch { throw ImportFailure("\(name) cannot be read to its end") }
            ready = rows
        }
        defer {
            next += 1
            rowCount += 1
        }
        return (rowCount, ready[next])
    }
}
