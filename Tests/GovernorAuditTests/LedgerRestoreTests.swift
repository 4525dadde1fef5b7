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
    private static let phones = (0..<12).map { "+1212555\(1_000 + $0)" }

    /// A random history of a dozen people on one node.
    private func history(_ world: AuditWorld, seed: UInt64, name: String) async throws {
        var random = SeededGenerator(seed: seed)
        for step in 0..<120 {
            world.clock.manual.advance(by: .seconds(Int64.random(in: 1...40_000, using: &random)))
            let phone = random.pick(Self.phones)
            var contact = world.contact(phone)
            if random.oneIn(3) { contact.email = "p\(phone.suffix(4))@example.com" }
            if random.oneIn(5) { contact.ids = ["crm:\(phone.suffix(4))"] }
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                try await world.tell(
                    .optOut(reach: .person, endpoints: []), kind: "opt_out", about: contact, id: "\(name)-\(step)")
            case 1:
                try await world.tell(
                    .holding(Holding(product: Name("term-life"), status: .active)), kind: "holding", about: contact,
                    id: "\(name)-\(step)")
            case 2: if contact.email != nil || !contact.ids.isEmpty { try await world.link(contact) }
            default:
                let answer = try await world.decide(contact, campaign: "q4")
                guard let reservation = answer.decision.reservation else { continue }
                if random.oneIn(2) { try await world.confirm(reservation) }
                if random.oneIn(2) { try await world.report("no_answer", on: reservation) }
            }
        }
        world.settle()
    }

    /// What is known of everybody, apart from random versions.
    private func everybody(_ world: AuditWorld) async throws -> [String: [PersonRecord]] {
        var people: [String: [PersonRecord]] = [:]
        for phone in Self.phones {
            people[phone] = try await world.lookUp(world.contact(phone)).map { record in
                var record = record
                record.version = 0
                record.names = NameTable()
                record.identifiers.sort { $0.hash < $1.hash }
                // What is only kept for a day, and only where it was asked.
                record.lastDecisionAt = .distantPast
                record.createdAt = .distantPast
                record.touches.sort { ($0.at, $0.id.bits) < ($1.at, $1.id.bits) }
                record.facts.sort { ($0.at, $0.id.hashValue) < ($1.at, $1.id.hashValue) }
                return record
            }
        }
        return people
    }

    @Test func anEmptyStoreGetsEverythingBack() async throws {
        var random = SeededGenerator.announced("restore")
        let old = try AuditWorld()
        try await history(old, seed: random.next(), name: "a")
        let before = try await everybody(old)
        #expect(before.values.contains { $0.contains { !$0.touches.isEmpty && !$0.facts.isEmpty } })
        let new = try AuditWorld()
        defer {
            old.close()
            new.close()
        }
        let report = try LedgerRestore(store: new.store).run([old.folder])
        #expect(report.records == old.ledger.head.sequence && report.applied > 0)
        #expect(try await everybody(new) == before)
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
        #expect(try await everybody(new) == before)
        #expect(try LedgerReader(dataDirectory: new.folder).audit().isWhole)
    }

    /// Two nodes' ledgers about the same people, in either order and twice: the same opt-outs, holdings and touches.
    @Test func theOrderOfLedgersDoesNotMatter() async throws {
        var random = SeededGenerator.announced("order of ledgers")
        let nodes = [try AuditWorld(), try AuditWorld()]
        for (number, node) in nodes.enumerated() { try await history(node, seed: random.next(), name: "n\(number)") }
        var results: [[String: Set<String>]] = []
        for order in [[0, 1], [1, 0], [0, 1, 0, 1]] {
            let target = try AuditWorld()
            defer { target.close() }
            _ = try LedgerRestore(store: target.store).run(order.map { nodes[$0].folder })
            var told: [String: Set<String>] = [:]
            for (phone, records) in try await everybody(target) {
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
            for (phone, records) in try await everybody(node) {
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
