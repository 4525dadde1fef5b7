import Foundation
import Glibc
import GovernorIdentity
import GovernorLists

/// A file read in pieces: its digest first, then its rows in batches.
struct ImportFile {
    /// 32 hexadecimal digits that stand for the contents.
    let digest: String
    let size: Int64
    private let name: String
    private let descriptor: FileHandle
    private var parser = CSVParser()
    private var ready: [CSVParser.Row] = []
    private var next = 0
    private var isAtEnd = false
    /// Rows handed out, the header included.
    private var rowCount = 0
    private(set) var bytesRead: Int64 = 0

    private static let pieceBytes = 256 << 10

    init(path: String) throws(CommandFailure) {
        name = (path as NSString).lastPathComponent
        var status = stat()
        guard stat(path, &status) == 0, let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(
                "\(path) is no regular file; it is read twice, so that importing it again changes nothing")
        }
        descriptor = handle
        size = Int64(status.st_size)
        // Not a secret: the same file gets the same digest everywhere.
        let hasher: IdentifierHasher
        do throws(SecretError) { hasher = try IdentifierHasher(secret: Array("governor import digest".utf8)) } catch {
            preconditionFailure("\(error)")
        }
        var words = SIMD4<UInt64>()
        do {
            while let piece = try handle.read(upToCount: Self.pieceBytes), !piece.isEmpty {
                var bytes = (0..<4).flatMap { i in withUnsafeBytes(of: words[i].bigEndian) { Array($0) } }
                bytes.append(contentsOf: piece)
                words = hasher.tag("import", bytes).words
            }
            try handle.seek(toOffset: 0)
        } catch { throw CommandFailure("\(path) cannot be read") }
        func hexadecimal(_ word: UInt64) -> String {
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        digest = hexadecimal(words[0]) + hexadecimal(words[1])
    }

    /// The next row and its number, from 0; `nil` at the end.
    mutating func row() throws(CommandFailure) -> (number: Int, row: CSVParser.Row)? {
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
            } catch { throw CommandFailure("\(name) cannot be read to its end") }
            ready = rows
        }
        defer {
            next += 1
            rowCount += 1
        }
        return (rowCount, ready[next])
    }
}
