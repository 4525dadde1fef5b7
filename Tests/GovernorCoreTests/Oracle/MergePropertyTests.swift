import Foundation
import GovernorCore
import GovernorTesting
import Testing

/// A merge never permits what was forbidden, and undone it leaves every answer as it was: over random rules, persons,
/// zones and requests.
///
/// `CASES` sets how many; `SEED` reruns one run.
@Suite struct MergePropertyTests {
    private static let caseCount = ProcessInfo.processInfo.environment["CASES"].flatMap { Int($0) } ?? 1_500

    /// A sample and a second person to merge with its first.
    private struct Pair {
        var sample: RandomCase
        var others: [PersonRecord]
        var policies: PolicySet

        init(_ random: inout SeededGenerator, _ atlas: ZoneAtlas) {
            sample = RandomCase(&random, atlas: atlas)
            while sample.records.isEmpty { sample = RandomCase(&random, atlas: atlas) }
            sample.request.reserve = sample.request.reserve && !sample.isHypothetical
            policies = PolicySet(rules: sample.rules, calendars: sample.calendars, families: RandomCase.families)
            others = []
            for i in 0..<Int.random(in: 1...2, using: &random) {
                let elsewhere = RandomCase(&random, atlas: atlas)
                guard var other = elsewhere.records.randomElement(using: &random) else { continue }
                // As near to now as in its own sample.
                let distance = sample.now - elsewhere.now
                for j in other.touches.indices {
                    other.touches[j].at = other.touches[j].at + distance
                    other.touches[j].recordedAt = other.touches[j].recordedAt + distance
                    other.touches[j].expiresAt = other.touches[j].expiresAt + distance
                    if !other.touches[j].outcome.isNone {
                        other.touches[j].outcomeAt = other.touches[j].outcomeAt + distance
                    }
                }
                for j in other.facts.indices {
                    other.facts[j].at = other.facts[j].at + distance
                    other.facts[j].receivedAt = other.facts[j].receivedAt + distance
                }
                other.id = PersonID(high: 7, low: UInt64(i))
                for j in other.identifiers.indices {
                    other.identifiers[j].hash = IdentifierHash(high: 7, low: UInt64(i * 10 + j))
                }
                for j in other.touches.indices { other.touches[j].id = TouchID(bits: UInt64(5_000 + 100 * i + j)) }
                for j in other.facts.indices { other.facts[j].id = FactID(high: 7, low: UInt64(100 * i + j)) }
                others.append(other)
            }
        }

        func decide(_ records: [PersonRecord], _ atlas: ZoneAtlas) -> Decision {
            let plan = policies.plan(
                for: sample.request, zones: atlas, at: sample.now, isHypothetical: sample.isHypothetical)
            return evaluate(
                plan, records, counters: sample.counters(plan.counters), at: sample.now, touchID: TouchID(bits: 77_777)
            ).decision
        }

        /// The same records, the sample's first merged with the others.
        func merged() -> [PersonRecord] {
            var merge = Merge(
                id: FactID(42), persons: ([sample.records[0].id] + others.map(\.id)).sorted(), at: sample.now)
            merge.persons.sort()
            var all = sample.records + others
            for i in all.indices where merge.persons.contains(all[i].id) {
                all[i].apply(.merge(merge), names: NameTable(), at: all[i].lastDecisionAt)
            }
            return all
        }
    }

    private static func text(_ record: PersonRecord) -> String {
        let identifiers = record.identifiers.map {
            "\($0.isShared ? "shared " : "")\($0.isHousehold ? "household " : "")\($0.zones.count) zones \($0.jurisdictions)"
        }
        return """
            record \(record.id.high)-\(record.id.low) from \(record.historyFrom) \(identifiers)
              touches \(record.touches.map { "\($0.at) \($0.recordedAt) \($0.state) \($0.direction) \($0.outcome.isNone)" })
              facts \(record.facts.map { "\($0.at) received \($0.receivedAt) \($0.body)" })
            """
    }

    @Test func aMergeNeverPermitsWhatWasForbidden() throws {
        let atlas = ZoneAtlas(try TestZones.catalogue.get())
        var random = SeededGenerator.announced("aMergeNeverPermitsWhatWasForbidden")
        var denials = 0
        var tightened = 0
        for number in 0..<Self.caseCount {
            var own = random.split()
            let pair = Pair(&own, atlas)
            let before = pair.decide(pair.sample.records, atlas)
            let after = pair.decide(pair.merged(), atlas)
            // Not only the verdict: no rule that forbade it is silent afterwards.
            let silent = Set(before.reasons.map(\.rule)).subtracting(after.reasons.map(\.rule))
            let isSooner =
                before.verdict == .deny
                && (after.nextAllowedAt ?? .distantFuture) < (before.nextAllowedAt ?? .distantFuture)
            if before.verdict == .deny { denials += 1 }
            if before.verdict == .allow && after.verdict == .deny { tightened += 1 }
            if !silent.isEmpty || isSooner || (before.verdict == .deny && after.verdict == .allow) {
                Issue.record(
                    """
                    case \(number): \(before.verdict) until \(before.nextAllowedAt.map(\.description) ?? "-") became \
                    \(after.verdict) until \(after.nextAllowedAt.map(\.description) ?? "-")
                    silent \(silent.map { $0.map { "\(pair.policies.rules[Int($0)].body)" } ?? "built in" })
                    at \(pair.sample.now), places of the request \(pair.sample.request.whereabouts), \
                    \(pair.sample.request.identifiers.map { "\($0.zones.count) zones" })
                    \(pair.merged().map { Self.text($0) }.joined(separator: "\n"))
                    """)
                return
            }
        }
        // Some of either, or this proves little.
        #expect(denials * 10 > Self.caseCount)
        #expect(tightened * 100 > Self.caseCount)
    }

    @Test func undoneItLeavesEveryAnswerAsItWas() throws {
        let atlas = ZoneAtlas(try TestZones.catalogue.get())
        var random = SeededGenerator.announced("undoneItLeavesEveryAnswerAsItWas")
        for number in 0..<Self.caseCount / 3 {
            var own = random.split()
            let pair = Pair(&own, atlas)
            var records = pair.merged()
            var merge = try #require(records[0].merges.first)
            merge.undoneAt = pair.sample.now
            for i in records.indices where !records[i].merges.isEmpty {
                records[i].apply(.merge(merge), names: NameTable(), at: records[i].lastDecisionAt)
            }
            let left = Array(records.prefix(pair.sample.records.count))
            let (before, after) = (pair.decide(pair.sample.records, atlas), pair.decide(left, atlas))
            let isSame =
                before.verdict == after.verdict && before.reasons == after.reasons
                && before.nextAllowedAt == after.nextAllowedAt && before.remaining == after.remaining
            #expect(isSame, "case \(number)")
            var bare = left
            for i in bare.indices { bare[i].merges = [] }
            #expect(bare == pair.sample.records, "case \(number)")
            if !isSame || bare != pair.sample.records { return }
        }
    }
}
