import Foundation

/// A real Redis Cluster of a test's own: masters that share the slots, and replicas.
public final class RedisCluster {
    public private(set) var masters: [RedisProcess] = []
    public private(set) var replicas: [RedisProcess] = []

    /// Starts the nodes and waits until every one of them finds the cluster well.
    ///
    /// - Parameter replicated: which masters get a replica.
    public init(
        masters count: Int = 3, replicated: [Int] = [], nodeTimeoutMilliseconds: Int = 1_500,
        _ settings: [(String, String)] = []
    ) throws {
        let all =
            [
                ("cluster-enabled", "yes"), ("cluster-node-timeout", "\(nodeTimeoutMilliseconds)"),
                ("cluster-config-file", "nodes.conf"), ("cluster-require-full-coverage", "no"),
                ("cluster-replica-validity-factor", "0"), ("repl-diskless-sync-delay", "0"),
            ] + settings
        for _ in 0..<count { masters.append(try RedisProcess(all)) }
        for (i, node) in masters.enumerated() {
            try node.cli("CLUSTER", "SET-CONFIG-EPOCH", "\(i + 1)")
            let first = 16_384 * i / count
            let last = 16_384 * (i + 1) / count - 1
            try node.cli("CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(last)")
        }
        for node in masters.dropFirst() { try meet(node) }
        try wait()
        for i in replicated {
            let replica = try RedisProcess(all)
            replicas.append(replica)
            try meet(replica)
            let master = try id(of: masters[i])
            try RedisProcess.wait("the replica never knew its master") {
                try replica.cli("CLUSTER", "REPLICATE", master) == "OK"
            }
            try RedisProcess.wait("the replica was never in step") {
                try replica.info("master_link_status") == "up"
            }
        }
        try wait()
    }

    private func meet(_ node: RedisProcess) throws {
        try node.cli("CLUSTER", "MEET", "127.0.0.1", "\(masters[0].port)")
    }

    private var nodes: [RedisProcess] { masters + replicas }

    private func wait() throws {
        let count = nodes.count
        for node in nodes {
            try RedisProcess.wait("the cluster did not come together: \(node.folder)") {
                let text = try node.cli("CLUSTER", "INFO")
                return text.contains("cluster_state:ok") && text.contains("cluster_known_nodes:\(count)")
            }
        }
    }

    public func id(of node: RedisProcess) throws -> String { try node.cli("CLUSTER", "MYID") }

    public var url: String {
        "redis+cluster://" + masters.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    }

    /// The master that serves a slot by its own account.
    public func owner(of slot: Int) throws -> RedisProcess? {
        for node in nodes where node.isRunning {
            let line = try node.cli("CLUSTER", "NODES").split(separator: "\n").first { $0.contains("myself") } ?? ""
            for word in line.split(separator: " ").dropFirst(8) {
                let ends = word.split(separator: "-").compactMap { Int($0) }
                if let first = ends.first, let last = ends.last, (first...last).contains(slot) { return node }
            }
        }
        return nil
    }

    /// Gives a slot and its keys to another master, key by key, as `redis-cli --cluster reshard` does.
    ///
    /// `between` runs when half of it is done.
    public func move(slot: Int, to target: RedisProcess, between: () throws -> Void = {}) throws {
        guard let source = try owner(of: slot), source !== target else { return }
        try target.cli("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", try id(of: source))
        try source.cli("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", try id(of: target))
        try between()
        while true {
            let keys = try source.cli("CLUSTER", "GETKEYSINSLOT", "\(slot)", "10").split(separator: "\n").map(
                String.init)
            if keys.isEmpty { break }
            try source.cli(["MIGRATE", "127.0.0.1", "\(target.port)", "", "0", "5000", "KEYS"] + keys)
            try between()
        }
        for node in [target, source] + masters where node.isRunning {
            try node.cli("CLUSTER", "SETSLOT", "\(slot)", "NODE", try id(of: target))
        }
    }
}
