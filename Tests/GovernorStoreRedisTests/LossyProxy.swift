import NIOCore
import NIOPosix
import Synchronization

/// Stands between a store and Redis and loses replies when told to; what is asked always arrives.
final class LossyProxy: Sendable {
    enum Mode: Int, Sendable {
        case open
        /// Replies vanish, connections stay.
        case silent
        /// The next reply vanishes, and its connection with it.
        case cutting
        /// Something else comes than a reply.
        case garbled
    }

    fileprivate final class Switch: Sendable {
        private let raw = Atomic<Int>(0)
        var mode: Mode { Mode(rawValue: raw.load(ordering: .sequentiallyConsistent)) ?? .open }
        func set(_ mode: Mode) { raw.store(mode.rawValue, ordering: .sequentiallyConsistent) }
    }

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let lever: Switch
    let port: Int

    init(to socket: String) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let lever = Switch()
        listener = try ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .connect(unixDomainSocketPath: socket)
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(Relay(to: server, nil))
                        try server.pipeline.syncOperations.addHandler(Relay(to: client, lever))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        self.group = group
        self.lever = lever
        port = listener.localAddress?.port ?? 0
    }

    func set(_ mode: Mode) { lever.set(mode) }

    func close() {
        try? listener.close().wait()
        try? group.syncShutdownGracefully()
    }
}

/// Hands what one side sends to the other.
private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let other: any Channel
    private let lever: LossyProxy.Switch?

    init(to other: any Channel, _ lever: LossyProxy.Switch?) {
        self.other = other
        self.lever = lever
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch lever?.mode ?? .open {
        case .open: other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        case .silent: break
        case .cutting:
            lever?.set(.open)
            other.close(promise: nil)
            context.close(promise: nil)
        case .garbled: other.writeAndFlush(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"), promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
