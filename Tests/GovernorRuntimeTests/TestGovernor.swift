import GovernorCore
import GovernorIdentity
import GovernorPolicy
import GovernorRegistry
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Testing

/// A governor over a store of memory, with a clock that the test moves and the policy that the test writes.
struct TestGovernor {
    let clock = TestClock()
    let governor: Governor
    let intake: Intake

    struct TestClock: WallClock {
        let manual = ManualClock(Timestamp(milliseconds: 1_795_010_400_000))
        func now() -> Timestamp { manual.now() }
    }

    /// 2026-11-18T14:00:00Z, a Wednesday: 09:00 in New York.
    init(
        _ policy: String, store: (any ContactStore)? = nil, configuration: GovernorConfiguration = .init(),
        registries: LoadedRegistries = LoadedRegistries()
    ) throws {
        let zones = try Shared.zones.get()
        let loader = PolicyLoader(digest: { bytes in String(bytes.reduce(7) { ($0 &* 31) &+ Int($1) }, radix: 16) })
        let (policies, findings) = loader.load(files: [PolicySource(name: "test.yaml", text: policy)])
        let loaded = try #require(policies, "\(findings.report)")
        let hasher = try IdentifierHasher(secret: Array("a secret for tests".utf8))
        intake = Intake(hasher: hasher, zones: zones, registries: registries)
        governor = Governor(
            store: store ?? InMemoryStore(), policies: PolicyHolder(loaded), zones: zones, hasher: hasher,
            clock: clock, configuration: configuration)
    }

    enum Shared {
        static let zones = Result { ZoneAtlas(try SystemZones.load()) }
    }

    func form(
        _ phone: String? = "+12125550100", email: String? = nil, ids: [String] = [], reserve: Bool = true,
        key: String? = nil, _ change: (inout DecisionForm) -> Void = { _ in }
    ) -> DecisionForm {
        var form = DecisionForm()
        form.contact.phone = phone
        form.contact.email = email
        form.contact.ids = ids
        form.channel = "voice"
        form.purpose = "marketing"
        form.reserve = reserve
        form.idempotencyKey = key
        change(&form)
        return form
    }

    static let north = Caller(id: "north-1", role: .dialer, agency: "north")
    static let south = Caller(id: "south-1", role: .dialer, agency: "south")

    func decide(_ form: DecisionForm, by caller: Caller = north) async throws -> DecisionAnswer {
        let (request, asked) = try intake.request(form, by: caller)
        return try await withCheckedThrowingContinuation { continuation in
            governor.decide(request, asked: asked) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    func confirm(_ reservation: Reservation, by caller: Caller = north) async throws -> DecisionAnswer {
        try await withCheckedThrowingContinuation { continuation in
            governor.confirm(reservation.touch, of: reservation.person, caller: CallerID(Name(caller.id))) {
                continuation.resume(with: $0.mapError { $0 as any Error })
            }
        }
    }

    func report(
        _ outcome: String, on reservation: Reservation, at: Timestamp? = nil, correction: Bool = false,
        by caller: Caller = north
    ) async throws -> OutcomeAnswer {
        var names = NameTable()
        let name = names.intern(outcome, as: EventName.self)
        let texts = names
        return try await withCheckedThrowingContinuation { continuation in
            governor.report(
                name, at: at ?? clock.now(), on: reservation.touch, of: reservation.person,
                caller: CallerID(Name(caller.id)), accounts: nil, isCorrection: correction, names: texts
            ) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    func release(_ reservation: Reservation, by caller: Caller = north) async throws -> ReleaseAnswer {
        try await withCheckedThrowingContinuation { continuation in
            governor.release(reservation.touch, of: reservation.person, caller: CallerID(Name(caller.id))) {
                continuation.resume(with: $0.mapError { $0 as any Error })
            }
        }
    }

    func tell(
        _ body: FactBody, phone: String? = "+12125550100", email: String? = nil, ids: [String] = [], id: String = "f1",
        scope: FactScope = FactScope(), by caller: Caller = north
    ) async throws -> FactAnswer {
        var contact = ContactForm()
        contact.phone = phone
        contact.email = email
        contact.ids = ids
        return try await tell(body, about: try intake.contact(contact, by: caller), id: id, scope: scope, by: caller)
    }

    /// The same about a contact as an intake gives it.
    @discardableResult func tell(
        _ body: FactBody, about: ContactRequest, id: String = "f1", scope: FactScope = FactScope(),
        by caller: Caller = north
    ) async throws -> FactAnswer {
        let fact = Fact(
            id: intake.factID(id, by: caller), at: clock.now(), receivedAt: clock.now(), scope: scope, body: body)
        return try await withCheckedThrowingContinuation { continuation in
            governor.tell(ToldFact(about: about, fact: fact, evidence: nil, kind: "test", callerText: caller.id)) {
                continuation.resume(with: $0.mapError { $0 as any Error })
            }
        }
    }

    /// Takes a fact as a route does.
    @discardableResult func take(_ form: FactForm, _ kind: FactKind, by caller: Caller = north) async throws
        -> FactAnswer
    {
        var facts = FactIntake(
            intake: intake, caller: caller, policies: governor.policies.current, now: governor.clock.now())
        let work = try facts.read(form, kind)
        return try await withCheckedThrowingContinuation { continuation in
            governor.take(work, callerText: caller.id) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    /// The record that a number leads to.
    func record(_ phone: String) async throws -> PersonRecord {
        var contact = ContactForm()
        contact.phone = phone
        let about = try intake.contact(contact, by: Self.north)
        let records = try await withCheckedThrowingContinuation { continuation in
            governor.lookUp(about) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
        return try #require(records.first)
    }
}
