import ArgumentParser
import Foundation
import FoundationNetworking

/// Where a running governor is, and with which key it is asked.
struct ServerOptions: ParsableArguments {
    @Option(help: "The governor's address (default: GOVERNOR_URL, then GOVERNOR_LISTEN, then http://127.0.0.1:8080).")
    var url: String?
    @Option(help: "A file with the key (default: GOVERNOR_KEY, then GOVERNOR_KEY_FILE, then GOVERNOR_ADMIN_KEY).")
    var keyFile: String?

    func settings(_ installation: InstallationOptions? = nil) throws(CommandFailure) -> Settings {
        try Settings(flags: (installation?.flags ?? [:]).merging(["url": url, "key_file": keyFile]) { $1 })
    }
}

/// Speaks to a running governor.
struct ServerClient: Sendable {
    let base: String
    let key: String?
    private let session: URLSession

    /// The field of that name; empty without a key.
    var authorization: String { key.map { "Bearer \($0)" } ?? "" }

    static let connectionsMax = 4
    static let timeoutSeconds = 60.0

    /// - Parameter needsKey: false for what everybody may ask.
    init(_ settings: Settings, needsKey: Bool = true) throws {
        var base = "http://127.0.0.1:8080"
        if let url = settings["url"] {
            base = url
        } else if let listen = settings["listen"] {
            guard let address = ListenAddress(listen) else {
                throw ValidationError("GOVERNOR_LISTEN: `\(listen)` is not HOST:PORT")
            }
            base = address.url(port: address.port)
        }
        while base.hasSuffix("/") { base.removeLast() }
        guard let url = URL(string: base), url.host != nil, ["http", "https"].contains(url.scheme ?? "") else {
            throw ValidationError("`\(base)` is not an address such as http://127.0.0.1:8080")
        }
        self.base = base
        key = needsKey ? try Self.key(settings) : nil
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Self.timeoutSeconds
        configuration.httpMaximumConnectionsPerHost = Self.connectionsMax
        session = URLSession(configuration: configuration)
    }

    /// What is said on the command line comes first; a key itself never stands there, where others could read it.
    private static func key(_ settings: Settings) throws(CommandFailure) -> String {
        let file = settings.found("key_file")
        if let key = settings["key"], file?.origin.hasPrefix("--") != true { return key }
        if let path = file?.value {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("the file of the key, \(path), cannot be read")
            }
            let key = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !key.isEmpty else { throw CommandFailure("the file of the key, \(path), is empty") }
            return key
        }
        guard let key = settings["admin_key"] else {
            throw CommandFailure(
                "no key: set GOVERNOR_KEY, or name a file with --key-file; `governor keys add` makes them")
        }
        return key
    }

    struct Answer {
        var status: Int
        var body: Data
        /// Of `Retry-After`.
        var retryAfterSeconds: Int?
    }

    /// Sends JSON and gives the answer, whatever its status.
    func post(_ path: String, _ body: Data) async throws(CommandFailure) -> Answer {
        try await send("POST", path, body)
    }

    /// The same with any method, and with or without a body.
    func send(_ method: String, _ path: String, _ body: Data? = nil) async throws(CommandFailure) -> Answer {
        guard let url = URL(string: base + path) else { throw CommandFailure("`\(base + path)` is not an address") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let body {
            request.httpBody = body
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        if key != nil { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
        let data: Data
        let response: URLResponse
        do { (data, response) = try await session.data(for: request) } catch {
            throw CommandFailure(
                "no governor answers at \(base): start it with `governor serve`, or name another one with --url")
        }
        guard let response = response as? HTTPURLResponse else {
            throw CommandFailure("\(base) does not speak HTTP")
        }
        return Answer(
            status: response.statusCode, body: data,
            retryAfterSeconds: response.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) })
    }
}

/// A problem document as commands print it. Source: RFC 9457.
struct ServerProblem: Decodable, Sendable {
    struct Field: Decodable, Sendable {
        var path: String?
        var code: String?
        var detail: String?
    }

    var type: String?
    var title: String?
    var code: String?
    var detail: String?
    var errors: [Field]?

    init?(_ answer: ServerClient.Answer) {
        guard let problem = try? JSONDecoder().decode(ServerProblem.self, from: answer.body), problem.type != nil else {
            return nil
        }
        self = problem
    }

    /// The failure of a command whose request was refused as a whole.
    static func failure(_ answer: ServerClient.Answer, at base: String) -> CommandFailure {
        guard let problem = ServerProblem(answer) else {
            return CommandFailure("\(base) answered with status \(answer.status); is it a governor?")
        }
        var text = problem.title ?? problem.code ?? "status \(answer.status)"
        if let detail = problem.detail { text += ": \(detail)" }
        for field in problem.errors ?? [] {
            text += "\n  \(field.path ?? "$"): \(field.detail ?? field.code ?? "")"
        }
        return CommandFailure(text)
    }
}
