public import GovernorCore
public import GovernorPages
import GovernorRegistry
public import GovernorRuntime
import Synchronization

/// What the console needs of the process that serves it.
public struct ConsoleConfiguration: Sendable {
    /// The folder with the ledger; `nil` leaves out the pages that read it.
    public var dataDirectory: String?
    /// Two letters: the country of numbers that are typed without one, until a reader chooses another. Empty for none.
    public var region = ""
    /// The zone of readers who have not chosen one.
    public var timeZone = "UTC"
    /// Why changes cannot be taken; `nil` when they can.
    public var storeTrouble: @Sendable () -> String? = { nil }
    /// Where people are kept, without a password.
    public var storePlace = ""
    /// Records that one search of the ledger reads, at most.
    public var ledgerRecordsMax = 400_000
    /// Records of a ledger that a dossier is made from while somebody waits, at most.
    public var dossierRecordsMax: UInt64 = 5_000_000
    /// Where people's browsers reach this server, without a slash at its end; `nil` when that is not known.
    public var publicURL: String?

    public init() {}
}

/// The console: pages for agents and compliance officers, served beside the API.
///
/// Every page works without script; nothing is loaded from elsewhere; what a page changes, it changes by a form that
/// belongs to the session.
public final class Console: Site {
    public let root = "/console"
    let governor: Governor
    let intake: Intake
    let keys: KeyRing
    let policies: PolicyService
    let configuration: ConsoleConfiguration
    let sessions: Sessions
    let limiter = SignInLimiter()
    let gate = CheckGate()
    let revisions = Revisions()
    let streams = Streams()
    let startedAt: Timestamp
    let zoneNames: [ZoneKey: String]
    /// Names of zones that readers may choose.
    let zoneList: [String]
    private let styleSheet: [UInt8]
    private let version: String

    public init(
        governor: Governor, intake: Intake, keys: KeyRing, policies: PolicyService, configuration: ConsoleConfiguration
    ) {
        self.governor = governor
        self.intake = intake
        self.keys = keys
        self.policies = policies
        self.configuration = configuration
        sessions = Sessions(keys: keys)
        startedAt = governor.clock.now()
        let catalogue = governor.zones.catalogue
        let names = catalogue.ids.map { catalogue.name(of: $0) }
        zoneNames = Dictionary(names.map { (ZoneKey(name: $0), $0) }, uniquingKeysWith: { first, _ in first })
        zoneList = ["UTC"] + names.filter { $0.contains("/") && !$0.hasPrefix("Etc/") }.sorted()
        let sheet = "\(StyleSheet.text)\n\(ConsoleStyleSheet.text)\n"
        styleSheet = Array(sheet.utf8)
        version = String(hexadecimal(Name<LabelKind>(sheet + Script.text).bits).prefix(12))
    }

    /// Bytes of a form.
    static let formBytesMax = 128 * 1024
    /// Bytes of a form with a policy in it, percent-encoded.
    static let policyFormBytesMax = 4 * 1024 * 1024

    public func bodyBytesMax(_ request: SiteRequest) -> Int {
        guard request.path == root + "/check" || request.path == root + "/check/live" else { return Self.formBytesMax }
        return session(of: request) == nil ? Self.formBytesMax : Self.policyFormBytesMax
    }

    public func answer(_ request: SiteRequest) async -> SiteAnswer {
        let path = request.path.dropFirst(root.utf8.count)
        if request.method == "GET" || request.method == "HEAD" {
            switch path {
            case "/style-\(version).css": return file(styleSheet, "text/css; charset=utf-8")
            case "/script-\(version).js": return file(Array(Script.text.utf8), "text/javascript; charset=utf-8")
            case "/icon.svg": return file(Array(Icon.file.utf8), "image/svg+xml")
            default: break
            }
        }
        let reader = reader(of: request)
        var visit = Visit(console: self, request: request, reader: reader)
        return await visit.answer(String(path))
    }

    private func file(_ bytes: [UInt8], _ type: String) -> SiteAnswer {
        SiteAnswer(
            200,
            fields: [
                ("content-type", type), ("cache-control", "public, max-age=31536000, immutable"),
                ("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin"),
            ], content: .bytes(bytes))
    }

    // MARK: Readers

    func session(of request: SiteRequest) -> Session? {
        Cookie.value(Cookie.session, in: request).flatMap { sessions.find($0, at: governor.clock.now()) }
    }

    private func reader(of request: SiteRequest) -> Reader {
        let choices = Choices(Cookie.value(Cookie.choices, in: request) ?? "")
        let language = choices.language ?? Language(acceptLanguage: request["accept-language"])
        let (zone, name) = zone(choices.zone ?? configuration.timeZone)
        return Reader(
            language: language, zone: zone, zoneName: name, region: choices.region ?? configuration.region,
            hasShortcuts: choices.hasShortcuts, now: governor.clock.now(), session: session(of: request))
    }

    func zone(_ name: String) -> (table: ZoneTable, name: String) {
        guard name != "UTC", let table = governor.zones[ZoneKey(name: name)] else {
            return (ZoneTable(fixedOffsetSeconds: 0), "UTC")
        }
        return (table, name)
    }

    func frame(_ reader: Reader, _ title: String, _ place: Place?) -> Frame {
        Frame(reader: reader, root: root, version: version, title: title, place: place)
    }
}

/// What a reader chose for her browser: language, zone, region, shortcuts.
struct Choices {
    var language: Language?
    var zone: String?
    var region: String?
    var hasShortcuts = true

    init() {}

    /// `de|Europe/Berlin|DE|on`
    init(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, text.utf8.count <= 128 else { return }
        language = Language(rawValue: parts[0])
        zone = parts[1].isEmpty ? nil : parts[1]
        region = Self.isRegion(parts[2]) ? parts[2] : nil
        hasShortcuts = parts[3] != "off"
    }

    var text: String { "\(language?.rawValue ?? "")|\(zone ?? "")|\(region ?? "")|\(hasShortcuts ? "on" : "off")" }

    static func isRegion(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5a).contains($0) }
    }
}
