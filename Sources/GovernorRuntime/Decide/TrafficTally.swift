package import GovernorCore
import Synchronization

/// What was decided lately, by minute, verdict, first reason and names: what an overview shows. In memory, bounded, and lost
/// with the process.
///
/// Deciding adds to one of several small tables, chosen by the person, so that threads seldom meet; `fold` gathers them.
public final class TrafficTally: Sendable {
    /// A kind of decision.
    package struct Kind: Hashable, Sendable {
        package var verdict: Verdict
        /// Zero for an allow.
        package var code: UInt8
        package var rule: String
        package var channel: String
        package var campaign: String
        package var agency: String
    }

    private struct Key: Hashable {
        var minute: Int64
        var verdict: Verdict
        var code: UInt8
        /// Position in `policies`, whose identity tells which revision it is of.
        var rule: UInt16
        var policies: ObjectIdentifier?
        var channel: Channel
        var campaign: Campaign
        var agency: Agency
    }

    private struct Shard {
        var last: (key: Key, count: UInt64)?
        var counts: [Key: UInt64] = [:]
        var kinds: [Key: Kind] = [:]
    }

    /// A minute, an hour: how many were allowed and denied.
    package struct Pair: Hashable, Sendable {
        package var allows: UInt64 = 0
        package var denies: UInt64 = 0

        package init() {}

        package var total: UInt64 { allows + denies }

        fileprivate mutating func add(_ verdict: Verdict, _ count: UInt64) {
            if verdict == .allow { allows += count } else { denies += count }
        }
    }

    /// Everything that is known, as of the last `fold`.
    package struct History: Sendable {
        /// By minutes since the epoch; the last hour.
        package var minutes: [Int64: Pair] = [:]
        package var kinds: [Int64: [Kind: UInt64]] = [:]
        /// By hours since the epoch; the last week.
        package var hours: [Int64: Pair] = [:]
        /// Denials by a cap, a gap or a cool-off, by hour and agency; the last day.
        package var pressure: [Int64: [String: UInt64]] = [:]
        /// Every decision of an agency, by hour; the last day.
        package var asked: [Int64: [String: UInt64]] = [:]

        package init() {}

        /// Decisions of the last hour by kind.
        package var recent: [Kind: UInt64] {
            kinds.values.reduce(into: [:]) { sum, minute in sum.merge(minute) { $0 + $1 } }
        }
    }

    private let shards: [ShardBox]
    private final class ShardBox: Sendable { let state = Mutex(Shard()) }
    private let history = Mutex(History())

    /// Kinds of one shard between two folds, and of one minute; what comes after them is counted without its names.
    private static let kindsMax = 1_024
    private static let minutesKept: Int64 = 60
    private static let hoursKept: Int64 = 168
    private static let agenciesMax = 1_000

    public init() { shards = (0..<8).map { _ in ShardBox() } }

    /// Counts a decision; one uncontended lock, and a look-up unless it is of the kind of the one before.
    func count(_ decision: Decision, _ plan: Plan) {
        if plan.isHypothetical { return }
        let request = plan.request
        let first = decision.reasons.first
        let key = Key(
            minute: decision.evaluatedAt.milliseconds / 60_000, verdict: decision.verdict,
            code: first?.code.rawValue ?? 0, rule: first?.rule ?? .max,
            policies: first == nil ? nil : ObjectIdentifier(plan.policies), channel: request.channel,
            campaign: request.campaign, agency: request.agency)
        let place = Int(truncatingIfNeeded: request.identifiers.first?.hash.low ?? 0) & 7
        shards[place].state.withLock { shard in
            if shard.last?.key == key {
                shard.last!.count += 1
                return
            }
            if let last = shard.last { shard.counts[last.key, default: 0] += last.count }
            shard.last = (key, 1)
            if shard.kinds[key] == nil {
                if shard.kinds.count >= Self.kindsMax {
                    let plain = Key(
                        minute: key.minute, verdict: key.verdict, code: key.code, rule: .max, policies: nil,
                        channel: .none, campaign: .none, agency: .none)
                    shard.last = (plain, 1)
                    shard.kinds[plain] = Kind(
                        verdict: key.verdict, code: key.code, rule: "", channel: "", campaign: "", agency: "")
                    return
                }
                shard.kinds[key] = Kind(
                    verdict: key.verdict, code: key.code,
                    rule: first?.rule.map { plan.policies.rules[Int($0)].id } ?? "",
                    channel: request.names.text(request.channel) ?? "",
                    campaign: request.names.text(request.campaign) ?? "",
                    agency: request.names.text(request.agency) ?? "")
            }
        }
    }

    /// Gathers what was counted and forgets what is too old; called every few seconds and before reading.
    package func fold(at now: Timestamp) -> History {
        let minute = now.milliseconds / 60_000
        var gathered: [(key: Key, kind: Kind, count: UInt64)] = []
        for box in shards {
            let shard = box.state.withLock { shard in
                defer { shard = Shard() }
                return shard
            }
            var counts = shard.counts
            if let last = shard.last { counts[last.key, default: 0] += last.count }
            for (key, count) in counts {
                if let kind = shard.kinds[key] { gathered.append((key, kind, count)) }
            }
        }
        return history.withLock { history in
            for (key, kind, count) in gathered { Self.add(key.minute, kind, count, to: &history) }
            history.minutes = history.minutes.filter { $0.key > minute - Self.minutesKept }
            history.kinds = history.kinds.filter { $0.key > minute - Self.minutesKept }
            history.hours = history.hours.filter { $0.key > minute / 60 - Self.hoursKept }
            history.pressure = history.pressure.filter { $0.key > minute / 60 - 24 }
            history.asked = history.asked.filter { $0.key > minute / 60 - 24 }
            return history
        }
    }

    private static func add(_ minute: Int64, _ kind: Kind, _ count: UInt64, to history: inout History) {
        history.minutes[minute, default: Pair()].add(kind.verdict, count)
        history.hours[minute / 60, default: Pair()].add(kind.verdict, count)
        var known = kind
        if history.kinds[minute]?[kind] == nil, history.kinds[minute]?.count ?? 0 >= kindsMax {
            known.rule = ""
            known.campaign = ""
            known.agency = ""
        }
        history.kinds[minute, default: [:]][known, default: 0] += count
        func note(_ table: inout [Int64: [String: UInt64]]) {
            let isNew = table[minute / 60]?[kind.agency] == nil
            let name = isNew && table[minute / 60]?.count ?? 0 >= agenciesMax ? "" : kind.agency
            table[minute / 60, default: [:]][name, default: 0] += count
        }
        note(&history.asked)
        let pressing: [ReasonCode] = [.capReached, .capKept, .gapTooShort, .coolingOff]
        if kind.verdict == .deny, pressing.contains(where: { $0.rawValue == kind.code }) { note(&history.pressure) }
    }
}

/// How long things took: a histogram whose steps grow with the value, a quarter of it at most.
public final class LatencyHistogram: Sendable {
    private let buckets: [Counter] = (0..<256).map { _ in Counter() }

    public init() {}

    /// Counts one of so many nanoseconds.
    func count(nanoseconds: UInt64) { buckets[Self.bucket(nanoseconds)].add(1) }

    /// The value that this share of all does not exceed, in nanoseconds, as the upper end of its step; `nil` of none.
    package func quantile(_ share: Double) -> UInt64? {
        let counts = buckets.map(\.count)
        let total = counts.reduce(0, +)
        if total == 0 { return nil }
        var left = UInt64((Double(total) * share).rounded(.up))
        for (i, count) in counts.enumerated() {
            if count >= left { return Self.upper(i) }
            left -= count
        }
        return Self.upper(counts.count - 1)
    }

    package var total: UInt64 { buckets.reduce(0) { $0 + $1.count } }

    /// Four steps for every doubling.
    private static func bucket(_ value: UInt64) -> Int {
        if value < 4 { return Int(value) }
        let power = 63 - value.leadingZeroBitCount
        return power * 4 + Int(value >> UInt64(power - 2) & 3) - 4
    }

    private static func upper(_ bucket: Int) -> UInt64 {
        if bucket < 4 { return UInt64(bucket) }
        let power = UInt64(bucket + 4) / 4
        let step = UInt64(bucket + 4) % 4
        return (4 + step + 1) << (power - 2)
    }
}
