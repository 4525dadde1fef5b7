import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorTesting
import Testing

@Suite struct LedgerSummaryTests {
    @Test func countsWhatIsOnRecord() async throws {
        let world = try AuditWorld()
        defer { world.close() }
        let ana = world.contact(email: "ana@example.com")
        let first = try await world.decide(ana, campaign: "q4")
        let reservation = try #require(first.decision.reservation)
        try await world.confirm(reservation)
        try await world.report("no_answer", on: reservation)
        world.clock.manual.advance(by: .seconds(60))
        try await world.decide(ana)
        try await world.decide(ana, reserve: false)
        try await world.tell(.optOut(reach: .person, endpoints: []), kind: "opt_out", about: ana, id: "o1")
        try await world.tell(
            .consent(Name("written"), endpoints: [], until: nil), kind: "consent", about: world.contact("+12125550199"),
            id: "c1", evidence: "form 7")
        world.settle()
        let summary = try LedgerSummary(dataDirectory: world.folder)
        #expect(summary.recordCount == world.ledger.head.sequence)
        #expect(summary.allowed.reserving == 1 && summary.allowed.confirmations == 1 && summary.allowed.total == 2)
        #expect(summary.denied.reserving == 1 && summary.denied.checks == 1)
        #expect(summary.facts == ["opt_out": 1, "consent": 1])
        #expect(summary.outcomes == ["no_answer": 1])
        #expect(summary.unreadable == 0)
        #expect(summary.period?.upperBound == world.clock.now())
        #expect(summary.files.count == 1 && summary.files[0].last == summary.recordCount && summary.files[0].bytes > 0)
    }
}
