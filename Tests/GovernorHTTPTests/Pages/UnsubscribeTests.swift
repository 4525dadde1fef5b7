import Foundation
import GovernorHTTP
import GovernorTesting
import Testing

/// One-click unsubscribe as mail providers do it, and the page that a person sees. Source: RFC 8058.
@Suite(.serialized) struct UnsubscribeTests {
    static let urlencoded = "application/x-www-form-urlencoded"
    static let oneClick = "List-Unsubscribe=One-Click"
    static let multipartType = "multipart/form-data; boundary=----=_Part_7"
    static let multipart =
        "------=_Part_7\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n------=_Part_7--\r\n"

    /// An unsubscribe link's path.
    static func link(
        _ server: RunningServer, _ email: String = "ana@example.com", more: String = "", as role: String = "dialer"
    ) throws -> String {
        let made = try server.send(
            "POST", "/v1/unsubscribe-links", #"{"contact": {"email": "\#(email)"}\#(more)}"#, as: role)
        #expect(made.status == 200, "\(made.text)")
        let url = try #require(made.json["url"]?.string)
        #expect(made.json["headers"]?["List-Unsubscribe"]?.string == "<\(url)>")
        #expect(made.json["headers"]?["List-Unsubscribe-Post"]?.string == "List-Unsubscribe=One-Click")
        #expect(url.hasPrefix("https://contact.example.com/u/"))
        #expect(!url.contains("ana") && !url.contains("example.com/u/ana"))
        return String(url.dropFirst("https://contact.example.com".count))
    }

    static func verdict(
        _ server: RunningServer, _ email: String = "ana@example.com", purpose: String = "marketing",
        brand: String? = nil, channel: String = "email"
    ) throws -> String? {
        let brand = brand.map { #", "brand": "\#($0)""# } ?? ""
        return try server.send(
            "POST", "/v1/decisions",
            #"{"contact": {"email": "\#(email)", "phone": "+12125550100"}, "channel": "\#(channel)", "purpose": "\#(purpose)", "reserve": false\#(brand)}"#,
            as: "dialer"
        ).json["verdict"]?.string
    }

    @Test(arguments: [(urlencoded, oneClick), (multipartType, multipart)])
    func aMailProvidersClickIsANoAtOnce(contentType: String, body: String) async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            #expect(try Self.verdict(server) == "allow")
            let answer = try server.send("POST", path, body, as: nil, contentType: contentType)
            #expect(answer.status == 200 && answer.fields["location"] == nil && answer.fields["set-cookie"] == nil)
            #expect(try Self.verdict(server) == "deny")
            // Only what the link says: e-mail for marketing.
            #expect(try Self.verdict(server, purpose: "service") == "allow")
            // Again, and again by the other encoding, it is the same no.
            #expect(try server.send("POST", path, Self.oneClick, as: nil, contentType: Self.urlencoded).status == 200)
            let person = try server.send("POST", "/v1/people/lookup", #"{"contact": {"email": "ana@example.com"}}"#)
            let facts = try #require(person.json["people"]?.array?.first?["facts"]?.array)
            #expect(facts.count == 1, "\(person.text)")
            #expect(facts[0]["source"]?.string == "one-click" && facts[0]["kind"]?.string == "opt_out")
        }
    }

    @Test func aNoAfterAYesIsANoAgain() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            func click() throws {
                _ = try server.send("POST", path, Self.oneClick, as: nil, contentType: Self.urlencoded)
            }
            for round in 1...3 {
                try click()
                try click()
                #expect(try Self.verdict(server) == "deny", "round \(round)")
                let yes = try server.send(
                    "POST", "/v1/opt-ins",
                    #"{"id": "yes-\#(round)", "contact": {"email": "ana@example.com"}, "evidence": "form"}"#)
                #expect(yes.status == 200)
                #expect(try Self.verdict(server) == "allow", "round \(round)")
            }
        }
    }

    @Test func theScopeIsTheLinksOwn() async throws {
        try await RunningServer.with { server in
            let branded = try Self.link(server, "bea@example.com", more: #", "brand": "acme""#)
            _ = try server.send("POST", branded, Self.oneClick, as: nil, contentType: Self.urlencoded)
            #expect(try Self.verdict(server, "bea@example.com", brand: "acme") == "deny")
            #expect(try Self.verdict(server, "bea@example.com", brand: "zenith") == "allow")
            let wide = try Self.link(
                server, "cai@example.com", more: #", "scope": {"purposes": ["marketing", "survey"]}"#)
            _ = try server.send("POST", wide, Self.oneClick, as: nil, contentType: Self.urlencoded)
            #expect(try Self.verdict(server, "cai@example.com", purpose: "survey") == "deny")
            let single = try Self.link(server, "dee@example.com", more: #", "reach": "endpoint""#)
            _ = try server.send("POST", single, Self.oneClick, as: nil, contentType: Self.urlencoded)
            #expect(try Self.verdict(server, "dee@example.com") == "deny")
        }
    }

    @Test func openingTheLinkChangesNothing() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            for method in ["GET", "HEAD"] {
                let answer = try server.send(method, path, as: nil, isDescribed: method == "GET")
                #expect(answer.status == 200 && answer.fields["set-cookie"] == nil)
                #expect(answer.fields["content-security-policy"]?.contains("default-src 'none'") == true)
                #expect(answer.fields["referrer-policy"] == "no-referrer")
            }
            let page = try server.send("GET", path, as: nil, fields: ["accept-language: de-AT,de;q=0.9"])
            #expect(page.text.contains("Diese Nachrichten beenden?") && page.fields["content-language"] == "de")
            #expect(try Self.verdict(server) == "allow")
        }
    }

    @Test func aLinkThatIsNotOursSaysSo() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            let token = path.dropFirst(3)
            let other = try server.send(
                "POST", "/v1/preference-links", #"{"contact": {"email": "ana@example.com"}}"#, as: "dialer")
            let foreign = try #require(other.json["token"]?.string)
            var flipped = Array(token)
            flipped[40] = flipped[40] == "A" ? "B" : "A"
            let tokens = [
                "x", String(token.dropLast()), token + "A", String(flipped), String(token.reversed()), foreign,
                String(repeating: "A", count: 6_000), "%00", "%2e%2e", "..", "a.b.c", "=", token + "=",
                String(token.prefix(20)),
            ]
            for token in tokens {
                for method in ["GET", "POST"] {
                    let body = method == "POST" ? Self.oneClick : nil
                    let answer = try server.send(
                        method, "/u/\(token)", body, as: nil, contentType: Self.urlencoded, isDescribed: false)
                    #expect(answer.status == 404, "\(method) \(token.prefix(30)): \(answer.status)")
                    #expect(answer.text.contains("This link does not work"), "\(token.prefix(30))")
                }
            }
            #expect(try Self.verdict(server) == "allow")
        }
    }

    @Test func aPostThatIsNoClickIsRefusedInWords() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            let rows: [(body: String, type: String?)] = [
                ("", Self.urlencoded), ("List-Unsubscribe=Maybe", Self.urlencoded), ("one=click", Self.urlencoded),
                (Self.oneClick, "application/json"), (Self.oneClick, nil), (Self.multipart, Self.urlencoded),
                (Self.oneClick, Self.multipartType), (String(repeating: "a", count: 20_000), Self.urlencoded),
            ]
            for row in rows {
                let answer = try server.send("POST", path, row.body, as: nil, contentType: row.type)
                #expect(answer.status == 400, "\(row.body.prefix(40)) as \(row.type ?? "nothing")")
                #expect(answer.text.contains("Nothing was changed"))
            }
            #expect(try server.send("PUT", path, "x", as: nil, isDescribed: false).status == 405)
            #expect(try Self.verdict(server) == "allow")
        }
    }

    @Test func oneLinkIsNotAskedWithoutEnd() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            var statuses: [Int] = []
            for _ in 0..<40 { statuses.append(try server.send("GET", path, as: nil).status) }
            #expect(statuses.prefix(30).allSatisfy { $0 == 200 } && statuses.contains(429), "\(statuses)")
            let late = try server.send("GET", path, as: nil)
            #expect(late.status == 429 && late.fields["retry-after"] == "60" && late.text.contains("One moment"))
            // Another one is served meanwhile.
            #expect(try server.send("GET", try Self.link(server, "eve@example.com"), as: nil).status == 200)
        }
    }

    @Test func linksAreAskedForInBulkAndMistakesAreNamed() async throws {
        try await RunningServer.with { server in
            let rows: [(body: String, fault: String)] = [
                ("{}", "$.contact field.missing"),
                (#"{"contact": {"email": "a@example.com", "phone": "+12125550100"}}"#, "$.contact link.one_address"),
                (#"{"contact": {"ids": ["crm:1"]}}"#, "$.contact link.one_address"),
                (#"{"contact": {"email": "nobody"}}"#, "$.contact.email"),
                (#"{"contact": {"email": "a@example.com"}, "reach": "all"}"#, "$.reach value.unknown"),
                (
                    #"{"contact": {"email": "a@example.com"}, "scope": {"channels": []}}"#,
                    "$.scope.channels field.empty"
                ),
                (
                    #"{"contact": {"email": "a@example.com"}, "brand": "a", "scope": {"brands": ["b"]}}"#,
                    "$.brand brand.outside_scope"
                ),
                (#"{"contact": {"email": "a@example.com"}, "expires_in": "P1D"}"#, "$.expires_in field.unknown"),
            ]
            for row in rows {
                let answer = try server.send("POST", "/v1/unsubscribe-links", row.body, as: "dialer")
                #expect(answer.status == 400 && answer.faults.first?.hasPrefix(row.fault) == true, "\(answer.text)")
            }
            for expiry in ["P401D", "PT1S", "soon"] {
                let body = #"{"contact": {"email": "a@example.com"}, "expires_in": "\#(expiry)"}"#
                let answer = try server.send("POST", "/v1/preference-links", body, as: "dialer")
                #expect(answer.faults == ["$.expires_in duration.out_of_range"], "\(answer.text)")
            }
            let items = (0..<1_000).map { #"{"contact": {"email": "p\#($0)@example.com"}}"# } + [#"{"contact": {}}"#]
            let tooMany = try server.send(
                "POST", "/v1/unsubscribe-links", "{\"items\": [\(items.joined(separator: ","))]}", as: "dialer")
            #expect(tooMany.status == 400)
            let batch = try server.send(
                "POST", "/v1/unsubscribe-links", "{\"items\": [\(items.dropFirst().joined(separator: ","))]}",
                as: "dialer")
            let answers = try #require(batch.json["answers"]?.array)
            #expect(answers.count == 1_000 && answers[999]["code"] != nil)
            #expect(Set(answers.compactMap { $0["token"]?.string }).count == 999)
        }
    }

    @Test func withoutAPublicAddressThereAreNoLinks() async throws {
        func without(_ configuration: inout HTTPConfiguration) { configuration.publicURL = nil }
        try await RunningServer.with(without) { server in
            let answer = try server.send("POST", "/v1/unsubscribe-links", #"{"contact": {"email": "a@example.com"}}"#)
            #expect(answer.status == 409 && answer.code == "links.no_public_url", "\(answer.text)")
        }
    }
}
