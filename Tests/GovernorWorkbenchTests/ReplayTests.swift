import Foundation
import GovernorCore
import GovernorIdentity
import GovernorLedger
import GovernorPolicy
import GovernorRuntime
import GovernorStoreEmbedded
import GovernorTesting
import GovernorWorkbench
import Testing

/// A recorded run decided again: the same policies say the same, and changed ones what they would have said.
@Suite struct ReplayTests {
    static let policy = """
        policy: house
        rules:
          - { id: one-a-day, kind: frequency_cap, scope: { channels: [voice], purposes: [marketing] }, limit: 2, window: PT24H }
          - { id: three-a-week, kind: frequency_cap, scope: { purposes: [marketing] }, limit: 4, window: { local_days: 7 }, not_outcomes: [busy] }
          - { id: a-breath, kind: min_gap, scope: { purposes: [marketing] }, gap: PT1H, unreported: release }
          - { id: hours, kind: contact_hours, scope: { channels: [voice] }, open: { daily: ["08:00-21:00"] } }
          - { id: said-no, kind: opt_out, except: [transactional] }
          - { id: refused, kind: cool_off, scope: { purposes: [marketing] }, after: [refused], for: P10D }
          - { id: shadow, kind: frequency_cap, mode: shadow, limit: 1, window: PT24H }
        """

    static func policies(_ text: String) throws -> PolicySet {
        var loader = PolicyService.loader(zones: try World.zones, at: Timestamp(milliseconds: 0))
        loader.today = nil
        let (policies, findings) = loader.load(files: [PolicySource(name: "house.yaml", text: text)])
        return try #require(policies, "\(findings.report)")
    }

    final class Clock: WallClock {
        let manual = ManualClock(Timestamp(milliseconds: 1_795_010_400_000))
        func now() -> Timestamp { manual.now() }
    }

    /// Two hundred people, facts, reservations, confirmations and outcomes over three weeks, into a ledger in `folder`.
    static func record(_ count: Int, in folder: String, _ generator: inout SeededGenerator) async throws {
        let clock = Clock()
        let ledger = try Ledger(
            dataDirectory: folder, identity: LedgerIdentity(secretFingerprint: [1], normaliserVersion: 1))
        let store = try EmbeddedStore(
            directory: folder, ledger: ledger,
            configuration: EmbeddedConfiguration(secretFingerprint: [1], normaliserVersion: 1)
        ) { _, _ in }
        var configuration = GovernorConfiguration()
        configuration.ledgerChecks = .all
        configuration.storeDeadline = .seconds(30)
        let governor = Governor(
            store: store, policies: PolicyHolder(try policies(policy)), zones: try World.zones,
            hasher: try World.hasher, clock: clock, configuration: configuration)
        let intake = try World.intake
        var open: [(Reservation, CallerID)] = []
        for i in 0..<count {
            clock.manual.advance(by: .seconds(Int64.random(in: 1...3_000, using: &generator)))
            let caller = Caller(id: "n", role: .admin, agency: generator.pick(["north", "south"]))
            var form = DecisionForm()
            form.contact.phone = "+1212555" + String(1_000 + Int.random(in: 0..<200, using: &generator))
            if generator.oneIn(5) { form.contact.email = "p\(Int.random(in: 0..<40, using: &generator))@example.com" }
            form.contact.country = generator.oneIn(3) ? "US" : nil
            form.channel = generator.pick(["voice", "sms"])
            form.purpose = generator.pick(["marketing", "marketing", "service", "transactional"])
            form.campaign = generator.pick(["a", "b", nil])
            form.reserve = !generator.oneIn(6)
            switch Int.random(in: 0..<12, using: &generator) {
            case 0:
                var fact = FactForm()
                fact.id = "f\(i)"
                fact.contact = form.contact
                fact.reach = generator.pick(["person", "endpoint"])
                var reader = FactIntake(
                    intake: intake, caller: caller, policies: governor.policies.current, now: clock.now())
                let kind = generator.pick([FactKind.optOut, .optIn])
                fact.evidence = kind == .optIn ? "said so" : nil
                let work = try reader.read(fact, kind)
                let _: Result<FactAnswer, FactError> = await answer {
                    governor.take(work, callerText: "n", completion: $0)
                }
            case 1, 2:
                guard let (reservation, caller) = open.popLast() else { continue }
                let result: Result<DecisionAnswer, ReservationError> = await answer {
                    governor.confirm(reservation.touch, of: reservation.person, caller: caller, completion: $0)
                }
                if case .success(let answer) = result, let again = answer.decision.reservation {
                    open.append((again, caller))
                }
            case 3, 4:
                guard let (reservation, caller) = open.popLast() else { continue }
                var names = NameTable()
                let outcome: EventName = names.intern(generator.pick(["busy", "refused", "no_answer", "opt_out"]))
                let texts = names
                let now = clock.now()
                let _: Result<OutcomeAnswer, ReservationError> = await answer {
                    governor.report(
                        outcome, at: now, on: reservation.touch, of: reservation.person, caller: caller, accounts: nil,
                        isCorrection: false, names: texts, completion: $0)
                }
            default:
                let request = try intake.request(form, by: caller).request
                let result: Result<DecisionAnswer, DecideError> = await answer {
                    governor.decide(request, completion: $0)
                }
                if case .success(let answer) = result, let reservation = answer.decision.reservation {
                    open.append((reservation, request.caller))
                }
            }
        }
        governor.close()
        store.close()
        ledger.close()
    }

    private static func answer<Value: Sendable>(_ ask: (@escaping @Sendable (Value) -> Void) -> Void) async -> Value {
        await withCheckedContinuation { continuation in ask { continuation.resume(returning: $0) } }
    }

    @Test func replayEqualsLive() async throws {
        var generator = SeededGenerator.announced("ReplayTests.replayEqualsLive")
        let folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await Self.record(1_500, in: folder, &generator)

        let same = try Replay(policies: Self.policies(Self.policy), zones: World.zones).run(dataDirectory: folder)
        #expect(same.decisions > 800)
        #expect(same.flips.total == 0 && same.otherDifferences == 0, "\(same.text)")
        #expect(same.allowedBefore > 100 && same.decisions - same.allowedBefore > 100)
        #expect(same.skippedConfirmations == 0 && same.withoutEndpoint == 0)

        // Stricter and looser, each in its direction.
        let strict = try Replay(
            policies: Self.policies(Self.policy.replacing("limit: 2,", with: "limit: 1,")), zones: World.zones
        ).run(dataDirectory: folder)
        #expect(strict.flips.toDeny > 0, "\(strict.text)")
        #expect(strict.byRule["house/one-a-day"]?.toDeny ?? 0 > 0)
        let loose = try Replay(
            policies: Self.policies(Self.policy.replacing("08:00-21:00", with: "00:00-24:00")), zones: World.zones,
            workerCount: 3
        ).run(dataDirectory: folder)
        #expect(loose.flips.toAllow > 0, "\(loose.text)")
        #expect(
            try Replay(policies: Self.policies(Self.policy), zones: World.zones, workerCount: 1)
                .run(dataDirectory: folder).json == same.json)
    }
}
