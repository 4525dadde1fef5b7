import Foundation
import GovernorCore
import GovernorIdentity
import GovernorLedger
import GovernorPolicy
import GovernorRuntime
import GovernorStoreEmbedded
import GovernorTesting
import Logging

/// A governor over a data folder of its own: embedded store, ledger, a clock that the test moves.
final class AuditWorld {
    struct Clock: WallClock {
        let manual = ManualClock(Timestamp(milliseconds: 1_795_010_400_000))
        func now() -> Timestamp { manual.now() }
    }

    static let policy = """
        policy: house
        rules:
          - id: one-a-day
            kind: frequency_cap
            scope: { channels: [voice], purposes: [marketing] }
            limit: 1
            window: PT24H
            because: We have already called you in the last 24 hours.
          - { id: said-no, kind: opt_out, except: [transactional] }
        """

    static let north = Caller(id: "north-1", role: .dialer, agency: "north")
    static let south = Caller(id: "south-1", role: .dialer, agency: "south")
    /// Nobody waits here for a busy machine.
    private static var patient: GovernorConfiguration {
        var configuration = GovernorConfiguration()
        configuration.storeDeadline = .seconds(60)
        configuration.factDeadline = .seconds(60)
        return configuration
    }

    private static let zones = Result { ZoneAtlas(try SystemZones.load()) }
    static let secret = Array("a secret for tests".utf8)

    let folder: String
    let clock = Clock()
    let hasher: IdentifierHasher
    let intake: Intake
    let policies: PolicySet
    private(set) var ledger: Ledger
    private(set) var store: EmbeddedStore
    private(set) var governor: Governor

    init(ledgerFileBytes: Int? = nil) throws {
        folder = NSTemporaryDirectory() + "audit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        hasher = try IdentifierHasher(secret: Self.secret)
        let zones = try Self.zones.get()
        intake = Intake(hasher: hasher, zones: zones)
        let loader = PolicyLoader(digest: { bytes in String(bytes.reduce(7) { ($0 &* 31) &+ Int($1) }, radix: 16) })
        guard let policies = loader.load(files: [PolicySource(name: "house.yaml", text: Self.policy)]).policies else {
            throw AuditWorldError.policy
        }
        self.policies = policies
        (ledger, store) = try Self.open(folder, hasher, clock, ledgerFileBytes)
        governor = Governor(
            store: store, policies: PolicyHolder(policies), zones: zones, hasher: hasher, clock: clock,
            configuration: Self.patient)
    }

    enum AuditWorldError: Error { case policy, nobody }

    var fingerprint: [UInt8] { Self.fingerprint(hasher) }

    private static func fingerprint(_ hasher: IdentifierHasher) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [hasher.fingerprint.high, hasher.fingerprint.low] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func open(
        _ folder: String, _ hasher: IdentifierHasher, _ clock: Clock, _ fileBytes: Int?
    ) throws -> (Ledger, EmbeddedStore) {
        let fingerprint = fingerprint(hasher)
        var configuration = LedgerConfiguration(now: { clock.now() })
        if let fileBytes { configuration.fileBytesMax = fileBytes }
        let ledger = try Ledger(
            dataDirectory: folder,
            identity: LedgerIdentity(
                secretFingerprint: fingerprint, normaliserVersion: IdentifierHasher.normaliserVersion),
            configuration: configuration)
        let store = try EmbeddedStore(
            directory: folder, ledger: ledger,
            configuration: EmbeddedConfiguration(
                secretFingerprint: fingerprint, normaliserVersion: IdentifierHasher.normaliserVersion))
        return (ledger, store)
    }

    func close() {
        store.close()
        ledger.close()
    }

    /// Closes it, lets `body` change what lies in the folder, and opens it again.
    func reopen(_ body: (String) throws -> Void = { _ in }) throws {
        close()
        try body(folder)
        (ledger, store) = try Self.open(folder, hasher, clock, nil)
        governor = Governor(
            store: store, policies: PolicyHolder(policies), zones: try Self.zones.get(), hasher: hasher, clock: clock,
            configuration: Self.patient)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    // MARK: acts

    private func answer<Value: Sendable, Failure: Error>(
        _ start: (@escaping @Sendable (Result<Value, Failure>) -> Void) -> Void
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    func contact(_ phone: String? = "+12125550100", email: String? = nil, ids: [String] = []) -> ContactForm {
        var contact = ContactForm()
        contact.phone = phone
        contact.email = email
        contact.ids = ids
        return contact
    }

    @discardableResult
    func decide(
        _ contact: ContactForm, campaign: String? = nil, reserve: Bool = true, by caller: Caller = north
    ) async throws -> DecisionAnswer {
        var form = DecisionForm()
        form.contact = contact
        form.channel = "voice"
        form.purpose = "marketing"
        form.campaign = campaign
        form.reserve = reserve
        let (request, asked) = try intake.request(form, by: caller)
        return try await answer { governor.decide(request, asked: asked, completion: $0) }
    }

    func confirm(_ reservation: Reservation, by caller: Caller = north) async throws {
        let _: DecisionAnswer = try await answer {
            governor.confirm(
                reservation.touch, of: reservation.person, caller: CallerID(Name(caller.id)), completion: $0)
        }
    }

    func report(_ outcome: String, on reservation: Reservation, by caller: Caller = north) async throws {
        var names = NameTable()
        let name = names.intern(outcome, as: EventName.self)
        let texts = names
        let _: OutcomeAnswer = try await answer {
            governor.report(
                name, at: clock.now(), on: reservation.touch, of: reservation.person,
                caller: CallerID(Name(caller.id)), accounts: nil, isCorrection: false, names: texts, completion: $0)
        }
    }

    @discardableResult
    func tell(
        _ body: FactBody, kind: String, about contact: ContactForm, id: String, evidence: String? = nil,
        by caller: Caller = north, _ change: (inout Fact, inout ContactRequest) -> Void = { _, _ in }
    ) async throws -> FactAnswer {
        var about = try intake.contact(contact, by: caller)
        var fact = Fact(id: intake.factID(id, by: caller), at: clock.now(), receivedAt: clock.now(), body: body)
        change(&fact, &about)
        let told = ToldFact(about: about, fact: fact, evidence: evidence, kind: kind, callerText: caller.id)
        return try await answer { governor.tell(told, completion: $0) }
    }

    func link(_ contact: ContactForm) async throws {
        let about = try intake.contact(contact, by: Self.north)
        let _: FactAnswer = try await answer {
            governor.link(about, evidence: nil, callerText: "north-1", completion: $0)
        }
    }

    func merge(_ contacts: [ContactForm], id: String) async throws {
        var persons: [PersonID] = []
        for contact in contacts { persons += try await lookUp(contact).map(\.id) }
        let merge = Merge(id: intake.factID(id, by: Self.north), persons: persons, at: clock.now())
        let _: MergeAnswer = try await answer {
            governor.merge(merge, names: NameTable(), evidence: nil, callerText: "north-1", completion: $0)
        }
    }

    func lookUp(_ contact: ContactForm) async throws -> [PersonRecord] {
        let about = try intake.contact(contact, by: Self.north)
        return try await answer { governor.lookUp(about, completion: $0) }
    }

    func hashes(_ contact: ContactForm) throws -> Set<IdentifierHash> {
        Set(try intake.contact(contact, by: Self.north).identifiers.map(\.hash))
    }

    /// Erases whoever the contact leads to, from the store's file and from the ledger too.
    @discardableResult
    func erase(_ contact: ContactForm, by caller: Caller = north) async throws -> Erasures.Report {
        guard let person = try await lookUp(contact).first else { throw AuditWorldError.nobody }
        return try await erasures.erase(person.id, by: caller).get()
    }

    var erasures: Erasures {
        Erasures(
            governor: governor, ledger: ledger, dataDirectory: folder,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { [store] in try store.settleErasures() }
    }

    /// Everything that was recorded is on disk.
    func settle() {
        let deadline = ContinuousClock.now + .seconds(10)
        while ledger.statistics.waitingCount > 0, ContinuousClock.now < deadline { usleep(500) }
    }
}
