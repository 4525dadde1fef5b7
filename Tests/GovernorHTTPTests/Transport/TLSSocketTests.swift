import GovernorHTTP
import GovernorTesting
import NIOCore
import NIOSSL
import Testing

/// The transport's promises, behind TLS.
@Suite(.serialized) struct TLSSocketTests {
    private func withTLS(
        adjust: (inout TransportConfiguration) -> Void = { _ in },
        _ body: @Sendable @escaping (SocketServer, NIOSSLContext) async throws -> Void
    ) async throws {
        let files = try TestCertificates()
        let certificates = try ServerCertificates(
            TLSFiles(certificate: files.path("server.crt"), key: files.path("server.key")))
        var client = TLSConfiguration.makeClientConfiguration()
        client.trustRoots = .file(files.path("ca.crt"))
        client.applicationProtocols = ["h2", "http/1.1"]
        let context = try NIOSSLContext(configuration: client)
        try await withServer(certificates: certificates, adjust: adjust) { server in try await body(server, context) }
    }

    /// Pipelined requests for both kinds of routes keep their order, and the last one ends the connection.
    @Test(.timeLimit(.minutes(1))) func requestsKeepTheirOrder() async throws {
        try await withTLS { server, tls in
            let client = try await server.connect(tls: tls)
            try await client.send(post("/v1/decisions", "one") + get("/hello/2") + post("/v1/decisions", "three"))
            #expect(try await client.answers(3).map(\.status) == [200, 200, 200])
            try await client.send(post("/v1/decisions", "four", fields: "connection: close\r\n"))
            #expect(try await client.answers(1).map(\.status) == [200])
            #expect(try await client.isAtEnd())
            try await client.close()
        }
    }

    /// A handshake has the time of a head; a connection that is quiet after it, or after a request, has the time of one that
    /// is idle; a head that stops half-way is refused.
    @Test(.timeLimit(.minutes(1))) func whoIsSlowIsToldFromWhoIsQuiet() async throws {
        func adjust(_ transport: inout TransportConfiguration) { transport.headTime = .milliseconds(200) }
        try await withTLS(adjust: adjust) { server, tls in
            let asked = try await server.connect(tls: tls)
            try await asked.send(post("/v1/decisions"))
            #expect(try await asked.answers(1).map(\.status) == [200])
            let quiet = try await server.connect(tls: tls)
            // The first bytes of a handshake; and none of it.
            let stalled = try await server.connect()
            try await stalled.send("\u{16}\u{03}\u{01}")
            let silent = try await server.connect()
            #expect(try await stalled.isAtEnd())
            #expect(try await silent.isAtEnd())
            let slow = try await server.connect(tls: tls)
            try await slow.send("POST /v1/decisions HTTP/1.1\r\nhost")
            #expect(try await slow.answers(1).map(\.status) == [408])
            // Both have been quiet for longer than any of these.
            for client in [asked, quiet] {
                try await client.send(post("/v1/decisions"))
                #expect(try await client.answers(1).map(\.status) == [200])
            }
            for client in [asked, quiet, stalled, silent, slow] { try await client.close() }
        }
    }
}
