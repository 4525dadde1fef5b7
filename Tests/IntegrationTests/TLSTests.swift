import AsyncHTTPClient
import Foundation
import GovernorTesting
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// The server behind TLS, as clients of several kinds meet it.
@Suite(.serialized) struct TLSTests {
    private static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out }
        """
    private static let question =
        #"{"contact": {"phone": "+12125550100"}, "channel": "sms", "purpose": "service", "reserve": false}"#

    /// A client that believes one authority, and may show a certificate.
    private struct Client {
        let client: HTTPClient
        let port: Int
        let key: String?

        struct Answer {
            var status: Int
            var text: String
        }

        func send(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Answer {
            var request = HTTPClientRequest(url: "https://localhost:\(port)\(path)")
            request.method = method
            if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(ByteBuffer(string: body))
            }
            let response = try await client.execute(request, timeout: .seconds(10))
            let text = String(buffer: try await response.body.collect(upTo: 1 << 22))
            return Answer(status: Int(response.status.code), text: text)
        }
    }

    private func with<Result>(
        _ certificates: TestCertificates, port: Int, believing authority: String = "ca", showing own: String? = nil,
        key: String? = nil, _ body: (Client) async throws -> Result
    ) async throws -> Result {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificates.path("\(authority).crt"))
        if let own {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(certificates.path("\(own).crt")).map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificates.path("\(own).key"), format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(Client(client: client, port: port, key: key))
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    /// Copies a certificate and its key to where the server looks for them.
    private func put(_ name: String, of certificates: TestCertificates, into folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for kind in ["crt", "key"] {
            try Data(contentsOf: URL(fileURLWithPath: certificates.path("\(name).\(kind)")))
                .write(to: URL(fileURLWithPath: "\(folder)/server.\(kind)"), options: .atomic)
        }
    }

    private func server(_ certificates: TestCertificates, _ settings: [String: String] = [:]) throws -> ServerProcess {
        let folder = certificates.folder + "/in-use"
        try put("server", of: certificates, into: folder)
        return try ServerProcess(
            policy: Self.policy,
            settings: [
                "GOVERNOR_TLS_CERTIFICATE": folder + "/server.crt", "GOVERNOR_TLS_KEY": folder + "/server.key",
                "GOVERNOR_STORE_DEADLINE": "5s",
            ].merging(settings) { $1 })
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = Date().addingTimeInterval(20)
        while try await !condition() {
            if Date() > deadline { throw RedisProcess.Failure(description: what) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Every kind of route, over one connection; a certificate that changes is in use for new connections without a
    /// restart, and one that is broken is not.
    @Test func routesAnswerAndCertificatesAreFollowed() async throws {
        let certificates = try TestCertificates()
        let server = try server(certificates)
        try await server.start { port in
            try await with(certificates, port: port) { try await $0.send(.GET, "/readyz").status == 200 }
        }
        #expect(server.log.contains("https://127.0.0.1"))
        let (port, key) = (server.port, server.key)
        try await with(certificates, port: port, key: key) { client in
            for _ in 0..<3 {
                let decided = try await client.send(.POST, "/v1/decisions", Self.question)
                #expect(decided.status == 200 && decided.text.contains(#""verdict":"allow""#), "\(decided)")
                let found = try await client.send(
                    .POST, "/v1/people/lookup", #"{"contact": {"phone": "+12125550100"}}"#)
                #expect(found.status == 200, "\(found)")
            }
            let large = #"{"requests": [\#(Array(repeating: Self.question, count: 1_000).joined(separator: ","))]}"#
            let batch = try await client.send(.POST, "/v1/decisions/batch", large)
            #expect(batch.status == 200 && batch.text.components(separatedBy: #""verdict":"allow""#).count == 1_001)
            let metrics = try await client.send(.GET, "/metrics").text
            let line = metrics.split(separator: "\n").first { $0.hasPrefix("governor_tls_certificate_expiry_seconds ") }
            let seconds = line?.split(separator: " ").last.flatMap { Double($0) } ?? 0
            #expect(seconds > 86_400 && seconds < 3 * 86_400, "\(line ?? "no line")")
            // The connection stays as it is while another certificate comes.
            try put("next", of: certificates, into: certificates.folder + "/in-use")
            try await eventually("the new certificate is not in use") {
                (try? await with(certificates, port: port, believing: "other") {
                    try await $0.send(.GET, "/healthz").status
                }) == 200
            }
            #expect(try await client.send(.POST, "/v1/decisions", Self.question).status == 200)
        }
        await #expect(throws: (any Error).self, "the old certificate is still in use") {
            try await with(certificates, port: port) { try await $0.send(.GET, "/healthz").status }
        }
        for (name, text) in [("server.crt", "nonsense"), ("server.key", ""), ("server.crt", nil)] {
            let path = certificates.folder + "/in-use/" + name
            if let text {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
            try await with(certificates, port: port, believing: "other") { client in
                try await eventually("a broken file went unnoticed") {
                    try await client.send(.GET, "/metrics").text.contains("governor_tls_stale 1.0")
                }
            }
        }
        // A certificate with somebody else's key is none.
        try put("server", of: certificates, into: certificates.folder + "/in-use")
        try FileManager.default.removeItem(atPath: certificates.folder + "/in-use/server.key")
        try FileManager.default.copyItem(
            atPath: certificates.path("client.key"), toPath: certificates.folder + "/in-use/server.key")
        try await eventually("nobody was told") { server.log.contains("do not belong together") }
        #expect(server.log.contains("the last good certificate stays in use"))
        #expect(server.stop() == 0)
    }

    /// Who shows no certificate of the authority is turned away; one that is a key's lets its holder in, as that caller.
    @Test(arguments: ["required", "optional"])
    func clientsShowCertificates(wish: String) async throws {
        let certificates = try TestCertificates()
        let server = try server(
            certificates,
            [
                "GOVERNOR_TLS_CLIENT_CA": certificates.path("ca.crt"), "GOVERNOR_TLS_CLIENT_CERTIFICATES": wish,
            ])
        try await server.start { port in
            try await with(certificates, port: port, showing: "client") {
                try await $0.send(.GET, "/readyz").status == 200
            }
        }
        let (port, key) = (server.port, server.key)
        func status(_ own: String?, key: String?) async -> Int? {
            try? await with(certificates, port: port, showing: own, key: key) {
                try await $0.send(.POST, "/v1/decisions", Self.question).status
            }
        }
        #expect(await status("client", key: key) == 200)
        #expect(await status("client", key: nil) == 401)
        #expect(await status(nil, key: key) == (wish == "required" ? nil : 200))
        #expect(await status("stranger", key: key) == nil, "another authority's certificate")
        // The fingerprint as `openssl x509 -fingerprint -sha256` prints it.
        let der = try NIOSSLCertificate.fromPEMFile(certificates.path("client.crt"))[0].toDERBytes()
        let fingerprint = SHA256Text.of(der).enumerated().map { $0 > 0 && $0 % 2 == 0 ? ":\($1)" : "\($1)" }.joined()
        let (code, output) = try server.command([
            "keys", "add", "--role", "dialer", "--agency", "north", "--id", "by-certificate",
            "--certificate-fingerprint", fingerprint.uppercased(), "--data",
            server.folder.appendingPathComponent("data").path,
        ])
        #expect(code == 0, "\(output)")
        try await eventually("the certificate lets nobody in") { await status("client", key: nil) == 200 }
        try await with(certificates, port: port, showing: "client") { client in
            let looked = try await client.send(.POST, "/v1/people/lookup", #"{"contact": {"phone": "+12125550100"}}"#)
            #expect(looked.status == 403 && looked.text.contains("dialer"), "\(looked)")
            #expect(try await client.send(.GET, "/v1/reservations?state=open").status == 200)
        }
        if wish == "optional" { #expect(await status(nil, key: nil) == 401) }
        // What a request says of itself counts before what its connection does.
        #expect(await status("client", key: "gk_wrong") == 401)
        #expect(server.stop() == 0)
    }

    @Test func whatCannotBeUsedIsToldAtTheStart() async throws {
        let certificates = try TestCertificates()
        let rows: [(settings: [String: String], words: String)] = [
            (["GOVERNOR_TLS_CERTIFICATE": certificates.path("server.crt")], "go together"),
            (["GOVERNOR_TLS_CLIENT_CA": certificates.path("ca.crt")], "--tls-certificate"),
            (
                [
                    "GOVERNOR_TLS_CERTIFICATE": certificates.path("none.crt"),
                    "GOVERNOR_TLS_KEY": certificates.path("server.key"),
                ], "none.crt cannot be read"
            ),
            (
                [
                    "GOVERNOR_TLS_CERTIFICATE": certificates.path("server.crt"),
                    "GOVERNOR_TLS_KEY": certificates.path("client.key"),
                ], "do not belong together"
            ),
        ]
        for row in rows {
            let server = try ServerProcess(policy: Self.policy, settings: row.settings)
            let (status, log) = try await server.runUntilExit()
            #expect(status != 0 && log.contains(row.words), "\(row): \(log)")
        }
    }
}
