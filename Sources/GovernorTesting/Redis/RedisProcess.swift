import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A real `redis-server` of a test's own: in a temporary folder that goes with it, on a Unix socket there and on a free
/// port, and stopped by its process id.
public final class RedisProcess: @unchecked Sendable {
    // `lock` guards what changes.
    private let lock = NSLock()
    private var process: Process?
    public let folder: String
    public let port: Int
    private let arguments: [String]
    /// What `redis-cli` needs to get in.
    private let login: [String]

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
        public init(description: String) { self.description = description }
    }

    /// Whether tests can start one. Where `CI` is set they must, so that nothing is left untried unnoticed.
    public static let isInstalled: Bool =
        getenv("CI") != nil || FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-server")

    /// Starts a server with these settings (`"maxmemory", "10mb"` as `--maxmemory 10mb`) and waits until it answers.
    ///
    /// - Parameters:
    ///   - login: what `redis-cli` adds to get in, such as `--user` and `--pass`.
    ///   - waits: false for a server that will not answer `PING`.
    public init(
        _ settings: [(String, String)] = [], port: Int? = nil, login: [String] = [], isSentinel: Bool = false,
        waits: Bool = true
    ) throws {
        var template = Array("/tmp/governor-redis-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.port = try port ?? Self.freePort()
        self.login = login
        let all =
            [
                ("port", "\(self.port)"), ("bind", "127.0.0.1"), ("unixsocket", folder + "/redis.sock"),
                ("dir", folder),
                ("save", ""), ("daemonize", "no"), ("logfile", folder + "/redis.log"),
            ].filter { own in !settings.contains { $0.0 == own.0 } } + settings
        // A file, for Sentinel insists on one, and passwords stay out of the list of processes.
        var text = ""
        for (name, value) in all where !(isSentinel && (name == "save" || name == "unixsocket")) {
            text += "\(name) \(value.isEmpty ? "\"\"" : value)\n"
        }
        try text.write(toFile: folder + "/redis.conf", atomically: true, encoding: .utf8)
        arguments = [folder + "/redis.conf"] + (isSentinel ? ["--sentinel"] : [])
        try start(waits: waits)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    public var socket: String { folder + "/redis.sock" }
    public var url: String { "redis://127.0.0.1:\(port)" }
    public var log: String { (try? String(contentsOfFile: folder + "/redis.log", encoding: .utf8)) ?? "" }
    public var isRunning: Bool { lock.withLock { process?.isRunning ?? false } }

    // MARK: life

    /// Starts it again, with what it had on disk.
    public func start(waits: Bool = true) throws {
        let new = Process()
        new.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
        new.arguments = arguments
        new.standardInput = FileHandle.nullDevice
        new.standardOutput = FileHandle.nullDevice
        new.standardError = FileHandle.nullDevice
        try new.run()
        lock.withLock { process = new }
        guard waits else { return }
        try Self.wait("redis-server did not start: \(folder)") {
            let answer = try? cli(["PING"])
            return answer == "PONG"
        }
    }

    /// Ends it as an operator would, and waits.
    ///
    /// By command: a thread that starts processes may have signals blocked, and its children with it.
    public func stop() {
        _ = try? cli("SHUTDOWN")
        try? Self.wait("redis-server did not stop", seconds: 10) { !isRunning }
        kill()
    }

    /// Ends it as a power cut would, and waits.
    public func kill() {
        guard let old = lock.withLock({ process }) else { return }
        if old.isRunning {
            Self.send(SIGKILL, to: old.processIdentifier)
            old.waitUntilExit()
        }
        lock.withLock { process = nil }
    }

    /// Holds it still: connections stay, nothing answers.
    public func pause() { signal(SIGSTOP) }
    public func resume() { signal(SIGCONT) }

    private func signal(_ signal: Int32) {
        if let process = lock.withLock({ process }), process.isRunning {
            Self.send(signal, to: process.processIdentifier)
        }
    }

    private static func send(_ signal: Int32, to process: Int32) {
        #if canImport(Glibc)
            _ = Glibc.kill(process, signal)
        #endif
    }

    // MARK: talking to it

    /// What `redis-cli` prints for a command, without the last line's end.
    @discardableResult
    public func cli(_ words: [String]) throws -> String {
        let arguments =
            (FileManager.default.fileExists(atPath: socket) && !login.contains("-p")
                ? ["-s", socket] : ["-h", "127.0.0.1", "-p", "\(port)"]) + login + ["--no-auth-warning"] + words
        var text = try Self.output(of: "/usr/bin/redis-cli", arguments)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }

    @discardableResult
    public func cli(_ words: String...) throws -> String { try cli(words) }

    /// One field of `INFO`.
    public func info(_ field: String) throws -> String? {
        for line in try cli(["INFO", "everything"]).split(whereSeparator: \.isNewline) where line.hasPrefix(field + ":")
        {
            return String(line.dropFirst(field.count + 1))
        }
        return nil
    }

    /// How often a command was called, by `INFO commandstats`.
    public func calls(_ command: String) throws -> Int {
        guard let text = try info("cmdstat_\(command)"),
            let calls = text.split(separator: ",").first(where: { $0.hasPrefix("calls=") })
        else { return 0 }
        return Int(calls.dropFirst(6)) ?? 0
    }

    // MARK: helpers

    /// What a program prints until it ends. Started directly: tests ask thousands of times.
    private static func output(of path: String, _ arguments: [String]) throws -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child = pid_t()
        let status = posix_spawn(&child, path, &actions, nil, words, environ)
        close(ends[1])
        guard status == 0 else { throw Failure(description: "\(path) could not be started") }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(ends[0], &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            bytes.append(contentsOf: piece.prefix(count))
        }
        var code: Int32 = 0
        while waitpid(child, &code, 0) < 0 && errno == EINTR {}
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A port that nobody listened on a moment ago; low enough for a cluster's bus, ten thousand further on.
    public static func freePort() throws -> Int {
        while true {
            let port = try anyFreePort()
            if port <= 55_000 { return port }
        }
    }

    private static func anyFreePort() throws -> Int {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard descriptor >= 0, bound else { throw Failure(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Waits until the condition holds.
    public static func wait(_ what: String, seconds: Double = 20, _ condition: () throws -> Bool) throws {
        let deadline = Date().addingTimeInterval(seconds)
        while try !condition() {
            if Date() > deadline { throw Failure(description: what) }
            usleep(2_000)
        }
    }
}
