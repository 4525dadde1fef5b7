import ArgumentParser
import Foundation
import GovernorCore
import GovernorHTTP
import GovernorIdentity
import GovernorLedger
import GovernorRuntime
import GovernorStoreEmbedded
import Logging
import ServiceLifecycle

/// Starts the governor and answers until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Start the decision service.")

    @Option var listen = "127.0.0.1:8080"
    @Option var store = "sqlite:data/people.db"
    @Option var policies = "policies"
    @Option var data = "data"
    @Option var eventLoops: Int?

    func run() async throws {
        let logger = Logger(label: "governor")
        let clock = SystemWallClock()
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let secretPath = data + "/secret"
        if !FileManager.default.fileExists(atPath: secretPath) {
            var generator = SystemRandomNumberGenerator()
            let secret = (0..<4).map { _ in hexadecimal(generator.next()) }.joined()
            FileManager.default.createFile(
                atPath: secretPath, contents: Data(secret.utf8), attributes: [.posixPermissions: 0o600])
        }
        let hasher = try IdentifierHasher(secret: [UInt8](Data(contentsOf: URL(fileURLWithPath: secretPath))))
        let zones = ZoneAtlas(try SystemZones.load())
        let service = try PolicyService(directory: policies, zones: zones, logger: logger, at: clock.now())
        var fingerprint: [UInt8] = []
        for word in [hasher.fingerprint.high, hasher.fingerprint.low] {
            withUnsafeBytes(of: word.bigEndian) { fingerprint.append(contentsOf: $0) }
        }
        let ledger = try Ledger(
            dataDirectory: data,
            identity: LedgerIdentity(
                secretFingerprint: fingerprint, normaliserVersion: IdentifierHasher.normaliserVersion))
        let people = try EmbeddedStore(
            directory: (String(store.dropFirst("sqlite:".count)) as NSString).deletingLastPathComponent, ledger: ledger,
            configuration: EmbeddedConfiguration(
                secretFingerprint: fingerprint, normaliserVersion: IdentifierHasher.normaliserVersion))
        let governor = Governor(
            store: people, policies: service.holder, zones: zones, hasher: hasher, clock: clock, logger: logger)
        let keys = try KeyRing(
            dataDirectory: data, adminKey: ProcessInfo.processInfo.environment["GOVERNOR_ADMIN_KEY"])
        var http = HTTPConfiguration()
        let parts = listen.split(separator: ":")
        http.host = String(parts[0])
        http.port = Int(parts[1]) ?? 8080
        http.eventLoops = eventLoops
        let server = GovernorHTTPServer(
            governor: governor, intake: Intake(hasher: hasher, zones: zones), keys: keys, policies: service,
            configuration: http, logger: logger)
        service.watch(clock: clock)
        let group = ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
        governor.close()
        people.close()
        ledger.close()
    }
}
