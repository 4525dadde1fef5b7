import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Synchronization
import Testing

/// SPEC section 3, points 1 to 8, through the runtime over a store of memory.
@Suite struct DecideTests {
    static let oneADay = """
        policy: test
        rules:
          - id: one-a-day
            kind: frequency_cap
            scope: { channels: [voice] }
            limit: 1
            window: PT24H
            because: We have already called you.
        """

    @Test func aSecondCallIsDeniedWithCountAndInstant() async throws {
        let test = try TestGovernor(Self.oneADay)
        let first = try await test.decide(test.form())
        #expect(first.decision.verdict == .allow)
        #expect(first.decision.remaining.map(\.left) == [0])
        let start = test.clock.now()
        test.clock.manual.advance(by: .hours(1))
        let second = try await test.decide(test.form(), by: TestGovernor.south)
        #expect(second.decision.verdict == .deny)
        #expect(second.decision.reasons.map(\.code) == [.capReached])
        #expect(second.decision.reasons.first?.count == 1)
        #expect(second.decision.nextAllowedAt == start + .hours(24))
        #expect(second.sentence(second.decision.reasons[0], for: .dialer).contains("1 of 1 voice calls"))
        // A denied request changes nothing: the next instant stays.
        test.clock.manual.set(start + .hours(24) - Milliseconds(1))
        #expect(try await test.decide(test.form()).decision.verdict == .deny)
        test.clock.manual.set(start + .hours(24))
        #expect(try await test.decide(test.form()).decision.verdict == .allow)
    }

    @Test func askingCountsNothingAndTeachesNothing() async throws {
        let test = try TestGovernor(Self.oneADay)
        for _ in 0..<3 {
            #expect(try await test.decide(test.form(ids: ["crm:1"], reserve: false)).decision.verdict == .allow)
        }
        #expect(
            try await test.decide(test.form(nil, ids: ["crm:1"]) { $0.channel = "mail" }).decision.verdict == .allow)
        #expect(try await test.decide(test.form()).decision.verdict == .allow)
    }

    @Test func everySpellingIsOnePerson() async throws {
        let test = try TestGovernor(Self.oneADay)
        #expect(try await test.decide(test.form("+12125550100")).decision.verdict == .allow)
        for spelling in ["(212) 555-0100", "212.555.0100", "1 212 555 0100", "+1-212-555-0100", "tel:+1-212-555-0100"] {
            let answer = try await test.decide(test.form(spelling) { $0.contact.country = "US" })
            #expect(answer.decision.verdict == .deny, "\(spelling)")
        }
    }

    @Test func anIdempotentRetryCountsOnce() async throws {
        let test = try TestGovernor(Self.oneADay.replacing("limit: 1", with: "limit: 2"))
        let first = try await test.decide(test.form(key: "k1"))
        let again = try await test.decide(test.form(key: "k1"))
        #expect(again.decision.verdict == .allow)
        #expect(again.decision.reservation == first.decision.reservation)
        #expect(try await test.decide(test.form(key: "k2")).decision.verdict == .allow)
        #expect(try await test.decide(test.form(key: "k3")).decision.verdict == .deny)
        await #expect(throws: DecideError.self) {
            _ = try await test.decide(test.form(key: "k1") { $0.campaign = "another" })
        }
        _ = try await test.release(try #require(first.decision.reservation))
        let gone = try await test.decide(test.form(key: "k1"))
        #expect(gone.decision.reasons.map(\.code) == [.reservationGone])
    }

    @Test func confirmMovesTheTouchAndAnOptOutRevokesIt() async throws {
        let test = try TestGovernor(Self.oneADay)
        let first = try #require(try await test.decide(test.form()).decision.reservation)
        test.clock.manual.advance(by: .seconds(60))
        let confirmedAt = test.clock.now()
        #expect(try await test.confirm(first).decision.verdict == .allow)
        test.clock.manual.advance(by: Milliseconds(86_399_999))
        let denied = try await test.decide(test.form(reserve: false)).decision
        #expect(denied.nextAllowedAt == confirmedAt + .hours(24))
        test.clock.manual.advance(by: Milliseconds(1))
        let second = try #require(try await test.decide(test.form()).decision.reservation)
        let told = try await test.tell(.optOut(reach: .person, endpoints: []))
        #expect(told.revoked.map(\.touch) == [second.touch])
        #expect(try await test.confirm(second).decision.reasons.map(\.code) == [.reservationGone])
        #expect(try await test.decide(test.form()).decision.reasons.first?.code == .optedOut)
        #expect(try await test.decide(test.form()).decision.nextBasis == .act)
        let repeated = try await test.tell(.optOut(reach: .person, endpoints: []))
        #expect(repeated.isDuplicate)
    }

    /// Confirming again is the same as once, until she says no.
    @Test func aConfirmedReservationIsDeniedAfterAnOptOut() async throws {
        let test = try TestGovernor(Self.oneADay)
        let first = try #require(try await test.decide(test.form()).decision.reservation)
        for _ in 0..<2 { #expect(try await test.confirm(first).decision.verdict == .allow) }
        _ = try await test.tell(.optOut(reach: .person, endpoints: []))
        #expect(try await test.confirm(first).decision.reasons.map(\.code) == [.optedOut])
    }

    @Test func aReservationBelongsToItsCaller() async throws {
        let test = try TestGovernor(Self.oneADay)
        let first = try #require(try await test.decide(test.form()).decision.reservation)
        await #expect(throws: ReservationError.self) { _ = try await test.confirm(first, by: TestGovernor.south) }
        await #expect(throws: ReservationError.self) { _ = try await test.release(first, by: TestGovernor.south) }
        _ = try await test.release(first)
        #expect(try await test.decide(test.form()).decision.verdict == .allow)
    }

    @Test func lateOutcomesFollowEventTimeAndCorrections() async throws {
        let test = try TestGovernor(
            Self.oneADay.replacing("    because", with: "    not_outcomes: [busy]\n    because"))
        let first = try #require(try await test.decide(test.form()).decision.reservation)
        let start = test.clock.now()
        #expect(try await test.report("busy", on: first, at: start + .seconds(30)).isApplied)
        #expect(try await test.decide(test.form(reserve: false)).decision.verdict == .allow)
        #expect(try await !test.report("voicemail", on: first, at: start + .seconds(20)).isApplied)
        let second = try #require(try await test.decide(test.form()).decision.reservation)
        let late = try await test.report("voicemail", on: first, at: start, correction: true)
        #expect(late.isApplied)
        #expect(late.overruns.map(\.count) == [2])
        #expect(try await test.report("no_answer", on: second).overruns.count == 1)
    }

    @Test func anOutcomeOfOptOutClosesEverything() async throws {
        let test = try TestGovernor(Self.oneADay)
        let first = try #require(try await test.decide(test.form(email: "ana@example.com")).decision.reservation)
        _ = try await test.report("opt_out", on: first)
        let mail = try await test.decide(test.form(nil, email: "ana@example.com") { $0.channel = "email" })
        #expect(mail.decision.reasons.map(\.code) == [.optedOut])
    }

    @Test func identifiersLinkAndConflict() async throws {
        let test = try TestGovernor(Self.oneADay)
        #expect(try await test.decide(test.form(ids: ["crm:1"])).decision.verdict == .allow)
        let byID = try await test.decide(test.form("+12125550199", ids: ["crm:1"]))
        #expect(byID.decision.verdict == .deny)
        #expect(!byID.decision.isIdentityConflict)
        // A denial taught nothing: the new number is still nobody's.
        #expect(try await test.decide(test.form("+12125550199")).decision.verdict == .allow)
        let both = try await test.decide(test.form("+12125550199", ids: ["crm:1"], reserve: false))
        #expect(both.decision.isIdentityConflict)
        // A second identifier of a unique namespace does not join.
        let other = try await test.decide(test.form("+12125550100", ids: ["crm:2"], reserve: false))
        #expect(other.decision.isIdentityConflict)
        #expect(other.decision.verdict == .deny)
    }

    @Test func aTouchCountsOnEveryPersonOfAConflict() async throws {
        let test = try TestGovernor(Self.oneADay.replacing("limit: 1", with: "limit: 2"))
        _ = try await test.decide(test.form("+12125550101"))
        _ = try await test.decide(test.form(nil, ids: ["crm:7"]) { $0.channel = "mail" })
        let both = try #require(try await test.decide(test.form("+12125550101", ids: ["crm:7"])).decision.reservation)
        #expect(try await test.decide(test.form("+12125550101", reserve: false)).decision.verdict == .deny)
        _ = try await test.release(both)
        #expect(try await test.decide(test.form("+12125550101", reserve: false)).decision.verdict == .allow)
    }

    /// However many callers ask at once, a limit of N gives exactly N.
    @Test(arguments: [1, 3, 7])
    func racesYieldExactlyTheLimit(_ limit: Int) async throws {
        var generator = SeededGenerator.announced("races")
        for _ in 0..<5 {
            let test = try TestGovernor(Self.oneADay.replacing("limit: 1", with: "limit: \(limit)"))
            let phone = "+1212555\(Int.random(in: 1000...9999, using: &generator))"
            let keys = (0..<64).map { _ in "k\(Int.random(in: 0..<40, using: &generator))" }
            let allowed = try await withThrowingTaskGroup(of: TouchID?.self) { group in
                for key in keys {
                    group.addTask {
                        // A key in flight is asked again, as a caller would.
                        while true {
                            do {
                                return try await test.decide(test.form(phone, key: key)).decision.reservation?.touch
                            } catch DecideError.inFlight {
                                await Task.yield()
                            }
                        }
                    }
                }
                var allowed: Set<TouchID> = []
                for try await touch in group { if let touch { allowed.insert(touch) } }
                return allowed
            }
            #expect(allowed.count == limit)
        }
    }

    @Test func aFailingStoreDeniesUnlessThePolicySaysOtherwise() async throws {
        let policy = "policy: test\non_store_failure: { service: allow }\nrules: []\n"
        var configuration = GovernorConfiguration()
        configuration.degradedAllowsMax = 2
        let test = try TestGovernor(policy, store: BrokenStore(), configuration: configuration)
        await #expect(throws: DecideError.self) { _ = try await test.decide(test.form()) }
        for _ in 0..<2 {
            let answer = try await test.decide(test.form { $0.purpose = "service" })
            #expect(answer.isDegraded)
            #expect(answer.decision.verdict == .allow)
        }
        await #expect(throws: DecideError.self) { _ = try await test.decide(test.form { $0.purpose = "service" }) }
    }

    @Test func aSilentStoreIsAnsweredWithinTheDeadline() async throws {
        let test = try TestGovernor(Self.oneADay, store: SilentStore())
        await #expect(throws: DecideError.self) { _ = try await test.decide(test.form()) }
        #expect(test.governor.metrics.deadlinesMissed.count == 1)
    }
}

/// A store that refuses everything.
struct BrokenStore: ContactStore {
    func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        transaction.finished(.failure(.unavailable("the test says so")))
    }

    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void)
    {
        completion(.failure(.unavailable("the test says so")))
    }
}

/// A store that never answers.
struct SilentStore: ContactStore {
    func transact(_ keys: [RecordKey], _ transaction: any Transaction) {}

    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void)
    {}
}

extension DecideTests {
    /// Sums of checks that the store refuses are written once it takes them again.
    @Test func refusedSummariesAreNotLost() async throws {
        let store = FlakyStore()
        let test = try TestGovernor("policy: test\nrules: []\n", store: store)
        _ = try await test.decide(test.form(reserve: false))
        store.refuses.store(true, ordering: .relaxed)
        test.governor.flushSummaries()
        #expect(store.summaries.load(ordering: .relaxed) == 0)
        store.refuses.store(false, ordering: .relaxed)
        test.governor.flushSummaries()
        #expect(store.summaries.load(ordering: .relaxed) == 1)
        test.governor.flushSummaries()
        #expect(store.summaries.load(ordering: .relaxed) == 1)
    }
}

/// A store of memory that can be told to refuse, and counts the summaries it took.
final class FlakyStore: ContactStore {
    let inner = InMemoryStore()
    let refuses = Atomic(false)
    let summaries = Atomic(0)

    func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        if refuses.load(ordering: .relaxed) {
            return transaction.finished(.failure(.overloaded("the test says so")))
        }
        inner.transact(keys, Watched(transaction, self))
    }

    private final class Watched: Transaction {
        let inner: any Transaction
        let store: FlakyStore
        init(_ inner: any Transaction, _ store: FlakyStore) {
            self.inner = inner
            self.store = store
        }

        func run(_ set: inout RecordSet) -> [RecordKey]? {
            let more = inner.run(&set)
            if set.journal?.kind == .summary { store.summaries.add(1, ordering: .relaxed) }
            return more
        }

        func finished(_ result: Result<StoreTicket, StoreError>) { inner.finished(result) }
    }

    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Swift.Result<Void, StoreError>) -> Void)
    {
        completion(.success(()))
    }
}
