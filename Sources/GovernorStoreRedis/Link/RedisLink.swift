import GovernorCore
import NIOCore
import NIOPosix
import NIOSSL

/// The way from one event loop to one server: connects, introduces itself, and comes back after a loss.
///
/// Bound to its event loop. Commands asked for while it connects wait, up to a bound; while the breaker is open they are
/// refused at once. The handshake is the breaker's probe.
final class RedisLink {
    private enum State {
        case idle
        case connecting
        case ready(RedisConnection)
        /// Until the next attempt.
        case down(String)
        case closed
    }

    private struct Held {
        let command: RedisCommand
        let receiver: any ReplyReceiver
        let tag: Int
    }

    let loop: any EventLoop
    let purpose: Handshake.Purpose
    private(set) var endpoint: RedisEndpoint
    private let settings: LinkSettings
    private let gate: Gate?
    /// Told of every change, by the loop.
    private let report: (LinkReport) -> Void
    private var state = State.idle
    private var breaker: Breaker
    private var generator = SystemRandomNumberGenerator()
    private var held: [Held] = []
    /// Connected, and introducing itself.
    private var candidate: RedisConnection?
    /// Numbers attempts, so that a late answer of an earlier one is known as such.
    private var attempt = 0
    private var lastReason = "not connected yet"
    private(set) var facts = ServerFacts()

    init(
        loop: any EventLoop, endpoint: RedisEndpoint, purpose: Handshake.Purpose, settings: LinkSettings,
        gate: Gate? = nil,
        report: @escaping (LinkReport) -> Void
    ) {
        self.loop = loop
        self.endpoint = endpoint
        self.purpose = purpose
        self.settings = settings
        self.gate = gate
        self.report = report
        breaker = Breaker(
            failuresToOpen: settings.failuresToOpen, backoffMinMilliseconds: settings.backoffMin.count,
            backoffMaxMilliseconds: settings.backoffMax.count)
    }

    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    // MARK: asking

    /// Sends the command, or holds it until the connection is ready, or refuses it.
    func send(_ command: RedisCommand, to receiver: any ReplyReceiver, tag: Int) {
        loop.assertInEventLoop()
        switch state {
        case .ready(let connection): connection.send(command, to: receiver, tag: tag)
        case .closed: receiver.failed(.notSent("the store is closed"), tag: tag)
        case .idle:
            hold(command, receiver, tag)
            connect()
        case .connecting, .down:
            if breaker.isOpen {
                receiver.failed(.notSent(lastReason), tag: tag)
            } else {
                hold(command, receiver, tag)
            }
        }
    }

    private func hold(_ command: RedisCommand, _ receiver: any ReplyReceiver, _ tag: Int) {
        guard held.count < settings.waitingMax else {
            return receiver.failed(.overloaded("\(settings.waitingMax) commands wait for Redis"), tag: tag)
        }
        held.append(Held(command: command, receiver: receiver, tag: tag))
    }

    private func refuseHeld(_ reason: String) {
        let refused = held
        held = []
        for item in refused { item.receiver.failed(.notSent(reason), tag: item.tag) }
    }

    // MARK: connecting

    func connectIfIdle() {
        if case .idle = state { connect() }
    }

    /// Leaves the server for another one, at once.
    func move(to endpoint: RedisEndpoint) {
        guard endpoint != self.endpoint else { return }
        self.endpoint = endpoint
        switch state {
        case .closed: return
        case .ready(let connection): connection.close("Redis has moved to \(endpoint)")
        case .idle, .connecting, .down: break
        }
        attempt += 1
        connect()
    }

    /// The server said that it is no longer what it was: connect anew.
    func doubt(_ reason: String) {
        if case .ready(let connection) = state { connection.close(reason) }
    }

    private func connect() {
        attempt += 1
        let number = attempt
        dropCandidate("another connection takes its place")
        state = .connecting
        let bound = NIOLoopBound(self, eventLoop: loop)
        let settings = settings
        let serverName = Self.serverName(settings, endpoint)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(settings.connectTimeout)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                guard let tls = settings.tls else { return channel.eventLoop.makeSucceededVoidFuture() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        try NIOSSLClientHandler(context: tls, serverHostname: serverName))
                }
            }
        let connecting =
            switch endpoint {
            case .host(let name, let port): bootstrap.connect(host: name, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        connecting.whenComplete { result in
            let link = bound.value
            switch result {
            case .success(let channel): link.connected(channel, number)
            case .failure(let error):
                link.attemptFailed(number, .unreachable("Redis at \(link.endpoint) cannot be reached: \(error)"))
            }
        }
        // The whole attempt, handshake included, has one deadline.
        loop.assumeIsolated().scheduleTask(in: settings.connectTimeout) {
            self.attemptFailed(
                number, .unreachable("Redis at \(self.endpoint) was not ready within the time to connect"))
        }
    }

    /// The name that the certificate must have; none for an address in digits, which TLS cannot ask for.
    private static func serverName(_ settings: LinkSettings, _ endpoint: RedisEndpoint) -> String? {
        if let name = settings.tlsServerName { return name }
        guard case .host(let name, _) = endpoint, (try? SocketAddress(ipAddress: name, port: 0)) == nil else {
            return nil
        }
        return name
    }

    private func connected(_ channel: any NIOCore.Channel, _ number: Int) {
        guard number == attempt, case .connecting = state else {
            channel.close(promise: nil)
            return
        }
        let connection = RedisConnection(timeout: settings.commandTimeout, waitingMax: settings.waitingMax)
        do { try channel.pipeline.syncOperations.addHandler(connection) } catch {
            return attemptFailed(number, .unreachable("the connection to Redis failed: \(error)"))
        }
        candidate = connection
        connection.onClose = { [weak self] _, reason, wasOverdue in
            self?.lost(number, reason, wasOverdue: wasOverdue)
        }
        let introduction = Introduction(
            Handshake(purpose: purpose, endpoint: endpoint, settings: settings), settings.now
        ) { [weak self] result in
            switch result {
            case .success(let facts): self?.introduced(number, connection, facts)
            case .failure(let error): self?.attemptFailed(number, error)
            }
        }
        for (i, command) in introduction.handshake.commands.enumerated() {
            connection.send(command, to: introduction, tag: i)
        }
    }

    private func introduced(_ number: Int, _ connection: RedisConnection, _ facts: ServerFacts) {
        guard number == attempt, case .connecting = state else {
            connection.onClose = nil
            connection.close("another connection took its place")
            return
        }
        breaker.succeeded()
        candidate = nil
        self.facts = facts
        state = .ready(connection)
        report(.ready(endpoint, facts))
        // What was asked before the history changed is not told to what may lack something.
        if let reason = gate?.reason { return refuseHeld(reason) }
        let waiting = held
        held = []
        for item in waiting { send(item.command, to: item.receiver, tag: item.tag) }
    }

    private func attemptFailed(_ number: Int, _ error: RedisStoreError) {
        guard number == attempt, case .connecting = state else { return }
        wentDown(error)
    }

    private func lost(_ number: Int, _ reason: String, wasOverdue: Bool) {
        guard number == attempt else { return }
        switch state {
        case .connecting: wentDown(.unreachable("at \(endpoint): \(reason)"))
        case .ready:
            // A server that closed the door may open it at once; one that hangs is not asked again so soon.
            if wasOverdue {
                wentDown(.unreachable("at \(endpoint): \(reason)"))
            } else {
                report(.down(endpoint, .unreachable("at \(endpoint): \(reason)")))
                lastReason = reason
                connect()
            }
        case .idle, .down, .closed: return
        }
    }

    private func dropCandidate(_ reason: String) {
        guard let dropped = candidate else { return }
        candidate = nil
        dropped.onClose = nil
        dropped.close(reason)
    }

    private func wentDown(_ error: RedisStoreError) {
        lastReason = error.description
        dropCandidate(lastReason)
        state = .down(lastReason)
        attempt += 1
        let delay = breaker.failed(&generator)
        report(.down(endpoint, error))
        if breaker.isOpen { refuseHeld(lastReason) }
        let number = attempt
        loop.assumeIsolated().scheduleTask(in: .milliseconds(delay)) {
            guard number == self.attempt, case .down = self.state else { return }
            self.connect()
        }
    }

    func close() {
        attempt += 1
        if case .ready(let connection) = state {
            connection.onClose = nil
            connection.close("the store is closed")
        }
        dropCandidate("the store is closed")
        state = .closed
        refuseHeld("the store is closed")
    }
}

/// What a link tells the store.
enum LinkReport: Sendable {
    case ready(RedisEndpoint, ServerFacts)
    case down(RedisEndpoint, RedisStoreError)
}

/// Hands the replies of a handshake to it, and says what came of it once.
private final class Introduction: ReplyReceiver {
    private(set) var handshake: Handshake
    private let now: @Sendable () -> Timestamp
    private var done: ((Result<ServerFacts, RedisStoreError>) -> Void)?

    init(
        _ handshake: Handshake, _ now: @escaping @Sendable () -> Timestamp,
        _ done: @escaping (Result<ServerFacts, RedisStoreError>) -> Void
    ) {
        self.handshake = handshake
        self.now = now
        self.done = done
    }

    private func end(_ result: Result<ServerFacts, RedisStoreError>) {
        let done = done
        self.done = nil
        done?(result)
    }

    func received(_ reply: RedisReply, tag: Int) {
        guard done != nil else { return }
        switch handshake.received(reply, now: now()) {
        case .more: break
        case .ready(let facts): end(.success(facts))
        case .failed(let error): end(.failure(error))
        }
    }

    func failed(_ failure: LinkFailure, tag: Int) {
        switch failure {
        case .notSent(let why), .lost(let why), .overloaded(let why):
            end(.failure(.unreachable("at \(handshake.endpoint): \(why)")))
        }
    }
}
