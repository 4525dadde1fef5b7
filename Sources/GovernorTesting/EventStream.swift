import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A listener of server-sent events over a socket of its own, as a test reads them: one by one, each with a deadline.
///
/// `@unchecked Sendable`: one test uses it, and waits for each call to end. Waiting is done on a thread of its own, so that a
/// server in the same process can go on.
public final class EventStream: @unchecked Sendable {
    public struct Event: Hashable, Sendable {
        public var id: String?
        public var name: String
        public var data: JSONValue
    }

    public private(set) var status = 0
    public private(set) var head = ""
    /// Comments read so far.
    public private(set) var comments = 0
    private let socket: Int32
    private var raw: [UInt8] = []
    /// The body's bytes, out of their chunks.
    private var body: [UInt8] = []
    private var isHeadRead = false
    public private(set) var hasEnded = false

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Connects to a server on loopback and reads the answer's head.
    public static func open(
        port: Int, path: String = "/v1/stream", key: String, lastID: String? = nil
    ) async throws -> EventStream {
        try await aside { try EventStream(port: port, path: path, key: key, lastID: lastID) }
    }

    private static func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    private init(port: Int, path: String, key: String, lastID: String?) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(description: "no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { throw Failure(description: "nobody listens on \(port)") }
        var request = "GET \(path) HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(key)\r\n"
        if let lastID { request += "last-event-id: \(lastID)\r\n" }
        let bytes = Array((request + "\r\n").utf8)
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(description: "the request was not sent")
        }
        let deadline = Date().addingTimeInterval(20)
        while !isHeadRead { try fill(by: deadline) }
    }

    deinit { close(socket) }

    /// The next event that is no comment; `nil` when the server has ended the stream.
    public func next(within seconds: Double = 20) async throws -> Event? {
        try await Self.aside { try self.readNext(within: seconds) }
    }

    private func readNext(within seconds: Double) throws -> Event? {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            if let event = takeEvent() { return event }
            if hasEnded { return nil }
            try fill(by: deadline)
        }
    }

    /// Reads until a comment has come.
    public func waitForComment(within seconds: Double = 20) async throws {
        try await Self.aside { try self.readComment(within: seconds) }
    }

    private func readComment(within seconds: Double) throws {
        let deadline = Date().addingTimeInterval(seconds)
        let before = comments
        while comments == before {
            _ = takeEvent()
            if comments == before { try fill(by: deadline) }
        }
    }

    private func takeEvent() -> Event? {
        while let end = body.firstRange(of: [0x0a, 0x0a]) {
            let text = String(decoding: body[..<end.lowerBound], as: UTF8.self)
            body.removeFirst(end.upperBound)
            var event = Event(id: nil, name: "message", data: .null)
            var isComment = true
            for line in text.split(separator: "\n") {
                if line.hasPrefix(":") { continue }
                isComment = false
                let parts = line.split(separator: ":", maxSplits: 1)
                let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
                switch parts.first {
                case "id": event.id = String(value)
                case "event": event.name = String(value)
                case "data": event.data = (try? JSONValue(json: Array(value.utf8))) ?? .null
                default: break
                }
            }
            if isComment { comments += 1 } else { return event }
        }
        return nil
    }

    private func fill(by deadline: Date) throws {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        let left = deadline.timeIntervalSinceNow
        guard left > 0, poll(&waiting, 1, Int32(left * 1_000) + 1) > 0 else {
            throw Failure(description: "no event came in time")
        }
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        let n = recv(socket, &chunk, chunk.count, 0)
        if n <= 0 {
            hasEnded = true
            if !isHeadRead { throw Failure(description: "the server closed the connection") }
            return
        }
        raw += chunk[..<n]
        if !isHeadRead, let end = raw.firstRange(of: Array("\r\n\r\n".utf8)) {
            head = String(decoding: raw[..<end.lowerBound], as: UTF8.self)
            status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
            raw.removeFirst(end.upperBound)
            isHeadRead = true
        }
        if isHeadRead { takeChunks() }
    }

    private func takeChunks() {
        while let end = raw.firstRange(of: [0x0d, 0x0a]),
            let size = Int(String(decoding: raw[..<end.lowerBound], as: UTF8.self), radix: 16)
        {
            guard raw.count >= end.upperBound + size + 2 else { return }
            body += raw[end.upperBound..<end.upperBound + size]
            raw.removeFirst(end.upperBound + size + 2)
            if size == 0 { hasEnded = true }
        }
    }
}
