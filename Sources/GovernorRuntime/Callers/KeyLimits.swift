/// What a key is limited to besides its role, as the file of keys holds it. Figures hold on each node.
public struct KeyLimits: Codable, Hashable, Sendable {
    /// Channels that it may ask for; none: all.
    public var channels: [String] = []
    /// Campaigns that it may ask for, and must name; none: all, and none need be named.
    public var campaigns: [String] = []
    /// Requests in one second, with as many at once after a pause; `nil`: no bound. A batch counts as what it holds.
    public var requestsPerSecond: Int?
    /// Requests under way at once; `nil`: no bound.
    public var concurrentMax: Int?
    /// Requests of one batch; `nil`: as the API allows.
    public var batchMax: Int?

    /// The largest figure that a limit may have.
    public static let figureMax = 1_000_000
    /// Channels, and campaigns, of one key.
    public static let namesMax = 100

    public init() {}

    /// Whether it limits nothing.
    public var isEmpty: Bool { self == KeyLimits() }
}
