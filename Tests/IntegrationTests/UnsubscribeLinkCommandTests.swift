import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `governor unsubscribe-link` as a mail template calls it, against a server of its own.
@Suite(.serialized) struct UnsubscribeLinkCommandTests {
    private static let policy = "policy: test\nrules:\n  - { id: said-no, kind: opt_out }\n"

    @Test(.timeLimit(.minutes(2))) func linksAreMadeByATemplateAndWork() async throws {
        let server = try ServerProcess(
            policy: Self.policy, settings: ["GOVERNOR_PUBLIC_URL": "https://contact.example.com"])
        try await server.start()
        func links(_ arguments: [String]) throws -> (status: Int32, output: String) {
            try server.command(["unsubscribe-link"] + arguments, withErrors: true)
        }
        let one = try links(["ana@example.com", "--brand", "acme"])
        #expect(one.status == 0, "\(one.output)")
        let lines = one.output.split(separator: "\n")
        try #require(lines.count == 2, "\(one.output)")
        #expect(lines[0].hasPrefix("List-Unsubscribe: <https://contact.example.com/u/") && lines[0].hasSuffix(">"))
        #expect(lines[1] == "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        #expect(!one.output.contains("ana@"), "the link tells nobody whose it is")

        // As a mail provider does it.
        let path = lines[0].dropFirst("List-Unsubscribe: <https://contact.example.com".count).dropLast()
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(server.port)\(path)")))
        request.httpMethod = "POST"
        request.httpBody = Data("List-Unsubscribe=One-Click".utf8)
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "content-type")
        let (_, response) = try await URLSession.shared.data(for: request)
        #expect((response as? HTTPURLResponse)?.statusCode == 200)
        for (brand, verdict) in [("acme", "deny"), ("zenith", "allow")] {
            let (_, answer) = try await server.post(
                "/v1/decisions",
                [
                    "contact": ["email": "ana@example.com"], "channel": "email", "purpose": "marketing", "brand": brand,
                    "reserve": false,
                ])
            #expect(answer["verdict"] as? String == verdict, "\(brand): \(answer)")
        }

        // A file of addresses, one of which is none; it is told of without being shown.
        let list = server.folder.path + "/addresses"
        try "ana@example.com\n\n  +1 212 555 0100 \nnobody@\n".write(toFile: list, atomically: true, encoding: .utf8)
        let many = try links(["--from", list, "--template", "{address}\\t{url}\\t{token}|{name}"])
        #expect(many.status == 1, "\(many.output)")
        #expect(many.output.contains("ana@example.com\thttps://contact.example.com/u/"), "\(many.output)")
        #expect(many.output.contains("+1 212 555 0100\thttps://contact.example.com/u/"), "\(many.output)")
        #expect(many.output.contains("|{name}\n"), "\(many.output)")
        #expect(many.output.contains("an address was refused: ") && !many.output.contains("nobody@"))
        let json = try links(["--from", list, "--json"])
        #expect(json.status == 1 && json.output.hasPrefix("{\"answers\":["), "\(json.output)")
        #expect(try links([]).status == 64)
        let missing = try links(["--from", server.folder.path + "/none"])
        #expect(missing.status == 2 && missing.output.contains("cannot be read"), "\(missing.output)")
        #expect(server.stop() == 0)
    }
}
