import GovernorHTTP
import NIOCore
import Testing

/// The hot routes before a real Hummingbird application, over real sockets.
@Suite(.serialized) struct ServerSocketTests {
    @Test func hotAndOtherRequestsKeepTheirOrder() async throws {
        try await withServer { server in
            let client = try await server.connect()
            var text = ""
            var expected: [String] = []
            for number in 0..<40 {
                if number % 3 == 1 {
                    text += get("/hello/\(number)")
                    expected.append("hello \(number)")
                } else if number % 7 == 2 {
                    text += post("/echo", "body \(number)")
                    expected.append("body \(number)")
                } else {
                    text += post("/v1/decisions", "\(number)")
                    expected.append("decisions   \(number)")
                }
            }
            try await client.send(text)
            #expect(try await client.answers(expected.count).map(\.body) == expected)
            try await client.close()
        }
    }

    @Test func requestsInPieces() async throws {
        try await withServer { server in
            let client = try await server.connect()
            let text = post("/v1/decisions", "one") + get("/hello/2") + post("/v1/decisions", "three")
            for byte in text.utf8 { try await client.send(String(UnicodeScalar(byte))) }
            #expect(try await client.answers(3).map(\.body) == ["decisions   one", "hello 2", "decisions   three"])
            try await client.close()
        }
    }

    @Test func answersFromOtherThreads() async throws {
        try await withServer(isDeferring: true) { server in
            var clients: [SocketClient] = []
            for number in 0..<16 {
                let client = try await server.connect()
                try await client.send(post("/v1/decisions", "\(number)"))
                clients.append(client)
            }
            try await eventually { server.routes.waitingCount == 16 }
            server.routes.answerWaiting()
            for (number, client) in clients.enumerated() {
                #expect(try await client.answers(1).map(\.body) == ["decisions   \(number)"])
                try await client.close()
            }
        }
    }

    @Test func aSlowClientIsTold() async throws {
        func hasten(_ transport: inout TransportConfiguration) {
            transport.headTime = .milliseconds(50)
            transport.bodyTime = .milliseconds(50)
        }
        try await withServer(adjust: hasten) { server in
            for text in ["POST /v1/dec", "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{}"] {
                let client = try await server.connect()
                try await client.send(text)
                let answer = try #require(try await client.answers(1).first)
                #expect(answer.status == 408)
                #expect(try await client.isAtEnd())
                try await client.close()
            }
        }
    }

    @Test func aBodyTooLargeIsToldBeforeTheEnd() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
            // The answer must survive what the client is still sending.
            for _ in 0..<10 { try? await client.send(String(repeating: "x", count: 10_000)) }
            let answer = try #require(try await client.answers(1).first)
            #expect(answer.status == 413)
            #expect(try await client.isAtEnd())
            try await client.close()
        }
    }

    @Test func rubbishIsTold() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send(post() + get("/hello/1") + "rubbish\r\n\r\n" + post())
            #expect(try await client.answers(3).map(\.status) == [200, 200, 400])
            #expect(try await client.isAtEnd())
            try await client.close()
        }
    }

    @Test func aClientThatHasSaidAllIsAnswered() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send(post("/v1/decisions", "1") + get("/hello/2") + post("/v1/decisions", "3"))
            try await client.endOutput()
            #expect(try await client.answers(3).map(\.body) == ["decisions   1", "hello 2", "decisions   3"])
            #expect(try await client.isAtEnd())
        }
    }

    @Test func theApplicationsOwnClosing() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("GET /hello/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            #expect(try await client.answers(1).map(\.body) == ["hello 1"])
            #expect(try await client.isAtEnd())
            try await client.close()
        }
    }

    @Test func shuttingDownAnswersWhatIsInFlight() async throws {
        try await withServer(isDeferring: true) { server in
            let idle = try await server.connect()
            let hot = try await server.connect()
            let cold = try await server.connect()
            try await hot.send(post("/v1/decisions", "last"))
            try await cold.send(post("/echo", "slow"))
            try await cold.send("POST /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nwo")
            #expect(try await cold.answers(1).map(\.body) == ["slow"])
            try await eventually {
                server.routes.waitingCount == 1 && server.slowCount == 1
            }

            await server.shutDown()
            #expect(try await idle.isAtEnd())
            server.routes.answerWaiting()
            let answer = try #require(try await hot.answers(1).first)
            #expect(answer.body == "decisions   last")
            #expect(answer.fields["connection"] == "close")
            try await cold.send("rd")
            let slow = try #require(try await cold.answers(1).first)
            #expect(slow.body == "word")
            #expect(slow.fields["connection"] == "close")
            #expect(try await hot.isAtEnd())
            #expect(try await cold.isAtEnd())
            for client in [idle, hot, cold] { try? await client.close() }
        }
    }
}
