public import GovernorCore
public import GovernorIdentity
public import GovernorStore
public import Logging

/// The one `decide`, and everything else that reads or changes a person's record, over one store and the policies in
/// force.
///
/// Every door (HTTP, command line) is a thin translation to this type. All its functions answer through completions, so
/// that the hot path never suspends between a socket's read and its write.
public final class Governor: Sendable {
    public let store: any ContactStore
    public let policies: PolicyHolder
    public let zones: ZoneAtlas
    public let hasher: IdentifierHasher
    public let configuration: GovernorConfiguration
    public let metrics = GovernorMetrics()
    public let clock: any WallClock
    let logger: Logger
    let random: SharedRandom
    let summaries: CheckSummaries
    let idempotency: IdempotencyWindow
    let deadlines: DeadlineQueue
    let degraded: DegradedContacts
    let openReservations = OpenReservations()
    /// Persons who were named together and may be one.
    public let conflicts = ConflictBook()
    /// Makes and opens the links of people's own pages.
    public let links: LinkSealer
    /// What opt-outs and the like have just taken back, for whoever listens.
    public let revocations: RevocationStream

    public init(
        store: any ContactStore, policies: PolicyHolder, zones: ZoneAtlas, hasher: IdentifierHasher,
        clock: any WallClock = SystemWallClock(), configuration: GovernorConfiguration = GovernorConfiguration(),
        notices: (any NoticeBoard)? = nil, logger: Logger = Logger(label: "governor")
    ) {
        self.store = store
        self.policies = policies
        self.zones = zones
        self.hasher = hasher
        self.clock = clock
        self.configuration = configuration
        self.logger = logger
        random = SharedRandom()
        links = LinkSealer(hasher)
        summaries = CheckSummaries()
        idempotency = IdempotencyWindow(countMax: configuration.idempotencyKeysMax)
        deadlines = DeadlineQueue()
        degraded = DegradedContacts(countMax: configuration.degradedAllowsMax)
        revocations = RevocationStream(board: notices ?? LocalNoticeBoard { clock.now() })
    }

    /// Stops the threads that watch deadlines and flush summaries. Requests in flight are answered first by their door.
    public func close() {
        revocations.close()
        flushSummaries()
        deadlines.close()
    }
}

/// Bounds and choices of the runtime, with their defaults.
public struct GovernorConfiguration: Sendable {
    /// How long a decision waits for its store, its durability included.
    public var storeDeadline = Milliseconds(50)
    /// The bound on facts and other changes that are not on a dialer's path.
    public var factDeadline = Milliseconds.seconds(5)
    /// How much of checks and denials goes to the ledger one by one.
    public var ledgerChecks = LedgerChecks.denies
    /// Idempotency keys that a node remembers besides the records themselves.
    public var idempotencyKeysMax = 100_000
    /// Degraded allows that wait to be put on record, at most; past it the answer is a denial whatever the policy says.
    public var degradedAllowsMax = 1_000
    /// Namespaces of keys that hold one identifier per person.
    public var uniqueNamespaces: Set<String> = ["crm"]

    public init() {}
}

/// `ledger.checks`: what becomes of decisions that reserve nothing.
public enum LedgerChecks: String, Sendable, CaseIterable {
    /// Each is a record.
    case all
    /// Denials are records, permitted checks are summed up.
    case denies
    /// Both are summed up per minute.
    case summary
}
