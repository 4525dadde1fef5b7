import NIOCore
import Synchronization

/// What the connections of one event loop share: a coarse clock, the head of the usual answer, and an inbox.
///
/// Everything but the inbox belongs to the loop and is touched there alone.
final class LoopState: @unchecked Sendable {
    struct Completion: Sendable {
        let reply: HotReply
        let status: Int
        let content: HotContent
        let fields: StaticString
        let body: ByteBuffer
    }

    let eventLoop: any EventLoop
    let limits: Limits
    let counts: HotCounts.Loop
    private let configuration: TransportConfiguration

    /// Counts `TransportConfiguration.tick`s while there are connections.
    private(set) var tick: UInt32 = 0
    /// The head of a 200 with JSON up to the blanks that the length is written into.
    private(set) var okHead: [UInt8] = []
    /// The header lines that every answer has.
    private(set) var commonFields: [UInt8] = []
    private var second: Int64 = -1
    private var handlers: [HotRouteHandler] = []
    private var ticking: RepeatedTask?

    private let inbox = Mutex<[Completion]>([])

    /// The times of a configuration in ticks.
    struct Limits {
        let head, body, idle, answer, write, linger: UInt32

        init(_ configuration: TransportConfiguration) {
            head = configuration.ticks(configuration.headTime)
            body = configuration.ticks(configuration.bodyTime)
            idle = configuration.ticks(configuration.idleTime)
            answer = configuration.ticks(configuration.answerTime)
            write = configuration.ticks(configuration.writeTime)
            linger = configuration.ticks(configuration.lingerTime)
        }
    }

    init(eventLoop: any EventLoop, configuration: TransportConfiguration, counts: HotCounts.Loop) {
        self.counts = counts
        self.eventLoop = eventLoop
        self.configuration = configuration
        limits = Limits(configuration)
    }

    // MARK: Connections

    func add(_ handler: HotRouteHandler) {
        handler.place = handlers.count
        handlers.append(handler)
        if ticking == nil {
            renewHeads()
            ticking = eventLoop.scheduleRepeatedTask(initialDelay: configuration.tick, delay: configuration.tick) { _ in
                self.advance()
            }
        }
    }

    func remove(_ handler: HotRouteHandler) {
        guard let place = handler.place, let last = handlers.popLast() else { return }
        handler.place = nil
        if last !== handler {
            handlers[place] = last
            last.place = place
        }
        if handlers.isEmpty {
            ticking?.cancel()
            ticking = nil
        }
    }

    private func advance() {
        tick &+= 1
        renewHeads()
        // Backwards, because a check may remove its handler, which moves the last one into its place.
        for place in handlers.indices.reversed() where place < handlers.count { handlers[place].check(at: tick) }
    }

    // MARK: Inbox

    /// From any thread. The first of a burst wakes the loop, the rest ride along.
    func post(_ completion: Completion) {
        let wasEmpty = inbox.withLock { inbox in
            inbox.append(completion)
            return inbox.count == 1
        }
        if wasEmpty { eventLoop.execute { self.drain() } }
    }

    private func drain() {
        let completions = inbox.withLock { inbox in
            var taken: [Completion] = []
            swap(&taken, &inbox)
            return taken
        }
        for completion in completions {
            completion.reply.handler.answer(
                completion.reply.sequence, completion.status, completion.content, fields: completion.fields,
                body: completion.body)
        }
    }

    // MARK: Heads

    /// Blanks behind `content-length:`; the length ends where they end.
    static let lengthDigitsMax = 10

    private func renewHeads() {
        let now = httpSeconds()
        if now == second { return }
        second = now
        commonFields = configuration.fields.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
        commonFields += Array("date: \(httpDate(now))\r\n".utf8)
        okHead = Array("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n".utf8)
        okHead += commonFields
        okHead += Array("content-length:".utf8)
        okHead += repeatElement(UInt8(ascii: " "), count: Self.lengthDigitsMax)
    }
}
