import Foundation
import Glibc
import GovernorCore
import GovernorHTTP
import GovernorIdentity
import GovernorRegistry
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Logging
import ServiceLifecycle
import Testing

/// A whole server on a loopback port, over a store of memory, with a key per role.
struct RunningServer {
    let port: Int
    let governor: Governor
    let policies: PolicyService
    let folder: URL
    /// Keys by the name of their holder: `dialer`, `agent`, `compliance`, `admin` of the agency north; `south` is an agent of south; `limited`, `slow`, `alone`, `expired` and `revoked` are admins, and are what they are called.
    let keys: [String: String]

    static let policy = """
        policy: house
        events: [vip_call]
        products:
          term-life: { family: life }
        rules:
          - id: one-a-day
            kind: frequency_cap
            scope: { channels: [voice], purposes: [marketing] }
            limit: 1
            window: PT24H
          - { id: said-no, kind: opt_out }
          - id: holds
            kind: holding
            scope: { purposes: [marketing] }
            holds: same_product
            status: [active]
        """

    /// Those of the key `limited`.
    static var limits: KeyLimits {
        var limits = KeyLimits()
        limits.channels = ["sms", "email"]
        limits.campaigns = ["q4"]
        limits.batchMax = 2
        return limits
    }

    /// Starts a server, runs `body`, and shuts it down.
    static func with<Result: Sendable>(
        _ change: (inout HTTPConfiguration) -> Void = { _ in },
        registries: [RegistrySnapshot] = [],
        _ body: @escaping @Sendable (RunningServer) async throws -> Result
    ) async throws -> Result {
        await Turns.shared.take()
        defer { Task { await Turns.shared.give() } }
        let folder = URL.temporaryDirectory.appending(path: "governor-\(UInt64.random(in: 0...(.max)))")
        let directory = folder.appending(path: "policies")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try policy.write(to: directory.appending(path: "house.yaml"), atomically: true, encoding: .utf8)
        let clock = SystemWallClock()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let zones = try Shared.zones.get()
        let policies = try PolicyService(
            directory: directory.path(percentEncoded: false), zones: zones, logger: logger, at: clock.now())
        let ring = try KeyRing(dataDirectory: folder.path(percentEncoded: false))
        var keys: [String: String] = [:]
        for role in Role.allCases {
            keys[role.rawValue] = try ring.add(role: role, agency: "north", at: clock.now()).key
        }
        keys["south"] = try ring.add(role: .agent, agency: "south", at: clock.now()).key
        keys["limited"] = try ring.add(role: .admin, agency: "", limits: Self.limits, at: clock.now()).key
        var pace = KeyLimits()
        pace.requestsPerSecond = 3
        keys["slow"] = try ring.add(role: .admin, agency: "", limits: pace, at: clock.now()).key
        var alone = KeyLimits()
        alone.concurrentMax = 1
        keys["alone"] = try ring.add(role: .admin, agency: "", limits: alone, at: clock.now()).key
        let before = clock.now() - .seconds(60)
        keys["expired"] =
            try ring.add(role: .admin, agency: "", expiresAt: before + .seconds(59), at: before).key
        keys["revoked"] = try ring.add(role: .admin, agency: "", id: "revoked", at: clock.now()).key
        try ring.remove(id: "revoked", at: clock.now())
        let hasher = try IdentifierHasher(secret: Array("a secret for tests".utf8))
        var runtime = GovernorConfiguration()
        runtime.storeDeadline = .seconds(5)
        let governor = Governor(
            store: InMemoryStore(), policies: policies.holder, zones: zones, hasher: hasher, clock: clock,
            configuration: runtime, logger: logger)
        var configuration = HTTPConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        configuration.publicURL = "https://contact.example.com"
        configuration.spoolFolder = folder.path(percentEncoded: false)
        change(&configuration)
        let server = GovernorHTTPServer(
            governor: governor,
            intake: Intake(hasher: hasher, zones: zones, registries: LoadedRegistries(registries)), keys: ring,
            policies: policies, configuration: configuration, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        let running = Task { try await group.run() }
        defer { governor.close() }
        let deadline = ContinuousClock.now + .seconds(120)
        while server.port == nil && ContinuousClock.now < deadline { await Task.yield() }
        let port = try #require(server.port)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(
                try await body(
                    RunningServer(port: port, governor: governor, policies: policies, folder: folder, keys: keys)))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return try result.get()
    }

    /// One server at a time: its tests wait for answers on the threads that it needs to give them.
    private actor Turns {
        static let shared = Turns()
        private var isTaken = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func take() async {
            if !isTaken {
                isTaken = true
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func give() {
            if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
        }
    }

    enum Shared {
        static let zones = Result { ZoneAtlas(try SystemZones.load()) }
        static let description = Result {
            try OpenAPIDescription(yaml: String(contentsOf: root.appending(path: "openapi.yaml"), encoding: .utf8))
        }
        static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// Sends one request, reads the answer, and holds both status and body against the API's description.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, as holder: String? = "admin",
        fields: [String] = [], contentType: String? = "application/json", isDescribed: Bool = true,
        at location: SourceLocation = #_sourceLocation
    ) throws -> HTTPAnswer {
        try send(
            method, path, bytes: body.map { Array($0.utf8) }, as: holder, fields: fields, contentType: contentType,
            isDescribed: isDescribed, at: location)
    }

    func send(
        _ method: String, _ path: String, bytes: [UInt8]?, as holder: String? = "admin", fields: [String] = [],
        contentType: String? = "application/json", isDescribed: Bool = true,
        at location: SourceLocation = #_sourceLocation
    ) throws -> HTTPAnswer {
        var head = "\(method) \(path) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
        if let holder { head += "authorization: Bearer \(keys[holder] ?? holder)\r\n" }
        if let bytes {
            if let contentType { head += "content-type: \(contentType)\r\n" }
            head += "content-length: \(bytes.count)\r\n"
        }
        for field in fields { head += field + "\r\n" }
        let answer = try HTTPAnswer(raw: exchange(Array((head + "\r\n").utf8) + (bytes ?? [])))
        if isDescribed {
            let problems = try Shared.description.get().problems(
                inAnswer: answer.body, status: answer.status, contentType: answer.fields["content-type"] ?? "",
                method, String(path.prefix { $0 != "?" }))
            #expect(problems.isEmpty, "\(method) \(path): \(answer.text)", sourceLocation: location)
        }
        return answer
    }

    /// A connection that is open and says nothing.
    func idleConnection() throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0, connect(socket) else { throw ConnectionLost() }
        return socket
    }

    private func connect(_ socket: Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Writes the bytes on a connection of their own and reads until the server closes it, for at most 20 seconds.
    ///
    /// - Parameters:
    ///   - receiveBytes: what the socket may hold unread; `nil`: as the system likes.
    ///   - closesEarly: says that nothing more comes before it reads.
    func exchange(_ bytes: [UInt8], receiveBytes: Int32? = nil, closesEarly: Bool = false) throws -> [UInt8] {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw ConnectionLost() }
        defer { close(socket) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBytes {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        guard connect(socket) else { throw ConnectionLost() }
        var sent = 0
        while sent < bytes.count {
            let n = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if n <= 0 { break }
            sent += n
        }
        if closesEarly { shutdown(socket, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let n = recv(socket, &chunk, chunk.count, 0)
            if n <= 0 { break }
            answer += chunk[..<n]
        }
        return answer
    }

    struct ConnectionLost: Error {}
}

/// A response read to its end.
struct HTTPAnswer {
    var status = 0
    var fields: [String: String] = [:]
    var body: [UInt8] = []

    init(raw: [UInt8]) throws {
        let end = raw.firstRange(of: Array("\r\n\r\n".utf8))
        guard let end else { throw RunningServer.ConnectionLost() }
        let lines = String(decoding: raw[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        body = Array(raw[end.upperBound...])
        if fields["transfer-encoding"] == "chunked" { body = try Self.joined(body[...]) }
    }

    /// The pieces of a chunked body. Source: RFC 9112, section 7.1.
    private static func joined(_ chunked: ArraySlice<UInt8>) throws -> [UInt8] {
        var body: [UInt8] = []
        var rest = chunked
        while let end = rest.firstRange(of: Array("\r\n".utf8)) {
            let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16)
            rest = rest[end.upperBound...]
            guard let size, rest.count >= size + 2 else { break }
            if size == 0 { return body }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        throw RunningServer.ConnectionLost()
    }

    var text: String { "\(status) " + String(decoding: body, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(json: body)) ?? .null }
    var code: String? { json["code"]?.string }
    /// Path and code of every field that is wrong.
    var faults: [String] {
        (json["errors"]?.array ?? []).map { "\($0["path"]?.string ?? "") \($0["code"]?.string ?? "")" }
    }
}
