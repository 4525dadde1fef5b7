import Foundation
import Glibc

/// The folder of a backup. Its note is written last: without one it is not complete.
struct BackupFolder {
    let path: String

    struct Note: Codable {
        var format = 1
        var made_at: String
        var node: String
        /// Of the ledger's chain.
        var head: String
        var records: UInt64
        /// It holds a file of people.
        var people: Bool
    }

    private static let noteName = "backup.json"
    /// What is copied in another way, or not at all.
    private static let left: Set<String> = ["ledger", "registries", noteName]

    private var files: FileManager { .default }

    func begin() throws(CommandFailure) {
        if let names = try? files.contentsOfDirectory(atPath: path), !names.isEmpty {
            throw CommandFailure("\(path) is not empty; name a folder that does not exist yet")
        }
        try DataFolder.make(path)
    }

    func finish(_ note: Note) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(note).write(to: URL(fileURLWithPath: path + "/" + Self.noteName), options: .atomic)
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    func note() throws(CommandFailure) -> Note {
        guard let contents = files.contents(atPath: path + "/" + Self.noteName) else {
            throw CommandFailure("\(path) is no complete backup: it has no \(Self.noteName)")
        }
        guard let note = try? JSONDecoder().decode(Note.self, from: contents), note.format == 1 else {
            throw CommandFailure("\(path)/\(Self.noteName) was written by another version")
        }
        return note
    }

    /// Everything beside ledger and people: keys, secret, the node's name, texts of policies.
    func copyFiles(from data: String) throws { try Self.copyFiles(from: data, to: path) }

    func copyFiles(to data: String) throws { try Self.copyFiles(from: path, to: data) }

    private static func copyFiles(from source: String, to target: String) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: source)
        where !left.contains(name) && !name.hasPrefix("people.db") && !name.hasPrefix(".")
            && !name.uppercased().hasSuffix("LOCK")
        {
            if files.fileExists(atPath: "\(target)/\(name)") { try files.removeItem(atPath: "\(target)/\(name)") }
            try files.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
    }
}
