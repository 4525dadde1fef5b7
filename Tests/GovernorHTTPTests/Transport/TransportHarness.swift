import GovernorHTTP
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

/// Hot routes that repeat what they were asked, at once or when told.
final class EchoRoutes: HotRoutes {
    private struct State {
        var isDeferring = false
        var waiting: [(HotReply, String)] = []
        var seen: [String] = []
    }

    private let state = Mutex(State())

    init(isDeferring: Bool = false) { state.withLock { $0.isDeferring = isDeferring } }

    func handle(_ request: borrowing HotRequest, reply: HotReply) {
        let id = request.withReservationID { String(decoding: $0, as: UTF8.self) }
        let caller = request.withAuthorization { String(decoding: $0, as: UTF8.self) }
        let text = "\(request.route) \(id) \(caller) \(String(buffer: request.body))"
        let isDeferring = state.withLock { state in
            state.seen.append(text)
            if state.isDeferring { state.waiting.append((reply, text)) }
            return state.isDeferring
        }
        if !isDeferring { reply.respond(200) { _ = $0.writeString(text) } }
    }

    var seen: [String] { state.withLock { $0.seen } }
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func takeWaiting() -> [(HotReply, String)] {
        state.withLock { state in
            let waiting = state.waiting
            state.waiting = []
            return waiting
        }
    }

    /// Answers everything that waits, from the calling thread.
    func answerWaiting() {
        for (reply, text) in takeWaiting() { reply.respond(200, body: ByteBuffer(string: text)) }
    }
}

/// Stands for the application behind the hot routes: answers when told, or at once.
final class ApplicationStandIn: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    var isDeferring = false
    private(set) var bodies: [String] = []
    private var target = ""
    private var body = ""
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            target = head.uri
            body = ""
        case .body(let piece): body += String(buffer: piece)
        case .end:
            bodies.append(body)
            if !isDeferring { answer() }
        }
    }

    func answer() {
        guard let context else { return }
        let text = "application \(target) \(body)"
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok, headers: ["content-length": "\(text.utf8.count)"])
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }
}

/// Counts what reaches the socket.
final class FlushCounter: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    private(set) var flushes = 0
    private(set) var writes = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        writes += 1
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        flushes += 1
        context.flush()
    }
}

/// One connection without a socket.
final class Connection {
    let channel = EmbeddedChannel()
    let routes: EchoRoutes
    let application = ApplicationStandIn()
    let counter = FlushCounter()

    init(isDeferring: Bool = false, _ adjust: (inout TransportConfiguration) throws -> Void = { _ in }) throws {
        routes = EchoRoutes(isDeferring: isDeferring)
        var configuration = TransportConfiguration()
        try adjust(&configuration)
        let server = GovernorServerChannel(routes: routes, configuration: configuration) { _, _, _ in }
        try channel.pipeline.syncOperations.addHandler(counter)
        let application = self.application
        try server.addHandlers(to: channel) { channel in
            try channel.pipeline.syncOperations.addHandler(application)
        }
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

    var isOpen: Bool { channel.isActive }

    /// As one reading of the socket, in a tick of its own.
    func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
    }

    /// What has been sent since the last call.
    func received() throws -> String {
        channel.embeddedEventLoop.run()
        var text = ""
        while let piece = try channel.readOutbound(as: IOData.self) {
            if case .byteBuffer(let buffer) = piece { text += String(buffer: buffer) }
        }
        return text
    }

    func answers() throws -> [Answer] { try Answer.parse(try received()) }

    func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
}

/// One answer, taken apart.
struct Answer: Equatable {
    var version = ""
    var status = 0
    var fields: [String: String] = [:]
    var body = ""

    struct Malformed: Error { let text: String }

    /// Takes a stream of answers with lengths or in chunks apart; leaves out the informational ones.
    static func parse(_ text: String) throws -> [Answer] {
        var answers: [Answer] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let end = rest.range(of: "\r\n\r\n") else { throw Malformed(text: String(rest)) }
            var lines = rest[..<end.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
            rest = rest[end.upperBound...]
            let words = lines.removeFirst().split(separator: " ", maxSplits: 2)
            var answer = Answer()
            answer.version = String(words[0])
            answer.status = Int(words[1]) ?? 0
            for line in lines {
                guard let colon = line.firstIndex(of: ":") else { throw Malformed(text: String(line)) }
                answer.fields[line[..<colon].lowercased()] = String(
                    line[line.index(after: colon)...].drop { $0 == " " })
            }
            if answer.status < 200 { continue }
            if let length = answer.fields["content-length"].flatMap(Int.init) {
                guard rest.utf8.count >= length else { throw Malformed(text: String(rest)) }
                let stop = rest.utf8.index(rest.startIndex, offsetBy: length)
                answer.body = String(rest[..<stop])
                rest = rest[stop...]
            } else if answer.fields["transfer-encoding"] == "chunked" {
                while true {
                    guard let line = rest.range(of: "\r\n"), let size = Int(rest[..<line.lowerBound], radix: 16) else {
                        throw Malformed(text: String(rest))
                    }
                    let start = line.upperBound
                    guard rest[start...].utf8.count >= size + 2 else { throw Malformed(text: String(rest)) }
                    let stop = rest.utf8.index(start, offsetBy: size)
                    answer.body += rest[start..<stop]
                    rest = rest[rest.utf8.index(stop, offsetBy: 2)...]
                    if size == 0 { break }
                }
            } else if answer.status != 204 {
                answer.body = String(rest)
                rest = ""
            }
            answers.append(answer)
        }
        return answers
    }
}

extension Substring {
    /// The first occurrence of `text`.
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}

/// A POST of `body` to `path`.
func post(_ path: String = "/v1/decisions", _ body: String = "{}", fields: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
}

func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n" }
