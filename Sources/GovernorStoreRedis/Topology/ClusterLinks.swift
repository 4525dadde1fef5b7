import NIOCore
import Synchronization

/// One loop's connections to the nodes of a cluster; follows redirections.
///
/// Bound to its event loop.
final class ClusterLinks {
    private let loop: any EventLoop
    private let cluster: Cluster
    private let shared: StoreShared
    private var links: [RedisEndpoint: RedisLink] = [:]
    private var isClosed = false

    private let settings: LinkSettings
    private let isStore: Bool

    init(
        loop: any EventLoop, cluster: Cluster, shared: StoreShared, settings: LinkSettings, isStore: Bool = true
    ) {
        self.loop = loop
        self.cluster = cluster
        self.shared = shared
        self.settings = settings
        self.isStore = isStore
    }

    func link(to node: RedisEndpoint) -> RedisLink {
        if let link = links[node] { return link }
        let board = isStore ? shared.board : nil
        let cluster = cluster
        let link = RedisLink(
            loop: loop, endpoint: node, purpose: .clusterNode, settings: settings, gate: isStore ? shared.gate : nil
        ) { report in
            // A node that is gone may have been replaced.
            if case .down = report { cluster.markStale() }
            board?.take(report, isStore: true)
        }
        links[node] = link
        return link
    }

    /// Leaves the nodes that no longer serve anything.
    func keep(only nodes: [RedisEndpoint]) {
        for (node, link) in links where !nodes.contains(node) {
            link.close()
            links[node] = nil
        }
    }

    func send(_ command: RedisCommand, slot: UInt16, to receiver: any ReplyReceiver, tag: Int) {
        guard !isClosed else { return receiver.failed(.notSent("the store is closed"), tag: tag) }
        guard let node = cluster.node(of: slot) else {
            cluster.markStale()
            return receiver.failed(.notSent("no node of the cluster serves slot \(slot)"), tag: tag)
        }
        let errand = Errand(self, command, slot: slot, to: receiver, tag: tag)
        link(to: node).send(command, to: errand, tag: 0)
    }

    /// The digest of the script, which is the same on all nodes.
    var scriptDigest: String { links.values.lazy.map(\.facts.scriptDigest).first { !$0.isEmpty } ?? "" }

    func close() {
        isClosed = true
        for link in links.values { link.close() }
        links = [:]
    }

    /// One command on its way through the cluster.
    private final class Errand: ReplyReceiver {
        private let links: ClusterLinks
        private let command: RedisCommand
        private let slot: UInt16
        private let receiver: any ReplyReceiver
        private let tag: Int
        private var stepsLeft = 8

        init(
            _ links: ClusterLinks, _ command: RedisCommand, slot: UInt16, to receiver: any ReplyReceiver, tag: Int
        ) {
            self.links = links
            self.command = command
            self.slot = slot
            self.receiver = receiver
            self.tag = tag
        }

        /// Tag 1 is `ASKING`'s, whose reply says nothing.
        func received(_ reply: RedisReply, tag: Int) {
            if tag == 1 { return }
            guard let error = reply.error, stepsLeft > 0, !links.isClosed else {
                return receiver.received(reply, tag: self.tag)
            }
            switch error.kind {
            case .moved(let slot, let target?):
                step()
                let node = named(target)
                links.cluster.moved(slot, to: node)
                links.link(to: node).send(command, to: self, tag: 0)
            case .ask(_, let target?):
                step()
                let link = links.link(to: named(target))
                link.send(RedisCommand("ASKING"), to: self, tag: 1)
                link.send(command, to: self, tag: 0)
            case .tryAgain:
                step()
                links.loop.assumeIsolated().scheduleTask(in: .milliseconds(.random(in: 5...25))) { self.again() }
            default:
                if error.kind == .clusterDown { links.cluster.markStale() }
                receiver.received(reply, tag: self.tag)
            }
        }

        private func again() {
            guard let node = links.cluster.node(of: slot), !links.isClosed else {
                return receiver.failed(.notSent("the cluster is moving this slot"), tag: tag)
            }
            links.link(to: node).send(command, to: self, tag: 0)
        }

        private func step() {
            stepsLeft -= 1
            links.shared.counters.redirections.add(1, ordering: .relaxed)
        }

        /// Redirections may leave the host out.
        private func named(_ target: RedisEndpoint) -> RedisEndpoint {
            guard case .host(let host, let port) = target, host.isEmpty || host == "?",
                let source = links.cluster.node(of: slot)
            else { return target }
            return SlotMap.endpoint("", port, from: source) ?? target
        }

        func failed(_ failure: LinkFailure, tag: Int) {
            if tag == 1 { return }
            links.cluster.markStale()
            receiver.failed(failure, tag: self.tag)
        }
    }
}
