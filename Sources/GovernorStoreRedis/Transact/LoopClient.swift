import GovernorCore
import GovernorStore
import NIOCore
import Synchronization

/// The hash slot of a key; everything is in one where there is no cluster.
struct RecordSlot: Hashable, Sendable {
    let number: UInt16
    static let any = RecordSlot(number: 0)
}

/// What the loops of one store share.
final class StoreShared: Sendable {
    let configuration: RedisConfiguration
    let settings: LinkSettings
    let cache: RecordCache
    let counters = RedisCounters()
    let board: HealthBoard
    let journal: any StoreJournal
    let sync: JournalSync
    let retention: Retention
    /// Shut from the start when there is a ledger that Redis may lack something of.
    let gate: Gate
    /// Of a cluster.
    let cluster: Cluster?
    /// The one server, or the master that the sentinels named last.
    let master: Mutex<RedisEndpoint?>

    init(
        _ configuration: RedisConfiguration, _ settings: LinkSettings, journal: any StoreJournal, sync: JournalSync
    ) {
        self.configuration = configuration
        self.settings = settings
        self.journal = journal
        self.sync = sync
        gate = Gate(
            shutBecause: journal.node == nil ? nil : "it is not known yet whether Redis holds all that the ledgers do")
        cache = RecordCache(bytesMax: configuration.cacheBytes, aliasesMax: configuration.aliasesMax)
        retention = Retention(touchesKept: configuration.touchesKept)
        let isAlone = if case .cluster = configuration.address.topology { false } else { true }
        board = HealthBoard(clockDifferenceMax: configuration.clockDifferenceMax, isAlone: isAlone)
        switch configuration.address.topology {
        case .single(let endpoint):
            master = Mutex(endpoint)
            cluster = nil
        case .sentinel:
            master = Mutex(nil)
            cluster = nil
        case .cluster(let seeds):
            master = Mutex(nil)
            cluster = Cluster(seeds: seeds)
        }
    }
}

/// What one event loop needs to take transactions to Redis: its connections, and where each key goes.
///
/// Every function but `init` runs on the loop, which is what guards the state.
final class LoopClient: @unchecked Sendable {
    let loop: any EventLoop
    let shared: StoreShared
    private enum Way {
        /// The sentinels have named no master yet.
        case unknown
        /// To one server, or to the master that sentinels name.
        case one(RedisLink)
        case cluster(ClusterLinks)
    }

    private var way = Way.unknown
    private var tokens = UInt64.random(in: .min ... .max)
    /// How often a key that was assumed not to exist did, of late: 0…1.
    private var wrongShare = 0.0
    private var sinceTried = 0

    /// What its connections have in common; those of one that does not carry records are not the store's health.
    private let settings: LinkSettings
    let isStore: Bool

    /// - Parameter settings: for connections of another kind than the store's.
    init(loop: any EventLoop, shared: StoreShared, settings: LinkSettings? = nil) {
        self.loop = loop
        self.shared = shared
        self.settings = settings ?? shared.settings
        isStore = settings == nil
        if let cluster = shared.cluster {
            way = .cluster(
                ClusterLinks(
                    loop: loop, cluster: cluster, shared: shared, settings: self.settings, isStore: isStore))
        } else if let master = shared.master.withLock({ $0 }) {
            way = .one(link(to: master))
        }
    }

    private func link(to endpoint: RedisEndpoint) -> RedisLink {
        let board = isStore ? shared.board : nil
        return RedisLink(
            loop: loop, endpoint: endpoint, purpose: .store, settings: settings, gate: isStore ? shared.gate : nil
        ) { report in
            board?.take(report, isStore: true)
        }
    }

    var keys: KeySpace { shared.settings.keys }
    var cache: RecordCache { shared.cache }
    var counters: RedisCounters { shared.counters }
    var journal: any StoreJournal { shared.journal }
    var sync: JournalSync { shared.sync }
    var retention: Retention { shared.retention }
    var transactionTimeout: TimeAmount { .milliseconds(shared.configuration.transactionTimeout.count) }

    /// Empty while no connection was made, and then nothing is known by it.
    var scriptDigest: String {
        let digest =
            switch way {
            case .unknown: ""
            case .one(let link): link.facts.scriptDigest
            case .cluster(let links): links.scriptDigest
            }
        return digest.isEmpty ? "0" : digest
    }

    /// - Parameter isHealing: it brings back what a ledger tells, so the gate does not stop it.
    func run(_ keys: [RecordKey], _ transaction: any Transaction, isHealing: Bool = false) {
        loop.assertInEventLoop()
        counters.transactions.add(1, ordering: .relaxed)
        RedisTransaction(self, keys, transaction, isHealing: isHealing).start()
    }

    func close() {
        switch way {
        case .unknown: break
        case .one(let link): link.close()
        case .cluster(let links): links.close()
        }
    }

    /// The sentinels named another master.
    func move(to endpoint: RedisEndpoint) {
        switch way {
        case .unknown: way = .one(link(to: endpoint))
        case .one(let link): link.move(to: endpoint)
        case .cluster: break
        }
    }

    // MARK: for transactions

    var isCluster: Bool { shared.cluster != nil }

    /// The slot of a key.
    func slot(of place: RecordKey) -> RecordSlot {
        guard case .cluster = way else { return .any }
        return RecordSlot(number: HashSlot.slot(of: keys.name(of: place)))
    }

    /// The keys by the command that can carry them.
    func split(_ places: [RecordKey]) -> [(slot: RecordSlot, places: [RecordKey])] {
        guard case .cluster = way else { return [(.any, places)] }
        var groups: [(slot: RecordSlot, places: [RecordKey])] = []
        for place in places {
            let slot = slot(of: place)
            if let i = groups.firstIndex(where: { $0.slot == slot }) {
                groups[i].places.append(place)
            } else {
                groups.append((slot, [place]))
            }
        }
        return groups
    }

    func send(_ command: RedisCommand, slot: RecordSlot, to receiver: any ReplyReceiver, tag: Int) {
        switch way {
        case .unknown: receiver.failed(.notSent("the sentinels have named no master yet"), tag: tag)
        case .one(let link): link.send(command, to: receiver, tag: tag)
        case .cluster(let links): links.send(command, slot: slot.number, to: receiver, tag: tag)
        }
    }

    /// A random token, never 0.
    func nextVersion() -> UInt64 {
        // Source: SplitMix64, as in Steele, Lea and Flood (2014); the start is from the system's generator.
        tokens &+= 0x9e37_79b9_7f4a_7c15
        var z = tokens
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        return z == 0 ? 1 : z
    }

    /// Whether a transaction may assume that nobody is known by a key that this node has not seen.
    ///
    /// Right, it saves a first contact its reading; wrong, it costs Redis a script that changes nothing. So it is done
    /// while it is right more often than not, and now and then otherwise.
    func mayAssume() -> Bool {
        if wrongShare < 0.5 { return true }
        sinceTried += 1
        if sinceTried < 32 { return false }
        sinceTried = 0
        return true
    }

    func noteAssumption(wasRight: Bool) { wrongShare += ((wasRight ? 0 : 1) - wrongShare) / 16 }

    /// Redis refused a command: it may no longer be what it was when the connection began.
    func noteRefusal(_ error: RedisError) {
        shared.board.refused(error)
        guard case .one(let link) = way else { return }
        switch error.kind {
        case .readOnly, .loading, .masterDown, .noAuthentication: link.doubt(error.description)
        case .noScript, .outOfMemory, .clusterDown, .crossSlot, .noPermission, .cannotPersist, .tooFewReplicas, .busy,
            .tryAgain, .moved, .ask, .wrongType, .other:
            break
        }
    }

    // MARK: looking after the servers

    /// Connects where that has not been done, and asks whether the servers still are what they were.
    func lookAfter() {
        switch way {
        case .unknown: break
        case .one(let link):
            link.connectIfIdle()
            guard link.isReady else { return }
            askClock(link)
            link.send(
                RedisCommand("ROLE"),
                to: OneReply { reply in
                    guard let reply, reply.error == nil, reply.count > 0 else { return }
                    if reply[0].string != "master" { link.doubt("Redis has become a replica") }
                }, tag: 0)
        case .cluster(let links):
            guard let cluster = shared.cluster else { return }
            let nodes = cluster.nodes
            links.keep(only: nodes + cluster.seeds)
            for node in nodes {
                let link = links.link(to: node)
                link.connectIfIdle()
                if link.isReady { askClock(link) }
            }
        }
    }

    var isReady: Bool {
        switch way {
        case .unknown: false
        case .one(let link): link.isReady
        case .cluster(let links):
            shared.cluster.map { cluster in
                cluster.uncoveredCount == 0 && cluster.nodes.allSatisfy { links.link(to: $0).isReady }
            } ?? false
        }
    }

    private func askClock(_ link: RedisLink) {
        let asked = shared.settings.now()
        let board = shared.board
        let now = shared.settings.now
        let endpoint = link.endpoint
        link.send(
            RedisCommand("TIME"),
            to: OneReply { reply in
                guard let reply, reply.count == 2, let seconds = Int64(reply[0].string),
                    let micro = Int64(reply[1].string)
                else { return }
                // The server read its clock somewhere between asking and answering.
                let theirs = seconds * 1_000 + micro / 1_000
                let answered = now().milliseconds
                board.setClockDifference(
                    theirs < asked.milliseconds
                        ? asked.milliseconds - theirs : theirs > answered ? answered - theirs : 0, of: endpoint)
            }, tag: 0)
    }

    /// Asks a node, or a seed while none is known, which node serves which slot, if it is time to.
    func learnSlots() {
        guard case .cluster(let links) = way, let cluster = shared.cluster, cluster.isDue else { return }
        let board = shared.board
        for node in Set(cluster.nodes + cluster.seeds) {
            let link = links.link(to: node)
            link.connectIfIdle()
            guard link.isReady else { continue }
            link.send(
                RedisCommand("CLUSTER", "SLOTS"),
                to: OneReply { reply in
                    guard cluster.isDue, let reply, let map = SlotMap(reading: reply, from: node) else { return }
                    cluster.learn(map)
                    board.keep(only: Set(map.nodes))
                    let missing = map.uncoveredCount
                    board.setTopologyTrouble(
                        missing == 0 ? nil : "\(missing) slots of the cluster are served by no node")
                }, tag: 0)
        }
    }

    /// Writes down whose people a cluster holds, or compares; `done` gets what is there.
    func readMeta(_ done: @escaping (Result<String, RedisStoreError>) -> Void) {
        let slot = RecordSlot(number: HashSlot.slot(of: keys.meta))
        var write = RedisCommand("SET")
        write.add(keys.meta)
        write.add(shared.settings.mark.text)
        write.add("NX")
        send(write, slot: slot, to: OneReply { _ in }, tag: 0)
        var read = RedisCommand("GET")
        read.add(keys.meta)
        send(
            read, slot: slot,
            to: OneReply { reply in
                if let reply, reply.kind == .text { return done(.success(reply.string)) }
                done(.failure(.unreachable("the cluster did not answer for its own key")))
            }, tag: 0)
    }
}

/// Gives one reply to a closure, or nothing when there is none.
final class OneReply: ReplyReceiver {
    private let body: (RedisReply?) -> Void
    init(_ body: @escaping (RedisReply?) -> Void) { self.body = body }
    func received(_ reply: RedisReply, tag: Int) { body(reply) }
    func failed(_ failure: LinkFailure, tag: Int) { body(nil) }
}
