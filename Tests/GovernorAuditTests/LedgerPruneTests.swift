import Foundation
import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorStoreEmbedded
import GovernorTesting
import Testing

/// What was pruned is gone, the chain is whole, and a store made from what is left is the one that there was.
@Suite struct LedgerPruneTests {
    private func pruning(_ world: AuditWorld, before limit: Timestamp, _ kinds: [LedgerKind]) -> LedgerPruning {
        LedgerPruning(
            governor: world.governor, ledger: world.ledger,
            limits: Dictionary(uniqueKeysWithValues: kinds.map { ($0, limit) })
        ) { [store = world.store] in try store.settleErasures() }
    }

    private static let kinds: [[LedgerKind]] = [
        [.decision], [.fact, .link], [.decision, .reservationChange, .fact, .link, .summary],
    ]

    @Test(arguments: kinds) func aStoreComesBackAsItWas(kinds: [LedgerKind]) async throws {
        var random = SeededGenerator.announced("pruning of \(kinds)")
        let world = try AuditWorld(ledgerFileBytes: 65_536)
        defer { world.close() }
        try await world.history(seed: random.next(), name: "old", steps: 150)
        _ = try await world.erase(world.contact(random.pick(AuditWorld.phones)))
        let limit = world.clock.now() + .seconds(1)
        world.clock.manual.advance(by: .seconds(2))
        try await world.history(seed: random.next(), name: "new", steps: 20)
        let before = try await world.everybody()
        let reader = LedgerReader(dataDirectory: world.folder)
        let filesBefore = try reader.files().count

        let pruning = pruning(world, before: limit, kinds)
        let plan = try pruning.plan()
        #expect(plan.recordCount > 10 && plan.personCount > 0)
        // A look changes nothing.
        #expect(try reader.audit().erasedCount < UInt64(plan.recordCount))
        try pruning.apply(plan)
        #expect(try await world.everybody() == before)
        let audit = try reader.audit()
        #expect(audit.isWhole, "\(audit.findings)")
        if kinds.count > 2 {
            #expect(!plan.files.isEmpty, "no file went whole")
            #expect(try reader.files().count <= filesBefore)
            #expect(try reader.files().first?.first ?? 0 > 1)
        } else {
            #expect(plan.files.isEmpty && audit.erasedCount >= UInt64(plan.recordCount))
        }
        // Nothing that may go is left.
        let again = try self.pruning(world, before: limit, kinds).plan()
        #expect(again.recordCount == 0, "\(again.counts)")
        try await world.comesBack()
        // It goes on from there.
        try await world.history(seed: random.next(), name: "later", steps: 20)
        #expect(try reader.audit().isWhole)
    }

    /// Files that are gone without a word are missed; those that were pruned are not.
    @Test func aFileThatWasNotPrunedIsMissed() async throws {
        let world = try AuditWorld(ledgerFileBytes: 65_536)
        try await world.history(seed: 7, name: "a", steps: 200)
        world.close()
        let reader = LedgerReader(dataDirectory: world.folder)
        let files = try reader.files()
        try #require(files.count > 1)
        try FileManager.default.removeItem(atPath: files[0].path)
        #expect(try reader.audit().findings.contains { $0.what == .missing })
    }
}
