import GovernorCore
import GovernorStore

/// The values that a transaction has at hand, and where its keys lead by them: no Redis, no clock.
///
/// A value is assumed (the key is thought not to exist), remembered (from the cache), or read; everything but what was
/// read together in one go is compared once more before an answer rests on it.
struct Gathering {
    enum Origin: Hashable {
        case assumed
        case remembered
        /// By the n-th reading; values of one reading belong together.
        case read(Int)
    }

    struct Entry {
        let place: RecordKey
        var value: StoredValue
        var origin: Origin
    }

    enum Resolution: Hashable {
        /// Nobody is known by the key; the entry says so, together with the one that its forwarder points to.
        case nobody(Int, dangling: Int?)
        /// The record is in this entry.
        case home(Int)
        /// This has to be at hand first.
        case missing(RecordKey)
    }

    private(set) var entries: [Entry] = []
    /// Where keys were said to lead by the node's memory; what turned out wrong is taken out.
    private(set) var aliases: [(key: RecordKey, place: RecordKey)] = []
    /// Keys whose alias the record did not confirm.
    private var stale: [RecordKey] = []
    private var untoldStale = 0

    func index(of place: RecordKey) -> Int? { entries.firstIndex { $0.place == place } }

    mutating func put(_ value: StoredValue, at place: RecordKey, _ origin: Origin) {
        if let i = index(of: place) {
            entries[i].value = value
            entries[i].origin = origin
        } else {
            entries.append(Entry(place: place, value: value, origin: origin))
        }
    }

    mutating func remember(_ key: RecordKey, at place: RecordKey) {
        if key != place && !stale.contains(key) { aliases.append((key, place)) }
    }

    func isKnownStale(_ key: RecordKey) -> Bool { stale.contains(key) }

    /// Those found out since it was last asked.
    mutating func takeStaleAliases() -> ArraySlice<RecordKey> {
        defer { untoldStale = stale.count }
        return stale[untoldStale...]
    }

    /// Where a key leads.
    mutating func resolve(_ key: RecordKey) -> Resolution {
        if let i = index(of: key) {
            let value = entries[i].value
            guard let forward = value.forward, forward != key else {
                return value.isHome(of: key) ? .home(i) : .nobody(i, dangling: nil)
            }
            guard let target = index(of: forward) else { return .missing(forward) }
            return entries[target].value.isHome(of: key) ? .home(target) : .nobody(i, dangling: target)
        }
        if let alias = aliases.firstIndex(where: { $0.key == key }) {
            guard let target = index(of: aliases[alias].place) else { return .missing(aliases[alias].place) }
            if entries[target].value.isHome(of: key) { return .home(target) }
            aliases.remove(at: alias)
            stale.append(key)
        }
        return .missing(key)
    }

    /// Whether what rests on these entries can be answered as it is: one reading saw all of them.
    func isSnapshot(of used: [Int]) -> Bool {
        guard let first = used.first else { return true }
        guard case .read = entries[first].origin else { return false }
        return used.allSatisfy { entries[$0].origin == entries[first].origin }
    }
}

extension RecordSet {
    /// The set of the records found: `origins` are their entries, which are put in the order of the persons' ids, and
    /// `homes` the entry of each key, or -1.
    init(_ gathering: Gathering, keys: [RecordKey], origins: inout [Int], homes: [Int]) {
        if origins.count > 1 {
            origins.sort { a, b in
                guard let a = gathering.entries[a].value.record, let b = gathering.entries[b].value.record else {
                    return false
                }
                return a.id < b.id
            }
        }
        let order = origins
        let counters = keys.compactMap { key -> CounterRecord? in
            guard case .counter = key, let i = gathering.index(of: key) else { return nil }
            return gathering.entries[i].value.counter
        }
        self.init(
            keys: keys, records: order.compactMap { gathering.entries[$0].value.record },
            homes: homes.map { home in home < 0 ? -1 : order.firstIndex(of: home) ?? -1 }, counters: counters)
    }
}
