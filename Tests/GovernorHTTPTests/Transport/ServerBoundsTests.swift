import GovernorHTTP
import NIOCore
import Testing

/// Bounds that only real sockets show, with the kernel's buffers on both sides.
@Suite(.serialized) struct ServerBoundsTests {
    /// What a client may have under way before the server must stop reading from it: the kernel's largest buffers, twice.
    static let underWayBytesMax = 16 << 20
    private static let body = String(repeating: "x", count: 60_000)

    /// Three times as much as may be under way, the last request one that ends the connection.
    private static var flood: (text: String, count: Int) {
        let count = 3 * underWayBytesMax / body.utf8.count
        var text = ""
        text.reserveCapacity(count * (body.utf8.count + 200))
        for _ in 1..<count { text += post("/v1/decisions", body) }
        return (text + post("/v1/decisions", body, fields: "connection: close\r\n"), count)
    }

    @Test(.timeLimit(.minutes(2))) func whoDoesNotReadIsNotReadEither() async throws {
        try await withServer { server in
            let (text, count) = Self.flood
            let mute = try await server.connect(isReading: false)
            let sending = Task { try await mute.send(text) }
            // It has settled when nothing more of it is handled while the same event loop answers somebody else.
            let other = try await server.connect()
            try await eventually { server.handledCount > 0 }
            var handled = -1
            while handled != server.handledCount {
                handled = server.handledCount
                for _ in 0..<200 {
                    try await other.send(post("/v1/decisions/batch"))
                    #expect(try await other.answers(1).map(\.status) == [200])
                }
            }
            #expect(handled * Self.body.utf8.count < Self.underWayBytesMax, "\(handled) of \(count) were handled")
            // Nothing is lost by it.
            try await mute.read()
            try await sending.value
            #expect(try await mute.isAtEnd())
            #expect(server.handledCount == count)
            #expect(mute.byteCount > count * Self.body.utf8.count)
            for client in [mute, other] { try await client.close() }
        }
    }

    /// 16 MB in both directions, which no socket holds: neither end waits for the other.
    @Test(.timeLimit(.minutes(1))) func whoSendsEverythingFirstIsReadToTheEnd() async throws {
        try await withServer { server in
            let mute = try await server.connect(isReading: false)
            let count = 16 << 20
            try await mute.send(
                "POST /pour HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: \(count)\r\n\r\n"
                    + String(repeating: "x", count: count))
            try await mute.read()
            #expect(try await mute.isAtEnd())
            #expect(mute.byteCount > count)
            try await mute.close()
        }
    }

    @Test(.timeLimit(.minutes(2))) func whoNeverReadsIsCutOff() async throws {
        func adjust(_ transport: inout TransportConfiguration) { transport.writeTime = .milliseconds(100) }
        try await withServer(adjust: adjust) { server in
            let mute = try await server.connect(isReading: false)
            await #expect(throws: (any Error).self) { try await mute.send(Self.flood.text) }
            #expect(server.handledCount * Self.body.utf8.count < Self.underWayBytesMax)
            let other = try await server.connect()
            try await other.send(post())
            #expect(try await other.answers(1).map(\.status) == [200])
            for client in [mute, other] { try await client.close() }
        }
    }

    @Test(arguments: ["", post(), get("/hello/1"), post() + get("/hello/1") + post()])
    func whoSaysNothingMoreIsCutOff(first: String) async throws {
        func adjust(_ transport: inout TransportConfiguration) { transport.idleTime = .milliseconds(60) }
        try await withServer(adjust: adjust) { server in
            let client = try await server.connect()
            if !first.isEmpty { try await client.send(first) }
            #expect(try await client.isAtEnd())
            let count = first.split(separator: "HTTP/1.1").count - 1
            if count > 0 { #expect(try await client.answers(count).allSatisfy { $0.status == 200 }) }
            try await client.close()
        }
    }

    @Test func oneConnectionTooManyWaits() async throws {
        func adjust(_ transport: inout TransportConfiguration) { transport.connectionsMax = 2 }
        try await withServer(adjust: adjust) { server in
            let first = try await server.connect()
            let second = try await server.connect()
            for client in [first, second] {
                try await client.send(post())
                #expect(try await client.answers(1).count == 1)
            }
            let third = try await server.connect()
            try await third.send(post("/v1/decisions", "third"))
            for _ in 0..<50 {
                try await second.send(post())
                #expect(try await second.answers(1).count == 1)
            }
            #expect(third.byteCount == 0)
            try await first.close()
            #expect(try await third.answers(1).map(\.body) == ["decisions   third"])
            for client in [second, third] { try await client.close() }
        }
    }

    /// What was sent before the server was told to stop is answered, though the connection was idle until then.
    @Test func theLastRequestsAreAnswered() async throws {
        try await withServer { server in
            var clients: [SocketClient] = []
            for number in 0..<16 {
                let client = try await server.connect()
                try await client.send(post("/v1/decisions", "\(number)"))
                #expect(try await client.answers(1).map(\.body) == ["decisions   \(number)"])
                clients.append(client)
            }
            for client in clients { try await client.send(post("/v1/decisions", "last")) }
            await server.shutDown()
            for client in clients {
                #expect(try await client.answers(1).map(\.body) == ["decisions   last"])
                #expect(try await client.isAtEnd())
                try await client.close()
            }
        }
    }

    @Test func requestsAreCounted() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send(
                post() + post() + post("/v1/decisions/batch") + get("/v1/decisions") + get("/hello/1")
                    + "rubbish\r\n\r\n")
            #expect(try await client.answers(6).map(\.status) == [200, 200, 200, 405, 200, 400])
            let counts = server.counts
            #expect(counts.count(.decisions, statusClass: 2) == 2)
            #expect(counts.count(.decisions, statusClass: 4) == 1)
            #expect(counts.count(.decisionsBatch, statusClass: 2) == 1)
            #expect(counts.count(.outcome, statusClass: 2) == 0)
            #expect(counts.count(nil, statusClass: 4) == 1)
            #expect(counts.count(nil, statusClass: 2) == 0)
            try await client.close()
        }
    }
}

extension SocketServer {
    /// Single decisions that were handled.
    fileprivate var handledCount: Int { Int(counts.count(.decisions, statusClass: 2)) }
}
