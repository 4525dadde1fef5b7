import Foundation
import Glibc
import GovernorCore

/// An erasure that was begun: kept in a file until nothing of it is left to do, so that a killed process finishes it.
struct ErasureTask: Hashable, Sendable {
    /// Every record that stood for the person, the one that was asked for first.
    var persons: [PersonID]
    /// Keyed hashes that only she was known by, to find what was asked about her before she was known.
    var hashes: Set<IdentifierHash> = []
    /// What was written down up to here goes; `nil`: the store has not been asked yet.
    var upTo: Timestamp?
    /// Who asked for it.
    var caller: String

    private static let mark = "erasure 1"

    /// Lines of words: no name but the caller's is in it.
    var text: String {
        var lines = [Self.mark, "caller \(caller)"]
        if let upTo { lines.append("up-to \(upTo.milliseconds)") }
        lines += persons.map { "person \(Self.text($0.high, $0.low))" }
        lines += hashes.sorted().map { "identifier \(Self.text($0.high, $0.low))" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what `text` wrote; `nil` for anything else.
    init?(_ text: String) {
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == Self.mark else { return nil }
        self.init(persons: [], caller: "")
        for line in lines.dropFirst() {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { return nil }
            switch words[0] {
            case "caller": caller = String(words[1])
            case "up-to":
                guard let milliseconds = Int64(words[1]) else { return nil }
                upTo = Timestamp(milliseconds: milliseconds)
            case "person":
                guard let (high, low) = Self.words(words[1]) else { return nil }
                persons.append(PersonID(high: high, low: low))
            case "identifier":
                guard let (high, low) = Self.words(words[1]) else { return nil }
                hashes.insert(IdentifierHash(high: high, low: low))
            default: return nil
            }
        }
        if persons.isEmpty { return nil }
    }

    init(persons: [PersonID], hashes: Set<IdentifierHash> = [], upTo: Timestamp? = nil, caller: String) {
        self.persons = persons
        self.hashes = hashes
        self.upTo = upTo
        self.caller = caller
    }

    static func text(_ high: UInt64, _ low: UInt64) -> String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    private static func words(_ text: Substring) -> (UInt64, UInt64)? {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        return (high, low)
    }
}

/// The folder of erasures that are not finished.
struct ErasureFolder {
    let path: String

    /// - Parameter dataDirectory: the data folder; the files lie in its subfolder `erasures`, made when missing.
    init(dataDirectory: String) { path = dataDirectory + "/erasures" }

    private func file(of task: ErasureTask) -> String {
        let person = task.persons[0]
        return "\(path)/\(ErasureTask.text(person.high, person.low)).erasure"
    }

    /// Keeps a task in place of an earlier one about the same person.
    func keep(_ task: ErasureTask) throws(ErasureFolderError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw ErasureFolderError(path: path, why: "cannot be made") }
        try write(task.text, to: file(of: task))
    }

    /// The number of the newest notice of another node that is done.
    var seen: String? {
        Self.read(path + "/seen")
    }

    func note(seen number: String) throws(ErasureFolderError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw ErasureFolderError(path: path, why: "cannot be made") }
        try write(number, to: path + "/seen")
    }

    func remove(_ task: ErasureTask) { unlink(file(of: task)) }

    /// What a process before this one has left.
    func tasks() -> [ErasureTask] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var found: [ErasureTask] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasSuffix(".erasure"), let text = Self.read("\(path)/\(name)"), let task = ErasureTask(text)
            else { continue }
            found.append(task)
        }
        return found
    }

    private func write(_ text: String, to path: String) throws(ErasureFolderError) {
        guard WholeFile.write(Array(text.utf8), to: path) else {
            throw ErasureFolderError(path: path, why: "cannot be written")
        }
    }

    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Why an erasure is not noted down.
struct ErasureFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    var path: String
    var why: String

    var description: String { "\(path) \(why)" }
}
