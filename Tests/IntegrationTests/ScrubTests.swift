import Foundation
import Testing

/// A list as a campaign manager has it, from the file to the two files that it becomes: without a server and with one.
@Suite(.serialized) struct ScrubCommandTests {
    private static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out, because: You asked us not to call. }
        """

    /// German headers, semicolons, a cell with one inside, and one of each verdict.
    private static let list = """
        Name;Telefon;E-Mail Adresse;Kunde\r
        "Doe; Ana";(212) 555-0101;ana@example.com;17\r
        Ben;+1 212 555 0100;;18\r
        Ana again;212-555-0101;;\r
        Ana by mail;+1 212 555 0109;ana@example.com;\r
        Nobody;12;;\r
        Broken;"+1 212" 5;;\r
        Cleo;+1 212 555 0102;;19\r

        """

    private static let clean = """
        Name;Telefon;E-Mail Adresse;Kunde\r
        "Doe; Ana";(212) 555-0101;ana@example.com;17\r
        Cleo;+1 212 555 0102;;19\r

        """

    private func scrub(
        _ server: ServerProcess, _ arguments: [String], withErrors: Bool = true
    ) throws -> (status: Int32, output: String) {
        try server.command(
            [
                "scrub", server.folder.path + "/list.csv", "--channel", "voice", "--purpose", "marketing", "--country",
                "US",
            ] + arguments, withErrors: withErrors)
    }

    @Test(.timeLimit(.minutes(2))) func aListBecomesTwoFilesAndAReport() async throws {
        let server = try ServerProcess(policy: Self.policy)
        let folder = server.folder.path
        try Self.list.write(toFile: folder + "/list.csv", atomically: true, encoding: .utf8)
        try "phone,id\n+12125550100,o1\n".write(toFile: folder + "/no.csv", atomically: true, encoding: .utf8)
        let told = try server.command(["import", "opt-outs", folder + "/no.csv", "--data", folder + "/data"])
        #expect(told.status == 0, "\(told.output)")

        // Nothing is taken for granted where nobody can be asked.
        let unasked = try scrub(server, ["--data", folder + "/data", "--policies", folder + "/policies"])
        #expect(unasked.status == 2 && unasked.output.contains("--map") && unasked.output.contains("Telefon"))

        let files = [
            "-o", folder + "/clean.csv", "--dropped", folder + "/dropped.csv", "--report", folder + "/report.html",
        ]
        let alone = try scrub(
            server, ["--map", "Kunde=ids:crm:", "--data", folder + "/data", "--policies", folder + "/policies"] + files)
        #expect(alone.status == 0, "\(alone.output)")
        #expect(alone.output.contains("2   28.6 %  may be contacted"), "\(alone.output)")
        #expect(try String(contentsOfFile: folder + "/clean.csv", encoding: .utf8) == Self.clean)
        let dropped = try String(contentsOfFile: folder + "/dropped.csv", encoding: .utf8)
        let verdicts = dropped.split(separator: "\r\n").dropFirst().map {
            $0.split(separator: ";", omittingEmptySubsequences: false)[4]
        }
        #expect(verdicts == ["deny", "duplicate", "duplicate", "invalid", "invalid"], "\(dropped)")
        #expect(dropped.contains("test/said-no;") && dropped.contains("csv.text_after_quote"))
        let report = try String(contentsOfFile: folder + "/report.html", encoding: .utf8)
        #expect(report.contains("2 of 7 rows may be contacted") && report.contains("test/said-no"))

        // A running server says the same, to the byte.
        try await server.start()
        for name in ["clean", "dropped"] { try FileManager.default.removeItem(atPath: folder + "/\(name).csv") }
        let served = try scrub(server, ["--map", "Kunde=ids:crm:"] + files)
        #expect(served.status == 0, "\(served.output)")
        #expect(try String(contentsOfFile: folder + "/clean.csv", encoding: .utf8) == Self.clean)
        #expect(try String(contentsOfFile: folder + "/dropped.csv", encoding: .utf8) == dropped)
        let json = try scrub(server, ["--yes", "--json"], withErrors: false)
        let summary = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(summary["rows"] as? Int == 7 && summary["invalid"] as? Int == 2)
    }

    @Test func whatCannotBeDoneIsSaid() throws {
        let server = try ServerProcess(policy: Self.policy)
        let folder = server.folder.path
        try "name,age\nAna,30\n".write(toFile: folder + "/list.csv", atomically: true, encoding: .utf8)
        let rows: [(arguments: [String], words: String)] = [
            (["--yes"], "no column says whom a row is about"), (["--map", "name"], "write COLUMN=FIELD"),
            (["--map", "size=phone"], "there is no column `size`"), (["--map", "name=fone"], "`fone` is none of"),
            (["--map", "name=phone", "-o", "/nowhere/x.csv"], "cannot be written"),
            (["--map", "name=phone", "--url", "http://127.0.0.1:9"], "127.0.0.1:9"),
        ]
        for row in rows {
            let ran = try scrub(server, row.arguments)
            #expect(ran.status == 2 && ran.output.contains(row.words), "\(row): \(ran.output)")
        }
    }
}
