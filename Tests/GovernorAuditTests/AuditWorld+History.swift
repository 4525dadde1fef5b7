import Foundation
import GovernorAudit
import GovernorCore
import GovernorRuntime
import GovernorTesting
import Testing

extension AuditWorld {
    static let phones = (0..<12).map { "+1212555\(1_000 + $0)" }

    /// A random history of a dozen people on one node.
    func history(seed: UInt64, name: String, steps: Int = 120) async throws {
        var random = SeededGenerator(seed: seed)
        for step in 0..<steps {
            clock.manual.advance(by: .seconds(Int64.random(in: 1...40_000, using: &random)))
            let phone = random.pick(Self.phones)
            var contact = contact(phone)
            if random.oneIn(3) { contact.email = "p\(phone.suffix(4))@example.com" }
            if random.oneIn(5) { contact.ids = ["crm:\(phone.suffix(4))"] }
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                try await tell(
                    .optOut(reach: .person, endpoints: []), kind: "opt_out", about: contact, id: "\(name)-\(step)")
            case 1:
                try await tell(
                    .holding(Holding(product: Name("term-life"), status: .active)), kind: "holding", about: contact,
                    id: "\(name)-\(step)")
            case 2: if contact.email != nil || !contact.ids.isEmpty { try await link(contact) }
            default:
                let answer = try await decide(contact, campaign: "q4")
                guard let reservation = answer.decision.reservation else { continue }
                if random.oneIn(2) { try await confirm(reservation) }
                if random.oneIn(2) { try await report("no_answer", on: reservation) }
            }
        }
        settle()
    }

    /// What is known of everybody, apart from random versions.
    func everybody() async throws -> [String: [PersonRecord]] {
        var people: [String: [PersonRecord]] = [:]
        for phone in Self.phones {
            people[phone] = try await lookUp(contact(phone)).map { record in
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

    /// Restored from its ledger into an empty store, and opened anew without its own file of people, the store is what it
    /// is now.
    func comesBack() async throws {
        settle()
        let now = try await everybody()
        let other = try AuditWorld()
        defer { other.close() }
        _ = try LedgerRestore(store: other.store).run([folder])
        #expect(try await other.everybody() == now)
        try reopen { folder in
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: folder + "/people.db" + suffix)
            }
        }
        #expect(try await everybody() == now)
    }
}
