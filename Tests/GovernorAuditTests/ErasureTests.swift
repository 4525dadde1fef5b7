import Foundation
import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorTesting
import Testing

/// A person who was erased is gone from every file but for her no, and nobody else lost anything.
@Suite struct ErasureTests {
    /// Every byte of every file below the folder.
    private func bytes(of world: AuditWorld) throws -> [(name: String, bytes: Data)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: world.folder)
        return names.compactMap { name in
            FileManager.default.contents(atPath: world.folder + "/" + name).map { (name, $0) }
        }
    }

    private func needle(_ hash: IdentifierHash) -> Data {
        withUnsafeBytes(of: (hash.high.bigEndian, hash.low.bigEndian)) { Data($0) }
    }

    /// Files in which a needle stands.
    private func places(of needle: Data, in files: [(name: String, bytes: Data)]) -> [String] {
        files.filter { $0.bytes.range(of: needle) != nil }.map(\.name)
    }

    private func optOut(_ world: AuditWorld, _ contact: ContactForm, reach: Reach, id: String) async throws {
        try await world.tell(
            .optOut(reach: reach, endpoints: []), kind: "opt_out", about: contact, id: id,
            evidence: "words of \(id) that nobody may read later"
        ) { fact, about in
            fact.source = about.names.intern("ivr")
            fact.body = .optOut(
                reach: reach, endpoints: about.identifiers.filter { $0.kind == .email }.map(\.hash))
        }
    }

    @Test func onlyHerNoStays() async throws {
        let world = try AuditWorld()
        defer { world.close() }
        let ana = world.contact(email: "ana@example.com", ids: ["crm:8841"])
        let ben = world.contact("+12125550177")
        let reserved = try await world.decide(ana, campaign: "only-hers-campaign")
        let reservation = try #require(reserved.decision.reservation)
        try await world.confirm(reservation)
        try await world.report("complaint", on: reservation)
        try await optOut(world, ana, reach: .person, id: "ana-1")
        // Asked about before anybody knew the number: the record names nobody, but holds the hash.
        try await world.decide(world.contact("+12125550177"), reserve: false)
        try await world.decide(ben, campaign: "spring")
        // An address of hers and his number together: one record of the ledger is about both.
        world.clock.manual.advance(by: .days(2))
        var both = world.contact("+12125550177")
        both.email = "ana@example.com"
        #expect(try await world.decide(both, campaign: "both-of-them").decision.verdict == .deny)
        let before = try await world.lookUp(ben)
        let kept = try world.hashes(ana)

        let report = try await world.erase(ana)
        #expect(report.recordCount ?? 0 >= 4 && report.answer.isRepeated == false)
        let record = try #require(try await world.lookUp(ana).first)
        #expect(record.erasedAt == report.answer.erasedAt && record.touches.isEmpty && record.merges.isEmpty)
        #expect(Set(record.identifiers.map(\.hash)) == kept)
        #expect(record.identifiers.allSatisfy { $0.zones.isEmpty && $0.jurisdictions.isEmpty && $0.source.isNone })
        let kinds = record.facts.map { fact in
            switch fact.body {
            case .optOut: "opt_out"
            case .event(let name, _): record.names.text(name) ?? "?"
            default: "other"
            }
        }
        #expect(Set(kinds) == ["opt_out", "complaint"] && record.facts.allSatisfy { !$0.hasEvidence })
        #expect(try await world.decide(ana, reserve: false).decision.reasons.contains { $0.code == .optedOut })
        #expect(try await world.lookUp(ben).map(\.touches) == before.map(\.touches))

        let files = try bytes(of: world)
        for text in ["only-hers-campaign", "words of ana-1", "both-of-them"] {
            #expect(places(of: Data(text.utf8), in: files) == [], "\(text)")
        }
        #expect(places(of: Data("spring".utf8), in: files) != [])
        let audit = try LedgerReader(dataDirectory: world.folder).audit()
        #expect(audit.isWhole && audit.erasedCount == UInt64(report.recordCount ?? 0), "\(audit.findings)")
        try await world.comesBack()
        // Again: nothing more to take away, and it says so.
        let again = try await world.erase(ana)
        #expect(again.answer.isRepeated && again.answer.kept.first?.facts.count == 2)
        #expect(try LedgerReader(dataDirectory: world.folder).audit().isWhole)
    }

    @Test func withoutANoNothingStaysButARandomId() async throws {
        let world = try AuditWorld()
        defer { world.close() }
        let eva = world.contact("+12125550144", email: "eva@example.com")
        #expect(try await world.decide(world.contact("+12125550144"), reserve: false).decision.verdict == .allow)
        let reserved = try await world.decide(eva, campaign: "evas-campaign")
        let reservation = try #require(reserved.decision.reservation)
        let hashes = try world.hashes(eva)
        let listener = try world.governor.revocations.listen(after: nil, as: AuditWorld.north)
        let report = try await world.erase(eva)
        #expect(report.answer.revoked.map(\.touch) == [reservation.touch] && report.answer.kept.allSatisfy(\.isVacant))
        var items = listener.items.makeAsyncIterator()
        var causes: [RevocationCause] = []
        while causes.isEmpty, let item = await items.next() {
            if case .event(_, let event) = item { causes.append(event.cause) }
        }
        #expect(causes == [.erasure])
        #expect(try await world.lookUp(eva).isEmpty)
        let files = try bytes(of: world)
        for hash in hashes { #expect(places(of: needle(hash), in: files) == []) }
        #expect(places(of: Data("evas-campaign".utf8), in: files) == [])
        await #expect(throws: ReservationError.self) { try await world.report("sold", on: reservation) }
        // The number is anybody's again, and her history does not follow it.
        let fresh = try await world.decide(eva)
        #expect(fresh.decision.verdict == .allow && fresh.decision.reservation?.person != reservation.person)
        try await world.comesBack()
    }

    @Test func anOptOutOfOneAddressKeepsThatAddressAlone() async throws {
        let world = try AuditWorld()
        defer { world.close() }
        let eva = world.contact("+12125550144", email: "eva@example.com")
        try await world.decide(eva)
        try await optOut(world, eva, reach: .endpoint, id: "eva-1")
        try await world.erase(eva)
        #expect(try await world.lookUp(world.contact("+12125550144")).isEmpty)
        let left = try await world.lookUp(world.contact(nil, email: "eva@example.com"))
        #expect(left.count == 1 && left[0].facts.count == 1 && left[0].identifiers.map(\.kind) == [.email])
        let phone = try #require(try world.hashes(world.contact("+12125550144")).first)
        #expect(places(of: needle(phone), in: try bytes(of: world)) == [])
        try await world.comesBack()
    }

    @Test func mergedRecordsGoTogetherAndShareTheNo() async throws {
        let world = try AuditWorld()
        defer { world.close() }
        let one = world.contact("+12125550144")
        let two = world.contact(nil, email: "eva@example.com")
        try await world.decide(one)
        try await world.tell(.optOut(reach: .person, endpoints: []), kind: "opt_out", about: two, id: "no")
        try await world.merge([one, two], id: "same")
        let report = try await world.erase(one)
        #expect(report.answer.persons.count == 2)
        for contact in [one, two] {
            let record = try #require(try await world.lookUp(contact).first)
            #expect(record.merges.isEmpty && record.facts.count == 1 && record.erasedAt != nil)
        }
        #expect(try await world.decide(one, reserve: false).decision.verdict == .deny)
        try await world.comesBack()
    }

    /// Random histories of a dozen people with erasures in between: the chain is whole, and a store made again from the
    /// ledger is the store that there was.
    @Test func whateverHappensTheLedgerTellsTheSame() async throws {
        var random = SeededGenerator.announced("erasures")
        let world = try AuditWorld(ledgerFileBytes: 65_536)
        defer { world.close() }
        var erased: Set<IdentifierHash> = []
        for round in 0..<4 {
            try await world.history(seed: random.next(), name: "round-\(round)", steps: 60)
            for _ in 0..<2 {
                let contact = world.contact(random.pick(AuditWorld.phones))
                guard let person = try await world.lookUp(contact).first, !person.isVacant else { continue }
                let report = try await world.erase(contact)
                #expect(report.recordCount != nil)
                let kept = Set(report.answer.kept.flatMap(\.identifiers).map(\.hash))
                erased.formUnion(Set(person.identifiers.map(\.hash)).subtracting(kept))
                erased.subtract(kept)
                let files = try bytes(of: world)
                for hash in erased { #expect(places(of: needle(hash), in: files) == [], "round \(round)") }
            }
            let audit = try LedgerReader(dataDirectory: world.folder).audit()
            #expect(audit.isWhole && audit.erasedCount > 0, "\(audit.findings)")
            // Who comes back later is known again.
            erased = []
        }
        try await world.comesBack()
    }
}
