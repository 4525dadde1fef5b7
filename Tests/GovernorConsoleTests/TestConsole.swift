import Foundation
import GovernorCore
import GovernorIdentity
import GovernorPages
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Logging
import Testing

@testable import GovernorConsole

/// The console over a store of memory, asked as a browser without script would, with a clock that the test moves.
final class TestConsole {
    struct TestClock: WallClock {
        /// 2026-11-18T14:00:00Z, a Wednesday: 09:00 in New York.
        let manual = ManualClock(Timestamp(milliseconds: 1_795_010_400_000))
        func now() -> Timestamp { manual.now() }
    }

    let clock = TestClock()
    let console: Console
    let governor: Governor
    let keys: KeyRing
    let folder: URL
    /// What the browser keeps.
    var cookies: [String: String] = [:]

    static let zones = Result { ZoneAtlas(try SystemZones.load()) }

    static let policy = """
        policy: house
        rules:
          - id: one-call-a-day
            kind: frequency_cap
            scope: { channels: [voice], purposes: [marketing] }
            limit: 1
            window: PT24H
            because: We have already called you in the last 24 hours.
          - id: calling-hours
            kind: contact_hours
            scope: { channels: [voice, sms], purposes: [marketing] }
            open: { daily: ["08:00-21:00"] }
            because: We call between 8 in the morning and 9 in the evening.
          - { id: said-no, kind: opt_out, except: [transactional, stop_confirmation] }

        """

    init(policy: String = TestConsole.policy) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID().uuidString)")
        let policies = folder.appendingPathComponent("policies")
        try FileManager.default.createDirectory(at: policies, withIntermediateDirectories: true)
        try policy.write(to: policies.appendingPathComponent("house.yaml"), atomically: true, encoding: .utf8)
        let zones = try Self.zones.get()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try PolicyService(directory: policies.path, zones: zones, logger: logger, at: clock.now())
        try service.keep(in: try PolicyArchive(dataDirectory: folder.path))
        let hasher = try IdentifierHasher(secret: Array("a secret for tests".utf8))
        governor = Governor(
            store: InMemoryStore(), policies: service.holder, zones: zones, hasher: hasher, clock: clock,
            logger: logger)
        keys = try KeyRing(dataDirectory: folder.path, adminKey: "the-admin-key")
        var configuration = ConsoleConfiguration()
        configuration.dataDirectory = folder.path
        console = Console(
            governor: governor, intake: Intake(hasher: hasher, zones: zones), keys: keys, policies: service,
            configuration: configuration)
    }

    deinit {
        governor.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// An answer with its page as text.
    struct Page {
        var status: Int
        var fields: [(name: String, value: String)]
        var text: String

        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

        /// What every form of a person's page carries.
        var form: [(String, String)] { ["form", "fact"].map { ($0, hidden($0) ?? "") } }

        /// The value of the first hidden field of that name.
        func hidden(_ name: String) -> String? {
            guard let start = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
            return String(text[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    func get(_ path: String, fields: [(name: String, value: String)] = []) async -> Page {
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        return await send(
            SiteRequest(
                method: "GET", path: "/console" + (parts.first ?? ""), query: parts.count > 1 ? parts[1] : "",
                fields: fields, peer: "192.0.2.1"))
    }

    /// The page that an action leads to.
    func follow(_ answer: Page) async -> Page {
        #expect(answer.status == 303)
        return await get(String((answer.field("location") ?? "").dropFirst("/console".count)))
    }

    func post(
        _ path: String, _ form: [(String, String)], fields: [(name: String, value: String)] = [],
        peer: String = "192.0.2.1"
    ) async -> Page {
        let body = form.map { "\($0.0)=\(FormFields.encoded($0.1))" }.joined(separator: "&")
        var request = SiteRequest(
            method: "POST", path: "/console" + path, fields: fields, peer: peer, body: Array(body.utf8))
        if body.utf8.count > console.bodyBytesMax(withCookies(request)) {
            request.body = []
            request.isBodyTooLarge = true
        }
        return await send(request)
    }

    private func withCookies(_ request: SiteRequest) -> SiteRequest {
        var request = request
        if !cookies.isEmpty {
            request.fields.append(("cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        return request
    }

    private func send(_ request: SiteRequest) async -> Page {
        let answer = await console.answer(withCookies(request))
        for field in answer.fields where field.name == "set-cookie" {
            let pair = field.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            cookies[pair[0]] = pair.count > 1 ? pair[1] : nil
        }
        guard case .bytes(let bytes) = answer.content else {
            return Page(status: answer.status, fields: answer.fields, text: "")
        }
        return Page(status: answer.status, fields: answer.fields, text: String(decoding: bytes, as: UTF8.self))
    }

    /// Signs in with a fresh key of that role.
    @discardableResult
    func signIn(_ role: Role, agency: String = "") async throws -> String {
        let (id, key) = try keys.add(role: role, agency: agency, at: clock.now())
        let page = await post("/sign-in", [("key", key)])
        #expect(page.status == 303)
        return id
    }

    /// The token of the session's forms.
    func formToken() async -> String { await get("/person").hidden("form") ?? "" }

    /// Looks somebody up and gives the path of her page.
    func search(_ text: String) async -> String {
        let page = await post("/person", [("form", await formToken()), ("q", text)])
        return String((page.field("location") ?? "").dropFirst("/console".count))
    }
}
