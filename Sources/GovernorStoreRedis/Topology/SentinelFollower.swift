import NIOCore

/// Asks every sentinel again and again who the master is, and believes the word of the highest epoch.
///
/// Bound to its event loop. A master that a sentinel names is used only once it says itself that it is one.
final class SentinelFollower {
    private struct Word: Hashable {
        var master: RedisEndpoint
        var epoch: Int64
    }

    private let name: String
    private let links: [RedisLink]
    private var words: [Int: Word] = [:]
    private var refusals: [Int: String] = [:]
    private var current: Word?
    private let found: (RedisEndpoint) -> Void

    /// `found` is told the first master and every other one that takes its place.
    init(
        loop: any EventLoop, master name: String, sentinels: [RedisEndpoint], settings: LinkSettings,
        found: @escaping (RedisEndpoint) -> Void
    ) {
        self.name = name
        self.found = found
        links = sentinels.map { endpoint in
            RedisLink(loop: loop, endpoint: endpoint, purpose: .sentinel, settings: settings) { _ in }
        }
    }

    /// What the sentinels have against the name, or that none of them answers; `nil` when one knows the master.
    var trouble: String? {
        if !words.isEmpty { return nil }
        return refusals.values.first ?? "no sentinel answers"
    }

    func ask() {
        for (i, link) in links.enumerated() {
            link.send(
                RedisCommand("SENTINEL", "MASTER", name),
                to: OneReply { [weak self] reply in self?.hear(reply, from: i) }, tag: 0)
        }
    }

    private func hear(_ reply: RedisReply?, from sentinel: Int) {
        guard let reply else {
            words[sentinel] = nil
            return
        }
        if let error = reply.error {
            words[sentinel] = nil
            refusals[sentinel] =
                error.kind == .noAuthentication
                ? "the sentinels want a password: set `sentinel_password`"
                : "the sentinels know no master `\(name)`"
            return
        }
        var fields: [String: String] = [:]
        for i in stride(from: 0, to: reply.count - 1, by: 2) { fields[reply[i].string] = reply[i + 1].string }
        guard let host = fields["ip"], let port = fields["port"].flatMap({ Int($0) }), (1...65_535).contains(port)
        else { return }
        refusals[sentinel] = nil
        words[sentinel] = Word(
            master: .host(host, port: port), epoch: fields["config-epoch"].flatMap { Int64($0) } ?? 0)
        choose()
    }

    private func choose() {
        guard let highest = words.values.map(\.epoch).max(), highest >= current?.epoch ?? .min else { return }
        let candidates = words.values.filter { $0.epoch == highest }
        // Of one epoch there is one master; should they differ all the same, the one that most of them name.
        let best = candidates.max { a, b in
            let (countA, countB) = (candidates.count { $0 == a }, candidates.count { $0 == b })
            return (countA, a.master.description) < (countB, b.master.description)
        }
        guard let best, best != current else { return }
        let isNew = best.master != current?.master
        current = best
        if isNew { found(best.master) }
    }

    func close() { for link in links { link.close() } }
}
