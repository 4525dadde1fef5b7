import GovernorHTTP
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@Suite struct HotRouteHandlerTests {
    // MARK: One request

    fileprivate struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let request: String
        let status: Int
        let body: String
        let isOpen: Bool
        let field: (String, String)?

        init(
            _ name: String, _ request: String, _ status: Int, _ body: String, open: Bool, field: (String, String)? = nil
        ) {
            self.name = name
            self.request = request
            self.status = status
            self.body = body
            isOpen = open
            self.field = field
        }

        var testDescription: String { name }
    }

    fileprivate static let rows: [Row] = [
        Row("a decision", post(), 200, "decisions   {}", open: true, field: ("content-type", "application/json")),
        Row("a batch", post("/v1/decisions/batch"), 200, "decisionsBatch   {}", open: true),
        Row("a confirmation", post("/v1/reservations/r-1/confirm", ""), 200, "confirm r-1  ", open: true),
        Row("an outcome", post("/v1/reservations/r-1/outcome"), 200, "outcome r-1  {}", open: true),
        Row(
            "a release", "DELETE /v1/reservations/r-1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\n\r\n", 200,
            "release r-1 Bearer k ", open: true),
        Row("absolute form", post("http://x:8080/v1/decisions"), 200, "decisions   {}", open: true),
        Row(
            "in chunks",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{ \r\n1\r\n}\r\n0\r\n\r\n",
            200,
            "decisions   { }", open: true),
        Row(
            "no content type", "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}", 200,
            "decisions   {}", open: true),
        Row(
            "a charset",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\nContent-Type: Application/JSON; charset=UTF-8\r\ncontent-length: 2\r\n\r\n{}",
            200, "decisions   {}", open: true),
        Row(
            "another charset",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json; charset=latin1\r\ncontent-length: 2\r\n\r\n{}",
            415, "http.media_type", open: true, field: ("content-type", "application/problem+json")),
        Row(
            "another type",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\n{}", 415,
            "http.media_type", open: true),
        Row("no host", "POST /v1/decisions HTTP/1.1\r\ncontent-length: 0\r\n\r\n", 400, "http.host", open: true),
        Row("two hosts", post(fields: "host: y\r\n"), 400, "http.host", open: true),
        Row("a query", post("/v1/decisions?x=1"), 400, "http.query", open: true),
        Row("another method", get("/v1/decisions"), 405, "http.method", open: true, field: ("allow", "POST")),
        Row(
            "another method of a reservation", get("/v1/reservations/r"), 405, "http.method", open: true,
            field: ("allow", "DELETE")),
        Row("an unknown expectation", post(fields: "expect: tea\r\n"), 417, "http.expectation", open: true),
        Row(
            "closing", post(fields: "connection: close\r\n"), 200, "decisions   {}", open: false,
            field: ("connection", "close")),
        Row(
            "HTTP/1.0", "POST /v1/decisions HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}", 200, "decisions   {}",
            open: false,
            field: ("connection", "close")),
        Row(
            "HTTP/1.0 kept alive",
            "POST /v1/decisions HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}", 200,
            "decisions   {}", open: true, field: ("connection", "keep-alive")),
        Row(
            "an announced length too large",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 65537\r\n\r\n", 413, "http.body_too_large",
            open: false,
            field: ("connection", "close")),
        Row(
            "a hopeless length that waits for a sign",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 65537\r\n\r\n", 413,
            "http.body_too_large", open: false),
        Row(
            "a body too large in chunks",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n10001\r\n"
                + String(repeating: " ", count: 65537), 413, "http.body_too_large", open: false),
        Row("not HTTP", "hello\r\n\r\n", 400, "http.malformed", open: false, field: ("connection", "close")),
        Row(
            "a length that is none", "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", 400,
            "http.malformed", open: false),
        Row(
            "two lengths",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}", 400,
            "http.malformed", open: false),
        Row(
            "a broken chunk", "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400,
            "http.malformed", open: false),
        Row(
            "a header too large",
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\na: \(String(repeating: "x", count: 9_000))\r\n\r\n", 431,
            "http.header_too_large", open: false),
        Row("the application's", get("/healthz"), 200, "application /healthz ", open: true),
        Row("the application's neighbour", get("/v1/decisions/"), 200, "application /v1/decisions/ ", open: true),
        Row("the application's list", get("/v1/reservations"), 200, "application /v1/reservations ", open: true),
        Row(
            "the application's, closing", "GET /a HTTP/1.0\r\n\r\n", 200, "application /a ", open: false,
            field: ("connection", "close")),
    ]

    @Test(arguments: rows)
    fileprivate func oneRequest(_ row: Row) throws {
        let connection = try Connection()
        try? connection.send(row.request)
        let answers = try connection.answers()
        try #require(answers.count == 1)
        #expect(answers[0].status == row.status)
        if row.status == 200 {
            #expect(answers[0].body == row.body)
        } else {
            #expect(answers[0].body.contains("\"code\":\"\(row.body)\""), "\(answers[0].body)")
        }
        #expect(connection.isOpen == row.isOpen)
        if let (name, value) = row.field { #expect(answers[0].fields[name] == value) }
        if row.isOpen {
            // Whatever was refused was also taken off the connection.
            try connection.send(post("/v1/decisions", "again"))
            #expect(try connection.answers().map(\.body) == ["decisions   again"])
        }
    }

    @Test func everyByteByItself() throws {
        let connection = try Connection()
        for byte in post("/v1/decisions", #"{"a":1}"#) + get("/cold") + post() { try connection.send(String(byte)) }
        #expect(
            try connection.answers().map(\.body) == [#"decisions   {"a":1}"#, "application /cold ", "decisions   {}"])
    }

    @Test func continueIsSaidOnceTheHeadIsFine() throws {
        let connection = try Connection()
        try connection.send(
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        #expect(try connection.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("{}")
        #expect(try connection.answers().map(\.status) == [200])
        try connection.send("PUT /cold HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        #expect(try connection.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("{}")
        #expect(try connection.answers().map(\.body) == ["application /cold {}"])
    }

    @Test func fieldsOfEveryAnswer() throws {
        let connection = try Connection { try $0.addField("x-content-type-options", "nosniff") }
        try connection.send(post())
        let answer = try #require(try connection.answers().first)
        #expect(answer.fields["x-content-type-options"] == "nosniff")
        #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
    }

    @Test(arguments: [
        ("a\r\nb", "c"), ("", "c"), ("a", "b\r\nset-cookie: c"), ("a", "b\u{0}"), ("a b", "c"), ("a:", "c"),
    ])
    func unsafeFieldsAreRefused(name: String, value: String) {
        var configuration = TransportConfiguration()
        #expect(throws: TransportConfigurationError.self) { try configuration.addField(name, value) }
    }

    @Test func unavailableSaysWhenToComeBack() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post())
        let (reply, _) = try #require(connection.routes.takeWaiting().first)
        reply.respond(
            Problem(status: 503, code: "store.unavailable", title: "t", detail: "d", deniesContact: true))
        let answer = try #require(try connection.answers().first)
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.body.contains(#""verdict":"deny""#))
    }

    @Test func noContentHasNoLength() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post())
        connection.routes.takeWaiting().first?.0.respond(204) { _ in }
        let answer = try #require(try connection.answers().first)
        #expect(answer.status == 204)
        #expect(answer.fields["content-length"] == nil)
        #expect(answer.fields["content-type"] == nil)
    }

    @Test(arguments: [0, 9, 10, 1_023, 16_383, 16_384, 100_000])
    func bodiesOfAnyLength(length: Int) throws {
        for isReady in [false, true] {
            let connection = try Connection(isDeferring: true)
            let body = String(repeating: "x", count: length)
            try connection.send(post() + post())
            for _ in 0..<2 {
                let (reply, _) = try #require(connection.routes.takeWaiting().first)
                if isReady {
                    reply.respond(200, body: ByteBuffer(string: body))
                } else {
                    reply.respond(200) { _ = $0.writeString(body) }
                }
            }
            #expect(try connection.answers().map(\.body) == [body, body])
        }
    }

    // MARK: Order

    @Test func pipelinedRequestsAreAnsweredInOneFlush() throws {
        let connection = try Connection()
        try connection.send((0..<50).map { post("/v1/decisions", "\($0)") }.joined())
        #expect(connection.counter.flushes == 1)
        #expect(connection.counter.writes == 1)
        #expect(try connection.answers().map(\.body) == (0..<50).map { "decisions   \($0)" })
    }

    @Test func aRequestWaitsForTheOneBefore() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post("/v1/decisions", "1") + get("/cold") + post("/v1/decisions", "2"))
        #expect(connection.routes.seen == ["decisions   1"])
        #expect(connection.application.bodies.isEmpty)

        connection.application.isDeferring = true
        connection.routes.answerWaiting()
        #expect(connection.application.bodies == [""])
        #expect(connection.routes.seen.count == 1)

        connection.application.answer()
        #expect(connection.routes.seen == ["decisions   1", "decisions   2"])
        connection.routes.answerWaiting()
        #expect(try connection.answers().map(\.body) == ["decisions   1", "application /cold ", "decisions   2"])
    }

    @Test func rubbishBehindARequestIsAnsweredBehindIt() throws {
        let connection = try Connection(isDeferring: true)
        try? connection.send(post() + "rubbish\r\n\r\n")
        #expect(try connection.answers().isEmpty)
        connection.routes.answerWaiting()
        #expect(try connection.answers().map(\.status) == [200, 400])
        #expect(!connection.isOpen)
    }

    @Test func nothingBehindAClosingRequestIsHandled() throws {
        let connection = try Connection()
        try connection.send(post(fields: "connection: close\r\n") + post("/v1/decisions", "late"))
        #expect(try connection.answers().count == 1)
        #expect(connection.routes.seen.count == 1)
    }

    @Test func readingStopsWhileRequestsWait() throws {
        let connection = try Connection(isDeferring: true)
        let reads = ReadCounter()
        try connection.channel.pipeline.syncOperations.addHandler(reads, position: .first)
        try connection.send(post())
        connection.channel.read()
        #expect(reads.count == 1)  // One request is at work, none waits.
        try connection.send(post())
        connection.channel.read()
        #expect(reads.count == 1)  // One waits.
        connection.routes.answerWaiting()
        #expect(reads.count == 2)
    }

    @Test func aSecondAnswerIsDropped() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post())
        let (reply, _) = try #require(connection.routes.takeWaiting().first)
        reply.respond(200) { _ = $0.writeString("first") }
        reply.respond(200) { _ = $0.writeString("second") }
        try connection.send(post())
        reply.respond(200) { _ = $0.writeString("third") }
        connection.routes.answerWaiting()
        #expect(try connection.answers().map(\.body) == ["first", "decisions   {}"])
    }

    @Test func anAnswerAfterTheEndIsDropped() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post())
        try connection.channel.close().wait()
        connection.routes.answerWaiting()
        #expect(try connection.received().isEmpty)
    }

    // MARK: Half a request

    @Test(arguments: [
        ("nothing", "", 0), ("half a head", "POST /v1/decisions HT", 1),
        ("half a body", "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{}", 1),
    ])
    func anEndInTheMiddle(name: String, text: String, answers: Int) throws {
        let connection = try Connection()
        if !text.isEmpty { try connection.send(text) }
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!connection.isOpen)
        #expect(try connection.answers().allSatisfy { $0.status == 400 })
        #expect(connection.routes.seen.isEmpty)
    }

    @Test func anEndBehindARequestWaitsForItsAnswer() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post())
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(connection.isOpen)
        connection.routes.answerWaiting()
        #expect(try connection.answers().map(\.status) == [200])
        connection.channel.embeddedEventLoop.run()
        #expect(!connection.isOpen)
    }

    // MARK: Time

    @Test(arguments: [
        ("half a head", "POST /v1/deci", 10, 408),
        ("half a body", "POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{}", 30, 408),
        ("no answer", post(), 30, 503),
        ("half a body for the application", "PUT /cold HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{}", 30, 408),
        ("nothing", "", 75, 0),
    ])
    func nobodyWaitsForEver(name: String, text: String, seconds: Int, status: Int) throws {
        let connection = try Connection(isDeferring: true)
        if !text.isEmpty { try connection.send(text) }
        connection.channel.read()
        connection.pass(.seconds(Int64(seconds)))
        #expect(connection.isOpen)
        #expect(try connection.received().isEmpty)
        connection.pass(.seconds(1))
        #expect(!connection.isOpen)
        #expect(try connection.answers().map(\.status) == (status == 0 ? [] : [status]))
        connection.routes.answerWaiting()
        #expect(try connection.received().isEmpty)
    }

    @Test func aBusyConnectionIsNotIdle() throws {
        let connection = try Connection()
        for _ in 0..<5 {
            connection.pass(.seconds(60))
            try connection.send(post())
        }
        #expect(try connection.answers().count == 5)
        #expect(connection.isOpen)
    }

    // MARK: Shutting down

    @Test func anIdleConnectionEndsSoon() throws {
        let connection = try Connection()
        try connection.send(post())
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.pass(.milliseconds(250))
        #expect(connection.isOpen)
        connection.pass(.milliseconds(250))
        #expect(!connection.isOpen)
    }

    /// Sent before the shutdown, and read after it.
    @Test func aRequestOnItsWayIsAnswered() throws {
        let connection = try Connection()
        try connection.send(post())
        _ = try connection.received()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.pass(.milliseconds(250))
        try connection.send(post("/v1/decisions", "late"))
        let answer = try #require(try connection.answers().first)
        #expect(answer.body == "decisions   late")
        #expect(answer.fields["connection"] == "close")
        #expect(!connection.isOpen)
    }

    @Test func whatIsInFlightIsFinished() throws {
        let connection = try Connection(isDeferring: true)
        try connection.send(post("/v1/decisions", "1") + post("/v1/decisions", "2"))
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(connection.isOpen)
        connection.routes.answerWaiting()
        connection.routes.answerWaiting()
        let answers = try connection.answers()
        #expect(answers.map(\.body) == ["decisions   1", "decisions   2"])
        #expect(answers.map { $0.fields["connection"] } == [nil, "close"])
        #expect(!connection.isOpen)
    }

    @Test func aHalfSentRequestIsFinished() throws {
        let connection = try Connection()
        try connection.send("POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{")
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        try connection.send("}")
        let answer = try #require(try connection.answers().first)
        #expect(answer.fields["connection"] == "close")
        #expect(!connection.isOpen)
    }

    @Test func theApplicationsAnswerIsFinished() throws {
        let connection = try Connection()
        connection.application.isDeferring = true
        try connection.send(get("/cold"))
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(connection.isOpen)
        connection.application.answer()
        let answer = try #require(try connection.answers().first)
        #expect(answer.fields["connection"] == "close")
        #expect(!connection.isOpen)
    }
}

/// Counts the readings that reach the socket.
private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    private(set) var count = 0
    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}
