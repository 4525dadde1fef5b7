import Crypto
import Foundation
public import GovernorCore
import GovernorPolicy
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The texts of every revision that ever decided, kept in the data folder: `kept-policies/texts` holds each text once under its
/// hash, `kept-policies/revisions` which texts a revision was made of, `kept-policies/activations` when each was put in force.
///
/// A revision is on disk before it decides, and what was written is never written again. Past `revisionsMax` the one that
/// was put in force longest ago goes, and the texts that no other is made of.
public final class PolicyArchive: Sendable {
    /// A file of a revision.
    public struct File: Codable, Hashable, Sendable {
        public var name: String
        /// SHA-256 of the text, hexadecimal.
        public var digest: String
        public var bytes: Int
    }

    /// A revision that decided.
    public struct Revision: Hashable, Sendable {
        public var revision: String
        public var rules: Int
        public var files: [File]
        /// When it was put in force on this node, first and last.
        public var firstActivatedAt: Timestamp
        public var lastActivatedAt: Timestamp
    }

    private struct Manifest: Codable {
        var revision: String
        var rules: Int
        var files: [File]
    }

    private struct Entry {
        var manifest: Manifest
        var first: Timestamp
        var last: Timestamp
    }

    public static let revisionsMax = 10_000
    private static let activationsMax = 50_000

    private let folder: String
    private let revisionsMax: Int
    private let state = Mutex<[String: Entry]>([:])

    /// Opens what is there, or begins it.
    public init(dataDirectory: String, revisionsMax: Int = PolicyArchive.revisionsMax) throws(PolicyArchiveError) {
        folder = dataDirectory + (dataDirectory.hasSuffix("/") ? "" : "/") + "kept-policies"
        self.revisionsMax = max(1, revisionsMax)
        for name in ["texts", "revisions"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            } catch {
                throw PolicyArchiveError(path: "\(folder)/\(name)", why: "cannot be made")
            }
        }
        let entries = try Self.read(folder)
        state.withLock { $0 = entries }
    }

    private static func read(_ folder: String) throws(PolicyArchiveError) -> [String: Entry] {
        var entries: [String: Entry] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/revisions")) ?? []
        for name in names.sorted() where name.hasSuffix(".json") {
            let path = "\(folder)/revisions/\(name)"
            guard let data = FileManager.default.contents(atPath: path),
                let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
                name == manifest.revision + ".json"
            else { throw PolicyArchiveError(path: path, why: "is damaged") }
            entries[manifest.revision] = Entry(
                manifest: manifest, first: .distantFuture, last: Timestamp(milliseconds: 0))
        }
        let lines = FileManager.default.contents(atPath: "\(folder)/activations") ?? Data()
        var count = 0
        for line in String(decoding: lines, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let at = try? Timestamp(parsing: String(parts[0])) else { continue }
            count += 1
            guard var entry = entries[String(parts[1])] else { continue }
            entry.first = min(entry.first, at)
            entry.last = max(entry.last, at)
            entries[String(parts[1])] = entry
        }
        if count > activationsMax {
            // When each was in force first and last is all that is asked of it.
            let kept = entries.values.flatMap { [($0.first, $0), ($0.last, $0)] }.sorted { $0.0 < $1.0 }
            let text = kept.map { "\($0.0) \($0.1.manifest.revision)\n" }.joined()
            try write(Array(text.utf8), to: "\(folder)/activations", isNew: false)
        }
        return entries
    }

    /// Puts a revision on disk that is about to be put in force at `now`.
    func keep(_ policies: PolicySet, _ sources: [PolicySource], at now: Timestamp) throws(PolicyArchiveError) {
        let files = sources.map { source in
            File(name: source.name, digest: Self.digest(source.bytes), bytes: source.bytes.count)
        }
        let manifest = Manifest(revision: policies.revision, rules: policies.rules.count, files: files)
        let isKnown = state.withLock { $0[policies.revision] != nil }
        if !isKnown {
            for (file, source) in zip(files, sources) {
                try Self.write(source.bytes, to: "\(folder)/texts/\(file.digest)", isNew: true)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let bytes = try? encoder.encode(manifest) else {
                preconditionFailure("texts and numbers can be encoded")
            }
            try Self.write(Array(bytes), to: "\(folder)/revisions/\(policies.revision).json", isNew: true)
        }
        try append("\(now) \(policies.revision)\n")
        state.withLock { entries in
            var entry = entries[policies.revision] ?? Entry(manifest: manifest, first: now, last: now)
            entry.first = min(entry.first, now)
            entry.last = max(entry.last, now)
            entries[policies.revision] = entry
            forget(besides: policies.revision, &entries)
        }
    }

    /// What was put in force longest ago makes room.
    private func forget(besides current: String, _ entries: inout [String: Entry]) {
        while entries.count > revisionsMax,
            let oldest = entries.filter({ $0.key != current }).min(by: { $0.value.last < $1.value.last })
        {
            entries.removeValue(forKey: oldest.key)
            unlink("\(folder)/revisions/\(oldest.key).json")
            let needed = Set(entries.values.flatMap { $0.manifest.files.map(\.digest) })
            for file in oldest.value.manifest.files where !needed.contains(file.digest) {
                unlink("\(folder)/texts/\(file.digest)")
            }
        }
    }

    /// Every revision kept, the one last put in force first.
    public var revisions: [Revision] {
        state.withLock { $0.values.map(Self.revision) }
            .sorted { ($0.lastActivatedAt, $0.revision) > ($1.lastActivatedAt, $1.revision) }
    }

    public func revision(_ name: String) -> Revision? { state.withLock { $0[name].map(Self.revision) } }

    private static func revision(_ entry: Entry) -> Revision {
        Revision(
            revision: entry.manifest.revision, rules: entry.manifest.rules, files: entry.manifest.files,
            firstActivatedAt: min(entry.first, entry.last), lastActivatedAt: entry.last)
    }

    /// The text of a file of a revision, if it is still what it was.
    public func text(_ file: File) throws(PolicyArchiveError) -> [UInt8] {
        let path = "\(folder)/texts/\(file.digest)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PolicyArchiveError(path: path, why: "is missing")
        }
        let bytes = [UInt8](data)
        if Self.digest(bytes) != file.digest { throw PolicyArchiveError(path: path, why: "is not what it was") }
        return bytes
    }

    static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    // MARK: Files

    private func append(_ line: String) throws(PolicyArchiveError) {
        let path = "\(folder)/activations"
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PolicyArchiveError(path: path, why: "cannot be written") }
        defer { close(file) }
        guard WholeFile.append(Array(line.utf8), to: file), fdatasync(file) == 0 else {
            throw PolicyArchiveError(path: path, why: "cannot be written")
        }
    }

    /// Whole or not at all, and on disk; a new one that is there already is left as it is.
    private static func write(_ bytes: [UInt8], to path: String, isNew: Bool) throws(PolicyArchiveError) {
        if isNew && access(path, F_OK) == 0 { return }
        guard WholeFile.write(bytes, to: path) else { throw PolicyArchiveError(path: path, why: "cannot be written") }
    }
}

/// Why texts cannot be kept or read.
public struct PolicyArchiveError: Error, Sendable, CustomStringConvertible {
    public var path: String
    public var why: String

    public var description: String { "\(path) \(why)" }
}
