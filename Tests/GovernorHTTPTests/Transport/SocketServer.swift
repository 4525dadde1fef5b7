import GovernorHTTP
import GovernorRuntime
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization
import Testing

/// The hot routes before a real Hummingbird application, on a free port.
struct SocketServer: Sendable {
    let routes: EchoRoutes
    let counts: HotCounts
    let port: Int
    fileprivate let group: ServiceGroup
    fileprivate let slowRequests: Counter

    func connect(isReading: Bool = true, tls: NIOSSLContext? = nil) async throws -> SocketClient {
        try await SocketClient(port: port, isReading: isReading, tls: tls)
    }

    func shutDown() async { await group.triggerGracefulShutdown() }
    /// Requests for `/slow` so far.
    var slowCount: UInt64 { slowRequests.count }
}

/// Runs `body` beside a server with one event loop; the server must end by itself afterwards.
func withServer(
    isDeferring: Bool = false, certificates: ServerCertificates? = nil,
    adjust: (inout TransportConfiguration) -> Void = { _ in },
    _ body: @Sendable @escaping (SocketServer) async throws -> Void
) async throws {
    let routes = EchoRoutes(isDeferring: isDeferring)
    let slowRequests = Counter()
    let router = Router()
    router.get("/hello/:number") { _, context in "hello \(try context.parameters.require("number"))" }
    router.post("/echo") { request, _ in String(buffer: try await request.body.collect(upTo: 1_024)) }
    router.post("/slow") { request, _ in
        slowRequests.add(1)
        return String(buffer: try await request.body.collect(upTo: 1_024))
    }
    // Reads its body however little of its answer is taken, and says at the end how long the body was.
    router.post("/pour") { request, _ in
        let counting = Task { [body = request.body] in
            try await body.reduce(into: 0) { $0 += $1.readableBytes }
        }
        return Response(
            status: .ok,
            body: ResponseBody { writer in
                for _ in 0..<256 { try await writer.write(ByteBuffer(repeating: 0x78, count: 64 * 1_024)) }
                try await writer.write(ByteBuffer(string: "\(try await counting.value)"))
                try await writer.finish(nil)
            })
    }
    var configuration = TransportConfiguration()
    configuration.tick = .milliseconds(10)
    configuration.lingerTime = .milliseconds(500)
    adjust(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let counts = HotCounts()
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
        router: router,
        server: GovernorServerChannel.server(
            routes: routes, configuration: configuration, counts: counts, certificates: certificates),
        configuration: configuration.application(address: .hostname("127.0.0.1", port: 0), logger: logger),
        onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
        eventLoopGroupProvider: .shared(loops), logger: logger)
    let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let bound = try #require(await iterator.next())
        do {
            try await body(
                SocketServer(routes: routes, counts: counts, port: bound, group: group, slowRequests: slowRequests))
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
    try await loops.shutdownGracefully()
}

/// Waits for a condition, at most thirty seconds.
func eventually(_ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while !condition() {
        try #require(ContinuousClock.now < deadline, "the condition did not come true in time")
        await Task.yield()
    }
}

/// A client that sees bytes, not messages.
final class SocketClient: Sendable {
    private struct State {
        var text = ""
        var byteCount = 0
        var isAtEnd = false
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let keepsText: Bool
        let state = Mutex(State())

        init(keepsText: Bool) { self.keepsText = keepsText }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = Self.unwrapInboundIn(data)
            let text = keepsText ? String(buffer: buffer) : ""
            state.withLock {
                $0.text += text
                $0.byteCount += buffer.readableBytes
            }
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { state.withLock { $0.isAtEnd = true } }
        }
        func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.isAtEnd = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let channel: any Channel
    private let collector: Collector

    /// One that is not reading has a small window and takes nothing before `read`; it counts bytes and keeps none.
    init(port: Int, isReading: Bool = true, tls: NIOSSLContext? = nil) async throws {
        let collector = Collector(keepsText: isReading)
        self.collector = collector
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: isReading)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    }
                    try channel.pipeline.syncOperations.addHandler(collector)
                }
            }
        channel = try await
            (isReading ? bootstrap : bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 8 * 1_024))
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
    func endOutput() async throws { try await channel.close(mode: .output) }
    func close() async throws { try? await channel.close() }
    /// From here on it takes what comes.
    func read() async throws { try await channel.setOption(.autoRead, value: true).get() }

    var byteCount: Int { collector.state.withLock { $0.byteCount } }

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
