import Foundation
import Testing

/// Whoever is on the machine can read the arguments of every process: no option takes a secret itself.
@Suite struct SecretOptionTests {
    /// Options with a suspicious name that take the name of a file, or no secret at all.
    private static let harmless: Set<String> = [
        // The name of a file.
        "key-file", "tls-key", "ledger checkpoint --key",
        // What is public.
        "public-key", "inbound-keywords", "token-issuer", "token-audience", "token-keys", "token-algorithms",
        "token-skew", "token-refresh",
        "token-id-claim", "token-role-claim", "token-roles", "token-agency-claim", "token-channels-claim",
        "token-campaigns-claim",
    ]

    @Test func noOptionTakesASecret() throws {
        let ran = try CommandTests.run(["--experimental-dump-help"])
        let tool = try #require(try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
        var count = 0
        func walk(_ command: [String: Any], _ path: [String]) {
            for argument in command["arguments"] as? [[String: Any]] ?? [] {
                guard argument["kind"] as? String == "option" else { continue }
                for name in argument["names"] as? [[String: Any]] ?? [] {
                    guard let text = name["name"] as? String else { continue }
                    count += 1
                    let full = (path + ["--" + text]).joined(separator: " ")
                    let isSuspicious = ["key", "secret", "token", "pass", "credential"].contains { text.contains($0) }
                    let isHarmless = Self.harmless.contains(text) || Self.harmless.contains(full)
                    #expect(!isSuspicious || isHarmless, "\(full) may take a secret")
                }
            }
            for sub in command["subcommands"] as? [[String: Any]] ?? [] {
                walk(sub, path + [sub["commandName"] as? String ?? "?"])
            }
        }
        walk(tool["command"] as? [String: Any] ?? [:], [])
        #expect(count > 60, "only \(count) options were found")
    }

    /// The key of a command comes from a file, whose last line end does not count, or from the environment.
    @Test func aKeyComesFromAFile() throws {
        let scratch = try CommandTests.Scratch()
        defer { scratch.remove() }
        let empty = scratch.file("empty", "\n")
        let rows: [(arguments: [String], environment: [String: String], words: String)] = [
            ([], [:], "no key"), (["--key-file", "/no/such/file"], [:], "cannot be read"),
            (["--key-file", empty], [:], "is empty"),
            (["--key-file", scratch.file("key", "gk_1\n")], [:], "no governor answers"),
            ([], ["GOVERNOR_KEY": "gk_1"], "no governor answers"),
        ]
        for row in rows {
            let ran = try CommandTests.run(
                ["people", "conflicts", "--url", "http://127.0.0.1:1"] + row.arguments, environment: row.environment)
            #expect(ran.status == 2 && ran.errors.contains(row.words), "\(row): \(ran.errors)")
            #expect(!ran.errors.contains("gk_1"))
        }
    }
}
