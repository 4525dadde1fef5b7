import NIOCore
import Synchronization

/// What the connections of one event loop share: a coarse clock, the head of the usual answer, and an inbox.
///
/// Everything but the inbox belongs to the loop and is touched there alone.
final class LoopState: @unchecked Sendable {
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

    /// Connections with answers that are not on their way yet.
    private var unflushed: [HotRouteHandler] = []
    private var flushing: [HotRouteHandler] = []

    private let inbox = Mutex<[@Sendable () -> Void]>([])
    private var drained: [@Sendable () -> Void] = []

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
    func post(_ work: @escaping @Sendable () -> Void) {
        let wasEmpty = inbox.withLock { inbox in
            inbox.append(work)
            return inbox.count == 1
        }
        if wasEmpty { eventLoop.execute { self.drain() } }
    }

    private func drain() {
        inbox.withLock { swap(&drained, &$0) }
        for work in drained { work() }
        drained.removeAll(keepingCapacity: true)
    }

    // MARK: Flushing

    /// Sends what `handler` has answered once everything that came in with it has been answered too: a client that waits
    /// on many connections is woken once, and every write after the first finds it awake.
    func flushSoon(_ handler: HotRouteHandler) {
        if unflushed.isEmpty { eventLoop.execute { self.flush() } }
        unflushed.append(handler)
    }

    private func flush() {
        swap(&unflushed, &flushing)
        for handler in flushing { handler.flushOutput() }
        flushing.removeAll(keepingCapacity: true)
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
