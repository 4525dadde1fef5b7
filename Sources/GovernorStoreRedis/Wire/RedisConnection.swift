import CHiredis
import NIOCore

/// Who gets the reply to a command; each call comes once, on the connection's event loop.
protocol ReplyReceiver: AnyObject {
    /// `reply` is valid during the call.
    func received(_ reply: RedisReply, tag: Int)
    func failed(_ failure: LinkFailure, tag: Int)
}

/// Why there is no reply.
enum LinkFailure: Hashable, Sendable {
    /// Redis never saw the command.
    case notSent(String)
    /// It may have been carried out.
    case lost(String)
    /// A bound was reached; Redis never saw the command.
    case overloaded(String)
}

/// One socket to Redis: writes commands together at the end of the loop's tick, and gives replies to those who wait in
/// the order in which they asked.
///
/// Bound to its event loop. When a reply is overdue, or makes no sense, the stream can no longer be trusted to be in
/// step: the connection closes, and everybody who waits is told that the outcome is unknown.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Waiting {
        let receiver: any ReplyReceiver
        let tag: Int
        let due: NIODeadline
    }

    private let timeout: TimeAmount
    private let waitingMax: Int
    private var waiting = CircularBuffer<Waiting>(initialCapacity: 64)
    private var outgoing = ByteBuffer()
    private var isFlushScheduled = false
    private var isWatching = false
    private var context: ChannelHandlerContext?
    private let reader: UnsafeMutablePointer<redisReader>
    private var closingReason: String?
    /// Called once, with the reason, after everybody who waited was told.
    var onClose: ((RedisConnection, String, _ wasOverdue: Bool) -> Void)?
    private var wasOverdue = false

    init(timeout: TimeAmount, waitingMax: Int) {
        self.timeout = timeout
        self.waitingMax = waitingMax
        guard let reader = redisReaderCreate() else {
            preconditionFailure("hiredis could not make a reader")
        }
        self.reader = reader
        // Replies differ widely in size; a buffer that is given back after each large one costs more than it saves.
        reader.pointee.maxbuf = 1 << 20
    }

    deinit { redisReaderFree(reader) }

    var isActive: Bool { context?.channel.isActive ?? false }
    var waitingCount: Int { waiting.count }

    // MARK: asking

    /// Sends a command at the end of this tick.
    func send(_ command: RedisCommand, to receiver: any ReplyReceiver, tag: Int) {
        guard let context, closingReason == nil else {
            return receiver.failed(.notSent(closingReason ?? "the connection to Redis is closed"), tag: tag)
        }
        guard waiting.count < waitingMax else {
            return receiver.failed(.overloaded("\(waitingMax) commands wait for Redis"), tag: tag)
        }
        command.write(to: &outgoing)
        waiting.append(Waiting(receiver: receiver, tag: tag, due: .now() + timeout))
        if !isFlushScheduled {
            isFlushScheduled = true
            context.eventLoop.assumeIsolated().execute { self.flushNow() }
        }
        watch(context)
    }

    private func flushNow() {
        isFlushScheduled = false
        guard let context, outgoing.readableBytes > 0 else { return }
        var bytes = ByteBuffer()
        swap(&bytes, &outgoing)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    // MARK: deadlines

    private func watch(_ context: ChannelHandlerContext) {
        guard !isWatching, let first = waiting.first else { return }
        isWatching = true
        context.eventLoop.assumeIsolated().scheduleTask(deadline: first.due) { self.look() }
    }

    private func look() {
        isWatching = false
        guard let context, let first = waiting.first else { return }
        if first.due <= .now() {
            wasOverdue = true
            close("Redis did not answer within \(timeout.nanoseconds / 1_000_000) ms")
        } else {
            watch(context)
        }
    }

    // MARK: closing

    /// Closes the socket; those who wait learn `reason`.
    func close(_ reason: String) {
        guard closingReason == nil else { return }
        closingReason = reason
        // What was never flushed is not known to Redis, but telling it apart from what was is not worth a queue.
        context?.close(promise: nil)
        settle(reason)
    }

    private func settle(_ reason: String) {
        while let item = waiting.popFirst() { item.receiver.failed(.lost(reason), tag: item.tag) }
    }

    // MARK: ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard closingReason == nil else { return }
        bytes.withUnsafeReadableBytes { bytes in
            _ = redisReaderFeed(reader, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
        }
        while closingReason == nil {
            var raw: UnsafeMutableRawPointer?
            guard redisReaderGetReply(reader, &raw) == REDIS_OK else {
                return close("Redis sent something that is not a reply")
            }
            guard let raw else { return }
            defer { freeReplyObject(raw) }
            guard let item = waiting.popFirst() else {
                return close("Redis sent a reply that nobody asked for")
            }
            item.receiver.received(RedisReply(raw.assumingMemoryBound(to: redisReply.self)), tag: item.tag)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let reason = closingReason ?? "Redis closed the connection"
        closingReason = reason
        settle(reason)
        let told = onClose
        onClose = nil
        told?(self, reason, wasOverdue)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close("the connection to Redis failed: \(error)")
    }
}
