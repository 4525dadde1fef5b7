public import GovernorCore

/// Where Redis is, what its keys depend on, and the bounds of everything that waits.
public struct RedisConfiguration: Sendable {
    public var address: RedisAddress
    /// A one-way fingerprint of the identifier secret; keys written under another one are refused.
    public var secretFingerprint: [UInt8]
    /// The version of the rules that turn an identifier into its canonical form; another one is refused.
    public var normaliserVersion: UInt32
    /// Before every key.
    public var prefix = KeySpace.prefixDefault
    /// How long a command waits for its reply; past it the connection is closed: 1 ms to 60 s.
    public var commandTimeout = Milliseconds(250)
    /// How long a connection may take until it is ready.
    public var connectTimeout = Milliseconds(1_000)
    /// How long a transaction tries again when others are faster.
    public var transactionTimeout = Milliseconds(2_000)
    /// Between attempts to connect: doubled each time up to the most, each with jitter.
    public var backoffMin = Milliseconds(20)
    public var backoffMax = Milliseconds(1_000)
    /// Failures in a row after which requests are refused at once.
    public var failuresToOpen = 2
    /// Commands that wait for a reply on one connection; one more is refused.
    public var waitingMax = 16_384
    /// Memory for records at hand, in bytes as estimated.
    public var cacheBytes = 64 << 20
    /// Identifiers and persons whose record's key is remembered.
    public var aliasesMax = 200_000
    /// How much of the end of its ledger a node replays after a failover or a restart of Redis: longer than replicas may
    /// lag, and than what Redis may not have written to its disk.
    public var healTail = Milliseconds.minutes(2)
    /// How far this node's clock may be from Redis's.
    public var clockDifferenceMax = Milliseconds(250)
    /// How long a start waits for a Redis that does not answer, or still loads.
    public var startPatience = Milliseconds.seconds(10)
    /// Records with nothing but touches are kept this long after the newest one; `nil`: for ever.
    public var touchesKept: Milliseconds? = .days(1_830)
    /// The name under which Redis lists this node's connections.
    public var connectionName = "governor"

    public init(address: RedisAddress, secretFingerprint: [UInt8], normaliserVersion: UInt32) {
        self.address = address
        self.secretFingerprint = secretFingerprint
        self.normaliserVersion = normaliserVersion
        let options = address.options
        if let count = options.timeoutMilliseconds { commandTimeout = Milliseconds(Int64(count)) }
        if let count = options.connectTimeoutMilliseconds { connectTimeout = Milliseconds(Int64(count)) }
        if let prefix = options.prefix { self.prefix = prefix }
        if let count = options.cacheMebibytes { cacheBytes = count << 20 }
        if let days = options.touchesKeptDays { touchesKept = days == 0 ? nil : .days(Int64(days)) }
    }

    public func validate() throws(RedisStoreError) {
        let bounds: [(String, Int64, ClosedRange<Int64>)] = [
            ("secretFingerprint.count", Int64(secretFingerprint.count), 1...64),
            ("commandTimeout", commandTimeout.count, 1...60_000),
            ("connectTimeout", connectTimeout.count, 1...60_000),
            ("transactionTimeout", transactionTimeout.count, 1...60_000),
            ("backoffMin", backoffMin.count, 1...60_000),
            ("backoffMax", backoffMax.count, backoffMin.count...max(backoffMin.count, 60_000)),
            ("failuresToOpen", Int64(failuresToOpen), 1...1_000),
            ("waitingMax", Int64(waitingMax), 1...1_000_000),
            ("cacheBytes", Int64(cacheBytes), (64 << 10)...(64 << 30)),
            ("aliasesMax", Int64(aliasesMax), 1...100_000_000),
            ("clockDifferenceMax", clockDifferenceMax.count, 1...3_600_000),
            ("startPatience", startPatience.count, 0...3_600_000),
        ]
        for (name, value, range) in bounds where !range.contains(value) {
            throw .invalidConfiguration(
                "redis: `\(name)` is \(value); it must be \(range.lowerBound) to \(range.upperBound)")
        }
        // Shorter than the history that every rule may count on, and a cap could be passed.
        if let touchesKept, touchesKept < PersonRecord.historyKept {
            throw .invalidConfiguration(
                "redis: touches are kept for \(PersonRecord.historyKept.count / 86_400_000) days at least")
        }
    }
}

/// Why Redis cannot be used as a store. `description` says what to do.
public enum RedisStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    case invalidConfiguration(String)
    /// Nobody answers at the address, or not as Redis does.
    case unreachable(String)
    /// It refuses the user, the password or a command.
    case refused(String)
    /// Its settings would lose what must not be lost.
    case unsafeSettings(String)
    /// It holds what was written under another secret or normaliser, or by a later version.
    case mismatch(String)

    public var description: String {
        switch self {
        case .invalidConfiguration(let text), .unreachable(let text), .refused(let text), .unsafeSettings(let text),
            .mismatch(let text):
            text
        }
    }

    /// Whether waiting may help.
    var isPassing: Bool {
        if case .unreachable = self { true } else { false }
    }
}
