import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Testing

/// SPEC section 3, point 8: merging persons and taking it back, through the runtime over a store of memory.
@Suite struct MergeTests {
    static let policy = """
        policy: test
        rules:
          - id: two-a-day
            kind: frequency_cap
            scope: { channels: [voice] }
            limit: 2
            window: PT24H
          - { id: said-no, kind: opt_out }
          - { id: may, kind: consent, scope: { purposes: [survey] }, require: [written] }
        """
    static let (ana, anna, third) = ("+12125550100", "+12125550101", "+12125550102")

    private let test: TestGovernor

    init() throws { test = try TestGovernor(Self.policy) }

    private func merge(
        _ persons: [PersonID], id: String = "m1", by caller: Caller = TestGovernor.north
    ) async -> Result<MergeAnswer, MergeError> {
        await withCheckedContinuation { continuation in
            test.governor.merge(
                Merge(id: test.intake.factID(id, by: caller), persons: persons, at: test.clock.now()),
                names: NameTable(), evidence: nil, callerText: caller.id
            ) { continuation.resume(returning: $0) }
        }
    }

    private func undo(_ merge: Merge) async -> Result<MergeAnswer, MergeError> {
        await withCheckedContinuation { continuation in
            test.governor.undoMerge(
                MergeName(merge), by: CallerID("boss"), names: NameTable(), evidence: nil, callerText: "boss"
            ) { continuation.resume(returning: $0) }
        }
    }

    private func call(_ phone: String, reserve: Bool = true, purpose: String = "marketing") async throws -> Decision {
        try await test.decide(test.form(phone, reserve: reserve) { $0.purpose = purpose }).decision
    }

    /// The records of two persons who were called once each.
    private func two() async throws -> (PersonRecord, PersonRecord) {
        for phone in [Self.ana, Self.anna] { #expect(try await call(phone).verdict == .allow) }
        return (try await own(Self.ana), try await own(Self.anna))
    }

    /// The record that a number leads to itself.
    private func own(_ phone: String) async throws -> PersonRecord {
        var contact = ContactForm()
        contact.phone = phone
        let about = try test.intake.contact(contact, by: TestGovernor.north)
        let hash = about.identifiers[0].hash
        let records = try await withCheckedThrowingContinuation { continuation in
            test.governor.lookUp(about) {
                continuation.resume(with: $0.mapError { $0 as any Error })
            }
        }
        return try #require(records.first { $0.identifiers.contains { $0.hash == hash } })
    }

    @Test func touchesOfAllCountTogetherUntilItIsUndone() async throws {
        let (a, b) = try await two()
        let answer = try await merge([b.id, a.id]).get()
        #expect(answer.status == .merged && answer.persons == [a.id, b.id].sorted())
        let denied = try await call(Self.ana)
        #expect(denied.reasons.map(\.code) == [.capReached])
        #expect(denied.reasons.first?.count == 2)
        #expect(try await call(Self.anna).verdict == .deny)
        let merge = try #require(answer.merge)
        let undone = try await undo(merge).get()
        #expect(undone.status == .undone && undone.merge?.undoneBy == CallerID("boss"))
        for (phone, before) in [(Self.ana, a), (Self.anna, b)] {
            var after = try await own(phone)
            #expect(after.merges.count == 1)
            after.merges = []
            after.version = before.version
            after.lastDecisionAt = before.lastDecisionAt
            after.names = before.names
            #expect(after == before, "restored exactly")
            #expect(try await call(phone).verdict == .allow)
        }
        #expect(try await undo(merge).get().status == .undone, "again changes nothing")
    }

    @Test func everyNoBindsAllAndAPermissionNeedsEveryRecord() async throws {
        let (a, b) = try await two()
        _ = try await test.tell(.consent("written", endpoints: [], until: nil), phone: Self.ana, id: "yes")
        #expect(try await call(Self.ana, purpose: "survey").verdict == .allow)
        _ = try await merge([a.id, b.id]).get()
        test.clock.manual.advance(by: .days(2))
        let denied = try await call(Self.ana, reserve: false, purpose: "survey")
        #expect(denied.reasons.map(\.code) == [.consentMissing], "the other record has none")
        // One that is told of the merged person is the person's.
        _ = try await test.tell(.consent("written", endpoints: [], until: nil), phone: Self.anna, id: "yes-again")
        #expect(try await call(Self.ana, reserve: false, purpose: "survey").verdict == .allow)
        #expect(try await call(Self.anna, reserve: false, purpose: "survey").verdict == .allow)
        _ = try await test.tell(.optOut(reach: .person, endpoints: []), phone: Self.anna, id: "no")
        #expect(try await call(Self.ana).reasons.map(\.code) == [.optedOut])
    }

    @Test func anOptOutOfOneForbidsTheOtherAtOnce() async throws {
        let (a, b) = try await two()
        _ = try await test.tell(.optOut(reach: .person, endpoints: []), phone: Self.anna, id: "no")
        test.clock.manual.advance(by: .days(2))
        let reservation = try #require(try await call(Self.ana).reservation)
        _ = try await merge([a.id, b.id]).get()
        #expect(try await call(Self.ana).reasons.contains { $0.code == .optedOut })
        let confirmed = try await test.confirm(reservation)
        #expect(confirmed.decision.verdict == .deny, "a reservation given before the merge too")
    }

    @Test func whatWasToldMeanwhileOnlyForbidsAfterwards() async throws {
        let (a, b) = try await two()
        let merge = try #require(try await merge([a.id, b.id]).get().merge)
        test.clock.manual.advance(by: .days(2))
        _ = try await test.tell(.consent("written", endpoints: [], until: nil), phone: Self.ana, id: "yes")
        #expect(try await call(Self.ana).verdict == .allow)
        let reservation = try #require(try await call(Self.anna).reservation)
        _ = try await undo(merge).get()
        // Both contacts count on both: nobody can say any more whose they were.
        #expect(try await call(Self.ana).reasons.map(\.code) == [.capReached])
        #expect(try await call(Self.anna).reasons.map(\.code) == [.capReached])
        test.clock.manual.advance(by: .days(2))
        #expect(try await call(Self.ana, reserve: false, purpose: "survey").verdict == .allow, "of whom it was told")
        #expect(
            try await call(Self.anna, reserve: false, purpose: "survey").reasons.map(\.code) == [.consentMissing],
            "of whom it was not")
        // A late report reaches both, and a no in it binds both.
        _ = try await test.report("opt_out", on: reservation)
        #expect(try await call(Self.ana).reasons.map(\.code) == [.optedOut])
        #expect(try await call(Self.anna).reasons.map(\.code) == [.optedOut])
    }

    @Test func aMergeIsIdempotentByItsId() async throws {
        let (a, b) = try await two()
        #expect(try await call(Self.third).verdict == .allow)
        let c = try await own(Self.third)
        let first = try await merge([a.id, b.id]).get()
        let again = try await merge([b.id, a.id]).get()
        #expect(again.status == .already && again.merge == first.merge)
        #expect(await merge([a.id, c.id]).failure == .mismatch)
        #expect(try await merge([a.id, b.id], id: "m2").get().status == .already, "by another merge")
        let both = try await merge([b.id, c.id], id: "m3").get()
        #expect(both.persons == [a.id, b.id, c.id].sorted(), "through the one before")
        // The first undone, the second stands.
        _ = try await undo(try #require(first.merge)).get()
        #expect(try await call(Self.ana).verdict == .allow)
        #expect(try await call(Self.third).reasons.map(\.code) == [.capReached], "still one with the second number")
    }

    @Test func whatIsRefused() async throws {
        let (a, b) = try await two()
        #expect(await merge([a.id, a.id]).failure == .count(1))
        let nobody = PersonID(high: 1, low: 2)
        #expect(await merge([a.id, nobody]).failure == .unknownPerson(nobody))
        var form = FactForm()
        form.id = "shared"
        form.contact.phone = Self.anna
        form.shared = true
        try await test.take(form, .identifier)
        #expect(await merge([a.id, b.id]).failure == .shared(b.id))
        #expect(await undo(Merge(id: FactID(7), persons: [a.id, b.id], at: test.clock.now())).failure == .unknownMerge)
    }

    @Test func identifiersOfOneMergedPersonAreNoConflict() async throws {
        let (a, b) = try await two()
        var both = test.form(Self.ana, ids: ["crm:1"], reserve: false)
        both.contact.ids = ["crm:1"]
        test.clock.manual.advance(by: .days(2))
        _ = try await test.decide(test.form(Self.ana, ids: ["crm:1"]))
        _ = try await test.decide(test.form(Self.anna, ids: ["crm:2"]))
        let named = test.form(Self.ana, ids: ["crm:2"], reserve: false)
        #expect(try await test.decide(named).decision.isIdentityConflict)
        let waiting = try await test.governor.identityConflicts().get().page
        #expect(waiting.map(\.persons) == [[a.id, b.id].sorted()])
        #expect(waiting.first?.why == [.differentPersons, .uniqueNamespace])
        _ = try await merge([a.id, b.id]).get()
        #expect(try await !test.decide(named).decision.isIdentityConflict)
        #expect(try await test.governor.identityConflicts().get().page.isEmpty, "it was decided")
    }

    @Test func conflictsKeptApartWaitNoLonger() async throws {
        let (a, b) = try await two()
        let named = try await test.take(linking(Self.ana, ["crm:1"]), .link)
        #expect(named.conflict.isEmpty)
        try await test.take(linking(Self.anna, ["crm:2"]), .link)
        let conflict = try await test.take(linking(Self.ana, ["crm:2"], id: "l3"), .link)
        #expect(conflict.conflict.names == ["different_persons"])
        #expect(try await test.governor.identityConflicts().get().page.count == 1)
        let apart = await withCheckedContinuation { continuation in
            test.governor.keepApart([a.id, b.id], callerText: "boss") { continuation.resume(returning: $0) }
        }
        #expect(try apart.get() == [a.id, b.id].sorted())
        #expect(try await test.governor.identityConflicts().get().page.isEmpty)
        try await test.take(linking(Self.ana, ["crm:2"], id: "l4"), .link)
        #expect(
            try await test.governor.identityConflicts().get().page.isEmpty, "nor when they are named together again")
    }

    @Test func linksSayWhatBecameOfThem() async throws {
        var form = linking(Self.ana, ["crm:1"])
        #expect(try await test.take(form, .link).conflict.isEmpty)
        #expect(try await test.take(form, .link).isDuplicate)
        // A second key of a namespace that holds one.
        #expect(try await test.take(linking(Self.ana, ["crm:9"], id: "l2"), .link).conflict == .uniqueNamespace)
        // A placeholder joins nobody.
        form = linking(Self.ana, [], id: "l3")
        form.contact.email = "none@none.com"
        #expect(try await test.take(form, .link).conflict == .placeholder)
        // Shared.
        var note = FactForm()
        note.id = "s"
        note.contact.phone = Self.third
        note.shared = true
        try await test.take(note, .identifier)
        #expect(try await test.take(linking(Self.third, ["erp:5"], id: "l4"), .link).conflict == .shared)
        // More than eight addresses.
        var last: FactAnswer?
        for i in 0..<9 {
            form = linking(Self.ana, [], id: "mail \(i)")
            form.contact.email = "ana\(i)@example.org"
            last = try await test.take(form, .link)
            if i < 8 { #expect(last?.conflict == [], "\(i)") }
        }
        #expect(last?.conflict == .tooMany)
        #expect(try await own(Self.ana).identifiers.count { $0.kind == .email } == 8)
    }

    private func linking(_ phone: String, _ ids: [String], id: String = "l1") -> FactForm {
        var form = FactForm()
        form.id = id + phone
        form.contact.phone = phone
        form.contact.ids = ids
        return form
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
