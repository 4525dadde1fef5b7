import GovernorHTTP
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
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
            var clients: [Client] = []
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
                server.routes.waitingCount == 1 && server.slowRequests.load(ordering: .relaxed) == 1
            }

            await server.group.triggerGracefulShutdown
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

// MARK: The server

private struct SocketServer {
    let routes: EchoRoutes
    let port: Int
    let group: Trigger
    let slowRequests: Counter

    func connect() async throws -> Client { try await Client(port: port) }
}

private final class Counter: Sendable {
    private let value = Atomic(0)
    func add() { value.add(1, ordering: .relaxed) }
    func load(ordering: AtomicLoadOrdering) -> Int { value.load(ordering: .relaxed) }
}

private struct Trigger: Sendable {
    let group: ServiceGroup
    var triggerGracefulShutdown: Void { get async { await group.triggerGracefulShutdown() } }
}

/// Runs `body` beside a server on a free port; the server must end by itself afterwards.
private func withServer(
    isDeferring: Bool = false, adjust: (inout TransportConfiguration) -> Void = { _ in },
    _ body: @Sendable @escaping (SocketServer) async throws -> Void
) async throws {
    let routes = EchoRoutes(isDeferring: isDeferring)
    let slowRequests = Counter()
    let router = Router()
    router.get("/hello/:number") { _, context in "hello \(try context.parameters.require("number"))" }
    router.post("/echo") { request, _ in String(buffer: try await request.body.collect(upTo: 1_024)) }
    router.post("/slow") { request, _ in
        slowRequests.add()
        return String(buffer: try await request.body.collect(upTo: 1_024))
    }
    var configuration = TransportConfiguration()
    configuration.tick = .milliseconds(10)
    configuration.lingerTime = .milliseconds(500)
    adjust(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
        router: router, server: GovernorServerChannel.server(routes: routes, configuration: configuration),
        configuration: configuration.application(address: .hostname("127.0.0.1", port: 0), logger: logger),
        onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
    let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let bound = try #require(await iterator.next())
        do {
            try await body(
                SocketServer(routes: routes, port: bound, group: Trigger(group: group), slowRequests: slowRequests))
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Waits for a condition, at most ten seconds.
private func eventually(_ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while !condition() {
        try #require(ContinuousClock.now < deadline, "the condition did not come true in time")
        await Task.yield()
    }
}

// MARK: The client

/// A client that sees bytes, not messages.
private final class Client: Sendable {
    private struct State {
        var text = ""
        var isAtEnd = false
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let state = Mutex(State())

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: Self.unwrapInboundIn(data))
            state.withLock { $0.text += text }
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { state.withLock { $0.isAtEnd = true } }
        }
        func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.isAtEnd = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let channel: any Channel
    private let collector = Collector()

    init(port: Int) async throws {
        let collector = self.collector
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(collector) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
    func endOutput() async throws { try await channel.close(mode: .output) }
    func close() async throws { try? await channel.close() }

    /// Takes the next `count` answers.
    func answers(_ count: Int) async throws -> [Answer] {
        var answers: [Answer] = []
        try await eventually {
            collector.state.withLock { state in
                answers = (try? Answer.parse(state.text)) ?? []
                if answers.count >= count { state.text = "" }
                return answers.count >= count
            }
        }
        return answers
    }

    /// Whether the server shuts its side.
    func isAtEnd() async throws -> Bool {
        try await eventually { collector.state.withLock { $0.isAtEnd } }
        return true
    }
}
