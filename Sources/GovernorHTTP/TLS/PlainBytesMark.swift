import NIOCore

/// Stands between TLS and the codec and tells the hot routes of bytes that are not TLS's own, so that a handshake is not
/// taken for the beginning of a request.
final class PlainBytesMark: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let hot: HotRouteHandler

    init(_ hot: HotRouteHandler) { self.hot = hot }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hot.notePlainBytes()
        context.fireChannelRead(data)
    }
}
