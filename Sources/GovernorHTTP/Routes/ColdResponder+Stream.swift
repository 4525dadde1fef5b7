import GovernorCore
import GovernorRuntime
import HTTPTypes
import HummingbirdCore
import NIOCore

extension ColdResponder {
    /// Server-sent events for as long as the client listens. Source: HTML Living Standard, "Server-sent events".
    func stream(_ request: Request, by caller: Caller) throws(Problem) -> ColdAnswer {
        var answer = ColdAnswer(200, "text/event-stream", ByteBuffer())
        answer.headers[.cacheControl] = "no-store"
        // For proxies that would collect events before they pass them on.
        if let name = HTTPField.Name("x-accel-buffering") { answer.headers[name] = "no" }
        if request.method == .head { return answer }
        let last = HTTPField.Name("last-event-id").flatMap { request.headers[$0] }
        let place: StreamPlace
        do throws(StreamRefusal) {
            place = StreamPlace(try governor.revocations.listen(after: last, as: caller), in: governor.revocations)
        } catch {
            throw Problem(error)
        }
        let (interval, hasher) = (configuration.heartbeat, intake.hasher)
        answer.body = ResponseBody { writer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while true {
                        try await Task.sleep(for: interval)
                        place.listener.beat()
                    }
                }
                for await item in place.listener.items {
                    place.listener.took()
                    try await writer.write(Self.text(of: item, in: place.stream, hasher))
                }
                group.cancelAll()
            }
            try await writer.finish(nil)
        }
        return answer
    }

    static func text(of item: StreamItem, in stream: RevocationStream, _ hasher: ReservationSecret) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let number = item.number { buffer.writeString("id: \(number)\n") }
        func write(_ name: StaticString, _ data: (inout JSONWriter) -> Void) {
            buffer.writeString("event: \(name)\ndata: ")
            // JSON without line feeds, which would end the line.
            buffer.writeJSON(estimate: 256) { json in
                json.beginObject()
                data(&json)
                json.endObject()
            }
            buffer.writeStaticString("\n\n")
        }
        switch item {
        case .heartbeat: buffer.writeStaticString(": still here\n\n")
        case .ready:
            buffer.writeStaticString("retry: 1000\n")
            write("ready") { _ in }
        case .reset:
            write("reset") { json in
                json.field("reason", static: "gap")
                json.field("detail", static: "something may have been missed: confirm every open reservation anew")
            }
        case .tooSlow:
            write("dropped") { json in
                json.field("reason", static: "too_slow")
                json.field("detail", static: "events came faster than they were read: come back with Last-Event-ID")
            }
        case .event(_, let revocation):
            write("revoked") { json in
                json.field("cause", revocation.cause.name)
                json.field("at", revocation.at)
                json.name("reservations")
                json.beginArray()
                for reservation in revocation.reservations {
                    json.beginObject()
                    json.field(
                        "id",
                        ReservationToken.make(touch: reservation.touch, person: reservation.person, hasher: hasher))
                    json.field("ref", orNull: stream.ref(of: reservation.touch))
                    json.field("agency", orNull: reservation.agency.isEmpty ? nil : reservation.agency)
                    json.field("channel", reservation.channel)
                    json.field("purpose", reservation.purpose)
                    json.field("campaign", orNull: reservation.campaign.isEmpty ? nil : reservation.campaign)
                    json.endObject()
                }
                json.endArray()
            }
        }
        return buffer
    }
}

/// A listener's place: given up with the last who holds it, also when the answer is never begun.
final class StreamPlace: Sendable {
    let listener: StreamListener
    let stream: RevocationStream

    init(_ listener: StreamListener, in stream: RevocationStream) {
        self.listener = listener
        self.stream = stream
    }

    deinit { stream.leave(listener) }
}

extension Problem {
    init(_ refusal: StreamRefusal) {
        switch refusal {
        case .tooManyListeners:
            self.init(
                status: 503, code: "stream.full", title: "Too many listen already",
                detail: "this node tells \(RevocationStream.listenersMax) listeners; try another node, or later")
        case .tooManyOfCaller:
            self.init(
                status: 429, code: "stream.too_many", title: "This key listens too often",
                detail: "a key may listen \(RevocationStream.listenersPerCallerMax) times on one node: share one stream"
            )
        case .closed:
            self.init(
                status: 503, code: "stream.closed", title: "The node is stopping",
                detail: "listen again with Last-Event-ID, on another node or in a moment")
        }
        deniesContact = false
    }
}
