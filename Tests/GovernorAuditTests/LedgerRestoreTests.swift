import Foundation
import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Testing

/// A store that lost everything gets every opt-out, holding, link and touch back.
@Suite struct LedgerRestoreTests {
    @Test func anEmptyStoreGetsEverythingBack() async throws {
        var random = SeededGenerator.announced("restore")
        let old = try AuditWorld()
        try await old.history(seed: random.next(), name: "a")
        let before = try await old.everybody()
        #expect(before.values.contains { $0.contains { !$0.touches.isEmpty && !$0.facts.isEmpty } })
        let new = try AuditWorld()
        defer {
            old.close()
            new.close()
        }
        let report = try LedgerRestore(store: new.store).run([old.folder])
        #expect(report.records == old.ledger.head.sequence && report.applied > 0)
        #expect(try await new.everybody() == before)
        // Again: nothing changes, and nothing is recorded.
        new.settle()
        let head = new.ledger.head
        #expect(try LedgerRestore(store: new.store).run([old.folder]).applied == 0)
        new.settle()
        #expect(new.ledger.head == head)
        // It stands in the new node's own ledger: its file of people may be lost too.
        try new.reopen { folder in
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: folder + "/people.db" + suffix)
            }
        }
        #expect(try await new.everybody() == before)
        #expect(try LedgerReader(dataDirectory: new.folder).audit().isWhole)
    }

    /// Two nodes' ledgers about the same people, in either order and twice: the same opt-outs, holdings and touches.
    @Test func theOrderOfLedgersDoesNotMatter() async throws {
        var random = SeededGenerator.announced("order of ledgers")
        let nodes = [try AuditWorld(), try AuditWorld()]
        for (number, node) in nodes.enumerated() { try await node.history(seed: random.next(), name: "n\(number)") }
        var results: [[String: Set<String>]] = []
        for order in [[0, 1], [1, 0], [0, 1, 0, 1]] {
            let target = try AuditWorld()
            defer { target.close() }
            _ = try LedgerRestore(store: target.store).run(order.map { nodes[$0].folder })
            var told: [String: Set<String>] = [:]
            for (phone, records) in try await target.everybody() {
                var all: Set<String> = []
                for record in records {
                    for fact in record.facts { all.insert("fact \(fact.id) \(fact.body)") }
                    for touch in record.touches { all.insert("touch \(touch.id) \(touch.state) \(touch.outcome)") }
                }
                told[phone] = all
            }
            results.append(told)
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
        // Nothing that either node was told is missing.
        for node in nodes {
            for (phone, records) in try await node.everybody() {
                for fact in records.flatMap(\.facts) {
                    #expect(results[0][phone]?.contains("fact \(fact.id) \(fact.body)") == true)
                }
                for touch in records.flatMap(\.touches) {
                    #expect(results[0][phone]?.contains { $0.hasPrefix("touch \(touch.id) ") } == true)
                }
            }
            node.close()
        }
    }
}
