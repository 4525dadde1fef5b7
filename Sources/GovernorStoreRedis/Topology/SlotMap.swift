/// Which node serves which slot, as far as is known: no Redis.
struct SlotMap: Sendable {
    private(set) var nodes: [RedisEndpoint] = []
    /// A position in `nodes` for each slot, or -1.
    private var owners = [Int16](repeating: -1, count: HashSlot.count)

    init() {}

    /// The node to ask; `nil` when nobody is known to serve the slot.
    func node(of slot: UInt16) -> RedisEndpoint? {
        let owner = owners[Int(slot)]
        return owner < 0 ? nil : nodes[Int(owner)]
    }

    var uncoveredCount: Int { owners.count { $0 < 0 } }

    mutating func set(_ slots: ClosedRange<Int>, to node: RedisEndpoint) {
        let owner: Int16
        if let known = nodes.firstIndex(of: node) {
            owner = Int16(known)
        } else {
            owner = Int16(nodes.count)
            nodes.append(node)
        }
        for slot in slots.clamped(to: 0...HashSlot.count - 1) { owners[slot] = owner }
    }

    /// Reads the answer to `CLUSTER SLOTS` of the node at `source`, which may leave its own host out.
    ///
    /// - Returns: `nil` when it is none.
    init?(reading reply: RedisReply, from source: RedisEndpoint) {
        guard reply.kind == .array else { return nil }
        for i in 0..<reply.count {
            let range = reply[i]
            guard range.count >= 3, let first = range[0].integer, let last = range[1].integer,
                (0...Int64(HashSlot.count - 1)).contains(first), (first...Int64(HashSlot.count - 1)).contains(last),
                range[2].count >= 2, let port = range[2][1].integer, (1...65_535).contains(port)
            else { return nil }
            let host = range[2][0].string
            guard let node = Self.endpoint(host, Int(port), from: source) else { return nil }
            set(Int(first)...Int(last), to: node)
        }
    }

    /// A node that does not know its own address, or a redirection without one, means the host that was asked.
    static func endpoint(_ host: String, _ port: Int, from source: RedisEndpoint) -> RedisEndpoint? {
        if !host.isEmpty && host != "?" { return .host(host, port: port) }
        guard case .host(let asked, _) = source else { return nil }
        return .host(asked, port: port)
    }
}
