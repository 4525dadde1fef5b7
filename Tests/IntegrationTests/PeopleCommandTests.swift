import Foundation
import Testing

/// `governor people` as an agent uses it, against a server of its own.
@Suite(.serialized) struct PeopleCommandTests {
    private static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out, because: You asked us not to call. }
        """

    private func link(_ server: ServerProcess, _ id: String, _ phone: String, _ key: String) async throws {
        let (status, answer) = try await server.post(
            "/v1/links", ["id": id, "contact": ["phone": phone, "ids": [key]]])
        #expect(status == 200, "\(answer)")
    }

    @Test(.timeLimit(.minutes(2))) func aConflictIsFoundMergedAndTakenBack() async throws {
        let server = try ServerProcess(policy: Self.policy)
        try await server.start()
        func people(_ arguments: String...) throws -> (status: Int32, output: String) {
            try server.command(["people"] + arguments, withErrors: true)
        }
        let none = try people("conflicts", "--exit-code")
        #expect(none.status == 0 && none.output == "No identity conflict waits for a decision.\n", "\(none.output)")
        try await link(server, "1", "+12125550150", "crm:1")
        try await link(server, "2", "+12125550151", "crm:2")
        try await link(server, "3", "+12125550150", "crm:2")

        let waiting = try people("conflicts", "--exit-code")
        #expect(waiting.status == 1, "\(waiting.output)")
        #expect(
            waiting.output.contains(
                "known as different persons; two keys of a namespace that holds one for each person\n  named together once, last "
            ), "\(waiting.output)")
        #expect(waiting.output.components(separatedBy: "  1 phone, 1 key\n").count == 3, "\(waiting.output)")

        let merged = try people("merge", "(212) 555-0150 ", "crm:2", "--evidence", "the same birthday")
        #expect(
            merged.status == 2 && merged.output.contains("country"), "a number without its country: \(merged.output)")
        let done = try people("merge", "+1 212 555 0150", "crm:2", "--evidence", "the same birthday")
        #expect(done.status == 0 && done.output.hasPrefix("2 records are one person now.\n"), "\(done.output)")
        let name = try #require(done.output.split(separator: " ").last?.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(try people("merge", "+1 212 555 0150", "crm:2").output == "These are one person already.\n")
        #expect(try people("conflicts").output == none.output)

        #expect(try people("undo", "1234").status == 64)
        let undone = try people("undo", name)
        #expect(undone.status == 0 && undone.output == "Undone: 2 persons are who they were.\n", "\(undone.output)")
        #expect(try people("conflicts", "--exit-code").status == 1)
        let apart = try people("apart", "crm:1", "crm:2")
        #expect(apart.status == 0 && apart.output == "2 persons stay apart\n", "\(apart.output)")
        #expect(try people("conflicts").output == none.output)
        let json = try people("conflicts", "--json")
        #expect(json.output.hasPrefix("{\"conflicts\":[]"), "\(json.output)")
        let nobody = try people("apart", "crm:1", "crm:99")
        #expect(nobody.status == 2 && nobody.output.contains("nobody is known by this identifier"), "\(nobody.output)")
        #expect(server.stop() == 0)
        let away = try people("conflicts")
        #expect(away.status == 2 && away.output.contains("127.0.0.1"), "\(away.output)")
    }
}
