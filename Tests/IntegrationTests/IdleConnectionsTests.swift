import Foundation
import Glibc
import Testing

/// Ten thousand clients that are connected and say nothing: they cost memory, and nobody else anything.
@Suite(.serialized) struct IdleConnectionsTests {
    private static let count = 10_000
    private static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out }
        """

    /// Descriptors that this process, and the server that it starts, may hold.
    private static let descriptors: UInt = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_cur
    }()

    @Test(.enabled(if: descriptors > 12_000, "too few descriptors are allowed here"))
    func tenThousandAreHeld() async throws {
        let server = try ServerProcess(
            policy: Self.policy,
            settings: ["GOVERNOR_CONNECTIONS_MAX": "11000", "GOVERNOR_STORE_DEADLINE": "5s"])
        try await server.start()
        func memory() async throws -> Double {
            let line = try await server.text("/metrics").split(separator: "\n")
                .first { $0.hasPrefix("process_resident_memory_bytes ") }
            return Double(line?.split(separator: " ").last ?? "") ?? .infinity
        }
        let before = try await memory()
        var idle: [RawConnection] = []
        for _ in 0..<Self.count { idle.append(try RawConnection(port: server.port)) }
        for i in 0..<50 {
            let (status, body) = try await server.post(
                "/v1/decisions",
                ["contact": ["phone": "+1212555\(1_000 + i)"], "channel": "sms", "purpose": "service"])
            #expect(status == 200 && body["verdict"] as? String == "allow", "\(body)")
        }
        // Each of them is served the moment it speaks.
        for connection in [idle[0], idle[Self.count / 2], idle[Self.count - 1]] {
            try connection.send(
                try server.request(
                    "POST", "/v1/decisions",
                    ["contact": ["phone": "+12125550100"], "channel": "sms", "purpose": "service", "reserve": false]))
            let answer = try connection.answer()
            #expect(answer?.status == 200)
        }
        let grown = try await memory() - before
        #expect(grown < Double(Self.count) * 64 * 1_024, "\(grown / Double(Self.count)) bytes a connection")
        idle.removeAll()
        let (status, _) = try await server.get("/readyz")
        #expect(status == 200)
        #expect(server.stop() == 0)
    }
}
