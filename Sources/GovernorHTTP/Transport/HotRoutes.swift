import GovernorRuntime
package import NIOCore

/// What answers the hot routes; the transport knows nothing of decisions.
///
/// `handle` is called on the connection's event loop with a complete body and must not block. It answers through `reply`
/// exactly once, at once or later and from any thread. Until then the next request of that connection waits.
package protocol HotRoutes: Sendable {
    func handle(_ request: borrowing HotRequest, reply: HotReply)
}

/// The routes that are answered on the event loop.
package enum HotRoute: Hashable, Sendable {
    /// `POST /v1/decisions`
    case decisions
    /// `POST /v1/decisions/batch`
    case decisionsBatch
    /// `POST /v1/reservations/{id}/confirm`
    case confirm
    /// `POST /v1/reservations/{id}/outcome`
    case outcome
    /// `DELETE /v1/reservations/{id}`
    case release

    /// Bytes; a longer body is answered with 413.
    package var bodyBytesMax: Int {
        switch self {
        case .decisions: WireDecisionRequest.bodyBytesMax
        case .decisionsBatch: WireBatch.bodyBytesMax
        case .outcome: WireOutcome.bodyBytesMax
        case .confirm, .release: WireNothing.bodyBytesMax
        }
    }

    /// With its parameter in braces; the label in metrics.
    package var path: String {
        switch self {
        case .decisions: "/v1/decisions"
        case .decisionsBatch: "/v1/decisions/batch"
        case .confirm: "/v1/reservations/{id}/confirm"
        case .outcome: "/v1/reservations/{id}/outcome"
        case .release: "/v1/reservations/{id}"
        }
    }

    /// The one method that its path knows.
    package var method: StaticString { self == .release ? "DELETE" : "POST" }
}

/// A complete request for a hot route.
package struct HotRequest {
    package let route: HotRoute
    /// The connection that it came by.
    package let session: HotSession
    /// The value of the `Authorization` field; empty without one.
    package let authorization: String
    /// The whole body; empty without one.
    package let body: ByteBuffer
    let target: String
    let reservationRange: Range<Int>

    /// Calls `use` with the reservation's id as it stands in the path, no bytes for the decision routes.
    @inline(__always)
    package func withReservationID<R>(_ use: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        var target = target
        return try target.withUTF8 {
            try use(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0)[reservationRange]))
        }
    }

    /// Calls `use` with the bytes of the `Authorization` field.
    @inline(__always)
    package func withAuthorization<R>(_ use: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        var authorization = authorization
        return try authorization.withUTF8 { try use(UnsafeRawBufferPointer($0)) }
    }
}

/// What the routes remember of a connection from one request to the next; touched on its event loop alone.
package final class HotSession {
    /// The `Authorization` field that `admission` was found by.
    var authorization = ""
    var admission: KeyRing.Admission?
    /// What the client may show instead of a key; `nil` without TLS.
    let client: ClientCertificate?

    init(client: ClientCertificate?) { self.client = client }
}

/// What an answer's body is.
package enum HotContent: Hashable, Sendable {
    case json, problem
}

/// The way back to one request. A second answer, or one that comes after the connection has gone, is dropped.
package struct HotReply: @unchecked Sendable {
    // `handler` belongs to its event loop: it is touched there alone, and otherwise only handed to the loop's inbox. Its
    // `loop` is immutable.
    let handler: HotRouteHandler
    let sequence: UInt64
    /// What counts the request as under way for its key; held by whoever may still answer it.
    var lease: CallerBounds.Lease?

    init(handler: HotRouteHandler, sequence: UInt64) {
        self.handler = handler
        self.sequence = sequence
    }

    /// The event loop of the connection.
    package var eventLoop: any EventLoop { handler.loop.eventLoop }

    /// Answers with what `write` appends.
    ///
    /// On the event loop `write` appends right behind the head, without a copy. From another thread the body is written
    /// into a buffer of its own first.
    /// - Parameter fields: whole header lines, each ending in CRLF. 503 gets its `Retry-After` without asking.
    @inline(__always)
    package func respond(
        _ status: Int, _ content: HotContent = .json, fields: StaticString = "", write: (inout ByteBuffer) -> Void
    ) {
        if _fastPath(eventLoop.inEventLoop) {
            handler.answer(sequence, status, content, fields: fields, write: write)
        } else {
            var body = ByteBuffer()
            write(&body)
            respond(status, content, fields: fields, body: body)
        }
    }

    /// Answers with a body that is ready. Answers from other threads are gathered: a burst wakes the loop once.
    package func respond(_ status: Int, _ content: HotContent = .json, fields: StaticString = "", body: ByteBuffer) {
        if eventLoop.inEventLoop {
            handler.answer(sequence, status, content, fields: fields, body: body)
        } else {
            handler.loop.post { [self] in handler.answer(sequence, status, content, fields: fields, body: body) }
        }
    }

    package var isOnEventLoop: Bool { eventLoop.inEventLoop }

    /// Has `work` run on the connection's event loop; a burst of them wakes it once.
    package func post(_ work: @escaping @Sendable () -> Void) { handler.loop.post(work) }

    /// Answers with a problem document.
    /// - Parameter retryAfter: seconds that a 429 or a 503 tells the caller to wait; only on the event loop.
    package func respond(_ problem: Problem, fields: StaticString = "", retryAfter: Int = 1) {
        if retryAfter != 1 { handler.retryAfter = retryAfter }
        respond(problem.status, .problem, fields: fields) { problem.write(to: &$0) }
    }
}
