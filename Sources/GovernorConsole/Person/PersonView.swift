import GovernorCore
import GovernorRuntime
import GovernorStore

/// Everything that one screen says about one person: her records, and what every channel and purpose would answer now.
struct PersonView: Sendable {
    /// What was typed about her; `nil` when the page was opened by her id.
    var contact: ContactForm?
    /// Whom the answers are about.
    var about: ContactRequest
    /// Several on an identity conflict; none for somebody unknown.
    var records: [PersonRecord]
    var channels: [String]
    var purposes: [String]
    /// By channel, then purpose.
    var answers: [[DecisionAnswer]]

    /// Facts and contacts of every record, newest first.
    var facts: [(fact: Fact, names: NameTable)] {
        var seen: Set<FactID> = []
        return records.flatMap { record in record.facts.map { ($0, record.names) } }
            .sorted { $0.0.at > $1.0.at }.filter { seen.insert($0.0.id).inserted }
    }

    var touches: [(touch: Touch, names: NameTable)] {
        var seen: Set<TouchID> = []
        return records.flatMap { record in record.touches.map { ($0, record.names) } }
            .sorted { $0.0.at > $1.0.at }.filter { seen.insert($0.0.id).inserted }
    }

    func answer(_ channel: String, _ purpose: String) -> DecisionAnswer? {
        guard let i = channels.firstIndex(of: channel), let j = purposes.firstIndex(of: purpose),
            answers.indices.contains(i), answers[i].indices.contains(j)
        else { return nil }
        return answers[i][j]
    }

    /// The zones that she may be in: stated ones replace all others.
    var zones: [ZoneKey] {
        if !about.whereabouts.statedZones.isEmpty { return about.whereabouts.statedZones }
        var zones = about.whereabouts.addressZones
        for zone in about.identifiers.flatMap(\.zones) + records.flatMap({ $0.identifiers.flatMap(\.zones) })
        where !zones.contains(zone) { zones.append(zone) }
        return zones
    }
}

/// How a permission stands, for a reader who looks for a colour: green, amber or red.
enum Standing: Equatable {
    case yes
    /// Time alone brings it.
    case later(Timestamp)
    /// Only an act can, or nothing.
    case no(NextBasis)

    init(_ decision: Decision) {
        if decision.verdict == .allow {
            self = .yes
        } else if decision.nextBasis == .time, let at = decision.nextAllowedAt {
            self = .later(at)
        } else {
            self = .no(decision.nextBasis)
        }
    }

    var icon: Icon {
        switch self {
        case .yes: .yes
        case .later: .later
        case .no: .no
        }
    }

    /// The class of its colours.
    var style: String {
        switch self {
        case .yes: "is-yes"
        case .later: "is-later"
        case .no: "is-no"
        }
    }
}

/// Why a person cannot be shown.
enum PersonFailure: Error {
    case fields(FieldErrors)
    case store(StoreError)
    /// Nobody has this id, and nothing was typed for it.
    case forgotten
}

/// Asks the governor about one person.
struct PersonQuery: Sendable {
    let governor: Governor
    let intake: Intake
    let caller: Caller

    static let purposes = ["marketing", "service", "collections", "survey", "transactional"]
    /// Channels of one screen, and purposes.
    static let dimensionMax = 8

    /// The records that a typed contact leads to.
    func find(_ contact: ContactForm) async throws(PersonFailure) -> (about: ContactRequest, records: [PersonRecord]) {
        let about: ContactRequest
        do throws(FieldErrors) { about = try intake.contact(contact, by: caller) } catch { throw .fields(error) }
        return (about, try await records { governor.lookUp(about, completion: $0) })
    }

    /// The record behind an id.
    func find(_ id: PersonID) async throws(PersonFailure) -> (about: ContactRequest, records: [PersonRecord]) {
        let records = try await records { governor.person(id, completion: $0) }
        guard let record = records.first else { throw .forgotten }
        var about = ContactRequest(
            identifiers: Self.identifiers(record, beside: [], unique: intake.uniqueNamespaces), endpoint: nil,
            channel: .none, purpose: .none)
        about.agency = caller.agencyName
        about.caller = caller.callerID
        about.names.add(bits: caller.agencyName.bits, text: caller.agency)
        about.names.add(bits: caller.callerID.name.bits, text: caller.id)
        return (about, records)
    }

    /// What every channel and purpose answers.
    func view(
        _ contact: ContactForm?, _ about: ContactRequest, _ records: [PersonRecord]
    ) async throws(PersonFailure) -> PersonView {
        let names = Vocabulary.of(governor.policies.current)
        var about = about
        if let record = records.first, records.count == 1 {
            about.identifiers = Self.identifiers(record, beside: about.identifiers, unique: intake.uniqueNamespaces)
        }
        let touched = Set(records.flatMap { record in record.touches.compactMap { record.names.text($0.channel) } })
        let channels = Self.channels(about, names, touched)
        let purposes =
            Self.purposes
            + names.purposes.filter { !Self.purposes.contains($0) }
            .prefix(Self.dimensionMax - Self.purposes.count)
        let requests = channels.flatMap { channel in purposes.map { request(about, channel, $0) } }
        let answers: [DecisionAnswer]
        switch await settled({ governor.status(requests, completion: $0) }) {
        case .success(let given): answers = given
        case .failure(let error): throw .store(error)
        }
        return PersonView(
            contact: contact, about: about, records: records, channels: channels, purposes: Array(purposes),
            answers: channels.indices.map { i in Array(answers[(i * purposes.count)..<((i + 1) * purposes.count)]) })
    }

    private func request(_ about: ContactRequest, _ channel: String, _ purpose: String) -> ContactRequest {
        var request = about
        request.channel = request.names.intern(channel)
        request.purpose = request.names.intern(purpose)
        request.endpoint = about.identifiers.firstIndex { $0.kind == Self.endpoint(of: channel) }
        if Self.endpoint(of: channel) != .phone { request.registryAnswers = [] }
        request.reserve = false
        return request
    }

    private static func endpoint(of channel: String) -> IdentifierKind {
        switch channel {
        case "voice", "sms", "whatsapp": .phone
        case "email": .email
        default: .key
        }
    }

    private static func channels(_ about: ContactRequest, _ names: Vocabulary, _ touched: Set<String>) -> [String] {
        let hasPhone = about.identifiers.contains { $0.kind == .phone }
        let hasEmail = about.identifiers.contains { $0.kind == .email }
        func isMeant(_ channel: String) -> Bool { names.channels.contains(channel) || touched.contains(channel) }
        var channels: [String] = []
        if hasPhone { channels += ["voice", "sms"] + (isMeant("whatsapp") ? ["whatsapp"] : []) }
        if hasEmail { channels.append("email") }
        channels += ["mail"] + (isMeant("push") ? ["push"] : [])
        let builtIn = ["voice", "sms", "whatsapp", "email", "mail", "push"]
        let own = names.channels.filter { !builtIn.contains($0) }
        return channels + own.prefix(dimensionMax - channels.count)
    }

    /// Those that were typed, and of what they leave out one of each kind that her record knows.
    private static func identifiers(
        _ record: PersonRecord, beside typed: [RequestIdentifier], unique: Set<String>
    ) -> [RequestIdentifier] {
        var identifiers = typed
        for kind in [IdentifierKind.phone, .email, .key] where !typed.contains(where: { $0.kind == kind }) {
            guard let known = record.identifiers.first(where: { $0.kind == kind && !$0.isShared }) else { continue }
            identifiers.append(
                RequestIdentifier(
                    hash: known.hash, kind: kind, namespace: known.namespace,
                    isUniqueInNamespace: unique.contains(record.names.text(known.namespace) ?? ""), zones: known.zones,
                    jurisdictions: known.jurisdictions, lineType: known.lineType))
        }
        return identifiers
    }

    private func records(
        _ start: (@escaping @Sendable (Result<[PersonRecord], StoreError>) -> Void) -> Void
    ) async throws(PersonFailure) -> [PersonRecord] {
        switch await settled(start) {
        case .success(let records): return records
        case .failure(let error): throw .store(error)
        }
    }
}
