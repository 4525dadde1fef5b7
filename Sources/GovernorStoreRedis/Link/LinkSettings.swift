import GovernorCore
import NIOCore
import NIOSSL

/// What every connection of a store has in common.
struct LinkSettings: Sendable {
    let keys: KeySpace
    /// What the installation's own key says.
    let mark: InstallationMark
    let user: String?
    let password: String?
    let sentinelUser: String?
    let sentinelPassword: String?
    let database: Int
    let connectionName: String
    var commandTimeout: TimeAmount
    let connectTimeout: TimeAmount
    let waitingMax: Int
    let failuresToOpen: Int
    let backoffMin: Milliseconds
    let backoffMax: Milliseconds
    let tls: NIOSSLContext?
    let tlsServerName: String?
    /// This node's clock.
    let now: @Sendable () -> Timestamp

    init(_ configuration: RedisConfiguration, now: @escaping @Sendable () -> Timestamp) throws(RedisStoreError) {
        let address = configuration.address
        keys = KeySpace(prefix: configuration.prefix)
        mark = InstallationMark(configuration)
        user = address.user
        password = address.password
        sentinelUser = address.sentinelUser
        sentinelPassword = address.sentinelPassword
        database = address.database
        connectionName = configuration.connectionName
        commandTimeout = .milliseconds(configuration.commandTimeout.count)
        connectTimeout = .milliseconds(configuration.connectTimeout.count)
        waitingMax = configuration.waitingMax
        failuresToOpen = configuration.failuresToOpen
        backoffMin = configuration.backoffMin
        backoffMax = configuration.backoffMax
        self.now = now
        tlsServerName = address.tls?.serverName
        tls = try address.tls.map { (tls) throws(RedisStoreError) in try Self.context(tls) }
    }

    private static func context(_ tls: RedisTLS) throws(RedisStoreError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification =
            switch tls.verification {
            case .full: .fullVerification
            case .chain: .noHostnameVerification
            case .none: .none
            }
        do {
            if let file = tls.authorityFile { configuration.trustRoots = .file(file) }
            if let certificate = tls.certificateFile, let key = tls.keyFile {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map {
                    .certificate($0)
                }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .invalidConfiguration(
                "the certificates for Redis cannot be read (`ca`, `cert` or `key` of the address): \(error)")
        }
    }
}
