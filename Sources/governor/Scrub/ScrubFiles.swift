import Foundation
import GovernorLists

/// The files that a list becomes: who may be contacted, and who not, with why.
final class ScrubFiles {
    private let clean: Output?
    private let dropped: Output?

    private static let bufferBytes = 1 << 20

    private final class Output {
        let path: String
        let handle: FileHandle
        var buffer: [UInt8] = []

        /// The file stands under its name only when it is whole.
        init(_ path: String) throws(CommandFailure) {
            self.path = path
            guard
                FileManager.default.createFile(
                    atPath: path + ".part", contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: path + ".part")
            else { throw CommandFailure("\(path) cannot be written; name another file") }
            self.handle = handle
        }

        func flush() throws(CommandFailure) {
            do { try handle.write(contentsOf: Data(buffer)) } catch {
                throw CommandFailure("\(path) cannot be written")
            }
            buffer.removeAll(keepingCapacity: true)
        }

        func finish() throws(CommandFailure) {
            try flush()
            do {
                try handle.close()
                if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
                try FileManager.default.moveItem(atPath: path + ".part", toPath: path)
            } catch { throw CommandFailure("\(path) cannot be written") }
        }

        deinit { try? FileManager.default.removeItem(atPath: path + ".part") }
    }

    init(clean: String?, dropped: String?, header: [String], separator: UInt8) throws(CommandFailure) {
        self.clean = try clean.map { (path) throws(CommandFailure) in try Output(path) }
        self.dropped = try dropped.map { (path) throws(CommandFailure) in try Output(path) }
        if let clean = self.clean { CSVText.append(header, separator: separator, to: &clean.buffer) }
        if let dropped = self.dropped {
            CSVText.append(header + ListColumns.answered, separator: separator, to: &dropped.buffer)
        }
    }

    func write(_ head: [UInt8], _ verdict: JudgedRow.Verdict, _ tail: [UInt8]) throws(CommandFailure) {
        guard let output = verdict == .allow ? clean : dropped else { return }
        output.buffer += head
        if verdict != .allow { output.buffer += tail }
        CSVText.endRow(&output.buffer)
        if output.buffer.count >= Self.bufferBytes { try output.flush() }
    }

    func finish() throws(CommandFailure) {
        try clean?.finish()
        try dropped?.finish()
    }
}
