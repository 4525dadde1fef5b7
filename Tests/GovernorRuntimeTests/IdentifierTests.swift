import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorTesting
import Testing

/// What spellings of an identifier come to in decisions.
@Suite struct IdentifierTests {
    private static let policy = "policy: test\nrules:\n  - { id: said-no, kind: opt_out }\n"

    private func ask(_ test: TestGovernor, _ intake: Intake, _ email: String) async throws -> Decision {
        let form = test.form(nil, email: email) { $0.channel = "email" }
        let (request, _) = try intake.request(form, by: TestGovernor.north)
        return try await withCheckedThrowingContinuation { continuation in
            test.governor.decide(request) { continuation.resume(with: $0.map(\.decision).mapError { $0 as any Error }) }
        }
    }

    /// Folding switched on, off, and on again: no no is ever lost.
    @Test func foldingOrphansNoOptOut() async throws {
        let test = try TestGovernor(Self.policy)
        let plain = test.intake
        let folding = Intake(
            hasher: plain.hasher, zones: plain.zones,
            folding: try #require(EmailFolding(parsing: "gmail.com=dots+tags")))
        // Told before folding.
        _ = try await test.tell(
            .optOut(reach: .person, endpoints: []), phone: nil, email: "a.na+old@gmail.com", id: "1")
        #expect(
            try await ask(test, plain, "ana@gmail.com").verdict == .allow, "another address as long as nothing folds")
        #expect(try await ask(test, folding, "a.na+old@gmail.com").verdict == .deny)
        #expect(try await ask(test, plain, "a.na+old@gmail.com").verdict == .deny, "switched off again")
    }

    /// A no told before a country changed its numbers, or before the governor knew of it, is a no to the new number, and
    /// the other way round.
    @Test(arguments: [
        ("+229 97 12 34 56", "+229 01 97 12 34 56"), ("+229 01 97 12 34 56", "+229 97 12 34 56"),
        ("+55 11 8123 4567", "+55 11 98123 4567"), ("+84 120 123 4567", "+84 70 123 4567"),
        ("+84 32 123 4567", "+84 162 123 4567"),
    ])
    func renumberingOrphansNoOptOut(told: String, asked: String) async throws {
        for reach in [Reach.person, .endpoint] {
            let test = try TestGovernor(Self.policy)
            let hash = test.intake.hasher.hash(try PhoneNumber(told))
            // As an earlier version recorded it: the number alone.
            let about = ContactRequest(
                identifiers: [RequestIdentifier(hash: hash, kind: .phone)], endpoint: nil, channel: .none,
                purpose: .none)
            try await test.tell(.optOut(reach: reach, endpoints: [hash]), about: about)
            #expect(try await test.decide(test.form(asked)).decision.verdict == .deny, "\(reach)")
            #expect(try await test.decide(test.form("+55 11 98123 4568")).decision.verdict == .allow)
        }
    }

    /// Both forms of a number are one identifier: one record, no conflict, marked together, one address for a link.
    @Test func formsOfANumberStayTogether() async throws {
        let (old, new) = ("+55 11 8123 4567", "+55 11 98123 4567")
        let test = try TestGovernor(Self.policy)
        let first = try await test.decide(test.form(old, ids: ["crm:1"]))
        let second = try await test.decide(test.form(new, ids: ["crm:1"]))
        #expect(!first.decision.isIdentityConflict && !second.decision.isIdentityConflict)
        let record = try await test.record(new)
        #expect(try await test.record(old).id == record.id)
        #expect(record.identifiers.map(\.kind) == [.phone, .phone, .key] && record.touches.count == 2)

        // A household's number in one form is one in the other, and no conflict with itself.
        var form = FactForm()
        form.id = "h"
        form.contact.phone = "+55 21 8123 4567"
        form.shared = true
        try await test.take(form, .identifier)
        let shared = try await test.record("+55 21 98123 4567")
        #expect(shared.identifiers.count == 2 && shared.identifiers.allSatisfy(\.isShared))
        #expect(try await !test.decide(test.form("+55 21 98123 4567")).decision.isIdentityConflict)
        #expect(try await test.record("+55 21 8123 4567").id == shared.id)

        // One that an earlier version knew in one form learns the other where it is.
        let hash = test.intake.hasher.hash(try PhoneNumber("+84 120 123 4567"))
        let about = ContactRequest(
            identifiers: [RequestIdentifier(hash: hash, kind: .phone)], endpoint: nil, channel: .none, purpose: .none)
        try await test.tell(.optIn(reach: .person, endpoints: []), about: about, id: "before")
        let conflict = try await test.decide(test.form("+84 70 123 4567", ids: ["crm:1"]))
        #expect(conflict.decision.isIdentityConflict, "two people, as the key says")
        #expect(try await test.record("+84 70 123 4567").identifiers.map(\.kind) == [.phone, .phone])

        var alone = FactForm()
        alone.id = "l"
        alone.contact.phone = new
        await #expect(throws: FieldErrors.self) { try await test.take(alone, .link) }
        var link = LinkForm()
        link.contact.phone = new
        _ = try test.intake.link(link, .preferences, by: TestGovernor.north, now: test.clock.now())
    }

    @Test(arguments: [
        ("+1 212 000 0000", true), ("+1 212 123 4567", true), ("+1 555 555 5555", true), ("+1 212 765 4321", false),
        ("+49 171 1234567", false), ("+49 171 7777777", true), ("+1 212 555 0100", false),
    ])
    func placeholders(phone: String, isOne: Bool) throws {
        let test = try TestGovernor(Self.policy)
        let (request, _) = try test.intake.request(test.form(phone), by: TestGovernor.north)
        #expect(request.identifiers[0].isPlaceholder == isOne)
    }

    @Test(arguments: [
        ("none@none.com", true), ("NOREPLY@example.com", true), ("ana@example.com", false), ("ana@mail.test", true),
        ("x@nowhere.invalid", true), ("noreply@acme.com", false),
    ])
    func placeholders(email: String, isOne: Bool) throws {
        let test = try TestGovernor(Self.policy)
        let form = test.form(nil, email: email) { $0.channel = "email" }
        let (request, _) = try test.intake.request(form, by: TestGovernor.north)
        #expect(request.identifiers[0].isPlaceholder == isOne)
    }

    @Test func aPlaceholderNeverJoinsAndABuiltInRecordOfItIsShared() async throws {
        let test = try TestGovernor(Self.policy)
        for phone in ["+12125550100", "+12125550101"] {
            _ = try await test.decide(test.form(phone, email: "none@none.com"))
        }
        let (a, b) = (try await test.record("+12125550100"), try await test.record("+12125550101"))
        #expect(a.id != b.id)
        #expect(a.identifiers.count == 1 && b.identifiers.count == 1)
        _ = try await test.decide(test.form("+1 212 000 0000"))
        #expect(try await test.record("+1 212 000 0000").isShared)
    }
}
