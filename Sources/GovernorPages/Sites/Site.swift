/// Pages under a path of their own. A server finds them by their root and hands the request on; neither knows the other.
public protocol Site: Sendable {
    /// `/console`: this path and everything below it.
    var root: String { get }

    /// Bytes of a body that this request may bring, by its head; the body of `request` is still empty.
    func bodyBytesMax(_ request: SiteRequest) -> Int

    func answer(_ request: SiteRequest) async -> SiteAnswer
}

/// What a browser asks of a site.
public struct SiteRequest: Sendable {
    /// `GET`, `POST`, …; a `HEAD` comes as `GET`.
    public var method: String
    /// As it was sent, without the query.
    public var path: String
    public var query: String
    /// Names in lower case.
    public var fields: [(name: String, value: String)]
    /// The address that the connection comes from, without its port; empty when the server does not know it.
    public var peer: String
    public var body: [UInt8]
    /// The body was longer than `bodyBytesMax` and thrown away.
    public var isBodyTooLarge = false

    public init(
        method: String, path: String, query: String = "", fields: [(name: String, value: String)] = [],
        peer: String = "", body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.peer = peer
        self.body = body
    }

    /// The first field of that name.
    public subscript(field: String) -> String? { fields.first { $0.name == field }?.value }
}

/// What a site answers.
public struct SiteAnswer: Sendable {
    public enum Content: Sendable {
        case bytes([UInt8])
        /// Pieces as they come, until the stream ends or nobody listens any more.
        case stream(AsyncStream<[UInt8]>)
    }

    public var status: Int
    public var fields: [(name: String, value: String)]
    public var content: Content

    public init(_ status: Int, fields: [(name: String, value: String)] = [], content: Content = .bytes([])) {
        self.status = status
        self.fields = fields
        self.content = content
    }
}
