import ArgumentParser
import Foundation
import Glibc
import GovernorConsole
import GovernorCore
import GovernorHTTP
import GovernorIdentity
import GovernorPolicy
import GovernorRegistry
import GovernorRuntime
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Starts the governor and answers until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Start the decision service.",
        discussion: """
            Every option may also come from the environment (GOVERNOR_LISTEN, GOVERNOR_STORE, …) or from a file \
            (--config): a flag beats the environment, the environment the file, the file the default.
            """)

    @Option(help: "HOST:PORT (default: 127.0.0.1:8080).")
    var listen: String?
    @OptionGroup var installation: InstallationOptions
    @Option(help: "Threads that serve connections (default: one per core).")
    var eventLoops: String?
    @Option(help: "Which checks the ledger keeps one by one: all, denies or summary (default: denies).")
    var ledgerChecks: String?
    @Option(help: "With Redis, which answers wait for the ledger's disk: facts or all (default: facts).")
    var ledgerSync: String?
    @Option(help: "How long a decision waits for its store (default: 50ms).")
    var storeDeadline: String?
    @Option(help: "Where people's browsers reach the server: https://contact.example.com. Links begin with it.")
    var publicUrl: String?
    @Option(help: "What counts as STOP in an inbound message: whole or reasonable (default: reasonable).")
    var inboundKeywords: String?
    @Option(help: "Open connections at most; more wait (default: 4096).")
    var connectionsMax: String?
    @OptionGroup var tls: TLSOptions
    @OptionGroup var tokens: TokenOptions
    @Option(help: "A file of settings, one `name: value` a line.")
    var config: String?

    func run() async throws {
        let began = ContinuousClock.now
        let settings = try ServeSettings(
            Settings(
                flags: installation.flags.merging(tls.flags) { $1 }.merging(tokens.flags) { $1 }.merging([
                    "listen": listen, "connections_max": connectionsMax, "event_loops": eventLoops,
                    "ledger_checks": ledgerChecks,
                    "ledger_sync": ledgerSync, "store_deadline": storeDeadline, "public_url": publicUrl,
                    "inbound_keywords": inboundKeywords,
                ]) { $1 }, config: config))
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var made = Logger(label: "governor")
        made.logLevel = settings.logLevel
        let logger = made

        Self.allowDescriptors(for: settings.connectionsMax, logger: logger)
        let clock = SystemWallClock()
        let zones = try SystemSetup.zones()
        let policies = try SystemSetup.policies(settings.policies, zones: zones, logger: logger, at: clock.now())
        let folder: DataFolder
        do {
            folder = try DataFolder(
                data: settings.data, store: settings.store, secret: settings.secret, sync: settings.ledgerSync,
                logger: logger)
        } catch let error as DataFolder.InUse { throw CommandFailure(error.description) }
        do throws(PolicyArchiveError) {
            try policies.keep(in: try PolicyArchive(dataDirectory: settings.data))
        } catch {
            folder.close()
            throw CommandFailure("the texts of the policies cannot be kept: \(error)")
        }
        let certificates: ServerCertificates?
        do throws(TLSFilesError) {
            certificates = try settings.tls.map { (files) throws(TLSFilesError) in try ServerCertificates(files) }
        } catch {
            folder.close()
            throw CommandFailure(error.description)
        }
        let tokens = settings.tokens.map { TokenRing($0.rules) }
        let tokenKeys = settings.tokens.flatMap { settings in
            tokens.map { TokenKeysWatch(ring: $0, settings: settings, logger: logger) }
        }
        await tokenKeys?.begin()
        let keys: KeyRing
        do throws(KeyRingError) {
            keys = try KeyRing(dataDirectory: settings.data, adminKey: settings.adminKey, tokens: tokens)
        } catch {
            folder.close()
            throw CommandFailure(error.description)
        }
        let sharedKeys = folder.sharedKeys.map {
            SharedKeys(table: $0, ring: keys, hasher: folder.hasher, logger: logger)
        }
        // A node that is new gets the keys of the others before anybody can ask.
        do { try await sharedKeys?.exchange(at: clock.now()) } catch {
            logger.warning("the keys of other nodes are not known yet: \(error)")
        }
        if keys.isEmpty {
            logger.warning("nobody has a key yet: set GOVERNOR_ADMIN_KEY, or make one with `governor keys add`")
        }
        var runtime = GovernorConfiguration()
        runtime.ledgerChecks = settings.ledgerChecks
        runtime.storeDeadline = settings.storeDeadline
        runtime.uniqueNamespaces = settings.identity.uniqueNamespaces
        let governor = Governor(
            store: folder.store, policies: policies.holder, zones: zones, hasher: folder.hasher, clock: clock,
            configuration: runtime, notices: folder.notices, logger: logger)
        let erasures = Erasures(
            governor: governor, ledger: folder.ledger, dataDirectory: settings.data, logger: logger
        ) { [folder] in try folder.settleErasures() }
        erasures.resume()
        ConflictMemory(ledger: folder.ledger, governor: governor).fill()
        let registries = RegistryWatch(folder: RegistryFolder(path: settings.data + "/registries"), logger: logger)
        registries.look()
        registries.warn(of: policies.holder.current)
        var http = HTTPConfiguration()
        http.host = settings.listen.host
        http.port = settings.listen.port
        http.eventLoops = settings.eventLoops
        http.spoolFolder = settings.data
        http.jobs = settings.jobs
        http.publicURL = settings.publicURL
        http.erasures = erasures
        http.inboundKeywords = settings.inboundKeywords
        http.certificates = certificates
        http.connectionsMax = settings.connectionsMax
        http.storeTrouble = { [folder] in folder.trouble }
        http.storeMetrics = { [folder, registries] in
            folder.metrics + registries.metrics(at: clock.now()) + (tokenKeys?.metrics(at: clock.now()) ?? "")
        }
        let intake = Intake(
            hasher: folder.hasher, zones: zones, uniqueNamespaces: settings.identity.uniqueNamespaces,
            registries: registries.loaded, folding: settings.identity.folding)
        var console = ConsoleConfiguration()
        console.dataDirectory = settings.data
        console.storeTrouble = http.storeTrouble
        console.storePlace = folder.place
        console.publicURL = settings.publicURL
        http.sites = [
            Console(governor: governor, intake: intake, keys: keys, policies: policies, configuration: console)
        ]
        let server = GovernorHTTPServer(
            governor: governor, intake: intake, keys: keys, policies: policies, configuration: http, logger: logger)
        policies.watch(clock: clock)

        let housekeeping = Housekeeping(
            governor: governor, registries: registries, certificates: certificates, logger: logger, folder: folder
        ) {
            guard let port = server.port else { return false }
            let status = policies.status
            logger.notice(
                "the governor listens",
                metadata: [
                    "url": "\(settings.listen.url(port: port, isTLS: certificates != nil))", "store": "\(folder.place)",
                    "policies": "\(status.revision.prefix(12))", "rules": "\(status.ruleCount)",
                    "ledger_checks": "\(settings.ledgerChecks.rawValue)",
                    "started_in": "\(began.duration(to: .now).formatted(.units(allowed: [.seconds, .milliseconds])))",
                ])
            return true
        }
        let keeper = KeyKeeper(ring: keys, shared: sharedKeys, logger: logger)
        // The library's own lines about starting and stopping say nothing to an operator.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let group = ServiceGroup(
            services: [server, housekeeping, keeper] + (tokenKeys.map { [$0] } ?? []),
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        var failure: (any Error)?
        do { try await group.run() } catch { failure = error }
        // In flight has been answered by now. What is summed up goes to the ledger before it closes.
        erasures.close()
        policies.close()
        governor.close()
        folder.close()
        if let failure { throw Self.explained(failure, listen: settings.listen) }
        logger.notice("the governor has stopped")
    }

    /// Files, stores and lists beside the connections.
    static let otherDescriptors = 512

    /// Has the system allow as many descriptors as it may, and says when that is too few.
    static func allowDescriptors(for connections: Int, logger: Logger) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < UInt(connections + otherDescriptors) else { return }
        logger.warning(
            "the system allows fewer open files than --connections-max needs: raise the limit, or lower the option",
            metadata: ["allowed": "\(limit.rlim_cur)", "connections_max": "\(connections)"])
    }

    static func explained(_ error: any Error, listen: ListenAddress) -> any Error {
        guard let error = error as? IOError else { return CommandFailure("the server failed: \(error)") }
        switch error.errnoCode {
        case EADDRINUSE:
            return CommandFailure("port \(listen.port) is in use: choose another with --listen")
        case EACCES:
            return CommandFailure("port \(listen.port) needs privileges: choose one from 1024 on with --listen")
        case EADDRNOTAVAIL:
            return CommandFailure("this machine has no address \(listen.host): choose another with --listen")
        default:
            return CommandFailure("cannot listen on \(listen.host):\(listen.port): \(error.description)")
        }
    }
}

/// What is done beside the answering: once a second, until the service is told to stop.
struct Housekeeping: Service {
    let governor: Governor
    let registries: RegistryWatch
    let certificates: ServerCertificates?
    let logger: Logger
    let folder: DataFolder
    /// Asked until it says yes.
    let announce: @Sendable () -> Bool

    static let flushEverySeconds = 5

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !announce() {
                if Task.isCancelled { return }
                try? await Task.sleep(for: .milliseconds(2))
            }
            var seconds = 0
            var log = TroubleLog(logger: logger)
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                seconds += 1
                governor.reconcileDegraded()
                registries.look()
                do throws(TLSFilesError) {
                    if try certificates?.refresh() == true { logger.notice("new connections get the new certificate") }
                } catch {
                    logger.error("the last good certificate stays in use: \(error)")
                }
                for (name, why) in folder.troubles { log.note(name, why) }
                if seconds % Self.flushEverySeconds == 0 { governor.flushSummaries() }
            }
        }
    }
}

/// Says once when something begins to go wrong, and once when it is over.
struct TroubleLog {
    let logger: Logger
    private var known: [String: String] = [:]

    init(logger: Logger) { self.logger = logger }

    mutating func note(_ name: String, _ why: String?) {
        let before = known.updateValue(why ?? "", forKey: name) ?? ""
        if let why, before.isEmpty {
            logger.error("\(name) fails: \(why)")
        } else if why == nil, !before.isEmpty {
            logger.notice("\(name) works again")
        }
    }
}

/// What every command that decides needs from the machine.
enum SystemSetup {
    /// For commands, which say on stderr only what is wrong.
    static var warningLogger: Logger {
        var logger = Logger(label: "governor", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        return logger
    }

    /// The data folder; `nil` when a server owns it, which is then the one to ask.
    static func folder(_ settings: Settings) throws -> DataFolder? {
        let data = settings["data"] ?? "data"
        do {
            return try DataFolder(
                data: data, store: StoreLocation(settings["store"] ?? "sqlite:\(data)/people.db"),
                secret: settings["secret"], logger: warningLogger)
        } catch is DataFolder.InUse { return nil }
    }

    static func zones() throws(CommandFailure) -> ZoneAtlas {
        do throws(SystemZonesError) { return ZoneAtlas(try SystemZones.load()) } catch {
            throw CommandFailure("\(error)")
        }
    }

    static func policies(
        _ directory: String, zones: ZoneAtlas, logger: Logger, at now: Timestamp
    ) throws(CommandFailure) -> PolicyService {
        do throws(PolicyServiceError) {
            return try PolicyService(directory: directory, zones: zones, logger: logger, at: now)
        } catch {
            if case .broken(let findings) = error {
                printToStandardError(findings.filter { $0.severity == .error }.report)
                throw CommandFailure(
                    "the policies in \(directory) are broken (\(findings.summary)); nothing was started")
            }
            throw CommandFailure(error.description)
        }
    }
}
