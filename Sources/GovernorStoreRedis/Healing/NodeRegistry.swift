/// The nodes that wrote into this Redis, and which histories of it each has replayed its ledger into: what one hash there
/// says, and what follows from it. No Redis, no clock.
struct NodeRegistry: Hashable, Sendable {
    /// By name.
    private(set) var healed: [String: Set<String>] = [:]

    init() {}

    /// The fields of the hash and their values, in turn.
    init(fields: [String]) {
        var i = 0
        while i + 1 < fields.count {
            healed[fields[i]] = Set(fields[i + 1].split(separator: ",").map(String.init))
            i += 2
        }
    }

    static func value(_ histories: Set<String>) -> String { histories.sorted().joined(separator: ",") }

    /// What one node has to do about the histories that the masters have now.
    enum Duty: Hashable, Sendable {
        case nothing
        /// Only to say so: nothing of its own can be missing.
        case register
        /// The end of its ledger may be missing in Redis.
        case replayTail
        /// Redis does not know this node: everything may be missing.
        case replayAll
    }

    /// - Parameter hasRecords: whether the node's ledger holds anything.
    func duty(of node: String, present: Set<String>, hasRecords: Bool) -> Duty {
        guard let mine = healed[node] else { return hasRecords ? .replayAll : .register }
        return present.isSubset(of: mine) ? .nothing : .replayTail
    }

    /// The nodes that have not replayed their ledgers into the present histories, by name.
    func waitingFor(_ present: Set<String>) -> [String] {
        healed.filter { !present.isSubset(of: $0.value) }.keys.sorted()
    }
}
