import Foundation
import Testing

/// `governor ledger` over a folder that `governor import` filled.
@Suite struct LedgerCommandTests {
    private typealias Scratch = CommandTests.Scratch

    /// A data folder with 300 opt-outs on record.
    private func filled(_ scratch: Scratch) throws -> String {
        let rows = (0..<300).map { "+1212555\(1_000 + $0)\n" }.joined()
        let data = scratch.path + "/data"
        let ran = try CommandTests.run(["import", "opt-outs", scratch.file("o.csv", "phone\n" + rows), "--data", data])
        try #require(ran.status == 0, "\(ran.errors)")
        return data
    }

    private func ledgerFile(_ data: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: data + "/ledger")
        return data + "/ledger/" + (try #require(names.first { $0.hasSuffix(".ledger") }))
    }

    @Test func verifyNamesWhatWasChanged() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let data = try filled(scratch)
        let whole = try CommandTests.run(["ledger", "verify", "--data", data])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.output.hasPrefix("whole: 300 records in "))
        #expect(whole.errors.contains(" a second"))
        let head = try #require(whole.output.split(separator: "\n").last?.split(separator: " ").last)
        #expect(try CommandTests.run(["ledger", "verify", "--data", data, "--head", String(head)]).status == 0)
        let later = try CommandTests.run([
            "ledger", "verify", "--data", data, "--head", "301:" + head.split(separator: ":")[1],
        ])
        #expect(later.status == 1 && later.output.contains("missing: record 301"), "\(later.output)")
        // One byte of one body, found in the file by its record's place.
        let path = try ledgerFile(data)
        let change = try CommandTests.python(
            """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1])
            c.execute("UPDATE records SET body = x'00' || substr(body, 2) WHERE seq = 77")
            c.commit()
            """, path)
        try #require(change == 0)
        let broken = try CommandTests.run(["ledger", "verify", "--data", data, "--json"])
        #expect(broken.status == 1)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(broken.output.utf8)) as? [String: Any])
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(
            findings.count == 1 && findings[0]["record"] as? Int == 77 && findings[0]["what"] as? String == "changed")
        #expect(findings[0]["file"] as? String == path && findings[0]["group"] is Int)
        #expect(json["whole"] as? Bool == false)
    }

    /// Keys of OpenSSL's; a signed head proves that the end was cut off, and a forged one proves nothing.
    @Test func checkpointsAreSignedAndProven() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let data = try filled(scratch)
        let (key, public_) = (scratch.path + "/key.pem", scratch.path + "/public.pem")
        func openssl(_ arguments: [String]) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        try openssl(["genpkey", "-algorithm", "ed25519", "-out", key])
        try openssl(["pkey", "-in", key, "-pubout", "-out", public_])
        let file = scratch.path + "/checkpoints.ndjson"
        let signed = try CommandTests.run(["ledger", "checkpoint", "--data", data, "--key", key, "--out", file])
        #expect(signed.status == 0 && signed.output.hasPrefix("head 300:"), "\(signed.errors)")
        func verify(_ publicKey: String) throws -> CommandTests.Ran {
            try CommandTests.run([
                "ledger", "verify", "--data", data, "--checkpoints", file, "--public-key", publicKey,
            ])
        }
        let whole = try verify(public_)
        #expect(whole.status == 0, "\(whole.output)\(whole.errors)")
        let (other, otherPublic) = (scratch.path + "/other.pem", scratch.path + "/other-public.pem")
        try openssl(["genpkey", "-algorithm", "ed25519", "-out", other])
        try openssl(["pkey", "-in", other, "-pubout", "-out", otherPublic])
        let wrong = try verify(otherPublic)
        #expect(wrong.status == 1 && wrong.output.contains("is not signed with this key"), "\(wrong.output)")
        #expect(try verify(key).status == 2, "a private key is no public one")
        // The last group goes, with the file of people that would tell.
        try FileManager.default.removeItem(atPath: data + "/people.db")
        let cut = try CommandTests.python(
            """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1])
            first = c.execute("SELECT max(first) FROM groups").fetchone()[0]
            c.execute("DELETE FROM groups WHERE first = ?", (first,))
            c.execute("DELETE FROM records WHERE seq >= ?", (first,))
            c.commit()
            """, try ledgerFile(data))
        try #require(cut == 0)
        #expect(try CommandTests.run(["ledger", "verify", "--data", data]).status == 0, "a chain alone cannot tell")
        let found = try verify(public_)
        #expect(found.status == 1 && found.output.contains(": missing: record "), "\(found.output)")
    }

    @Test func statsCount() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let data = try filled(scratch)
        let ran = try CommandTests.run(["ledger", "stats", "--data", data])
        #expect(ran.status == 0 && ran.output.contains("opt_out"), "\(ran.output)\(ran.errors)")
        let json = try CommandTests.run(["ledger", "stats", "--data", data, "--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["records"] as? Int == 300 && (object["facts"] as? [String: Int]) == ["opt_out": 300])
    }
}

extension CommandTests {
    /// Runs a text of Python's with one argument, and gives its exit code.
    static func python(_ text: String, _ argument: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", text, argument]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
