import Foundation
import GovernorTesting
import Testing

@Suite(.serialized) struct PreferencePageTests {
    /// The path of a person's own page, and the page in a language.
    private static func link(_ server: RunningServer, _ more: String = "") throws -> String {
        let made = try server.send(
            "POST", "/v1/preference-links", #"{"contact": {"email": "ana@example.com"}\#(more)}"#, as: "dialer")
        #expect(made.json["expires_at"]?.string != nil, "\(made.text)")
        return String(try #require(made.json["url"]?.string).dropFirst("https://contact.example.com".count))
    }

    private static func page(_ server: RunningServer, _ path: String, language: String = "en") throws -> String {
        let answer = try server.send("GET", path, as: nil, fields: ["accept-language: \(language)"])
        #expect(answer.status == 200, "\(answer.text)")
        return answer.text
    }

    /// The values of every field of a name that stand on a page.
    private static func values(_ name: String, in page: String, marked: String = "") throws -> [String] {
        try page.matches(of: Regex("name=\"\(name)\" value=\"([^\"]*)\"\(marked)")).compactMap { match in
            match.output[1].substring.map { String($0.replacing("&amp;", with: "&")) }
        }
    }

    private static func send(_ server: RunningServer, _ path: String, _ fields: [(String, String)]) throws -> HTTPAnswer
    {
        let body = fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
        return try server.send(
            "POST", path, body, as: nil, contentType: "application/x-www-form-urlencoded")
    }

    /// What a browser sends when the form is submitted after `change`.
    private static func submit(
        _ server: RunningServer, _ path: String, _ change: (inout Set<String>) -> Void
    ) throws -> HTTPAnswer {
        let page = try page(server, path)
        var may = Set(try values("may", in: page, marked: " checked"))
        change(&may)
        var fields = [
            ("visit", try #require(try values("visit", in: page).first)), ("brand", try values("brand", in: page)[0]),
        ]
        fields += try values("was", in: page).map { ("was", $0) } + may.sorted().map { ("may", $0) }
        return try send(server, path, fields)
    }

    @Test func everythingIsAllowedUntilSheSaysNo() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            let first = try Self.page(server, path)
            #expect(try Self.values("may", in: first, marked: " checked").count == 18)
            #expect(try Self.values("was", in: first).count == 18)
            #expect(first.contains("Nothing is recorded about you here."))
            let saved = try Self.submit(server, path) { $0.subtract(["email:marketing", "sms:marketing"]) }
            #expect(saved.status == 200 && saved.text.contains("Your choices are in force now."), "\(saved.text)")
            #expect(try UnsubscribeTests.verdict(server) == "deny")
            #expect(try UnsubscribeTests.verdict(server, purpose: "service") == "allow")
            #expect(saved.text.contains("You said no") && saved.text.contains("E-mail, Text messages (SMS)"))
            let later = try Self.page(server, path)
            #expect(try Self.values("may", in: later, marked: " checked").count == 16)
            // Sent without a change it changes nothing.
            let same = try Self.submit(server, path) { _ in }
            #expect(same.text.contains("You changed nothing"))
            // She ticks it again: an opt-in with evidence.
            _ = try Self.submit(server, path) { $0.insert("email:marketing") }
            #expect(try UnsubscribeTests.verdict(server) == "allow")
            let people = try server.send("POST", "/v1/people/lookup", #"{"contact": {"email": "ana@example.com"}}"#)
            let facts = try #require(people.json["people"]?.array?.first?["facts"]?.array)
            #expect(facts.map { $0["kind"]?.string } == ["opt_in", "opt_out"], "\(people.text)")
            #expect(facts.allSatisfy { $0["source"]?.string == "preference-page" })
        }
    }

    @Test func anOldPageSentAgainStillStops() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            let old = try Self.page(server, path)
            let stop = [
                ("visit", try Self.values("visit", in: old)[0]), ("brand", ""), ("was", "email:marketing"),
            ]
            _ = try Self.send(server, path, stop)
            _ = try Self.send(server, path, stop)
            #expect(try UnsubscribeTests.verdict(server) == "deny")
            _ = try Self.submit(server, path) { $0.insert("email:marketing") }
            #expect(try UnsubscribeTests.verdict(server) == "allow")
            _ = try Self.send(server, path, stop)
            #expect(try UnsubscribeTests.verdict(server) == "deny")
        }
    }

    @Test func stopEverythingStopsEverything() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server, #", "brand": "acme""#)
            let page = try Self.page(server, path, language: "fr")
            #expect(page.contains("Tout arrêter") && page.contains("Pour acme") && page.contains("lang=\"fr\""))
            let answer = try Self.send(
                server, path,
                [("visit", try Self.values("visit", in: page)[0]), ("brand", "acme"), ("everything", "stop")])
            #expect(answer.status == 200)
            for purpose in ["marketing", "service", "survey", "collections"] {
                #expect(try UnsubscribeTests.verdict(server, purpose: purpose) == "deny", "\(purpose)")
                #expect(try UnsubscribeTests.verdict(server, purpose: purpose, brand: "zenith") == "deny", "\(purpose)")
            }
            #expect(try Self.values("may", in: try Self.page(server, path), marked: " checked").isEmpty)
        }
    }

    @Test func aBrandIsChosenByItself() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server, #", "brand": "acme & sons""#)
            let page = try Self.page(server, path)
            #expect(page.contains("For acme &amp; sons") && page.contains("brand=acme%20%26%20sons"))
            let saved = try Self.submit(server, path) { $0.remove("email:marketing") }
            #expect(saved.status == 200)
            #expect(try UnsubscribeTests.verdict(server, brand: "acme & sons") == "deny")
            #expect(try UnsubscribeTests.verdict(server, brand: "zenith") == "allow")
            let all = try Self.page(server, path + "?brand=")
            #expect(all.contains("All brands"))
        }
    }

    @Test func theRecordIsToldInWordsWithoutIdentifiers() async throws {
        try await RunningServer.with { server in
            let contact = #""contact": {"email": "ana@example.com", "phone": "+12125550100", "ids": ["crm:8841"]}"#
            let bodies = [
                ("/v1/links", #"{"id": "l1", \#(contact)}"#),
                (
                    "/v1/touches",
                    #"{"id": "t1", \#(contact), "channel": "voice", "purpose": "marketing", "campaign": "secret-campaign", "outcome": "no_answer", "at": "2026-03-12T10:00:00Z", "brand": "<b>acme</b>"}"#
                ),
                (
                    "/v1/touches",
                    #"{"id": "t2", \#(contact), "channel": "email", "purpose": "service", "direction": "inbound", "at": "2026-03-13T10:00:00Z"}"#
                ),
                ("/v1/consents", #"{"id": "c1", \#(contact), "name": "written", "until": "2030-02-01T00:00:00Z"}"#),
                ("/v1/holdings", #"{"id": "h1", \#(contact), "product": "secret-product", "status": "active"}"#),
                ("/v1/consents/withdrawals", #"{"id": "w1", \#(contact), "name": "written"}"#),
            ]
            for (path, body) in bodies { #expect(try server.send("POST", path, body).status == 200, "\(path)") }
            let page = try Self.page(server, try Self.link(server), language: "de")
            for part in [
                "12. März 2026", "Anrufe", "nicht abgehoben", "&lt;b&gt;acme&lt;/b&gt;", "Sie haben uns kontaktiert",
                "bis 1. Februar 2030", "Zustimmung widerrufen",
            ] { #expect(page.contains(part), "\(part)") }
            for part in ["ana@", "2125550100", "crm", "8841", "secret", "<b>", "<script"] {
                #expect(!page.contains(part), "\(part)")
            }
        }
    }

    @Test func aLinkEndsAndBadFormsSaySo() async throws {
        try await RunningServer.with { server in
            let path = try Self.link(server)
            for fields in [
                [("brand", "")], [("visit", "1")], [("visit", String(repeating: "1", count: 40)), ("brand", "")],
            ] {
                let answer = try Self.send(server, path, fields)
                #expect(answer.status == 400 && answer.text.contains("Nothing was changed"), "\(fields)")
            }
            #expect(try server.send("POST", path, "{}", as: nil).status == 400)
            // Values of no cell are passed over.
            let strange = try Self.send(
                server, path, [("visit", "1"), ("brand", ""), ("may", "pigeon:marketing"), ("was", "x"), ("may", ":")])
            #expect(strange.status == 200 && strange.text.contains("You changed nothing"))
        }
    }
}
