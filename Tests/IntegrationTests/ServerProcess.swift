import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The built `governor` as a process of its own, over a folder of the test's.
///
/// `@unchecked Sendable`: `process` and `base` are changed by the test that owns it, between the groups of tasks that ask.
final class ServerProcess: @unchecked Sendable {
    let folder: URL
    let key = "integration-admin-key"
    private let store: String?
    private let settings: [String: String]
    private(set) var base = URL(string: "http://127.0.0.1")!
    private(set) var port = 0
    private var process: Process?
    private let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 10
        configuration.httpMaximumConnectionsPerHost = 64
        return URLSession(configuration: configuration)
    }()

    /// The binary beside the test bundle, or `GOVERNOR_BINARY`.
    static var binary: URL? {
        if let path = ProcessInfo.processInfo.environment["GOVERNOR_BINARY"] { return URL(fileURLWithPath: path) }
        let beside = Bundle.main.bundleURL.deletingLastPathComponent().appendingPathComponent("governor")
        let candidates = [
            beside,
            URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
                "governor"),
            URL(fileURLWithPath: FileManager.default.currentDirectoryPath + "/.build/debug/governor"),
        ]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// - Parameters:
    ///   - store: the store's address; `nil`: the embedded one in the folder.
    ///   - settings: further variables of its environment.
    init(policy: String, store: String? = nil, settings: [String: String] = [:]) throws {
        self.store = store
        self.settings = settings
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("governor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("policies"), withIntermediateDirectories: true)
        try policy.write(to: folder.appendingPathComponent("policies/test.yaml"), atomically: true, encoding: .utf8)
    }

    deinit {
        if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts it on a free port and waits until it is ready.
    ///
    /// - Parameter isReady: asks for itself, where the server does not speak plain HTTP.
    func start(until isReady: ((_ port: Int) async throws -> Bool)? = nil) async throws {
        let port = try Self.freePort()
        let process = try launch(port: port, log: "log")
        self.process = process
        self.port = port
        base = URL(string: "http://127.0.0.1:\(port)")!
        let deadline = Date().addingTimeInterval(30)
        while Date() < deadline {
            if !process.isRunning { throw ServerError.ended(self.log) }
            if let isReady {
                if (try? await isReady(port)) == true { return }
            } else if let (status, _) = try? await get("/readyz"), status == 200 {
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ServerError.notReady(self.log)
    }

    private func launch(port: Int, log name: String) throws -> Process {
        let process = Process()
        process.executableURL = try #require(Self.binary, "build the product `governor` first")
        process.arguments = [
            "serve", "--listen", "127.0.0.1:\(port)", "--store", store ?? "sqlite:\(folder.path)/data/people.db",
            "--policies", "\(folder.path)/policies", "--data", "\(folder.path)/data",
        ]
        var environment = ProcessInfo.processInfo.environment
        environment["GOVERNOR_ADMIN_KEY"] = key
        environment.merge(settings) { $1 }
        process.environment = environment
        let log = folder.appendingPathComponent(name)
        if !FileManager.default.fileExists(atPath: log.path) {
            FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        return process
    }

    /// Runs another process over the same folder, on `port` or a free one, which must end by itself within half a minute.
    func runUntilExit(port: Int? = nil) async throws -> (status: Int32, log: String) {
        let name = "log-\(UUID().uuidString)"
        let process = try launch(port: try port ?? Self.freePort(), log: name)
        let deadline = Date().addingTimeInterval(30)
        while process.isRunning, Date() < deadline { try await Task.sleep(for: .milliseconds(20)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        let log = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        return (process.terminationStatus, log)
    }

    /// Runs another command of the same binary, which asks this server, and gives what it printed.
    ///
    /// - Parameter withErrors: with what it wrote to stderr.
    func command(
        _ arguments: [String], environment: [String: String] = [:], withErrors: Bool = false
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = try #require(Self.binary, "build the product `governor` first")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["GOVERNOR_URL": "http://127.0.0.1:\(port)", "GOVERNOR_KEY": key]) { $1 }
            .merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        if withErrors { process.standardError = output }
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    /// Kills it as a power cut would.
    func killHard() {
        guard let process else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    /// Asks it to stop, and gives its exit code.
    func stop() -> Int32 {
        signal(SIGTERM)
        return waitForExit()
    }

    func signal(_ number: Int32) {
        if let process { kill(process.processIdentifier, number) }
    }

    func waitForExit() -> Int32 {
        guard let process else { return 0 }
        process.waitUntilExit()
        self.process = nil
        return process.terminationStatus
    }

    /// A request as bytes, for connections that are held by hand.
    func request(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> String {
        let json =
            try body.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) } ?? ""
        return "\(method) \(path) HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(key)\r\n"
            + "content-type: application/json\r\ncontent-length: \(json.utf8.count)\r\n\r\n\(json)"
    }

    var log: String { (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

    func get(_ path: String) async throws -> (Int, [String: Any]) { try await send("GET", path, nil) }

    /// What a page says that is no JSON.
    func text(_ path: String) async throws -> String {
        var request = URLRequest(url: try #require(URL(string: path, relativeTo: base)))
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        return String(decoding: try await session.data(for: request).0, as: UTF8.self)
    }

    func delete(_ path: String) async throws -> (Int, [String: Any]) { try await send("DELETE", path, nil) }

    func post(_ path: String, _ body: [String: Any], key: String? = nil) async throws -> (Int, [String: Any]) {
        try await send("POST", path, try JSONSerialization.data(withJSONObject: body), key: key)
    }

    func post(_ path: String, csv: String) async throws -> (Int, [String: Any]) {
        try await send("POST", path, Data(csv.utf8), type: "text/csv")
    }

    private func send(
        _ method: String, _ path: String, _ body: Data?, key: String? = nil, type: String = "application/json"
    ) async throws -> (Int, [String: Any]) {
        var request = URLRequest(url: URL(string: path, relativeTo: base)!)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("Bearer \(key ?? self.key)", forHTTPHeaderField: "Authorization")
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        let (data, response) = try await session.data(for: request)
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, object ?? [:])
    }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw -> UInt16? in
                guard bind(socket, raw, length) == 0, getsockname(socket, raw, &length) == 0 else { return nil }
                return raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
        return Int(try #require(port))
    }
}

enum ServerError: Error, CustomStringConvertible {
    case ended(String)
    case notReady(String)

    var description: String {
        switch self {
        case .ended(let log): "the server ended:\n\(log)"
        case .notReady(let log): "the server was not ready in time:\n\(log)"
        }
    }
}
