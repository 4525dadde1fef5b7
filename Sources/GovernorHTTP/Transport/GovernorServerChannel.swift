import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Synchronization

/// Sets connections up: NIO's HTTP/1 codec in its lean form, the hot routes, and Hummingbird behind them.
///
/// The lean form leaves to `HotRouteHandler` what its helpers would do: the order of pipelined requests and the answer to
/// what is not HTTP. Names and values of header fields are checked where they come from: the application's by HTTPTypes, our own
/// by `TransportConfiguration.addField`. Hummingbird's handlers join a connection at its first request for them.
package struct GovernorServerChannel: HTTPChannelHandler {
    package struct Connection: ServerChildChannelValue {
        package let channel: any Channel
        /// The application's end, once a request is for it; `nil` when the connection has ended without one.
        let application: EventLoopFuture<NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>?>
    }

    package typealias Value = Connection

    package let responder: HTTPChannelHandler.Responder
    private let routes: any HotRoutes
    private let configuration: TransportConfiguration
    private let counts: HotCounts
    private let certificates: ServerCertificates?
    private let loops = Loops()

    package init(
        routes: any HotRoutes, configuration: TransportConfiguration = TransportConfiguration(),
        counts: HotCounts = HotCounts(), certificates: ServerCertificates? = nil,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.counts = counts
        self.certificates = certificates
        self.routes = routes
        self.configuration = configuration
        self.responder = responder
    }

    /// For the `server:` of a Hummingbird `Application`.
    package static func server(
        routes: any HotRoutes, configuration: TransportConfiguration = TransportConfiguration(),
        counts: HotCounts = HotCounts(), certificates: ServerCertificates? = nil
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            try configuration.validate()
            return GovernorServerChannel(
                routes: routes, configuration: configuration, counts: counts, certificates: certificates,
                responder: responder)
        }
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            let promise = channel.eventLoop.makePromise(of: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>?.self)
            do {
                // Not every kind of socket has it.
                try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
                var client: ClientCertificate?
                if let certificates {
                    let tls = certificates.makeHandler()
                    try channel.pipeline.syncOperations.addHandler(tls)
                    client = ClientCertificate(tls)
                }
                try addHandlers(to: channel, client: client) { channel in
                    try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
                    promise.succeed(
                        try NIOAsyncChannel(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: true)))
                }
            } catch {
                promise.succeed(nil)
                throw error
            }
            // A promise that is kept already does not mind.
            channel.closeFuture.whenComplete { _ in promise.succeed(nil) }
            return Connection(channel: channel, application: promise.futureResult)
        }
    }

    /// Codec and hot routes; `installApplication` adds what is behind them.
    package func addHandlers(
        to channel: any Channel, client: ClientCertificate? = nil,
        installApplication: @escaping (any Channel) throws -> Void
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let hot = HotRouteHandler(
            routes: routes, loop: loops.state(of: channel.eventLoop, configuration, counts),
            client: client, installApplication: installApplication)
        if client != nil { try pipeline.addHandler(PlainBytesMark(hot)) }
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: configuration.decoderLimits)
        try pipeline.addHandler(hot)
    }

    package func handle(value: Connection, logger: Logger) async {
        let application = await withTaskCancellationHandler {
            try? await value.application.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
        if let application { await handleHTTP(asyncChannel: application, logger: logger) }
    }

    /// One state per event loop, made when its first connection comes.
    private final class Loops: Sendable {
        private let states = Mutex<[ObjectIdentifier: LoopState]>([:])

        func state(
            of eventLoop: any EventLoop, _ configuration: TransportConfiguration, _ counts: HotCounts
        ) -> LoopState {
            states.withLock { states in
                if let state = states[ObjectIdentifier(eventLoop)] { return state }
                let state = LoopState(
                    eventLoop: eventLoop, configuration: configuration, counts: counts.makeLoop())
                states[ObjectIdentifier(eventLoop)] = state
                return state
            }
        }
    }
}
