import Foundation
import Testing

/// The built binary as scripts meet it: exit codes and what goes where.
@Suite struct CommandTests {
    struct Ran {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle, or as `GOVERNOR_BINARY` says.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["GOVERNOR_BINARY"], !path.isEmpty { return path }
        let folder = (ProcessInfo.processInfo.arguments.first.map { ($0 as NSString).deletingLastPathComponent } ?? "")
        for candidate in [folder, Bundle.main.bundlePath] where !candidate.isEmpty {
            let path = candidate + "/governor"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return "governor"
    }()

    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Ran {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = arguments
        var all = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GOVERNOR_") }
        all.merge(environment) { $1 }
        process.environment = all
        let output = Pipe()
        let errors = try Scratch()
        defer { errors.remove() }
        let log = errors.file("stderr", "")
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Ran(
            status: process.terminationStatus, output: text,
            errors: String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self))
    }

    struct Scratch {
        let path = NSTemporaryDirectory() + "governor-command-\(UUID().uuidString)"
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        func file(_ name: String, _ text: String) -> String {
            FileManager.default.createFile(atPath: path + "/" + name, contents: Data(text.utf8))
            return path + "/" + name
        }
        func remove() { try? FileManager.default.removeItem(atPath: path) }
    }

    static let fine = """
        policy: house
        rules:
          - id: one-call-a-day
            kind: frequency_cap
            scope: { channels: [voice], purposes: [marketing] }
            limit: 1
            window: PT24H
            because: We have already called you in the last 24 hours.

        """

    /// Exit codes as `diff` has them, so that git and scripts understand them.
    @Test func versionsAreCompared() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let old = scratch.file("old.yaml", Self.fine)
        let new = scratch.file("new.yaml", Self.fine.replacing("limit: 1", with: "limit: 2"))
        let broken = scratch.file("broken.yaml", "policy: [")
        let same = try Self.run(["policy", "diff", old, old])
        #expect(same.status == 0 && same.output == "No rule differs.\n")
        let changed = try Self.run(["policy", "diff", old, new, "--from", "2026-11-22T12:00:00Z"])
        #expect(changed.status == 1 && changed.output.contains("limit: 1 → 2"), "\(changed.output)\(changed.errors)")
        #expect(changed.output.contains("denied before, allowed now, by way of house/one-call-a-day"))
        let json = try Self.run(["policy", "diff", old, new, "--json"])
        #expect(json.status == 1 && json.output.hasPrefix("{") && json.output.contains(#""same":false"#))
        #expect(try Self.run(["policy", "diff", old, broken]).status == 2)
    }

    @Test(
        arguments: [
            (["--version"], 0, "governor "),
            (["--help"], 0, "USAGE"),
            (["policy", "explain", "P011"], 0, "# P011 unknown-key"),
            (["policy", "explain", "unknown-key"], 0, "# P011 unknown-key"),
            (["policy", "explain"], 0, "P001"),
            (["policy", "explain", "P999"], 2, ""),
            (["policy", "lint", "/nowhere"], 2, ""),
            (["policy", "lint"], 64, ""),
            (["policy", "diff", "/nowhere", "/nowhere"], 2, ""),
            (["policy", "diff", "one"], 64, ""),
            (["policy", "replay", "/nowhere", "--data", "/nowhere"], 2, ""),
            (["policy", "replay", "/nowhere"], 64, ""),
            (["policy", "shadow-report", "--data", "/nowhere"], 2, ""),
            (["policy", "shadow-report", "--data", "/nowhere", "--since", "yesterday"], 64, ""),
            (["fly"], 64, ""),
            (["serve", "--listen", "here"], 64, ""),
            (["serve", "--event-loops", "many"], 64, ""),
            (["serve", "--store", "redis://host"], 2, ""),
            (["serve", "--policies", "/nowhere"], 2, ""),
            (["check", "--channel", "voice", "--purpose", "marketing"], 64, ""),
            (["check", "--phone", "+12125550100", "--channel", "voice", "--purpose", "marketing"], 2, ""),
            (["import", "horses", "f.csv"], 64, ""),
            (["import", "people", "/nowhere.csv"], 2, ""),
            (["keys", "list", "--data", "/nowhere"], 2, ""),
            (["keys", "add", "--role", "king"], 64, ""),
            (["ledger", "verify", "--data", "/nowhere"], 2, ""),
            (["ledger", "verify", "--data", "/nowhere", "--head", "12"], 64, ""),
            (["ledger", "stats", "--data", "/nowhere"], 2, ""),
            (["ledger", "export", "--data", "/nowhere"], 2, ""),
            (["ledger", "export", "--format", "html"], 64, ""),
            (["ledger", "export", "--from", "yesterday"], 64, ""),
            (["ledger", "restore", "--from", "/nowhere"], 2, ""),
            (["backup", "/nowhere/at/all", "--data", "/nowhere"], 2, ""),
            (["restore", "/nowhere"], 2, ""),
            (["keys", "add", "--role", "dialer", "--expires", "tomorrow"], 64, ""),
        ] as [([String], Int32, String)])
    func exitCodes(_ arguments: [String], _ status: Int32, _ output: String) throws {
        let ran = try Self.run(arguments)
        #expect(ran.status == status, "\(ran.errors)")
        #expect(output.isEmpty || ran.output.contains(output))
        if status != 0 {
            #expect(ran.output.isEmpty)
            #expect(!ran.errors.isEmpty)
        }
    }

    @Test(arguments: [(false, 0), (true, 1)] as [(Bool, Int32)])
    func lint(_ isBroken: Bool, _ status: Int32) throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = scratch.file("house.yaml", isBroken ? Self.fine.replacing("limit:", with: "limits:") : Self.fine)
        let ran = try Self.run(["policy", "lint", file])
        #expect(ran.status == status)
        #expect(ran.output.contains("\(file):6:5: error[P011]") == isBroken)
        let json = try Self.run(["policy", "lint", file, "--json"])
        #expect(json.status == status)
        #expect(
            json.output.hasPrefix("{\"errors\":\(isBroken ? 2 : 0)")
                || json.output.hasPrefix("{\"errors\":\(isBroken ? 1 : 0)"))
    }

    @Test func keys() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let added = try Self.run([
            "keys", "add", "--role", "dialer", "--agency", "north", "--id", "n1", "--data", scratch.path,
        ])
        #expect(added.status == 0)
        #expect(added.output.hasPrefix("gk_"))
        let again = try Self.run(["keys", "add", "--role", "dialer", "--id", "n1", "--data", scratch.path])
        #expect(again.status == 2)
        let list = try Self.run(["keys", "list", "--data", scratch.path])
        #expect(list.output.contains("n1") && list.output.contains("north") && !list.output.contains("gk_"))
        #expect(try Self.run(["keys", "remove", "n1", "--data", scratch.path]).status == 0)
        #expect(try Self.run(["keys", "remove", "n1", "--data", scratch.path]).status == 2)
    }

    /// Straight into a data folder: whole rows, the same file twice, a report of what was refused.
    @Test func importWithoutAServer() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = scratch.file(
            "h.csv",
            """
            phone,country,product,status,from
            +1 212 555 0100,US,term-life,active,2026-01-01T00:00:00Z
            +1 2,US,term-life,active,
            +1 212 555 0101,US,term-life,
            +1 212 555 0102,US,term-life,asleep,
            "+1 212 555 0103",US,term-life,cancelled,

            """)
        let data = scratch.path + "/data"
        let report = scratch.path + "/refused.csv"
        let ran = try Self.run(["import", "holdings", file, "--data", data, "--refused", report, "--json"])
        #expect(ran.status == 1, "\(ran.errors)")
        #expect(ran.output.hasPrefix("{\"rows\":5,\"recorded\":2,\"duplicates\":0,\"refused\":3,"))
        let refused = try String(contentsOfFile: report, encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(refused.first == "line,column,code,reason")
        #expect(Set(refused.dropFirst().compactMap { $0.split(separator: ",").first }) == ["3", "4", "5"])
        #expect(!refused.joined().contains("555"))
        let again = try Self.run(["import", "holdings", file, "--data", data, "--json"])
        #expect(again.output.hasPrefix("{\"rows\":5,\"recorded\":0,\"duplicates\":2,\"refused\":3,"))
    }

    /// The bar is drawn on a terminal, wiped behind itself, and nowhere else.
    @Test func theProgressBarIsForTerminals() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let rows = (0..<4_000).map { "+1212555\(1_000 + $0)\n" }.joined()
        let file = scratch.file("o.csv", "phone\n" + rows)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // A terminal of its own; what is drawn there comes out at its other end.
        process.arguments = [
            "python3", "-c", "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
            Self.binary, "import", "opt-outs", file, "--data", scratch.path + "/data",
        ]
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GOVERNOR_") }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let drawn = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(drawn)")
        let wipe = "\r\u{1b}[K"
        #expect(drawn.contains(wipe + "o.csv ["), "\(drawn)")
        #expect(drawn.contains("] 100 %"))
        #expect(drawn.contains(wipe + "o.csv: 4,000 rows, 4,000 recorded in "))
        let plain = try Self.run(["import", "opt-outs", file, "--data", scratch.path + "/data"])
        #expect(plain.status == 0 && plain.errors.isEmpty, "\(plain.errors)")
        #expect(plain.output.hasPrefix("o.csv: 4,000 rows, 0 recorded, 4,000 known already in "))
    }

    @Test func anotherSecretIsRefused() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = scratch.file("o.csv", "phone,country\n+1 212 555 0100,US\n")
        let arguments = ["import", "opt-outs", file, "--data", scratch.path + "/data"]
        #expect(try Self.run(arguments, environment: ["GOVERNOR_SECRET": "sixteen bytes or more"]).status == 0)
        let other = try Self.run(arguments, environment: ["GOVERNOR_SECRET": "another sixteen bytes"])
        #expect(other.status == 2)
        #expect(other.errors.contains("secret"))
        let short = try Self.run(arguments, environment: ["GOVERNOR_SECRET": "short"])
        #expect(short.status == 2)
        #expect(short.errors.contains("16 bytes"))
        // Without any, a new one would find nobody again.
        let none = try Self.run(arguments)
        #expect(none.status == 2)
        #expect(none.errors.contains("missing"))
    }

    @Test func brokenPoliciesStartNothing() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        _ = scratch.file("house.yaml", Self.fine.replacing("limit:", with: "limits:"))
        let ran = try Self.run(["serve", "--policies", scratch.path, "--data", scratch.path + "/data"])
        #expect(ran.status == 2)
        #expect(ran.errors.contains("error[P011]"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/data"))
    }
}
