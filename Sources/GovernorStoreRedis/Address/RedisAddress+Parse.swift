extension RedisAddress {
    private static let schemes = [
        "redis", "rediss", "redis+unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster",
    ]

    /// Whether the text's scheme is one of Redis, right or wrong as the rest may be.
    public static func isMeant(by text: String) -> Bool {
        text.split(separator: ":", maxSplits: 1).first.map { schemes.contains(String($0)) } ?? false
    }

    /// Reads an address.
    public init(parsing text: String) throws(RedisAddressError) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            throw RedisAddressError("the address of Redis has no scheme: write redis://HOST:PORT")
        }
        let scheme = String(text[..<colon])
        guard Self.schemes.contains(scheme) else {
            throw RedisAddressError(
                "`\(scheme)://` is not an address of Redis; there are \(Self.schemes.joined(separator: ", "))")
        }
        var rest = text[text.index(colon, offsetBy: 3)...]
        if rest.contains("#") {
            throw RedisAddressError("the address of Redis holds `#`: write it as %23")
        }
        var query: Substring?
        if let mark = rest.lastIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        var login: Substring?
        if let at = rest.lastIndex(of: "@") {
            login = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        let slash = rest.firstIndex(of: "/")
        let hosts = rest[..<(slash ?? rest.endIndex)]
        let path = slash.map { rest[rest.index(after: $0)...] } ?? ""

        switch scheme {
        case "redis+unix":
            guard hosts.isEmpty, !path.isEmpty else {
                throw RedisAddressError("a Unix socket is written redis+unix:///PATH, with three slashes")
            }
            self.init(.single(.unix(path: "/" + (try Self.decoded(path)))))
        case "redis" where hosts.isEmpty && !path.isEmpty:
            self.init(.single(.unix(path: "/" + (try Self.decoded(path)))))
        case "redis", "rediss":
            let endpoints = try Self.endpoints(hosts, portDefault: 6_379)
            guard endpoints.count == 1 else {
                throw RedisAddressError(
                    "\(scheme):// names one server; several are redis+sentinel:// or redis+cluster://")
            }
            self.init(.single(endpoints[0]))
            database = try Self.database(path)
        case "redis+sentinel", "rediss+sentinel":
            let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else {
                throw RedisAddressError(
                    "the address has no master's name: write redis+sentinel://HOST:26379,HOST:26379/NAME")
            }
            self.init(
                .sentinel(master: try Self.decoded(name), try Self.endpoints(hosts, portDefault: 26_379)))
            database = try Self.database(parts.count > 1 ? parts[1] : "")
        default:
            self.init(.cluster(try Self.endpoints(hosts, portDefault: 6_379)))
            guard try Self.database(path) == 0 else {
                throw RedisAddressError("a cluster has no databases: leave `/\(path)` out")
            }
        }
        if scheme.hasPrefix("rediss") { tls = RedisTLS() }
        if let login {
            guard let colon = login.firstIndex(of: ":") else {
                throw RedisAddressError("before the `@` write USER:PASSWORD, or :PASSWORD for the default user")
            }
            let name = try Self.decoded(login[..<colon])
            user = name.isEmpty ? nil : name
            password = try Self.decoded(login[login.index(after: colon)...])
            if password == "" { throw RedisAddressError("the password before the `@` is empty") }
        }
        if let query { try apply(query) }
    }

    private mutating func apply(_ query: Substring) throws(RedisAddressError) {
        func number(_ name: String, _ value: String, _ range: ClosedRange<Int>) throws(RedisAddressError) -> Int {
            guard let number = Int(value), range.contains(number) else {
                throw RedisAddressError(
                    "`\(name)` is not a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        func milliseconds(_ name: String, _ value: String) throws(RedisAddressError) -> Int {
            let (digits, factor) =
                value.hasSuffix("ms")
                ? (value.dropLast(2), 1) : value.hasSuffix("s") ? (value.dropLast(), 1_000) : ("", 1)
            guard let count = Int(digits), (1...(60_000 / factor)).contains(count) else {
                throw RedisAddressError("`\(name)` is not a duration from 1ms to 60s")
            }
            return count * factor
        }
        var seen: Set<String> = []
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard parts.count == 2 else { throw RedisAddressError("`\(name)` has no value: write \(name)=VALUE") }
            guard seen.insert(name).inserted else { throw RedisAddressError("`\(name)` is set twice") }
            let value = try Self.decoded(parts[1])
            switch name {
            case "timeout": options.timeoutMilliseconds = try milliseconds(name, value)
            case "connect_timeout": options.connectTimeoutMilliseconds = try milliseconds(name, value)
            case "touches_kept_days": options.touchesKeptDays = try number(name, value, 0...36_500)
            case "cache_mib": options.cacheMebibytes = try number(name, value, 1...65_536)
            case "db":
                if case .cluster = topology { throw RedisAddressError("a cluster has no databases: leave `db` out") }
                database = try number(name, value, 0...65_535)
            case "prefix":
                guard value.utf8.count <= 64, !value.utf8.contains(where: { "{}".utf8.contains($0) || $0 <= 0x20 })
                else {
                    throw RedisAddressError("`prefix` is at most 64 bytes, without braces and spaces")
                }
                options.prefix = value
            case "sentinel_user": sentinelUser = value
            case "sentinel_password": sentinelPassword = value
            case "verify":
                guard let verification = RedisTLS.Verification(rawValue: value) else {
                    throw RedisAddressError("`verify` is full, chain or none")
                }
                try tls(name) { $0.verification = verification }
            case "ca": try tls(name) { $0.authorityFile = value }
            case "cert": try tls(name) { $0.certificateFile = value }
            case "key": try tls(name) { $0.keyFile = value }
            case "server_name": try tls(name) { $0.serverName = value }
            default:
                throw RedisAddressError(
                    "there is no option `\(name)`; there are timeout, connect_timeout, db, prefix, touches_kept_days, "
                        + "cache_mib, sentinel_user, sentinel_password, and with TLS verify, ca, cert, key, server_name"
                )
            }
        }
        if let tls, (tls.certificateFile == nil) != (tls.keyFile == nil) {
            throw RedisAddressError("`cert` and `key` belong together")
        }
    }

    private mutating func tls(_ name: String, _ change: (inout RedisTLS) -> Void) throws(RedisAddressError) {
        guard var tls else { throw RedisAddressError("`\(name)` is for TLS: begin the address with rediss") }
        change(&tls)
        self.tls = tls
    }

    private static func database(_ text: Substring) throws(RedisAddressError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(text), (0...65_535).contains(number) else {
            throw RedisAddressError("`\(text)` is not the number of a database")
        }
        return number
    }

    private static func endpoints(_ text: Substring, portDefault: Int) throws(RedisAddressError) -> [RedisEndpoint] {
        var endpoints: [RedisEndpoint] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try endpoint(item, portDefault: portDefault))
        }
        return endpoints
    }

    private static func endpoint(_ text: Substring, portDefault: Int) throws(RedisAddressError) -> RedisEndpoint {
        var host = text
        var port = portDefault
        let afterBracket = text.lastIndex(of: "]").map { text.index(after: $0) } ?? text.startIndex
        if let colon = text[afterBracket...].lastIndex(of: ":") {
            guard let number = Int(text[text.index(after: colon)...]), (1...65_535).contains(number) else {
                throw RedisAddressError("`\(text[text.index(after: colon)...])` is not a port")
            }
            port = number
            host = text[..<colon]
        }
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw RedisAddressError("an IPv6 address stands in brackets: [::1]:6379")
        }
        guard !host.isEmpty else { throw RedisAddressError("the address of Redis has no host") }
        return .host(try decoded(host), port: port)
    }

    /// Undoes percent-encoding.
    private static func decoded(_ text: Substring) throws(RedisAddressError) -> String {
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                throw RedisAddressError("after `%` the address needs two hexadecimal digits: a `%` itself is %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw RedisAddressError("the address of Redis is not UTF-8")
        }
        return text
    }
}
