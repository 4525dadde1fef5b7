public import GovernorCore
public import GovernorRuntime
import NIOSSL
import Synchronization

/// The files that a server speaks TLS with, in PEM.
public struct TLSFiles: Hashable, Sendable {
    /// The certificate, and behind it those that lead to an authority.
    public var certificate: String
    public var key: String
    /// Authorities whose certificates clients show; `nil`: clients show none.
    public var clientAuthorities: String?
    /// Whether clients without a certificate are turned away.
    public var clientsMust = true

    public init(certificate: String, key: String, clientAuthorities: String? = nil, clientsMust: Bool = true) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
        self.clientsMust = clientsMust
    }
}

/// Why certificates cannot be used.
public struct TLSFilesError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// What new connections speak TLS with: the last files that could be read, followed while the server runs.
///
/// Connections that are open keep what they began with.
public final class ServerCertificates: Sendable {
    public struct Status: Hashable, Sendable {
        /// When the certificate ends.
        public var expiresAt: Timestamp
        /// Changed files put in use since the start.
        public var reloads: UInt64 = 0
        /// Changed files that could not be used.
        public var failures: UInt64 = 0
        /// Why the files as they are now are not in use; `nil` when they are.
        public var trouble: String?
    }

    private struct State {
        var context: NIOSSLContext
        var stamps: [FileStamp?]
        var status: Status
    }

    package let files: TLSFiles
    private let state: Mutex<State>

    /// Reads the files.
    public init(_ files: TLSFiles) throws(TLSFilesError) {
        self.files = files
        let stamps = Self.stamps(of: files)
        let (context, expiresAt) = try Self.load(files)
        state = Mutex(State(context: context, stamps: stamps, status: Status(expiresAt: expiresAt)))
    }

    public var status: Status { state.withLock { $0.status } }

    /// Looks whether the files have changed, and takes them if they can be used; never on an event loop.
    /// - Returns: whether new ones are in use from now on.
    public func refresh() throws(TLSFilesError) -> Bool {
        // Before they are read: a change between the two is seen next time.
        let stamps = Self.stamps(of: files)
        if state.withLock({ $0.stamps == stamps }) { return false }
        do throws(TLSFilesError) {
            let (context, expiresAt) = try Self.load(files)
            state.withLock { state in
                state.context = context
                state.stamps = stamps
                state.status.expiresAt = expiresAt
                state.status.reloads += 1
                state.status.trouble = nil
            }
            return true
        } catch {
            state.withLock { state in
                state.stamps = stamps
                state.status.failures += 1
                state.status.trouble = error.description
            }
            throw error
        }
    }

    func makeHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: state.withLock { $0.context }) }

    private static func stamps(of files: TLSFiles) -> [FileStamp?] {
        [files.certificate, files.key].map { FileStamp($0) } + [files.clientAuthorities.flatMap { FileStamp($0) }]
    }

    private static func load(_ files: TLSFiles) throws(TLSFilesError) -> (NIOSSLContext, Timestamp) {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        do { chain = try NIOSSLCertificate.fromPEMFile(files.certificate) } catch {
            throw TLSFilesError(description: "the certificate \(files.certificate) cannot be read: \(error)")
        }
        guard let first = chain.first else {
            throw TLSFilesError(description: "there is no certificate in \(files.certificate)")
        }
        do { key = try NIOSSLPrivateKey(file: files.key, format: .pem) } catch {
            throw TLSFilesError(
                description: "the key \(files.key) cannot be read; it must be in PEM, without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authorities = files.clientAuthorities {
            do {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            } catch {
                throw TLSFilesError(description: "the authorities \(authorities) cannot be read: \(error)")
            }
            configuration.certificateVerification = files.clientsMust ? .noHostnameVerification : .optionalVerification
        }
        do {
            return (
                try NIOSSLContext(configuration: configuration),
                Timestamp(milliseconds: Int64(first.notValidAfter) * 1_000)
            )
        } catch {
            throw TLSFilesError(
                description: "\(files.certificate) and \(files.key) do not belong together, or cannot be used: \(error)"
            )
        }
    }
}

/// The certificate that a client showed when its connection began; belongs to the connection's event loop.
package struct ClientCertificate {
    private let handler: NIOSSLServerHandler

    init(_ handler: NIOSSLServerHandler) { self.handler = handler }

    /// In DER; `nil` when it showed none.
    var bytes: [UInt8]? { handler.peerCertificate.flatMap { try? $0.toDERBytes() } }
}
