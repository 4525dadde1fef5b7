import Foundation
import Testing

/// A list of others, from a file on the command line to the answer of a running server.
@Suite(.serialized) struct RegistryServingTests {
    private static let policy = """
        policy: test
        rules:
          - id: national-list
            kind: registry
            registry: us-dnc
            max_age: P31D
            because: Your number is on the national list.
        """

    private func registry(_ arguments: [String], _ server: ServerProcess) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = try #require(ServerProcess.binary, "build the product `governor` first")
        process.arguments = ["registry"] + arguments + ["--data", server.folder.path + "/data"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func code(_ number: String, _ server: ServerProcess) async throws -> String {
        let (status, body) = try await server.post(
            "/v1/decisions",
            ["contact": ["phone": number], "channel": "voice", "purpose": "marketing", "reserve": false])
        #expect(status == 200)
        let reasons = body["reasons"] as? [[String: Any]] ?? []
        return reasons.first?["code"] as? String ?? (body["verdict"] as? String ?? "?")
    }

    /// Until the server has looked into its folder, at most some seconds.
    private func becomes(_ expected: String, _ number: String, _ server: ServerProcess) async throws -> Bool {
        let deadline = Date().addingTimeInterval(10)
        while Date() < deadline {
            if try await code(number, server) == expected { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test(.timeLimit(.minutes(2))) func aListIsInForceWithinASecondOfBeingLoaded() async throws {
        let server = try ServerProcess(policy: Self.policy)
        try await server.start()
        #expect(try await code("+12125550100", server) == "registry.not_loaded")
        let list = server.folder.appendingPathComponent("list.txt")
        try "212,5550100\n212,5550101\n".write(to: list, atomically: true, encoding: .utf8)
        let loaded = try registry(["load", "us-dnc", list.path, "--country", "US"], server)
        #expect(loaded.status == 0 && loaded.output.contains("us-dnc: 2 numbers"), "\(loaded.output)")
        #expect(try await becomes("registry.listed", "+12125550100", server))
        #expect(try await code("+12125550102", server) == "allow")
        // A delta, and what it took out.
        let more = server.folder.appendingPathComponent("more.txt")
        try "+12125550102\n".write(to: more, atomically: true, encoding: .utf8)
        let changed = try registry(
            ["change", "us-dnc", "--add", more.path, "--remove", list.path, "--country", "US"], server)
        #expect(changed.status == 0 && changed.output.contains("1 added, 2 removed"), "\(changed.output)")
        #expect(try await becomes("registry.listed", "+12125550102", server))
        #expect(try await code("+12125550100", server) == "allow")
        // A list that is too old denies everybody.
        let stale = try registry(
            ["load", "us-dnc", list.path, "--country", "US", "--as-of", "2020-01-01"], server)
        #expect(stale.status == 0)
        #expect(try await becomes("registry.stale", "+12125550199", server))
        // Back to the one before.
        #expect(try registry(["remove", "us-dnc"], server).status == 0)
        #expect(try await becomes("allow", "+12125550100", server))
        #expect(server.stop() == 0)
    }

    @Test func whatCannotBeLoadedChangesNothing() throws {
        let server = try ServerProcess(policy: Self.policy)
        let list = server.folder.appendingPathComponent("list.txt")
        try "+12125550100\nhello\nworld\n".write(to: list, atomically: true, encoding: .utf8)
        let refused = server.folder.appendingPathComponent("refused.txt").path
        let rows: [(arguments: [String], says: String)] = [
            (["load", "us-dnc", list.path, "--refused", refused], "2 of 3 rows could not be read"),
            (["load", "US", list.path], "`US` cannot name a registry"),
            (["load", "us-dnc", "/nowhere"], "/nowhere cannot be read"),
            (["load", "us-dnc", list.path, "--country", "Mars"], "`Mars` is not a country"),
            (["load", "us-dnc", list.path, "--as-of", "tomorrow"], "`tomorrow` is neither a date"),
            (["load", "us-dnc", list.path, "--as-of", "2190-01-01"], "has not come yet"),
            (["load", "us-dnc", list.path, "--column", "phone"], "there is no column `phone`"),
            (["change", "us-dnc", "--add", list.path], "no registry is loaded yet"),
            (["remove", "us-dnc"], "no registry is loaded yet"),
        ]
        for row in rows {
            let ran = try registry(row.arguments, server)
            #expect(ran.status == 2 && ran.output.contains(row.says), "\(row.arguments): \(ran.output)")
        }
        #expect(try registry(["list"], server).output == "no registry is loaded\n")
        #expect(try String(contentsOfFile: refused, encoding: .utf8).split(separator: "\n").count == 2)
        #expect(try registry(["load", "us-dnc", list.path, "--accept-refused"], server).status == 0)
        #expect(try registry(["check", "+12125550100"], server).output.contains("us-dnc: listed"))
        #expect(try registry(["verify"], server).status == 0)
    }

    /// A file that gzip made, and one that was cut.
    @Test func compressedFiles() throws {
        let server = try ServerProcess(policy: Self.policy)
        let list = server.folder.appendingPathComponent("list.txt")
        let rows = (0..<50_000).map { "+1212\(2_000_000 + $0 * 17)" }.joined(separator: "\n")
        try rows.write(to: list, atomically: true, encoding: .utf8)
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", list.path]
        try gzip.run()
        gzip.waitUntilExit()
        let whole = try Data(contentsOf: URL(fileURLWithPath: list.path + ".gz"))
        let loaded = try registry(["load", "us-dnc", list.path + ".gz"], server)
        #expect(loaded.status == 0 && loaded.output.contains("50,000 numbers"), "\(loaded.output)")
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: list.path + ".gz"))
        let cut = try registry(["load", "us-dnc", list.path + ".gz", "--accept-shrink"], server)
        #expect(cut.status == 2 && cut.output.contains("unexpected end of file"), "\(cut.output)")
        #expect(try registry(["list"], server).output.contains("50,000"))
    }
}
