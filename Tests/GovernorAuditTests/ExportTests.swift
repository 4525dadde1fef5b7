import Foundation
import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorTesting
import Testing

@Suite struct ExportTests {
    /// Ana is asked about, contacted, refuses; Ben is called once.
    private func story() async throws -> AuditWorld {
        let world = try AuditWorld()
        let ana = world.contact(email: "ana@example.com", ids: ["crm:8841"])
        let first = try await world.decide(ana, campaign: "q4")
        let reservation = try #require(first.decision.reservation)
        try await world.confirm(reservation)
        try await world.report("no_answer", on: reservation)
        world.clock.manual.advance(by: .seconds(3_600))
        try await world.decide(ana, campaign: "q4", by: AuditWorld.south)
        try await world.decide(world.contact("+12125550177"), campaign: "spring")
        try await world.tell(
            .optOut(reach: .person, endpoints: []), kind: "opt_out", about: ana, id: "o1",
            evidence: "said on the phone: <never> again, \"please\""
        ) { fact, about in fact.source = about.names.intern("ivr") }
        world.clock.manual.advance(by: .seconds(3_600))
        try await world.tell(
            .consent(Name("written"), endpoints: [], until: nil), kind: "consent", about: ana, id: "c1"
        ) { fact, about in fact.body = .consent(about.names.intern("written"), endpoints: [], until: nil) }
        // By her key alone: the same person.
        try await world.decide(world.contact("+12125550100"), reserve: false)
        world.settle()
        return world
    }

    private func export(_ world: AuditWorld, _ change: (inout AuditSelection) throws -> Void) throws -> [AuditEvent] {
        var selection = AuditSelection()
        try change(&selection)
        var events: [AuditEvent] = []
        _ = try selection.forEach(in: [world.folder]) { events.append($0) }
        return events
    }

    @Test func onePerson() async throws {
        let world = try await story()
        defer { world.close() }
        for contact in [
            world.contact("+12125550100"), world.contact(nil, email: "ana@example.com"),
            world.contact(nil, ids: ["crm:8841"]),
        ] {
            let events = try export(world) { $0.identifiers = try world.hashes(contact) }
            #expect(
                events.map(\.kind) == ["decision", "confirmation", "report", "decision", "fact", "fact", "decision"])
            #expect(events.map(\.verdict) == ["allow", "allow", nil, "deny", nil, nil, "deny"])
            #expect(events[3].reasons?.map(\.code) == ["cap.reached"] && events[3].agency == "south")
            #expect(events[4].facts?.first?.source == "ivr" && events[4].caller == "north-1")
            #expect(events[2].touches?.first?.outcome == "no_answer")
        }
        let nobody = try export(world) { $0.identifiers = try world.hashes(world.contact("+12125550999")) }
        #expect(nobody.isEmpty)
    }

    @Test func byCampaignAgencyAndPeriod() async throws {
        let world = try await story()
        defer { world.close() }
        #expect(try export(world) { $0.campaign = "spring" }.map(\.kind) == ["decision"])
        #expect(
            try export(world) { $0.campaign = "q4" }.map(\.kind) == ["decision", "confirmation", "report", "decision"])
        #expect(try export(world) { $0.agency = "south" }.map(\.verdict) == ["deny"])
        let start = Timestamp(milliseconds: 1_795_010_400_000)
        let hour = Milliseconds.seconds(3_600)
        #expect(
            try export(world) {
                $0.from = start + hour
                $0.to = start + hour + hour
            }.map(\.kind) == ["decision", "decision", "fact"])
        let all = try export(world) { _ in }
        #expect(all.count == Int(world.ledger.head.sequence))
    }

    @Test func linesAndRows() async throws {
        let world = try await story()
        defer { world.close() }
        for event in try export(world, { _ in }) {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(event.json().utf8)) as? [String: Any])
            #expect(object["sequence"] as? UInt64 == event.sequence && object["kind"] as? String == event.kind)
            #expect(!(try event.json()).contains("5550100") && !event.csv.contains("example.com"))
        }
        let fact = try #require(try export(world) { _ in }.first { $0.fact == "opt_out" })
        #expect(fact.csv.contains(#""said on the phone: <never> again, ""please""""#), "\(fact.csv)")
    }

    /// The page says it in words, escapes what others wrote, and loads nothing.
    @Test func theDossier() async throws {
        let world = try await story()
        defer { world.close() }
        var selection = AuditSelection()
        selection.identifiers = try world.hashes(world.contact("+12125550100"))
        var dossier = Dossier(madeAt: world.clock.now())
        dossier.sources = [.init(try LedgerReader(dataDirectory: world.folder).audit())]
        dossier.persons = try selection.forEach(in: [world.folder]) { dossier.add($0) }.map(\.hexadecimal)
        dossier.finish(nil)
        #expect(dossier.allowed == 1 && dossier.denied == 2 && dossier.contacts.count == 1)
        let page = dossier.html
        for words in [
            "Asked: a voice contact for marketing, campaign q4, by agency north? Allowed.",
            "1 of 1 contacts had been made.", "house/one-a-day", "The person had said no.", "house/said-no",
            "She said no.",
            "ivr", "Outcome reported: no answer.", "Permission written was given.", "&lt;never&gt; again",
            "its chain of hashes is whole", "2026-11-18 14:00:00 UTC", "color-scheme",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        for words in ["<script", "http:", "https:", "<never>", "src=", "5550100", "example.com", "8841"] {
            #expect(!page.contains(words), "\(words)")
        }
    }
}
