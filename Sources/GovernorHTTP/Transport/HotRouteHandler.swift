import NIOCore
import NIOHTTP1
import NIOTLS

/// Stands behind NIO's HTTP/1 codec, answers the hot routes itself and passes every other request on untouched.
///
/// Requests of one connection are handled one after the other, in their order: they change things, and a server may only
/// overlap requests that do not. Source: RFC 9112, section 9.3.2. What arrives meanwhile waits in `backlog`, and reading
/// stops, so that the backlog never holds more than one reading of the socket.
final class HotRouteHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum Phase {
        /// Between two requests.
        case idle
        /// The head of a hot request was read, its body is arriving.
        case collecting
        /// The answer is `refusal` as soon as the body, which is thrown away, has ended.
        case refusing
        /// A hot request is with the routes.
        case answering
        /// A request is with the application behind us.
        case passing
        /// The last answer is written and our side is shut; what the client still sends is thrown away until it closes.
        case draining
        case closed
    }

    let routes: any HotRoutes
    let loop: LoopState
    private let session: HotSession
    private let installApplication: (any Channel) throws -> Void
    private var isApplicationInstalled = false

    private var context: ChannelHandlerContext?
    /// The encoder's context: a write on it passes the encoder.
    private(set) var encoder: ChannelHandlerContext?
    /// Index among the loop's handlers.
    var place: Int?

    // The request at hand.
    private(set) var phase = Phase.idle
    /// Names the request that an answer belongs to.
    private(set) var sequence: UInt64 = 0
    var isKeepAlive = true
    private(set) var isHTTP10 = false
    private(set) var isHead = false
    private var route = HotRoute.decisions
    /// What its answer is counted as.
    private(set) var counted = HotCounts.other
    private var reservation = 0..<0
    private var target = ""
    private var authorization = ""
    private var body = ByteBuffer()
    private var hasBody = false
    private var bodyBytes = 0
    private var refusal: (problem: Problem, fields: StaticString)?
    private var hasRequestEnded = false
    private var hasResponseEnded = false
    private var hasResponseBegun = false

    // What waits.
    private(set) var backlog = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 1)
    private var parseError: HTTPParserError?
    private(set) var isInputClosed = false
    private(set) var quiescing = false
    private var quiescingSince: UInt32 = 0
    private var isReadHeld = false
    private var isWaitingForRead = false
    private var isInRead = false
    private var isResuming = false
    private var needsReadComplete = false

    /// Seconds that the next refusal for want of room tells the client to wait.
    var retryAfter = 1

    // What goes out.
    var output = ByteBuffer()
    var needsFlush = false
    /// The loop will flush at the end of its tick.
    var isFlushDue = false

    // Time, in the loop's ticks.
    private var since: UInt32 = 0
    private var unwritableSince: UInt32?
    /// Bytes of a head have arrived, but not its end.
    private var isHeadPending = false
    private var hasReadPart = false
    /// Bytes of requests have come since the last end of a reading; only kept behind TLS, whose own bytes are none.
    private var hasPlainBytes = false

    /// - Parameter installApplication: adds the application's handlers behind this one; called at the first request for it.
    init(
        routes: any HotRoutes, loop: LoopState, client: ClientCertificate? = nil,
        installApplication: @escaping (any Channel) throws -> Void
    ) {
        session = HotSession(client: client)
        self.routes = routes
        self.loop = loop
        self.installApplication = installApplication
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        since = loop.tick
        // A handshake takes no longer than a head.
        isHeadPending = session.client != nil
        loop.add(self)
    }

    /// What comes through TLS are bytes of requests.
    func notePlainBytes() { hasPlainBytes = true }

    func handlerRemoved(context: ChannelHandlerContext) {
        phase = .closed
        loop.remove(self)
        self.context = nil
        encoder = nil
        backlog.removeAll()
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        loop.remove(self)
        backlog.removeAll()
        context.fireChannelInactive()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isInRead = true
        hasReadPart = true
        isWaitingForRead = false
        let part = Self.unwrapInboundIn(data)
        if _fastPath(backlog.isEmpty && !isBusy) {
            process(part, context)
        } else if phase != .draining && phase != .closed {
            backlog.append(part)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isInRead = false
        if !hasReadPart && phase == .idle && !isHeadPending && (session.client == nil || hasPlainBytes) {
            isHeadPending = true
            since = loop.tick
        }
        hasReadPart = false
        hasPlainBytes = false
        flushSoon()
        if needsReadComplete {
            needsReadComplete = false
            context.fireChannelReadComplete()
        }
        if phase == .draining { context.read() }
    }

    func read(context: ChannelHandlerContext) {
        if isBusy && !backlog.isEmpty || unwritableSince != nil && phase != .draining && !isTakingBody {
            isReadHeld = true
        } else {
            isWaitingForRead = true
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unwritableSince = context.channel.isWritable ? nil : loop.tick
        if unwritableSince == nil { releaseRead() }
        if isApplicationInstalled { context.fireChannelWritabilityChanged() }
    }

    /// The application reads a body while it answers: a client that sends everything before it reads anything would wait
    /// for us, and we for it, if its body were held back until it reads.
    private var isTakingBody: Bool { phase == .passing && !hasRequestEnded }

    private func releaseRead() {
        guard isReadHeld, let context, !(isBusy && !backlog.isEmpty), unwritableSince == nil || isTakingBody
        else { return }
        isReadHeld = false
        isWaitingForRead = true
        context.read()
    }

    /// Whether the next part from the socket belongs to a later request than the one at hand.
    private var isBusy: Bool {
        switch phase {
        case .idle, .collecting, .refusing: false
        case .answering, .draining, .closed: true
        case .passing: hasRequestEnded
        }
    }

    /// Goes on with what has waited, until a request takes its time or nothing is left.
    private func resume() {
        if isResuming { return }
        isResuming = true
        while let context, !isBusy, let part = backlog.popFirst() { process(part, context) }
        isResuming = false
        if backlog.isEmpty, !isBusy, let context {
            if let parseError {
                self.parseError = nil
                fail(parseError, context)
            } else if isInputClosed {
                endInput(context)
            }
        }
        if !isInRead { flushSoon() }
        if needsReadComplete, !isInRead, let context {
            needsReadComplete = false
            context.fireChannelReadComplete()
        }
        releaseRead()
    }

    // MARK: Requests

    private func process(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch phase {
        case .idle:
            if case .head(let head) = part { begin(head, context) }
        case .collecting:
            switch part {
            case .body(let piece): collect(piece)
            case .end: complete()
            case .head: break
            }
        case .refusing:
            switch part {
            case .body(let piece):
                bodyBytes += piece.readableBytes
                if bodyBytes > route.bodyBytesMax { refuse(.tooLarge(route)) }
            case .end: if let refusal { refuse(refusal.problem, fields: refusal.fields, isLast: false) }
            case .head: break
            }
        case .passing:
            since = loop.tick
            if case .end = part { hasRequestEnded = true }
            needsReadComplete = true
            context.fireChannelRead(Self.wrapInboundOut(part))
            if hasRequestEnded && hasResponseEnded { finishPassing() }
        case .answering, .draining, .closed: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        since = loop.tick
        isHeadPending = false
        isKeepAlive = head.isKeepAlive
        isHTTP10 = head.version.minor == 0
        isHead = head.method == .HEAD
        guard let path = HotPath.match(head.uri) else { return beginPassing(head, context) }

        phase = .collecting
        route = path.route
        counted = HotCounts.index(of: route)
        reservation = path.reservation
        target = head.uri
        authorization = ""
        hasBody = false
        bodyBytes = 0
        refusal = nil

        let fields = HeadFields(head)
        authorization = fields.authorization
        if fields.isUpgrade { isKeepAlive = false }
        if let problem = fields.problem(for: path, head) {
            refusal = (
                problem, problem.status == 405 ? (route == .release ? "allow: DELETE\r\n" : "allow: POST\r\n") : ""
            )
            // A client that waits for a sign to send its body must not be made to; one whose length is hopeless neither.
            if problem.status == 413 || fields.expectsContinue { return refuse(problem, fields: refusal?.fields ?? "") }
            phase = .refusing
        } else if fields.expectsContinue && !isHTTP10 {
            writeContinue()
        }
    }

    private func collect(_ piece: ByteBuffer) {
        bodyBytes += piece.readableBytes
        if bodyBytes > route.bodyBytesMax { return refuse(.tooLarge(route)) }
        if hasBody {
            body.writeImmutableBuffer(piece)
        } else {
            body = piece
            hasBody = true
        }
    }

    private func complete() {
        sequence &+= 1
        phase = .answering
        since = loop.tick
        var content = ByteBuffer()
        if hasBody {
            swap(&content, &body)
            hasBody = false
        }
        let request = HotRequest(
            route: route, session: session, authorization: authorization, body: content, target: target,
            reservationRange: reservation)
        routes.handle(request, reply: HotReply(handler: self, sequence: sequence))
    }

    /// Answers with a problem of the transport's own; the connection ends with it unless the request was read whole.
    private func refuse(_ problem: Problem, fields: StaticString = "", isLast: Bool = true) {
        if isLast { isKeepAlive = false }
        sequence &+= 1
        phase = .answering
        writeAnswer(problem, fields: fields)
        finishAnswer()
    }

    /// The answer to the request at hand is in `output`.
    func finishAnswer() {
        counted = HotCounts.other
        if !isKeepAlive { return startDraining() }
        phase = .idle
        since = loop.tick
        // Inside a reading of the socket the parts that follow come by themselves, and the flush with its end.
        if !isInRead || !backlog.isEmpty { resume() }
    }

    // MARK: The application behind us

    private func beginPassing(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // What the application writes must not overtake our own answers.
        flushOutput()
        if !isApplicationInstalled {
            do {
                try installApplication(context.channel)
            } catch {
                context.close(promise: nil)
                return
            }
            isApplicationInstalled = true
            // It was added to a channel that is long active.
            context.fireChannelActive()
        }
        phase = .passing
        hasRequestEnded = false
        hasResponseBegun = false
        hasResponseEnded = false
        let fields = HeadFields(head)
        // After these the codec reads no further.
        if fields.isUpgrade || head.method == .CONNECT { isKeepAlive = false }
        if fields.expectsContinue && !isHTTP10 { writeContinue() }
        needsReadComplete = true
        context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase == .passing, !hasResponseEnded else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.code >= 200 {
                hasResponseBegun = true
                if quiescing && backlog.isEmpty || isHTTP10 { isKeepAlive = false }
                if !head.isKeepAlive { isKeepAlive = false }
                if isHTTP10 { head.version = .http1_0 }
                if !isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
            }
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            hasResponseEnded = true
            since = loop.tick
            if hasRequestEnded { finishPassing() }
        }
    }

    private func finishPassing() {
        if quiescing && backlog.isEmpty { isKeepAlive = false }
        if !isKeepAlive {
            context?.flush()
            return startDraining()
        }
        phase = .idle
        since = loop.tick
        resume()
    }

    // MARK: The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            // A request that was sent before may still be on its way: `check` ends an idle connection a little later.
            quiescing = true
            quiescingSince = loop.tick
        case ChannelEvent.inputClosed:
            isInputClosed = true
            if phase == .draining {
                flushThenClose()
            } else if !isBusy && backlog.isEmpty {
                endInput(context)
            } else if phase == .passing && backlog.isEmpty {
                // The application may want to know that nobody is left to read a stream.
                context.fireUserInboundEventTriggered(event)
            }
        case TLSUserEvent.handshakeCompleted:
            if phase == .idle {
                isHeadPending = false
                since = loop.tick
            }
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// The client sends nothing more and everything that it had sent is answered, or will never be complete.
    private func endInput(_ context: ChannelHandlerContext) {
        flushOutput()
        close(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            if phase == .draining || phase == .closed { return }
            if isBusy || !backlog.isEmpty { parseError = error } else { fail(error, context) }
        case is ByteToMessageDecoderError: break  // More bytes behind those that were not HTTP.
        default:
            if isApplicationInstalled { context.fireErrorCaught(error) }
            close(context)
        }
    }

    /// What the client sent is not HTTP from here on.
    private func fail(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
        if phase == .passing {
            // The body of a request that the application is reading; it answers if it has not yet.
            isKeepAlive = false
            hasRequestEnded = true
            since = loop.tick
            context.fireErrorCaught(error)
            if hasResponseEnded { finishPassing() }
            return
        }
        refuse(.malformed(error))
        if !isInRead { flushOutput() }
    }

    /// Shuts our side behind the last answer, and waits a little for the client to close: closing at once could destroy
    /// the answer on its way while bytes of the client are unread. Source: RFC 9112, section 9.6.
    private func startDraining() {
        guard phase != .draining, phase != .closed, let context else { return }
        phase = .draining
        since = loop.tick
        backlog.removeAll()
        flushOutput()
        if isInputClosed {
            flushThenClose()
        } else {
            context.close(mode: .output, promise: nil)
            // Whoever asks for reads behind us may have stopped.
            context.read()
        }
    }

    private func flushThenClose() {
        guard let encoder, let context else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            if let context = self.context { close(context) }
        }
        encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: promise)
    }

    private func close(_ context: ChannelHandlerContext) {
        if phase == .closed { return }
        phase = .closed
        context.close(promise: nil)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output:
            // The application is done with this connection.
            if phase == .draining || phase == .closed {
                promise?.succeed()
            } else {
                startDraining()
                promise?.succeed()
            }
        case .all, .input: context.close(mode: mode, promise: promise)
        }
    }

    // MARK: Time

    /// Looks once a tick whether anybody lets us wait too long.
    func check(at tick: UInt32) {
        guard let context else { return }
        if let unwritableSince, tick &- unwritableSince > loop.limits.write,
            !isTakingBody || tick &- since > loop.limits.write
        {
            return close(context)
        }
        let waited = tick &- since
        switch phase {
        case .idle:
            if isHeadPending {
                if waited > loop.limits.head { refuse(.tooSlow("head")) }
            } else if quiescing {
                if tick &- quiescingSince > 1 { startDraining() }
            } else if waited > loop.limits.idle {
                close(context)
            }
        case .collecting, .refusing:
            if waited > loop.limits.body { refuse(.tooSlow("body")) }
        case .answering:
            if waited > loop.limits.answer {
                isKeepAlive = false
                writeAnswer(.noAnswer)
                finishAnswer()
            }
        case .passing:
            // Only while the application wants more; when it does not read, the client is not to blame.
            if !hasRequestEnded && isWaitingForRead && waited > loop.limits.body {
                if hasResponseBegun { close(context) } else { refuse(.tooSlow("body")) }
            }
        case .draining:
            if waited > loop.limits.linger { close(context) }
        case .closed: break
        }
    }
}
