import Foundation
import GovernorCore
import GovernorRuntime
import Testing

@testable import governor

@Suite struct SettingsTests {
    /// flag, environment, file, and which of them is heard.
    @Test(
        arguments: [
            ("flag", "variable", "file", "flag"),
            (nil, "variable", "file", "variable"),
            (nil, "", "file", "file"),
            (nil, nil, "file", "file"),
            (nil, nil, nil, nil),
        ] as [(String?, String?, String?, String?)])
    func precedence(_ flag: String?, _ variable: String?, _ file: String?, _ expected: String?) throws {
        let path = NSTemporaryDirectory() + "governor-settings-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try (file.map { "policies: \($0)\n" } ?? "# nothing\n").write(toFile: path, atomically: true, encoding: .utf8)
        var environment = ["GOVERNOR_CONFIG": path]
        environment["GOVERNOR_POLICIES"] = variable
        let settings = try Settings(flags: ["policies": flag], environment: environment)
        #expect(settings["policies"] == expected)
    }

    @Test func everythingAFileMayHold() throws {
        let values = try Settings.parse(
            """
            ---
            # where
            listen: 127.0.0.1:9090   # a comment
            store: "sqlite:/var/lib/governor"
            policies: 'my # policies'\r
            data:
            """, name: "f")
        #expect(
            values == [
                "listen": "127.0.0.1:9090", "store": "sqlite:/var/lib/governor", "policies": "my # policies",
                "data": "",
            ])
    }

    @Test(arguments: [
        ("port: 1", "f:1: there is no setting `port`"),
        ("data: a\ndata: b", "f:2: `data` is set twice"),
        ("data:a", "f:1: write a space after the colon"),
        ("  data: a", "f:1: write one `name: value` a line"),
        ("data", "f:1: write one `name: value` a line"),
        ("data: \"a", "f:1: the quote is not closed"),
        ("data: 'a' b", "f:1: nothing but a comment may follow the quote"),
        ("data: [a]", "f:1: a value is a plain or quoted text"),
    ])
    func badFile(_ text: String, _ message: String) {
        #expect { try Settings.parse(text, name: "f") } throws: { "\($0)".hasPrefix(message) }
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8_080), ("localhost:0", "localhost", 0), (":80", "0.0.0.0", 80),
        ("[::1]:65535", "::1", 65_535),
    ])
    func listen(_ text: String, _ host: String, _ port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", "8080", "localhost", "localhost:", "localhost:65536", "localhost:-1", "::1:80", "localhost:80x",
    ])
    func badListen(_ text: String) { #expect(ListenAddress(text) == nil) }

    @Test(arguments: [
        ("sqlite:data", "data"), ("sqlite:data/", "data"), ("sqlite:data/people.db", "data"),
        ("sqlite:/var/lib/g/people.sqlite", "/var/lib/g"), ("sqlite:people.db", "."), ("sqlite:/people.db", "/"),
        ("sqlite:///var/lib/g", "/var/lib/g"), ("sqlite:.hidden", ".hidden"), ("sqlite:..", ".."),
    ])
    func store(_ text: String, _ directory: String) throws {
        #expect(try StoreLocation(text).directory == directory)
    }

    @Test(arguments: [
        ("redis://user:word@host", "redis://host:6379"), ("rediss://host:1/2", "rediss://host:1/2"),
        ("redis+cluster://a,b:7", "redis+cluster://a:6379,b:7"),
        ("redis+sentinel://a/m", "redis+sentinel://a:26379/m"), ("redis:///run/r.sock", "redis+unix:///run/r.sock"),
    ])
    func redis(_ text: String, _ description: String) throws {
        guard case .redis(let address) = try StoreLocation(text) else { throw CommandFailure("not Redis") }
        #expect("\(address)" == description)
    }

    @Test(arguments: ["postgres://user:word@host", "redis://user:word@ho:st:x", "redis://word@host"])
    func otherStores(_ text: String) {
        #expect { try StoreLocation(text) } throws: { error in !"\(error)".contains("word") }
    }

    @Test(arguments: ["", "sqlite:", "data/people.db", "redis:", "redis+sentinel://a"])
    func badStores(_ text: String) { #expect(throws: CommandFailure.self) { try StoreLocation(text) } }

    @Test(arguments: [("50ms", 50), ("2s", 2_000), ("PT0.05S", 50), ("PT1M", 60_000)])
    func durations(_ text: String, _ milliseconds: Int64) {
        #expect(ServeSettings.duration(text) == Milliseconds(milliseconds))
    }

    @Test(arguments: [
        ("listen", "here"), ("event_loops", "0"), ("event_loops", "257"), ("ledger_checks", "some"),
        ("store_deadline", "0ms"), ("store_deadline", "61s"), ("store_deadline", "soon"), ("log_level", "loud"),
        ("jobs_at_once", "0"), ("jobs_list_bytes", "1000"), ("jobs_kept_for", "PT59M"), ("jobs_kept_for", "P91D"),
    ])
    func badValues(_ name: String, _ value: String) {
        let settings = try? Settings(environment: ["GOVERNOR_" + name.uppercased(): value])
        #expect { try ServeSettings(#require(settings)) } throws: { "\($0)".contains("GOVERNOR_" + name.uppercased()) }
    }

    @Test func defaults() throws {
        let settings = try ServeSettings(Settings(environment: [:]))
        #expect(settings.listen == ListenAddress(host: "127.0.0.1", port: 8_080))
        #expect(settings.store.directory == "data")
        #expect(settings.policies == "policies")
        #expect(settings.ledgerChecks == .denies)
        #expect(settings.storeDeadline == Milliseconds(50))
    }
}
