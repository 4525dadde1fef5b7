import GovernorCore
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Testing

/// Guards through the runtime: what counts, what is given back, what outcomes do.
@Suite struct CampaignGuardTests {
    static let policy = """
        policy: test
        rules:
          - id: pace
            kind: campaign_guard
            scope: { channels: [voice] }
            attempts: 2
            window: PT1H
            because: The campaign is at its pace.
          - id: abandoned
            kind: campaign_guard
            scope: { channels: [voice] }
            share: { of: [abandoned], most: 50%, at_least: 2 }
            window: { periods: P1D }
            because: Too many calls were abandoned.
        """

    private let store = InMemoryStore()
    private let test: TestGovernor

    init() throws { test = try TestGovernor(Self.policy, store: store) }

    /// One more person each time.
    private func ask(_ n: Int, _ campaign: String? = "spring", key: String? = nil) async throws -> DecisionAnswer {
        try await test.decide(test.form("+1212555\(1_000 + n)", key: key) { $0.campaign = campaign })
    }

    private func attempts(_ rule: String, _ campaign: String = "spring") -> Int {
        store.counters.filter { $0.key.rule == rule && $0.key.name == campaign }
            .reduce(0) { $0 + $1.buckets.reduce(0) { $0 + Int($1.attempts) } }
    }

    @Test func theLimitHoldsOverAllPeople() async throws {
        let start = test.clock.now()
        let first = try await ask(1)
        #expect(first.decision.verdict == .allow)
        #expect(first.decision.remaining.map(\.left) == [1])
        test.clock.manual.advance(by: .minutes(10))
        #expect(try await ask(2).decision.verdict == .allow)
        let third = try await ask(3)
        #expect(third.decision.verdict == .deny)
        #expect(third.decision.reasons.map(\.code) == [.guardAttempts])
        #expect(third.decision.nextAllowedAt == start + .hours(1) + .minutes(1) - Milliseconds(1))
        #expect(third.sentence(third.decision.reasons[0], for: .dialer) == "The campaign is at its pace.")
        #expect(third.sentence(third.decision.reasons[0], for: .admin).contains("2 of 2 contacts of this campaign"))
        // Another campaign has a counter of its own, and another channel is none of the guard's business.
        #expect(try await ask(3, "summer").decision.verdict == .allow)
        let text = try await test.decide(
            test.form("+12125551003") {
                $0.campaign = "spring"
                $0.channel = "sms"
            })
        #expect(text.decision.verdict == .allow)
        #expect(attempts("test/pace") == 2)
        test.clock.manual.set(start + .hours(1) + .minutes(1) - Milliseconds(1))
        #expect(try await ask(3).decision.verdict == .allow)
    }

    @Test func whatIsGivenBackIsNotCounted() async throws {
        let first = try #require(try await ask(1).decision.reservation)
        let second = try #require(try await ask(2).decision.reservation)
        #expect(attempts("test/pace") == 2)
        _ = try await test.release(first)
        #expect(attempts("test/pace") == 1)
        _ = try await test.release(first)
        #expect(attempts("test/pace") == 1)
        // An opt-out takes the reservation back, and the campaign gets its attempt.
        _ = try await test.tell(.optOut(reach: .person, endpoints: []), phone: "+12125551002")
        #expect(attempts("test/pace") == 0)
        #expect(try await test.confirm(second).decision.verdict == .deny)
        #expect(attempts("test/pace") == 0)
    }

    @Test func aConfirmationMovesTheAttempt() async throws {
        let start = test.clock.now()
        let first = try #require(try await ask(1).decision.reservation)
        _ = try await ask(2)
        test.clock.manual.advance(by: .minutes(1))
        // Both attempts are taken; its own does not stand in its way.
        #expect(try await test.confirm(first).decision.verdict == .allow)
        #expect(attempts("test/pace") == 2)
        #expect(try await ask(3).decision.nextAllowedAt == start + .hours(1) + .minutes(1) - Milliseconds(1))
        let starts = store.counters.first { $0.key.rule == "test/pace" }?.buckets.filter { $0.attempts > 0 }.map(
            \.start)
        #expect(starts == [start, start + .minutes(1)])
    }

    @Test func aRepeatedKeyCountsOnce() async throws {
        for _ in 0..<3 { #expect(try await ask(1, key: "k").decision.verdict == .allow) }
        #expect(attempts("test/pace") == 1)
    }

    @Test func outcomesMakeTheShare() async throws {
        let first = try #require(try await ask(1).decision.reservation)
        let second = try #require(try await ask(2).decision.reservation)
        _ = try await test.report("abandoned", on: first)
        test.clock.manual.advance(by: .hours(2))
        #expect(try await ask(3).decision.verdict == .allow)
        _ = try await test.report("abandoned", on: second)
        let denied = try await ask(4)
        #expect(denied.decision.reasons.map(\.code) == [.guardShare])
        #expect(denied.decision.reasons.first?.count == 2 && denied.decision.reasons.first?.limit == 2)
        // The period began with the hour of the first contact.
        #expect(denied.decision.nextAllowedAt == test.clock.now() - .hours(2) + .days(1))
        // A correction changes the share, once.
        test.clock.manual.advance(by: .minutes(1))
        for _ in 0..<2 { _ = try await test.report("sold", on: second, correction: true) }
        #expect(try await ask(4).decision.verdict == .allow)
    }

    @Test func askingCountsNothing() async throws {
        for _ in 0..<3 {
            let form = test.form(reserve: false) { $0.campaign = "spring" }
            #expect(try await test.decide(form).decision.verdict == .allow)
        }
        #expect(store.counters.isEmpty)
    }

    /// The request tells of New York, the record of London too.
    @Test func aPlaceThatOnlyTheRecordTellsCounts() async throws {
        let test = try TestGovernor(
            """
            policy: test
            rules:
              - id: london
                kind: campaign_guard
                scope: { jurisdictions: [GB] }
                attempts: 2
                window: PT1H
                because: The campaign is at its pace.
            """, store: store)
        func ask(_ phone: String, _ id: String) async throws -> DecisionAnswer {
            try await test.decide(test.form(phone, ids: [id]) { $0.campaign = "spring" })
        }
        #expect(try await ask("+442079460018", "crm:1").decision.verdict == .allow)
        #expect(try await ask("+12125550100", "crm:1").decision.verdict == .allow)
        #expect(attempts("test/london") == 2)
        #expect(try await ask("+12125550100", "crm:1").decision.reasons.map(\.code) == [.guardAttempts])
        // Somebody who is in New York alone is none of its business.
        #expect(try await ask("+12125550177", "crm:2").decision.verdict == .allow)
        #expect(attempts("test/london") == 2)
    }
}
