/// Where Redis is and how to get in, as one text.
///
///     redis://[USER:PASSWORD@]HOST[:PORT][/DB][?OPTIONS]         one server; rediss:// with TLS
///     redis+unix://[USER:PASSWORD@]/PATH, redis:///PATH          a Unix socket
///     redis+sentinel://[USER:PASSWORD@]HOST[:PORT],…/NAME[/DB]   the master that sentinels name
///     redis+cluster://[USER:PASSWORD@]HOST[:PORT],…              a cluster, from any of its nodes
///
/// With TLS, `rediss+sentinel` and `rediss+cluster`. `description` never holds the password.
public struct RedisAddress: Hashable, Sendable, CustomStringConvertible {
    public var topology: RedisTopology
    public var user: String?
    public var password: String?
    /// Of one server or a Sentinel's master; a cluster has database 0 only.
    public var database = 0
    public var tls: RedisTLS?
    /// For sentinels that ask for a password of their own.
    public var sentinelUser: String?
    public var sentinelPassword: String?
    /// What the text sets beside, for `RedisConfiguration`.
    public var options = RedisOptions()

    public init(_ topology: RedisTopology) { self.topology = topology }

    public var description: String {
        let scheme = tls == nil ? "redis" : "rediss"
        let tail = database == 0 ? "" : "/\(database)"
        return switch topology {
        case .single(.unix(let path)): "redis+unix://\(path)"
        case .single(let endpoint): "\(scheme)://\(endpoint)\(tail)"
        case .sentinel(let name, let endpoints):
            "\(scheme)+sentinel://\(endpoints.map(\.description).joined(separator: ","))/\(name)\(tail)"
        case .cluster(let endpoints):
            "\(scheme)+cluster://\(endpoints.map(\.description).joined(separator: ","))"
        }
    }
}

/// What is at the address.
public enum RedisTopology: Hashable, Sendable {
    case single(RedisEndpoint)
    case sentinel(master: String, [RedisEndpoint])
    case cluster([RedisEndpoint])
}

/// One server's socket.
public enum RedisEndpoint: Hashable, Sendable, CustomStringConvertible {
    case host(String, port: Int)
    case unix(path: String)

    public var description: String {
        switch self {
        case .host(let name, let port): name.utf8.contains(UInt8(ascii: ":")) ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .unix(let path): path
        }
    }
}

/// How TLS is spoken.
public struct RedisTLS: Hashable, Sendable {
    public enum Verification: String, Hashable, Sendable, CaseIterable {
        /// The certificate's chain and the host's name.
        case full
        /// The chain only, for certificates that name no host.
        case chain
        /// Nothing: anybody between here and Redis can read and change everything.
        case none
    }

    public var verification = Verification.full
    /// Certificates to trust, PEM; `nil`: the system's.
    public var authorityFile: String?
    /// The client's own certificate and key, PEM.
    public var certificateFile: String?
    public var keyFile: String?
    /// The name to ask for and to verify; `nil`: the host of the address.
    public var serverName: String?

    public init() {}
}

/// Settings that an address may carry after its question mark; `nil` leaves the configuration's own.
public struct RedisOptions: Hashable, Sendable {
    public var timeoutMilliseconds: Int?
    public var connectTimeoutMilliseconds: Int?
    public var prefix: String?
    /// Days; 0: for ever.
    public var touchesKeptDays: Int?
    public var cacheMebibytes: Int?

    public init() {}
}

/// What is wrong with an address, without the passwords in it.
public struct RedisAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
