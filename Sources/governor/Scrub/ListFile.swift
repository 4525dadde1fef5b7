import Foundation
import Glibc
import GovernorLists

/// A list on disk, read in pieces: its header, and its rows one after the other.
struct ListFile {
    /// Of the file, without its folder.
    let name: String
    let size: Int
    let separator: UInt8
    private(set) var header: [String] = []
    private let handle: FileHandle
    private var parser: CSVParser
    private var ready: [CSVParser.Row] = []
    private var next = 0
    private var isAtEnd = false
    private(set) var bytesRead = 0

    private static let pieceBytes = 256 << 10

    /// - Parameter separator: `nil`: whichever of comma, semicolon and tab the first line has most of.
    init(path: String, separator: UInt8? = nil) throws(CommandFailure) {
        name = (path as NSString).lastPathComponent
        var status = stat()
        guard stat(path, &status) == 0, let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CommandFailure("\(path) is no regular file") }
        self.handle = handle
        size = Int(status.st_size)
        let first: Data
        do {
            first = try handle.read(upToCount: Self.pieceBytes) ?? Data()
            try handle.seek(toOffset: 0)
        } catch { throw CommandFailure("\(path) cannot be read") }
        self.separator = separator ?? Self.separator(of: first)
        parser = CSVParser(separator: self.separator)
        guard let row = try row() else { throw CommandFailure("\(name) is empty: its first row must name the columns") }
        switch row.fields {
        case .success(let names): header = names
        case .failure(let error): throw CommandFailure("\(name):1: \(error.detail)")
        }
    }

    private static func separator(of data: Data) -> UInt8 {
        let line = data.prefix { $0 != UInt8(ascii: "\n") }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        return candidates.max { a, b in line.count { $0 == a } < line.count { $0 == b } } ?? candidates[0]
    }

    /// The next row; `nil` at the end.
    mutating func row() throws(CommandFailure) -> CSVParser.Row? {
        while next == ready.count {
            if isAtEnd { return nil }
            var rows: [CSVParser.Row] = []
            do {
                if let piece = try handle.read(upToCount: Self.pieceBytes), !piece.isEmpty {
                    bytesRead += piece.count
                    piece.withUnsafeBytes { bytes in parser.feed(bytes) { rows.append($0) } }
                } else {
                    isAtEnd = true
                    parser.finish { rows.append($0) }
                }
            } catch { throw CommandFailure("\(name) cannot be read to its end") }
            ready = rows
            next = 0
        }
        defer { next += 1 }
        return ready[next]
    }

    /// A row as it stood, for the files that the list becomes.
    func encoded(_ row: CSVParser.Row) -> [UInt8] {
        var bytes: [UInt8] = []
        let cells = (try? row.fields.get()) ?? []
        for i in 0..<max(header.count, cells.count) {
            if i > 0 { bytes.append(separator) }
            if i < cells.count { CSVText.append(cells[i], separator: separator, to: &bytes) }
        }
        return bytes
    }
}
