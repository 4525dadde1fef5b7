import Foundation
import Glibc
import Testing

/// The real server is told to stop while it is asked.
@Suite(.serialized) struct StoppingTests {
    private static let policy = """
        policy: test
        rules:
          - { id: plenty, kind: frequency_cap, limit: 1000, window: P7D }
        """

    @Test(.timeLimit(.minutes(2)), arguments: [SIGTERM, SIGINT])
    func whatWasSentBeforeIsAnsweredAndKept(signal: Int32) async throws {
        let server = try ServerProcess(policy: Self.policy)
        try await server.start()
        // Idle connections which have been used, fresh ones, and one that stays silent for ever.
        let silent = try RawConnection(port: server.port)
        var connections: [RawConnection] = []
        for number in 0..<24 {
            let connection = try RawConnection(port: server.port)
            if number.isMultiple(of: 2) {
                try connection.send(server.request("GET", "/healthz"))
                #expect(try connection.answer()?.status == 200)
            }
            connections.append(connection)
        }
        for connection in connections { try connection.send(server.request("POST", "/v1/decisions", Self.question)) }
        server.signal(signal)
        var reservations: [String] = []
        for connection in connections {
            let answer = try #require(try connection.answer())
            #expect(answer.status == 200)
            let reservation = try #require(answer.body["reservation"] as? [String: Any])
            reservations.append(try #require(reservation["id"] as? String))
            #expect(try connection.answer() == nil)
        }
        #expect(server.waitForExit() == 0)
        #expect(try silent.answer() == nil)
        #expect(Set(reservations).count == connections.count)

        try await server.start()
        for reservation in reservations {
            let (status, _) = try await server.post("/v1/reservations/\(reservation)/outcome", ["outcome": "busy"])
            #expect(status == 200)
        }
        #expect(server.stop() == 0)
    }

    private static var question: [String: Any] {
        ["contact": ["phone": "+12125550100"], "channel": "voice", "purpose": "service", "reserve": true]
    }
}
