public import GovernorCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why the system's time zones cannot be used.
public enum SystemZonesError: Error, Sendable {
    /// There is no such folder, it cannot be read, or it holds no zones.
    case noZones(directory: String)
    /// A file of it cannot be read.
    case unreadable(path: String, errno: Int32)
    /// A file of it is damaged.
    case damaged(ZoneError)
}

extension SystemZonesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noZones(let directory):
            "no time zones in \(directory): install the tz database (package `tzdata`) or name its folder in TZDIR"
        case .unreadable(let path, let errno): "cannot read \(path): \(String(cString: strerror(errno)))"
        case .damaged(let error): "\(error): install the tz database (package `tzdata`) again"
        }
    }
}

/// The tz database as the system has it installed.
public enum SystemZones {
    /// Builds the catalogue from `directory`, from `$TZDIR`, or from `/usr/share/zoneinfo`; tens of milliseconds.
    ///
    /// Names that lead to one file share a table, be they symbolic or hard links. Names that `tzdata.zi` lists as links
    /// are known even where no file bears them. `Factory`, `posixrules` and `localtime` are no zones of anybody.
    public static func load(directory: String? = nil) throws(SystemZonesError) -> ZoneCatalogue {
        let root = directory ?? getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
        var files = Files(root: root)
        try files.collect(folder: "", depth: 0)

        // A name that is a file of its own comes before the links to it.
        files.found.sort { ($0.isLink ? 1 : 0, $0.name) < ($1.isLink ? 1 : 0, $1.name) }
        let index = Index(root: root)
        var zones: [(name: String, tzfile: [UInt8])] = []
        var links: [(name: String, target: String)] = []
        var targets: [FileIdentity: String] = [:]
        var targetOfName: [String: String] = [:]
        for file in files.found {
            if let target = targets[file.identity] {
                links.append((file.name, target))
                targetOfName[file.name] = target
                continue
            }
            let bytes = try contents(of: "\(root)/\(file.name)")
            guard bytes.starts(with: "TZif".utf8) else {
                // Tables and notices lie among the zones, but a damaged zone must not go unnoticed.
                guard index.names.contains(file.name) else { continue }
                throw .damaged(ZoneError(zone: file.name, problem: .notATZFile))
            }
            zones.append((file.name, bytes))
            targets[file.identity] = file.name
            targetOfName[file.name] = file.name
        }
        guard !zones.isEmpty else { throw .noZones(directory: root) }

        for link in index.links where targetOfName[link.name] == nil {
            guard let target = targetOfName[link.target] else { continue }
            links.append((link.name, target))
            targetOfName[link.name] = target
        }
        do throws(ZoneError) {
            return try ZoneCatalogue(version: index.version, zones: zones, links: links)
        } catch {
            throw .damaged(error)
        }
    }

    /// What the folder's own list says; empty where there is none.
    private struct Index {
        var version = "unknown"
        /// Of zones and links.
        var names: Set<String> = []
        var links: [(name: String, target: String)] = []

        /// Source: zic(8), compact form: `Z` and `L` open the lines of zones and of links.
        init(root: String) {
            if let bytes = try? contents(of: "\(root)/+VERSION") {
                let text = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
                if !text.isEmpty { version = text }
            }
            guard let bytes = try? contents(of: "\(root)/tzdata.zi") else { return }
            for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
                if number == 0, line.starts(with: "# version ".utf8) {
                    version = String(decoding: line.dropFirst(10), as: UTF8.self)
                }
                guard let kind = line.first, kind == UInt8(ascii: "L") || kind == UInt8(ascii: "Z") else { continue }
                let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
                if kind == UInt8(ascii: "Z"), words.count >= 2 {
                    names.insert(String(decoding: words[1], as: UTF8.self))
                } else if kind == UInt8(ascii: "L"), words.count == 3 {
                    let name = String(decoding: words[2], as: UTF8.self)
                    names.insert(name)
                    links.append((name, String(decoding: words[1], as: UTF8.self)))
                }
            }
        }
    }

    private static func contents(of path: String) throws(SystemZonesError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var status: Int32 = 0
        while status == 0 {
            // Most zones fit into one read, and the next one says that it was the last.
            let room = bytes.isEmpty ? 4_096 : 65_536
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                var count = read(descriptor, buffer.baseAddress, room)
                while count < 0, errno == EINTR { count = read(descriptor, buffer.baseAddress, room) }
                if count < 0 { status = errno }
                filled = max(0, count)
            }
            if chunk.isEmpty { break }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            if bytes.count > fileBytesMax { status = EFBIG }
        }
        guard status == 0 else { throw .unreadable(path: path, errno: status) }
        return bytes
    }

    /// Forty times the largest zone file, ten times `tzdata.zi`.
    private static let fileBytesMax = 1 << 20

    private struct FileIdentity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    private struct Files {
        let root: String
        var found: [(name: String, isLink: Bool, identity: FileIdentity)] = []

        private static let ignored: Set = ["posix", "right", "posixrules", "localtime", "Factory"]

        init(root: String) { self.root = root }

        mutating func collect(folder: String, depth: Int) throws(SystemZonesError) {
            let path = folder.isEmpty ? root : "\(root)/\(folder)"
            guard let directory = opendir(path) else {
                if folder.isEmpty { throw .noZones(directory: root) }
                throw .unreadable(path: path, errno: errno)
            }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let base = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard base.first != ".", !folder.isEmpty || !Self.ignored.contains(base) else { continue }
                let name = folder.isEmpty ? base : "\(folder)/\(base)"
                var own = stat()
                var followed = stat()
                // A link that leads nowhere names no zone.
                guard lstat("\(root)/\(name)", &own) == 0, stat("\(root)/\(name)", &followed) == 0 else { continue }
                let isLink = own.st_mode & S_IFMT == S_IFLNK
                if followed.st_mode & S_IFMT == S_IFDIR {
                    if !isLink, depth < 3 { try collect(folder: name, depth: depth + 1) }
                } else if followed.st_mode & S_IFMT == S_IFREG {
                    let identity = FileIdentity(
                        device: UInt64(truncatingIfNeeded: followed.st_dev),
                        inode: UInt64(truncatingIfNeeded: followed.st_ino))
                    found.append((name, isLink, identity))
                }
            }
        }
    }
}
