import NIOHTTP1

/// What the transport itself has to say.
extension Problem {
    static var host: Problem {
        Problem(
            status: 400, code: "http.host", title: "The request is not valid HTTP",
            detail: "An HTTP/1.1 request needs exactly one Host field.")
    }

    static func method(_ route: HotRoute) -> Problem {
        Problem(
            status: 405, code: "http.method", title: "This path has another method",
            detail: "Use \(route.method) here.")
    }

    static var query: Problem {
        Problem(
            status: 400, code: "http.query", title: "The request target is not valid",
            detail: "This path takes no query; send everything in the body.")
    }

    static var expectation: Problem {
        Problem(
            status: 417, code: "http.expectation", title: "The expectation is not known",
            detail: "The only expectation that is met is 100-continue.")
    }

    static var mediaType: Problem {
        Problem(
            status: 415, code: "http.media_type", title: "The body is of another type",
            detail: "Send JSON in UTF-8 as application/json.")
    }

    static func tooLarge(_ route: HotRoute) -> Problem {
        Problem(
            status: 413, code: "http.body_too_large", title: "The body is too large",
            detail: "Send at most \(route.bodyBytesMax) bytes here; split a batch that is longer.")
    }

    static func tooSlow(_ what: String) -> Problem {
        Problem(
            status: 408, code: "http.too_slow", title: "The request did not arrive in time",
            detail: "The \(what) of the request was not complete in time; send it again on a new connection.")
    }

    /// The safety net under every deadline of the routes.
    static var noAnswer: Problem {
        Problem(
            status: 503, code: "http.no_answer", title: "No answer in time",
            detail: "The request was not answered in time; ask again with the same idempotency key.",
            deniesContact: true)
    }

    static func malformed(_ error: HTTPParserError) -> Problem {
        switch error {
        case .headerOverflow:
            Problem(
                status: 431, code: "http.header_too_large", title: "The header is too large",
                detail: "Send fewer or shorter header fields.")
        case .invalidVersion:
            Problem(
                status: 505, code: "http.version", title: "The HTTP version is not supported",
                detail: "Speak HTTP/1.1.")
        case .invalidEOFState:
            Problem(
                status: 400, code: "http.incomplete", title: "The request is not complete",
                detail: "The connection was closed in the middle of a request.")
        default:
            Problem(
                status: 400, code: "http.malformed", title: "The request is not valid HTTP",
                detail: "What was sent cannot be read as HTTP/1.1.")
        }
    }
}
