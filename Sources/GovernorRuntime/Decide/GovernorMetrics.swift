import GovernorCore
import Synchronization

/// A counter that any thread may add to.
public final class Counter: Sendable {
    private let value = Atomic<UInt64>(0)
    public init() {}
    @inlinable public func add(_ n: UInt64) { add(by: n) }
    @usableFromInline func add(by n: UInt64) { value.wrappingAdd(n, ordering: .relaxed) }
    public var count: UInt64 { value.load(ordering: .relaxed) }
}

/// What the runtime counts. Labels come from closed sets: verdicts, reason codes, rules of the loaded policies.
public final class GovernorMetrics: Sendable {
    public let allows = Counter()
    public let denies = Counter()
    public let reservations = Counter()
    public let confirmations = Counter()
    public let confirmationDenies = Counter()
    public let storeFailures = Counter()
    public let deadlinesMissed = Counter()
    public let degradedAllows = Counter()
    public let overruns = Counter()
    public let facts = Counter()
    /// What was decided lately, for overviews.
    public let traffic = TrafficTally()
    /// From the plan to the answer, of every sixteenth decision.
    public let latency = LatencyHistogram()
    /// Denials by the code of their first reason; a denial counts once.
    public let denialsByCode: [Counter] = (0...UInt8.max).map { _ in Counter() }
    private let byRule = Mutex<[String: UInt64]>([:])

    public init() {}

    func count(_ decision: Decision, plan: Plan) {
        traffic.count(decision, plan)
        if decision.verdict == .allow {
            allows.add(1)
            if plan.request.reserve { reservations.add(1) }
        } else {
            denies.add(1)
            if let first = decision.reasons.first {
                denialsByCode[Int(first.code.rawValue)].add(1)
                if let rule = first.rule { byRule.withLock { $0[plan.policies.rules[Int(rule)].id, default: 0] += 1 } }
            }
        }
        for reason in decision.shadow {
            guard let rule = reason.rule else { continue }
            byRule.withLock { $0["shadow:" + plan.policies.rules[Int(rule)].id, default: 0] += 1 }
        }
    }

    func confirmed(_ decision: Decision) {
        if decision.verdict == .allow { confirmations.add(1) } else { confirmationDenies.add(1) }
    }

    /// Denials by the id of their first rule, and shadow findings under `shadow:` and the id.
    public var denialsByRule: [String: UInt64] { byRule.withLock { $0 } }
}
