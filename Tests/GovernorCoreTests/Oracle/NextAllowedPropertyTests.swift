import Foundation
import GovernorCore
import GovernorTesting
import Testing

/// Verdict, failing rules, next instant and expiry against the oracle, over random rules, people and zones.
///
/// `CASES` sets how many; `SEED` reruns one run, `CASE` one case of it.
@Suite struct NextAllowedPropertyTests {
    private static let millisecond = Milliseconds(1)

    @Test func nextInstantIsExact() throws {
        let atlas = ZoneAtlas(try TestZones.catalogue.get())
        var random = SeededGenerator.announced("nextInstantIsExact")
        let environment = ProcessInfo.processInfo.environment
        let count = environment["CASES"].flatMap { Int($0) } ?? 1_000
        let only = environment["CASE"].flatMap { Int($0) }
        var tally: [String: Int] = [:]
        var failures = 0
        for number in 0..<count {
            // Each case has a seed of its own, so that one can be run alone.
            var own = random.split()
            if let only, only != number { continue }
            let (problem, kind) = check(RandomCase(&own, atlas: atlas), atlas, &own)
            tally[kind, default: 0] += 1
            guard let problem else { continue }
            failures += 1
            Issue.record("case \(number): \(problem)")
            if failures == 5 { break }
        }
        print(
            "nextInstantIsExact: \(tally.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
        )
        if only == nil {
            // The cases must not all be of one kind, or this proves little.
            #expect(tally["allow", default: 0] * 20 > count)
            #expect(tally["time", default: 0] * 5 > count)
        }
    }

    /// What is wrong with the product's answer, and what kind of answer it was.
    private func check(_ sample: RandomCase, _ atlas: ZoneAtlas, _ random: inout SeededGenerator) -> (String?, String) {
        let policies = PolicySet(rules: sample.rules, calendars: sample.calendars, families: RandomCase.families)
        let plan = policies.plan(
            for: sample.request, zones: atlas, at: sample.now, isHypothetical: sample.isHypothetical)
        let evaluation = evaluate(
            plan, sample.records, counters: sample.counters(plan.counters), at: sample.now,
            touchID: TouchID(bits: 77_777))
        let decision = evaluation.decision
        var oracle = Oracle(
            rules: policies.rules, calendars: sample.calendars, families: RandomCase.families,
            request: sample.request, records: sample.records, decidedAt: sample.now, zoneTable: { atlas[$0] })
        oracle.isHypothetical = sample.isHypothetical
        oracle.attempts = sample.attempts
        let now = sample.now
        let kind = decision.verdict == .allow ? "allow" : decision.nextBasis.name
        func describe(_ positions: Set<Int>) -> String {
            positions.sorted().map { "\($0) \(policies.rules[$0].body)" }.joined(separator: "\n  ")
        }
        func problem(_ text: String) -> (String?, String) {
            (
                """
                \(text)
                at \(now), zones \(oracle.zones), answer \(kind) next \(decision.nextAllowedAt.map(\.description) ?? "-")
                  \(describe(Set(decision.reasons.compactMap { $0.rule.map(Int.init) })))
                reasons \(decision.reasons.map { "\($0.rule ?? 999) \($0.code) until \($0.until.map(\.description) ?? "-")" })
                touches \(sample.records.flatMap(\.touches).map { "\($0.at) \($0.state) \($0.direction) until \($0.expiresAt)" })
                attempts \(sample.attempts.map { "\($0.at) \($0.outcome)" })
                counters \(sample.counters(plan.counters).map { $0.buckets.map { "\($0.start) \($0.grain)" } })
                facts \(sample.records.flatMap(\.facts).map { "\($0.at) received \($0.receivedAt) \($0.body)" })
                """, kind
            )
        }

        // The verdict and every failing rule.
        let failing = oracle.failing(.enforce, at: now)
        let found = Set(decision.reasons.compactMap { $0.rule.map(Int.init) })
        if failing != found {
            return problem(
                "failing rules differ: product \(found.sorted()), oracle \(failing.sorted()):\n  \(describe(failing.symmetricDifference(found)))"
            )
        }
        if (decision.verdict == .allow) != failing.isEmpty { return problem("verdict differs") }
        let shadow = oracle.failing(.shadow, at: now)
        if shadow != Set(decision.shadow.compactMap { $0.rule.map(Int.init) }) { return problem("shadow rules differ") }
        if let wrong = wrongRemaining(decision, evaluation.touch != nil, policies, oracle, at: now) {
            return problem(wrong)
        }

        if decision.verdict == .allow {
            if decision.nextAllowedAt != now { return problem("an allow names another next instant") }
            guard let touch = evaluation.touch else {
                return sample.request.reserve ? problem("an allow without a touch") : (nil, kind)
            }
            if touch.expiresAt <= now || touch.expiresAt > now + sample.request.holdFor {
                return problem("expires at \(touch.expiresAt)")
            }
            for instant in oracle.interestingInstants(from: now, to: touch.expiresAt, count: 60, &random)
            where !oracle.isAllowed(at: instant) {
                return problem(
                    "held until \(touch.expiresAt) but denied at \(instant): \(describe(oracle.failing(.enforce, at: instant)))"
                )
            }
            if touch.expiresAt < now + sample.request.holdFor, oracle.isAllowed(at: touch.expiresAt) {
                return problem("cut short at \(touch.expiresAt), where it is still allowed")
            }
            return (nil, kind)
        }

        guard let next = decision.nextAllowedAt else {
            for instant in oracle.interestingInstants(from: now, to: now + .days(400), count: 150, &random)
            where oracle.isAllowed(at: instant) {
                return problem("`\(decision.nextBasis.name)`, but allowed at \(instant)")
            }
            switch decision.nextBasis {
            case .time: return problem("`time` without an instant")
            case .act: break
            case .never, .horizon:
                let hasHours = policies.rules.contains {
                    if case .contactHours = $0.body { $0.mode == .enforce && oracle.applies($0) } else { false }
                }
                if !hasHours { return problem("`\(decision.nextBasis.name)` without hours") }
            }
            return (nil, kind)
        }
        if next <= now { return problem("next instant is not later than now") }
        if !oracle.isAllowed(at: next) {
            return problem("denied at its next instant:\n  \(describe(oracle.failing(.enforce, at: next)))")
        }
        var between = oracle.interestingInstants(from: now, to: next, count: 150, &random)
        between.append(next - Self.millisecond)
        for instant in between where oracle.isAllowed(at: instant) {
            return problem("allowed sooner, at \(instant)")
        }
        // The product asked again at that instant, and just before it.
        for (instant, isAllowed) in [(next, true), (next - Self.millisecond, false)] {
            let again = evaluate(
                policies.plan(for: sample.request, zones: atlas, at: now, isHypothetical: sample.isHypothetical),
                sample.records, counters: sample.counters(plan.counters), at: instant, touchID: TouchID(bits: 77_777))
            if (again.decision.verdict == .allow) != isAllowed {
                return problem("asked again at \(instant): \(again.decision.verdict)")
            }
            if !isAllowed, again.decision.nextAllowedAt != next {
                return problem("asked at \(instant), the next instant is another")
            }
        }
        return (nil, kind)
    }

    /// What is left of every cap in force: its limit without what is taken, and without the touch just reserved.
    private func wrongRemaining(
        _ decision: Decision, _ isReserved: Bool, _ policies: PolicySet, _ oracle: Oracle, at now: Timestamp
    ) -> String? {
        for remaining in decision.remaining {
            let rule = policies.rules[Int(remaining.rule)]
            if case .campaignGuard(let body) = rule.body, case .attempts(let limit) = body.demand {
                let left = max(0, Int(limit) - oracle.counted(body, at: now).count)
                if Int(remaining.left) != (isReserved ? max(0, left - 1) : left) {
                    return "remaining of guard \(remaining.rule) is \(remaining.left), not \(left): \(body)"
                }
                continue
            }
            guard case .frequencyCap(let cap) = rule.body else { return "remaining of a rule that is no cap" }
            if cap.per.unit != .person
                || oracle.records.contains(where: { $0.identifiers.contains { $0.isShared || $0.isHousehold } })
            {
                continue
            }
            let taken = oracle.records.map { oracle.used(cap, rule.unless, on: $0, at: now) }.max() ?? 0
            let left = max(0, Int(cap.limit) - taken)
            let allowed = isReserved ? [left, max(0, left - 1)] : [left]
            if !allowed.contains(Int(remaining.left)) {
                return "remaining of rule \(remaining.rule) is \(remaining.left), not \(left): \(cap)"
            }
        }
        return nil
    }
}
