import ArgumentParser
import Foundation
import GovernorCore
import GovernorHTTP
import GovernorLists
import GovernorRuntime
import GovernorStoreRedis
import Logging

/// Where to listen.
struct ListenAddress: Hashable {
    var host: String
    /// 0: any free one.
    var port: Int

    /// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or `:8080` for every address of the machine.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self.host = host.isEmpty ? "0.0.0.0" : String(host)
        self.port = port
    }

    /// With `port` in place of its own, as an address that a client can use.
    func url(port: Int, isTLS: Bool = false) -> String {
        let host = self.host == "0.0.0.0" ? "127.0.0.1" : self.host
        return "\(isTLS ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

/// Where people are kept.
enum StoreLocation: Hashable {
    /// The folder of `people.db`.
    case embedded(directory: String)
    case redis(RedisAddress)

    /// The folder of the embedded store.
    var directory: String? {
        if case .embedded(let directory) = self { directory } else { nil }
    }

    /// `sqlite:FOLDER` or `sqlite:FOLDER/people.db` (a last part with an extension names the file, whose name is the
    /// store's own), or an address of Redis.
    init(_ text: String) throws(CommandFailure) {
        if RedisAddress.isMeant(by: text) {
            do throws(RedisAddressError) { self = .redis(try RedisAddress(parsing: text)) } catch {
                throw CommandFailure("the store's address: \(error)")
            }
            return
        }
        guard let colon = text.firstIndex(of: ":") else {
            throw CommandFailure("`\(text)` is not a store: write --store sqlite:PATH or --store redis://HOST:PORT")
        }
        let scheme = text[..<colon]
        guard scheme == "sqlite" else {
            // Not the whole of it: such addresses hold passwords.
            throw CommandFailure(
                "there is no store `\(scheme):`; there are sqlite:PATH, redis://, rediss://, redis+unix://, "
                    + "redis+sentinel:// and redis+cluster://")
        }
        var path = text[text.index(after: colon)...]
        if path.hasPrefix("//") { path = path.dropFirst(2) }
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        guard !path.isEmpty else { throw CommandFailure("the store has no path: write --store sqlite:PATH") }
        let last = path.split(separator: "/").last ?? path
        if last.dropFirst().contains(".") && last != ".." {
            path = path.dropLast(last.count)
            while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
            if path.isEmpty { path = "." }
        }
        self = .embedded(directory: String(path))
    }
}

/// What `serve` was told, checked.
struct ServeSettings {
    var listen: ListenAddress
    var store: StoreLocation
    var policies: String
    var data: String
    var eventLoops: Int?
    var ledgerChecks: LedgerChecks
    var ledgerSync: JournalSync
    var storeDeadline: Milliseconds
    var logLevel: Logger.Level
    var secret: String?
    var adminKey: String?
    var identity: IdentitySettings
    /// What people's links begin with; without a slash at its end.
    var publicURL: String?
    var inboundKeywords: KeywordMode
    var jobs = JobBounds()
    var connectionsMax: Int
    var tls: TLSFiles?
    var tokens: TokenSettings?

    static let storeDeadlineMin = Milliseconds(1)
    static let storeDeadlineMax = Milliseconds.seconds(60)
    static let eventLoopsMax = 256

    init(_ settings: Settings) throws {
        func checked<Value>(_ name: String, or fallback: Value, _ wanted: String, _ read: (String) -> Value?) throws
            -> Value
        {
            guard let (value, origin) = settings.found(name) else { return fallback }
            guard let result = read(value) else { throw ValidationError("\(origin): `\(value)` is not \(wanted)") }
            return result
        }
        listen = try checked(
            "listen", or: ListenAddress("127.0.0.1:8080") ?? ListenAddress(host: "127.0.0.1", port: 8080),
            "HOST:PORT, such as 127.0.0.1:8080", ListenAddress.init)
        policies = settings["policies"] ?? "policies"
        data = settings["data"] ?? "data"
        store = try StoreLocation(settings["store"] ?? "sqlite:\(data)/people.db")
        eventLoops = try checked("event_loops", or: nil, "a number from 1 to \(Self.eventLoopsMax)") { text in
            Int(text).flatMap { (1...Self.eventLoopsMax).contains($0) ? .some(.some($0)) : nil }
        }
        ledgerChecks = try checked(
            "ledger_checks", or: .denies, LedgerChecks.allCases.map(\.rawValue).joined(separator: ", "),
            LedgerChecks.init(rawValue:))
        ledgerSync = try checked(
            "ledger_sync", or: .facts, JournalSync.allCases.map(\.rawValue).joined(separator: ", "),
            JournalSync.init(rawValue:))
        storeDeadline = try checked(
            "store_deadline", or: GovernorConfiguration().storeDeadline,
            "a duration from 1ms to 60s, such as 50ms or PT0.05S"
        ) { text in
            guard let length = Self.duration(text), length >= Self.storeDeadlineMin,
                length <= Self.storeDeadlineMax
            else { return nil }
            return length
        }
        logLevel = try checked(
            "log_level", or: .info, Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
            Logger.Level.init(rawValue:))
        secret = settings["secret"]
        adminKey = settings["admin_key"]
        identity = try IdentitySettings(settings)
        inboundKeywords = try checked(
            "inbound_keywords", or: .reasonable, KeywordMode.allCases.map(\.rawValue).joined(separator: ", "),
            KeywordMode.init(rawValue:))
        jobs.atOnceMax = try checked("jobs_at_once", or: jobs.atOnceMax, "a number from 1 to 64") { text in
            Int(text).flatMap { (1...64).contains($0) ? $0 : nil }
        }
        jobs.listBytesMax = try checked(
            "jobs_list_bytes", or: jobs.listBytesMax, "a number of bytes from 1024, such as 4294967296"
        ) { text in Int64(text).flatMap { $0 >= 1_024 ? $0 : nil } }
        jobs.keptFor = try checked(
            "jobs_kept_for", or: jobs.keptFor, "a duration from PT1H to P90D, such as P3D"
        ) { text in
            guard let length = Self.duration(text),
                length >= .hours(1), length <= .days(90)
            else { return nil }
            return length
        }
        connectionsMax = try checked(
            "connections_max", or: HTTPConfiguration().connectionsMax, "a number from 1 to 1000000"
        ) { text in Int(text).flatMap { (1...1_000_000).contains($0) ? $0 : nil } }
        tls = try Self.tls(settings)
        tokens = try TokenSettings(settings)
        publicURL = try checked(
            "public_url", or: nil, "an address such as https://contact.example.com (http:// only for localhost)"
        ) { text in Self.publicURL(text).map { .some($0) } }
    }

    /// The files of `tls_…`; both or none.
    static func tls(_ settings: Settings) throws -> TLSFiles? {
        let authorities = settings["tls_client_ca"]
        let (wish, origin) = settings.found("tls_client_certificates") ?? ("required", "")
        guard ["required", "optional"].contains(wish) else {
            throw ValidationError("\(origin): `\(wish)` is not required or optional")
        }
        switch (settings["tls_certificate"], settings["tls_key"]) {
        case (let certificate?, let key?):
            return TLSFiles(
                certificate: certificate, key: key, clientAuthorities: authorities, clientsMust: wish == "required")
        case (nil, nil):
            if authorities != nil { throw ValidationError("--tls-client-ca: name --tls-certificate and --tls-key too") }
            return nil
        default: throw ValidationError("--tls-certificate and --tls-key go together")
        }
    }

    /// An https address; http is for a machine's own. Source: RFC 8058, section 3.1, wants https.
    static func publicURL(_ text: String) -> String? {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard let url = URL(string: text), let host = url.host, !host.isEmpty, url.query == nil, url.fragment == nil,
            url.user == nil, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"<>\"\\".utf8.contains($0) })
        else { return nil }
        let isLocal = ["127.0.0.1", "localhost", "::1"].contains(host)
        return url.scheme == "https" || url.scheme == "http" && isLocal ? text : nil
    }

    /// `50ms`, `2s`, or an ISO 8601 duration.
    static func duration(_ text: String) -> Milliseconds? {
        if text.hasSuffix("ms"), let count = Int64(text.dropLast(2)) { return Milliseconds(count) }
        if text.hasSuffix("s"), let count = Int64(text.dropLast()) { return .seconds(min(count, 86_400)) }
        return (try? ISODuration(parsing: text))?.elapsed
    }
}

extension ListenAddress {
    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
