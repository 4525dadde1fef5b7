import Foundation
import Glibc
import Testing

/// The real server in places that do not let it work: each gets one sentence, exit code 2, and nothing half done.
@Suite(.serialized) struct BadPlacesTests {
    private static let policy =
        "policy: test\nrules:\n  - { id: plenty, kind: frequency_cap, limit: 1000, window: P7D }\n"

    @Test(.timeLimit(.minutes(2))) func aPortInUse() async throws {
        let first = try ServerProcess(policy: Self.policy)
        try await first.start()
        let second = try ServerProcess(policy: Self.policy)
        let refused = try await second.runUntilExit(port: first.port)
        #expect(refused.status == 2)
        #expect(refused.log.contains("port \(first.port) is in use"), "\(refused.log)")
        #expect(try await first.get("/readyz").0 == 200)
        // The folder was given back whole.
        try await second.start()
        #expect(second.stop() == 0)
        #expect(first.stop() == 0)
    }

    @Test(.timeLimit(.minutes(2))) func aFolderThatAnotherServerHolds() async throws {
        let first = try ServerProcess(policy: Self.policy)
        try await first.start()
        let refused = try await first.runUntilExit()
        #expect(refused.status == 2)
        #expect(refused.log.contains("held by process"), "\(refused.log)")
        #expect(try await first.get("/readyz").0 == 200)
        #expect(first.stop() == 0)
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: Mount.isPossible, "mounting needs root")) func aReadOnlyFolder()
        async throws
    {
        let server = try ServerProcess(policy: Self.policy)
        let data = server.folder.appendingPathComponent("data").path
        let mount = try Mount(at: data, options: "ro,size=8m")
        defer { mount.remove() }
        let refused = try await server.runUntilExit()
        #expect(refused.status == 2)
        #expect(refused.log.contains(data), "\(refused.log)")
        #expect(refused.log.contains("cannot be written to") || refused.log.contains("read-only"), "\(refused.log)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: data).isEmpty)
    }

    /// What was acknowledged before the disk was full is there after it had room again, and nothing else was allowed.
    @Test(.timeLimit(.minutes(3)), .enabled(if: Mount.isPossible, "mounting needs root")) func aFullDisk() async throws
    {
        let server = try ServerProcess(policy: Self.policy)
        let mount = try Mount(at: server.folder.appendingPathComponent("data").path, options: "size=4m")
        defer { mount.remove() }
        try await server.start()
        try mount.fill(leaving: 256 << 10)
        var reservations: [String] = []
        var refusal: (status: Int, body: [String: Any])?
        for number in 0..<20_000 {
            let (status, body) = try await server.post(
                "/v1/decisions",
                [
                    "contact": ["phone": "+1212555\(1_000 + number % 9_000)"], "channel": "voice", "purpose": "service",
                    "reserve": true,
                ])
            if status == 200, let reservation = body["reservation"] as? [String: Any] {
                reservations.append(try #require(reservation["id"] as? String))
            } else {
                refusal = (status, body)
                break
            }
        }
        let told = try #require(refusal, "a full disk took \(reservations.count) reservations")
        #expect(told.status == 503)
        #expect(told.body["verdict"] as? String == "deny")
        #expect(try await eventually { try await server.get("/readyz").0 == 503 })
        let (_, readiness) = try await server.get("/readyz")
        #expect("\(readiness)".contains("cannot write"), "\(readiness)")
        #expect(try await server.get("/healthz").0 == 200)

        try mount.makeRoom()
        #expect(try await eventually { try await server.get("/readyz").0 == 200 })
        let (status, body) = try await server.post(
            "/v1/decisions",
            ["contact": ["phone": "+12125550100"], "channel": "voice", "purpose": "service", "reserve": true])
        #expect(status == 200 && body["verdict"] as? String == "allow", "\(body)")
        #expect(server.stop() == 0)
        try await server.start()
        for reservation in reservations {
            let (status, _) = try await server.post("/v1/reservations/\(reservation)/outcome", ["outcome": "busy"])
            #expect(status == 200, "an acknowledged reservation is gone")
        }
        #expect(server.stop() == 0)
    }

    /// A key that is taken away lets nobody in a second later.
    @Test(.timeLimit(.minutes(2))) func aRemovedKey() async throws {
        let server = try ServerProcess(policy: Self.policy)
        try await server.start()
        let data = server.folder.appendingPathComponent("data").path
        let added = try server.command(["keys", "add", "--role", "dialer", "--id", "n1", "--data", data])
        #expect(added.status == 0)
        let key = added.output.trimmingCharacters(in: .whitespacesAndNewlines)
        func ask() async throws -> Int {
            let question: [String: Any] = [
                "contact": ["phone": "+12125550100"], "channel": "voice", "purpose": "service", "reserve": false,
            ]
            return try await server.post("/v1/decisions", question, key: key).0
        }
        #expect(try await eventually { try await ask() == 200 })
        #expect(try server.command(["keys", "remove", "n1", "--data", data]).status == 0)
        #expect(try await eventually { try await ask() == 401 })
        #expect(server.stop() == 0)
    }

    /// Waits for a condition, at most thirty seconds.
    private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// A file system in memory at a path of the test's.
struct Mount {
    let path: String
    private var ballast: String { path + "/ballast" }

    struct Failed: Error { let code: Int32 }

    /// Whether this process may mount at all, shown by doing it.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let path = NSTemporaryDirectory() + "governor-mount-\(UUID().uuidString)"
        guard let mount = try? Mount(at: path, options: "size=1m") else { return false }
        mount.remove()
        try? FileManager.default.removeItem(atPath: path)
        return true
    }()

    init(at path: String, options: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let isReadOnly = options.hasPrefix("ro,")
        guard
            mount(
                "tmpfs", path, "tmpfs", isReadOnly ? UInt(MS_RDONLY) : 0,
                isReadOnly ? String(options.dropFirst(3)) : options) == 0
        else { throw Failed(code: errno) }
    }

    func remove() { _ = umount2(path, Int32(MNT_DETACH)) }

    /// Takes up all but so many bytes.
    func fill(leaving bytes: Int) throws {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw Failed(code: errno) }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        try Data(count: max(0, free - bytes)).write(to: URL(fileURLWithPath: ballast))
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: ballast) }
}
