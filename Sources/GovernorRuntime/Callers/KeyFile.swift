import Foundation
import Glibc
import GovernorCore

/// The file of keys in a data folder. Changes are made under a lock, so that a server and a command never undo each
/// other's, and each replaces the file whole.
struct KeyFile: Sendable {
    let path: String
    /// When each holder last came, written by a server now and then.
    let usePath: String
    private let lockPath: String

    init(dataDirectory: String) {
        path = dataDirectory + "/keys.json"
        usePath = dataDirectory + "/keys-used.json"
        lockPath = dataDirectory + "/keys.lock"
    }

    /// What tells one state of the file from another.
    var stamp: FileStamp? { FileStamp(path) }

    /// A missing file is an empty table.
    func read() throws(KeyRingError) -> KeyTable {
        guard FileManager.default.fileExists(atPath: path) else { return KeyTable() }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let decoder = JSONDecoder()
            // The first form was a list of keys alone.
            if data.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
                var table = KeyTable()
                table.keys = try decoder.decode([KeyTable.Entry].self, from: data)
                return table
            }
            return try decoder.decode(KeyTable.self, from: data)
        } catch {
            throw .unreadable(path, "\(error)")
        }
    }

    /// Reads, changes and writes the table while nobody else does.
    func change(_ body: (inout KeyTable) throws(KeyRingError) -> Void) throws(KeyRingError) {
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path, "\(error)")
        }
        let lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .unwritable(lockPath, String(cString: strerror(errno))) }
        // Closing it gives the lock back.
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .unwritable(lockPath, String(cString: strerror(errno))) }
        }
        let before = try read()
        var table = before
        try body(&table)
        if table != before { try write(table) }
    }

    private func write(_ table: KeyTable) throws(KeyRingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data: Data
        do { data = try encoder.encode(table) } catch { throw .unwritable(path, "\(error)") }
        guard WholeFile.write([UInt8](data), to: path) else {
            throw .unwritable(path, String(cString: strerror(errno)))
        }
    }

    func readUse() -> [String: String] {
        guard let data = FileManager.default.contents(atPath: usePath) else { return [:] }
        return (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
    }

    /// Whether it could be written matters to nobody.
    func write(use: [String: String]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        if let data = try? encoder.encode(use) { _ = WholeFile.write([UInt8](data), to: usePath) }
    }
}
