/// What a server says about itself when a connection begins, from `INFO` and `TIME`.
struct ServerFacts: Hashable, Sendable {
    var version: [Int] = []
    var versionText = "unknown"
    var isMaster = false
    var isCluster = false
    var isLoading = false
    /// Of the data set's history: another one after a failover or a restart.
    var replicationID = ""
    /// The history that this one goes on from: that of the master whose place a replica took.
    var earlierReplicationID = ""
    var connectedReplicas = 0
    var evictionPolicy = "unknown"
    var memoryMax: UInt64 = 0
    var isAppending = false
    /// This node's clock minus the server's, in milliseconds; as far as the reply's travel lets one know.
    var clockDifference: Int64 = 0
    /// Of the script.
    var scriptDigest = ""

    /// Reads the lines of `INFO`.
    mutating func read(info text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = String(line[line.index(after: colon)...])
            switch line[..<colon] {
            case "redis_version":
                versionText = value
                version = value.split(separator: ".").prefix(3).map { Int($0) ?? 0 }
            case "role": isMaster = value == "master"
            case "cluster_enabled": isCluster = value == "1"
            case "loading": isLoading = value == "1"
            case "master_replid": replicationID = value
            case "master_replid2": earlierReplicationID = value
            case "connected_slaves": connectedReplicas = Int(value) ?? 0
            case "maxmemory_policy": evictionPolicy = value
            case "maxmemory": memoryMax = UInt64(value) ?? 0
            case "aof_enabled": isAppending = value == "1"
            default: break
            }
        }
    }

    /// `PXAT` needs 6.2.
    static let versionMin = [6, 2]

    /// Why this server cannot be used; `nil` when it can.
    func fault(at endpoint: RedisEndpoint, needsCluster: Bool) -> RedisStoreError? {
        if isLoading { return .unreachable("Redis at \(endpoint) is loading its data into memory") }
        if version.lexicographicallyPrecedes(Self.versionMin) {
            return .unsafeSettings(
                "Redis at \(endpoint) is version \(versionText); the governor needs 6.2 or later")
        }
        if needsCluster && !isCluster {
            return .invalidConfiguration("Redis at \(endpoint) is not part of a cluster: write redis:// instead")
        }
        if isCluster && !needsCluster {
            return .invalidConfiguration("Redis at \(endpoint) is part of a cluster: write redis+cluster:// instead")
        }
        if evictionPolicy != "noeviction" {
            return .unsafeSettings(
                "Redis at \(endpoint) has `maxmemory-policy \(evictionPolicy)`: when memory runs out it would drop "
                    + "records, and with them opt-outs and caps; set it to `noeviction`")
        }
        return nil
    }
}
