import Glibc
public import GovernorCore

/// The folder in which an installation keeps its registries: `NAME.SEQUENCE.registry`, of which the highest is in force.
///
/// A new snapshot appears by renaming a finished file, so whoever looks finds the old one or the new one whole. The one
/// before is kept, to go back to.
public struct RegistryFolder: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// One file of the folder.
    public struct Entry: Hashable, Sendable {
        public var name: String
        public var sequence: Int
        public var path: String
    }

    /// All snapshots by name, those of one registry newest first; nothing when there is no folder.
    public func entries() -> [Entry] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var found: [Entry] = []
        while let item = readdir(directory) {
            let file = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let parts = file.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2] == "registry", let sequence = Int(parts[1]), sequence > 0,
                RegistryInfo.isName(String(parts[0]))
            else { continue }
            found.append(Entry(name: String(parts[0]), sequence: sequence, path: path + "/" + file))
        }
        return found.sorted { ($0.name, -$0.sequence) < ($1.name, -$1.sequence) }
    }

    /// The snapshots in force.
    public func current() -> [Entry] {
        var last: String?
        return entries().filter { entry in
            defer { last = entry.name }
            return entry.name != last
        }
    }

    public func snapshot(of name: String) throws(RegistryError) -> RegistrySnapshot? {
        guard let entry = current().first(where: { $0.name == name }) else { return nil }
        return try RegistrySnapshot(path: entry.path)
    }

    /// Writes what was gathered as the registry's next snapshot and puts it in force.
    public func install(
        _ builder: RegistryBuilder, as name: String, asOf: Timestamp, builtAt: Timestamp, acceptsShrinking: Bool = false
    ) throws(RegistryError) -> RegistryInfo {
        guard RegistryInfo.isName(name) else { throw .badName(name) }
        try make(path)
        let before = try snapshot(of: name)
        let temporary = "\(path)/.\(name).\(getpid()).new"
        unlink(temporary)
        let info = try builder.write(to: temporary, name: name, asOf: asOf, builtAt: builtAt, after: before)
        var refusal: RegistryError?
        if info.count == 0 && before == nil { refusal = .empty(name: name) }
        if let old = before?.info.count, old >= 100, info.count < old / 2, !acceptsShrinking {
            refusal = .shrinks(name: name, from: old, to: info.count)
        }
        if let refusal {
            unlink(temporary)
            throw refusal
        }
        guard rename(temporary, "\(path)/\(name).\(info.sequence).registry") == 0 else { throw failure }
        synchronize()
        // Whoever still maps an older one keeps it.
        for entry in entries() where entry.name == name && entry.sequence < info.sequence - 1 { unlink(entry.path) }
        return info
    }

    /// Takes the newest snapshot away, so that the one before is in force again; with `all`, every one.
    public func remove(_ name: String, all: Bool) throws(RegistryError) {
        let own = entries().filter { $0.name == name }
        guard !own.isEmpty else { throw .unknown(name: name, known: current().map(\.name)) }
        for entry in all ? own : [own[0]] where unlink(entry.path) != 0 { throw failure }
        synchronize()
    }

    /// Makes a folder and those it lies in.
    private func make(_ path: String) throws(RegistryError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw failure }
        try make(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure }
    }

    private func synchronize() {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private var failure: RegistryError { .file(path: path, reason: String(cString: strerror(errno))) }
}
