public import GovernorCore
package import GovernorLists
public import GovernorPages
public import GovernorRuntime
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Where and how the server listens.
public struct HTTPConfiguration: Sendable {
    public var host = "127.0.0.1"
    /// 0: any free one; see `GovernorHTTPServer.port`.
    public var port = 8080
    /// Threads that serve connections; `nil`: one per core.
    public var eventLoops: Int?
    /// Open connections; more wait in the kernel's queue.
    public var connectionsMax = 4_096
    /// Between two signs of life on a stream that has nothing to tell.
    public var heartbeat = Duration.seconds(15)
    /// How far an inbound message may be from a bare STOP.
    public var inboundKeywords = KeywordMode.reasonable
    /// What people's links begin with, as `https://contact.example.com`; `nil`: no links can be made.
    public var publicURL: String?
    /// Whether the store can take writes; `nil` when it can, else what is wrong.
    public var storeTrouble: @Sendable () -> String? = { nil }
    /// Lines of the Prometheus text format that the store and the ledger add to `/metrics`.
    public var storeMetrics: @Sendable () -> String = { "" }
    /// What is spoken TLS with; `nil`: plain HTTP.
    public var certificates: ServerCertificates?
    /// Pages that are shown beside the API, each under its root.
    public var sites: [any Site] = []

    /// Erases persons for good; `nil`: from the store alone, for what has no ledger.
    public var erasures: Erasures?
    /// Where answers to lists wait for clients that read late, in files without names.
    public var spoolFolder = "/tmp"
    /// Where lists that are worked on in the background lie, and how many.
    package var jobs = JobBounds()

    public init() {}
}

/// The HTTP server: the hot routes on the event loop, and every other route behind Hummingbird.
public final class GovernorHTTPServer: Service {
    let governor: Governor
    let intake: Intake
    let keys: KeyRing
    let policies: PolicyService
    let configuration: HTTPConfiguration
    let logger: Logger
    private let bound = Mutex<Int?>(nil)

    public init(
        governor: Governor, intake: Intake, keys: KeyRing, policies: PolicyService, configuration: HTTPConfiguration,
        logger: Logger
    ) {
        self.governor = governor
        self.intake = intake
        self.keys = keys
        self.policies = policies
        self.configuration = configuration
        self.logger = logger
    }

    /// The port that it listens on; `nil` until it does.
    public var port: Int? { bound.withLock { $0 } }

    /// Serves until the task is cancelled or shut down gracefully; then answers what is in flight.
    /// - Throws: the system's error when the address cannot be bound.
    public func run() async throws {
        var transport = TransportConfiguration()
        transport.connectionsMax = configuration.connectionsMax
        for (name, value) in SecurityFields.of(configuration) { try transport.addField(name, value) }
        let counts = HotCounts()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops ?? System.coreCount)
        let jobs = JobCenter(
            folder: configuration.spoolFolder + "/jobs", bounds: configuration.jobs, clock: governor.clock)
        let responder = ColdResponder(
            governor: governor, intake: intake, keys: keys, policies: policies, jobs: jobs,
            configuration: configuration, hotCounts: counts, logger: logger)
        let application = Application(
            responder: responder,
            server: GovernorServerChannel.server(
                routes: DecisionRoutes(governor: governor, intake: intake, keys: keys), configuration: transport,
                counts: counts, certificates: configuration.certificates),
            configuration: transport.application(
                address: .hostname(configuration.host, port: configuration.port), logger: logger),
            onServerRunning: { [self] channel in bound.withLock { $0 = channel.localAddress?.port } },
            eventLoopGroupProvider: .shared(group), logger: logger)
        // The loops are not shut down here: what still has an answer for a connection that is gone may post to its loop,
        // and the process ends soon.
        jobs.start(responder.work)
        var failure: (any Error)?
        do {
            try await serve(application)
        } catch { failure = error }
        await jobs.stop()
        if let failure { throw failure }
    }

    private func serve(_ application: some ApplicationProtocol) async throws {
        try await withGracefulShutdownHandler {
            try await application.runService(gracefulShutdownSignals: [])
        } onGracefulShutdown: { [governor] in
            // They would keep their connections for good.
            governor.revocations.close()
        }
    }
}
