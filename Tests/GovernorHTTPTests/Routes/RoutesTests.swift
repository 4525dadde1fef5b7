import Foundation
import Glibc
import GovernorCore
import GovernorHTTP
import GovernorRuntime
import GovernorTesting
import Testing

@Suite(.serialized) struct RoutesTests {
    static let ana = #""contact": {"phone": "+1 212 555 0100"}"#

    /// A valid body per route.
    static let bodies: [(path: String, body: String)] = [
        (
            "/v1/opt-outs",
            #"{"id": "o1", \#(ana), "reach": "endpoint", "scope": {"channels": ["sms"]}, "source": "web"}"#
        ),
        ("/v1/opt-ins", #"{"id": "i1", \#(ana), "evidence": "form 7", "at": "2026-01-02T03:04:05Z"}"#),
        (
            "/v1/consents",
            #"{"id": "c1", \#(ana), "name": "written", "until": "2030-01-01T00:00:00Z", "scope": {"brands": ["acme"]}}"#
        ),
        ("/v1/consents/withdrawals", #"{"id": "w1", \#(ana), "name": "written"}"#),
        (
            "/v1/holdings",
            #"{"id": "h1", \#(ana), "product": "home", "status": "active", "from": "2027-01-01T00:00:00Z", "to": "2028-01-01T00:00:00Z", "grace_until": "2028-02-01T00:00:00Z"}"#
        ),
        (
            "/v1/touches",
            #"{"id": "t1", \#(ana), "channel": "sms", "purpose": "service", "outcome": "delivered", "direction": "inbound", "accounts": ["a-1"]}"#
        ),
        (
            "/v1/events",
            #"{"id": "e1", \#(ana), "event": "quiet_time", "hours": {"weekdays": ["09:00-12:00", "13:00-24:00"], "mon": ["10:00-11:00"]}, "until": "2030-01-01T00:00:00Z"}"#
        ),
        ("/v1/links", #"{"id": "l1", "contact": {"phone": "+1 212 555 0100", "ids": ["crm:77"]}}"#),
        ("/v1/identifiers", #"{"id": "n1", \#(ana), "shared": false, "labels": ["desk"]}"#),
        (
            "/v1/status",
            #"{\#(ana), "channels": ["voice", "sms"], "purposes": ["marketing"], "at": "2027-01-01T10:00:00Z"}"#
        ),
        ("/v1/people/lookup", #"{\#(ana)}"#),
        ("/v1/decisions", #"{\#(ana), "channel": "voice", "purpose": "service", "reserve": false}"#),
        ("/v1/decisions/batch", #"{"requests": [{\#(ana), "channel": "voice", "purpose": "service"}]}"#),
    ]

    @Test func everyRouteAnswers() async throws {
        try await RunningServer.with { server in
            for (path, body) in Self.bodies {
                let answer = try server.send("POST", path, body)
                #expect(answer.status == 200, "\(path): \(answer.text)")
            }
            // Told again, a fact is the same fact; with other words it is a mismatch.
            for (path, body) in Self.bodies.prefix(6) {
                let again = try server.send("POST", path, body)
                #expect(again.json["status"]?.string == "duplicate", "\(path): \(again.text)")
            }
            let other = try server.send("POST", "/v1/consents", #"{"id": "c1", \#(Self.ana), "name": "express"}"#)
            #expect(other.status == 409 && other.code == "fact.mismatch", "\(other.text)")
        }
    }

    @Test func badInputIsNamed() async throws {
        let ana = Self.ana
        let rows: [(path: String, body: String, status: Int, fault: String)] = [
            ("/v1/opt-outs", "", 400, "$ json.truncated"),
            ("/v1/opt-outs", "[]", 400, "$ field.type"),
            ("/v1/opt-outs", "{}", 400, "$.id field.missing"),
            ("/v1/opt-outs", #"{"id": "a"}"#, 400, "$.contact field.missing"),
            ("/v1/opt-outs", #"{"id": "a", "id": "b", \#(ana)}"#, 400, "$.id field.duplicate"),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "colour": 1}"#, 400, "$.colour field.unknown"),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "colour": null}"#, 400, "$.colour field.unknown"),
            ("/v1/opt-outs", #"{"id": 7, \#(ana)}"#, 400, "$.id field.type"),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "reach": "all"}"#, 400, "$.reach value.unknown"),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "scope": {"channels": []}}"#, 400, "$.scope.channels field.empty"),
            (
                "/v1/opt-outs", #"{"id": "a", \#(ana), "scope": {"colours": ["x"]}}"#, 400,
                "$.scope.colours field.unknown"
            ),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "at": "yesterday"}"#, 400, "$.at instant.malformed"),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "at": "2199-01-01T00:00:00Z"}"#, 400, "$.at instant.ahead"),
            ("/v1/opt-outs", #"{"id": "a", \#(ana), "at": "3000-01-01T00:00:00Z"}"#, 400, "$.at instant.malformed"),
            ("/v1/opt-outs", #"{"id": "a", "contact": {"phone": "12"}}"#, 400, "$.contact.phone"),
            ("/v1/opt-outs", #"{"id": "a", "contact": {"email": "nobody"}}"#, 400, "$.contact.email"),
            ("/v1/opt-outs", #"{"id": "a", "contact": {"ids": ["x"]}}"#, 400, "$.contact.ids[0]"),
            ("/v1/opt-outs", #"{"id": "a", "contact": {}}"#, 400, "$.contact contact.empty"),
            ("/v1/opt-outs", #"{"items": []}"#, 400, "$.items field.empty"),
            ("/v1/opt-outs", #"{"items": 3}"#, 400, "$.items field.type"),
            ("/v1/opt-outs", #"{"items": [{}], "id": "a"}"#, 400, "$.id field.unknown"),
            ("/v1/opt-ins", #"{"id": "a", \#(ana)}"#, 400, "$.evidence field.missing"),
            ("/v1/consents", #"{"id": "a", \#(ana)}"#, 400, "$.name field.missing"),
            (
                "/v1/consents",
                #"{"id": "a", \#(ana), "name": "x", "at": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}"#,
                400,
                "$.until span.empty"
            ),
            ("/v1/consents", #"{"id": "a", \#(ana), "name": "x", "reach": "person"}"#, 400, "$.reach field.unknown"),
            ("/v1/holdings", #"{"id": "a", \#(ana), "product": "x", "status": "sold"}"#, 400, "$.status value.unknown"),
            (
                "/v1/holdings",
                #"{"id": "a", \#(ana), "product": "x", "status": "active", "from": "2026-02-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}"#,
                400, "$.to span.empty"
            ),
            (
                "/v1/holdings",
                #"{"id": "a", \#(ana), "product": "x", "status": "active", "grace_until": "2026-02-01T00:00:00Z"}"#,
                400,
                "$.grace_until grace.without_end"
            ),
            (
                "/v1/touches", #"{"id": "a", \#(ana), "channel": "email", "purpose": "x"}"#, 400,
                "$.contact.email endpoint.missing"
            ),
            (
                "/v1/touches", #"{"id": "a", \#(ana), "channel": "sms", "purpose": "x", "direction": "up"}"#, 400,
                "$.direction value.unknown"
            ),
            (
                "/v1/touches", #"{"id": "a", \#(ana), "channel": "sms", "purpose": "x", "outcome": "deliverd"}"#, 400,
                "$.outcome outcome.unknown"
            ),
            (
                "/v1/touches",
                #"{"id": "a", \#(ana), "channel": "sms", "purpose": "x", "outcome_at": "2026-01-01T00:00:00Z"}"#, 400,
                "$.outcome_at outcome.missing"
            ),
            ("/v1/events", #"{"id": "a", \#(ana), "event": "complant"}"#, 400, "$.event event.unknown"),
            ("/v1/events", #"{"id": "a", \#(ana), "event": "appointment"}"#, 400, "$.from field.missing"),
            (
                "/v1/events",
                #"{"id": "a", \#(ana), "event": "appointment", "from": "2027-01-01T10:00:00Z", "to": "2027-01-01T09:00:00Z"}"#,
                400, "$.to span.empty"
            ),
            ("/v1/events", #"{"id": "a", \#(ana), "event": "quiet_time"}"#, 400, "$.hours field.missing"),
            ("/v1/events", #"{"id": "a", \#(ana), "event": "quiet_time", "hours": {}}"#, 400, "$.hours hours.empty"),
            (
                "/v1/events", #"{"id": "a", \#(ana), "event": "quiet_time", "hours": {"mon": ["22:00-06:00"]}}"#, 400,
                "$.hours.mon[0] hours.malformed"
            ),
            (
                "/v1/events", #"{"id": "a", \#(ana), "event": "complaint", "hours": {"mon": ["08:00-09:00"]}}"#, 400,
                "$.hours field.not_here"
            ),
            ("/v1/links", #"{"id": "a", \#(ana)}"#, 400, "$.contact link.single"),
            (
                "/v1/identifiers", #"{"id": "a", "contact": {"phone": "+12125550100", "ids": ["crm:1"]}}"#, 400,
                "$.contact identifier.several"
            ),
            ("/v1/identifiers", #"{"id": "a", \#(ana), "shared": "yes"}"#, 400, "$.shared field.type"),
            ("/v1/status", #"{\#(ana), "channels": ["email"]}"#, 400, "$.contact.email endpoint.missing"),
            ("/v1/status", #"{\#(ana), "channels": []}"#, 400, "$.channels field.empty"),
            (
                "/v1/status", #"{"contact": {"phone": "+12125550100", "time_zones": ["Mars/Base"]}}"#, 400,
                "$.contact.time_zones[0] zone.unknown"
            ),
            ("/v1/people/lookup", #"{"phone": "+12125550100"}"#, 400, "$.phone field.unknown"),
        ]
        try await RunningServer.with { server in
            for row in rows {
                let answer = try server.send("POST", row.path, row.body)
                #expect(answer.status == row.status, "\(row.path) \(row.body): \(answer.text)")
                #expect(
                    answer.faults.contains { $0 == row.fault || $0.hasPrefix(row.fault + " ") },
                    "\(row.path) \(row.body): expected \(row.fault), got \(answer.text)")
            }
            let nearest = try server.send("POST", "/v1/events", #"{"id": "a", \#(ana), "event": "complant"}"#)
            #expect(nearest.text.contains("did you mean `complaint`?"))
            let foreign = try server.send(
                "POST", "/v1/touches", #"{"id": "a", \#(ana), "channel": "sms", "purpose": "x", "agency": "south"}"#,
                as: "agent")
            #expect(foreign.faults == ["$.agency agency.foreign"])
            // Nothing of all this was put on record.
            let people = try server.send("POST", "/v1/people/lookup", "{\(ana)}")
            #expect(people.json["people"]?.array?.isEmpty == true, "\(people.text)")
        }
    }

    @Test func itemsAreAnsweredOneByOne() async throws {
        let ana = Self.ana
        try await RunningServer.with { server in
            let items =
                #"{"items": [{"id": "1", \#(ana)}, {"id": "2", "contact": {"phone": "9"}}, {"id": "1", \#(ana)}, {"x": 1}, 5]}"#
            let answers = try #require(try server.send("POST", "/v1/opt-outs", items).json["answers"]?.array)
            #expect(
                answers.map { $0["status"]?.string ?? $0["errors"]?.array?.first?["path"]?.string }
                    == ["recorded", "$.items[1].contact.phone", "duplicate", "$.items[3].x", "$.items[4]"])
            let item = #"{"id": "I", "contact": {"ids": ["crm:I"]}}"#
            let most = (0..<1_000).map { item.replacing("I", with: "\($0)") }
            let full = try server.send("POST", "/v1/opt-outs", #"{"items": [\#(most.joined(separator: ","))]}"#)
            #expect(full.json["answers"]?.array?.filter { $0["status"]?.string == "recorded" }.count == 1_000)
            let over = try server.send(
                "POST", "/v1/opt-outs", #"{"items": [\#((most + [item]).joined(separator: ","))]}"#)
            #expect(over.status == 400 && over.faults == ["$.items field.too_many"], "\(over.text.prefix(300))")
        }
    }

    @Test func anOptOutDeniesAndRevokes() async throws {
        try await RunningServer.with { server in
            let ask = #"{\#(Self.ana), "channel": "voice", "purpose": "marketing", "product": "term-life"}"#
            let allowed = try server.send("POST", "/v1/decisions", ask, as: "dialer")
            let id = try #require(allowed.json["reservation"]?["id"]?.string, "\(allowed.text)")
            let open = try server.send("GET", "/v1/reservations?state=open", as: "dialer")
            #expect(open.json["reservations"]?.array?.compactMap { $0["id"]?.string } == [id], "\(open.text)")
            #expect(
                try server.send("GET", "/v1/reservations?state=open", as: "agent").json["reservations"]?.array?.isEmpty
                    == true)
            let out = try server.send("POST", "/v1/opt-outs", #"{"id": "no", \#(Self.ana)}"#, as: "agent")
            #expect(out.json["revoked"]?.array?.compactMap(\.string) == [id], "\(out.text)")
            let denied = try server.send("POST", "/v1/decisions", ask, as: "dialer")
            #expect(denied.json["verdict"]?.string == "deny")
            #expect(
                try server.send("POST", "/v1/reservations/\(id)/confirm", "", as: "dialer").json["verdict"]?.string
                    == "deny")
            #expect(
                try server.send("GET", "/v1/reservations?state=open", as: "dialer").json["reservations"]?.array?.isEmpty
                    == true)
            let status = try server.send("POST", "/v1/status", "{\(Self.ana)}", as: "dialer")
            let statuses = try #require(status.json["statuses"]?.array)
            #expect(statuses.count == 25 && statuses.allSatisfy { $0["verdict"]?.string == "deny" }, "\(status.text)")
        }
    }

    /// A document of faults has a bound of its own, whatever is wrong with the request.
    @Test func aProblemTellsOfSixteenFieldsAtMost() async throws {
        try await RunningServer.with { server in
            let zones = (0..<16).map { "\"Mars/\($0)\"" }.joined(separator: ",")
            let contact = #""contact": {"phone": "0", "email": "x", "country": "AA", "time_zones": [\#(zones)]}"#
            let one = try server.send("POST", "/v1/opt-outs", #"{"id": "o", \#(contact)}"#)
            #expect(one.status == 400 && one.faults.count == 16, "\(one.text)")
            let many = try server.send("POST", "/v1/opt-outs", #"{"items": [{"id": "o", \#(contact)}]}"#)
            #expect(many.json["answers"]?.array?.first?["errors"]?.array?.count == 16, "\(many.text)")
            let page = try server.send("GET", "/v1/people/conflicts?after=000000000000000000000")
            #expect(page.status == 400, "\(page.text)")
        }
    }

    @Test func reservationsComeInPages() async throws {
        try await RunningServer.with { server in
            for i in 0..<5 {
                let ask =
                    #"{"contact": {"ids": ["crm:\#(i)"]}, "channel": "push", "purpose": "service", "campaign": "c\#(i)"}"#
                #expect(try server.send("POST", "/v1/decisions", ask, as: "dialer").json["verdict"]?.string == "allow")
            }
            var campaigns: [String] = []
            var after = ""
            repeat {
                let page = try server.send("GET", "/v1/reservations?state=open&limit=2\(after)", as: "dialer").json
                campaigns += page["reservations"]?.array?.compactMap { $0["campaign"]?.string } ?? []
                after = page["next"]?.string.map { "&after=\($0)" } ?? ""
            } while !after.isEmpty && campaigns.count < 20
            #expect(campaigns == ["c4", "c3", "c2", "c1", "c0"])
            for query in [
                "", "?state=closed", "?state=open&limit=0", "?state=open&limit=1001", "?state=open&after=x",
                "?state=open&x=1", "?state=open&state=open",
            ] {
                let answer = try server.send("GET", "/v1/reservations\(query)", as: "dialer")
                #expect(answer.status == 400 && !answer.faults.isEmpty, "\(query): \(answer.text)")
            }
        }
    }

    @Test func aRecordShowsWhatTheRoleMaySee() async throws {
        try await RunningServer.with { server in
            for (path, body) in Self.bodies.prefix(9) { _ = try server.send("POST", path, body, as: "admin") }
            let touch =
                #"{"id": "x", \#(Self.ana), "channel": "voice", "purpose": "marketing", "campaign": "q4", "agency": "south"}"#
            #expect(try server.send("POST", "/v1/touches", touch, as: "compliance").status == 200)
            let found = try server.send("POST", "/v1/people/lookup", "{\(Self.ana)}", as: "agent")
            let id = try #require(found.json["people"]?.array?.first?["id"]?.string, "\(found.text)")
            func touches(as holder: String) throws -> [JSONValue] {
                try server.send("GET", "/v1/people/\(id)", as: holder).json["touches"]?.array ?? []
            }
            let agencies: [(holder: String, agency: String?, campaign: String?)] = [
                ("agent", nil, nil), ("south", "south", "q4"), ("compliance", "south", "q4"), ("admin", "south", "q4"),
            ]
            for row in agencies {
                let shown = try touches(as: row.holder).first { $0["purpose"]?.string == "marketing" }
                #expect(shown?["agency"]?.string == row.agency, "\(row.holder)")
                #expect(shown?["campaign"]?.string == row.campaign, "\(row.holder)")
            }
            let facts = try server.send("GET", "/v1/people/\(id)").json["facts"]?.array ?? []
            #expect(
                Set(facts.compactMap { $0["kind"]?.string }) == [
                    "opt_out", "opt_in", "consent", "withdrawal", "holding", "quiet_time",
                ])
            let quiet = try #require(facts.first { $0["kind"]?.string == "quiet_time" })
            #expect(quiet["hours"]?["mon"]?.array?.compactMap(\.string) == ["10:00-11:00"])
            #expect(quiet["hours"]?["fri"]?.array?.compactMap(\.string) == ["09:00-12:00", "13:00-24:00"])
            #expect(quiet["hours"]?["sat"] == nil)
            for wrong in ["f", String(repeating: "0", count: 32), String(repeating: "A", count: 32)] {
                #expect(try server.send("GET", "/v1/people/\(wrong)").code == "person.unknown", "\(wrong)")
            }
        }
    }

    @Test func serviceRoutesTellHowItIs() async throws {
        try await RunningServer.with {
            $0.storeMetrics = { "governor_store_people 3\n" }
        } _: { server in
            #expect(try server.send("GET", "/healthz", as: nil).json["status"]?.string == "ok")
            let ready = try server.send("GET", "/readyz", as: nil)
            #expect(ready.status == 200 && ready.json["policy"]?["rejected"] == .null, "\(ready.text)")
            let file = server.folder.appending(path: "policies/house.yaml")
            try "policy: house\nrules:\n  - { id: x, kind: nonsense }\n".write(
                to: file, atomically: true, encoding: .utf8)
            server.policies.reloadIfChanged(at: server.governor.clock.now())
            let stale = try server.send("GET", "/readyz", as: nil)
            #expect(stale.status == 200, "\(stale.text)")
            let errors = stale.json["policy"]?["rejected"]?["errors"]?.array?.compactMap(\.string) ?? []
            #expect(errors.contains { $0.contains("house.yaml:3:") }, "\(stale.text)")
            #expect(stale.json["policy"]?["revision"] == ready.json["policy"]?["revision"])

            _ = try server.send("POST", "/v1/opt-outs", #"{"id": "m", \#(Self.ana)}"#)
            _ = try server.send("POST", "/v1/decisions", #"{\#(Self.ana), "channel": "voice", "purpose": "service"}"#)
            let metrics = try server.send("GET", "/metrics", as: nil)
            let lines = String(decoding: metrics.body, as: UTF8.self).split(separator: "\n")
            for wanted in [
                #"governor_decisions_total{verdict="deny"} 1"#, "governor_facts_total 1", "governor_policy_stale 1.0",
                #"governor_rule_denials_total{rule="house/said-no"} 1"#, "governor_store_people 3",
                #"governor_http_requests_total{method="POST",route="/v1/opt-outs",status="2xx"} 1"#,
                #"governor_http_requests_total{method="POST",route="/v1/decisions",status="2xx"} 1"#,
            ] { #expect(lines.contains { $0 == wanted }, "\(wanted)") }
            for line in lines where !line.hasPrefix("#") {
                #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line)")
            }
            #expect(
                try String(decoding: server.send("GET", "/openapi.yaml", as: nil).body, as: UTF8.self)
                    == String(contentsOf: RunningServer.Shared.root.appending(path: "openapi.yaml"), encoding: .utf8),
                "run Scripts/embed-openapi.sh")
        }
        try await RunningServer.with {
            $0.storeTrouble = { "the disk is full" }
        } _: { server in
            let answer = try server.send("GET", "/readyz", as: nil)
            #expect(answer.status == 503 && answer.text.contains("the disk is full"))
        }
    }

    @Test func whatHTTPGetsWrongIsAProblem() async throws {
        try await RunningServer.with { server in
            let rows: [(method: String, path: String, body: String?, type: String, status: Int, code: String)] = [
                ("GET", "/v1/nothing", nil, "", 404, "http.not_found"),
                ("GET", "/", nil, "", 404, "http.not_found"),
                ("GET", "/v1/people/", nil, "", 404, "http.not_found"),
                ("GET", "/v1/people/a/b", nil, "", 404, "http.not_found"),
                ("GET", "/v1/opt-outs", nil, "", 405, "http.method"),
                ("DELETE", "/v1/status", nil, "", 405, "http.method"),
                ("POST", "/healthz", "{}", "application/json", 405, "http.method"),
                ("POST", "/v1/opt-outs", "{}", "text/plain", 415, "http.media_type"),
                ("POST", "/v1/opt-outs", "{}", "application/json; charset=latin1", 415, "http.media_type"),
                ("POST", "/v1/opt-outs?phone=1", "{}", "application/json", 400, "http.query"),
                (
                    "POST", "/v1/status", String(repeating: " ", count: 65_537), "application/json", 413,
                    "http.body_too_large"
                ),
            ]
            for row in rows {
                let answer = try server.send(row.method, row.path, row.body, contentType: row.type, isDescribed: false)
                #expect(
                    answer.status == row.status && answer.code == row.code, "\(row.method) \(row.path): \(answer.text)")
                #expect(answer.fields["content-type"] == "application/problem+json")
                #expect((answer.fields["allow"] != nil) == (row.status == 405), "\(row.path)")
            }
            let head = try server.send("HEAD", "/healthz", as: nil, isDescribed: false)
            #expect(head.status == 200 && head.body.isEmpty)
            // A body of unknown length is bounded too.
            let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            let chunked =
                "POST /v1/status HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer \(server.keys["admin"]!)\r\n"
                + "transfer-encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n"
            #expect(try HTTPAnswer(raw: server.exchange(Array(chunked.utf8))).status == 413)
        }
    }

    /// `with` shuts the server down gracefully and waits for it: idle connections must not keep it.
    @Test(.timeLimit(.minutes(1))) func shutsDownWithIdleConnections() async throws {
        let idle = try await RunningServer.with { server in
            let idle = try (0..<3).map { _ in try server.idleConnection() }
            #expect(try server.send("GET", "/healthz", as: nil).status == 200)
            return idle
        }
        for socket in idle { close(socket) }
    }

    /// Every body, damaged in every way: an answer that the description knows, never a 500.
    @Test func damagedBodiesNeverBreakIt() async throws {
        var generator = SeededGenerator.announced("damagedBodiesNeverBreakIt")
        let junk = [
            "null", "{}", "[]", "0", "-1e9", "true", "\"\"", "\"x\"", "\"\\u0000\"", "\"2026-13-01\"", "[[[[",
            "\u{fffd}",
        ]
        var damaged: [(path: String, body: [UInt8])] = []
        for i in 0..<1_500 {
            let (path, body) = Self.bodies[i % Self.bodies.count]
            var bytes = Array(body.utf8)
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8.random(in: 0x20...0x7e, using: &generator), at: at)
                case 3: bytes.removeSubrange(at...)
                case 4: bytes.insert(contentsOf: bytes[at..<min(at + 40, bytes.count)], at: at)
                default:
                    // Another value in the place of a whole one.
                    let colons = bytes.indices.filter {
                        bytes[$0] == UInt8(ascii: ":") && bytes[min($0 + 1, bytes.count - 1)] == 0x20
                    }
                    guard let colon = colons.randomElement(using: &generator) else { continue }
                    let end =
                        bytes[(colon + 1)...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") }
                        ?? bytes.count
                    bytes.replaceSubrange((colon + 1)..<end, with: Array(generator.pick(junk).utf8))
                }
                if bytes.isEmpty { bytes = [0x7b] }
            }
            damaged.append((path, bytes))
        }
        try await RunningServer.with { [damaged] server in
            var refused = 0
            for (path, bytes) in damaged {
                let answer = try server.send("POST", path, bytes: bytes)
                #expect(
                    [200, 400, 409].contains(answer.status),
                    "\(path) \(String(decoding: bytes, as: UTF8.self)): \(answer.text)")
                if answer.status != 200 {
                    refused += 1
                    #expect(answer.fields["content-type"] == "application/problem+json" && answer.code != nil)
                }
            }
            #expect(refused > damaged.count / 3)
            #expect(try server.send("GET", "/healthz", as: nil).status == 200)
        }
    }

    /// What decides is told with its text, and so is what decided before a reload.
    @Test func policiesAreToldWithTheirTexts() async throws {
        try await RunningServer.with { server in
            try server.policies.keep(
                in: PolicyArchive(dataDirectory: server.folder.path(percentEncoded: false)))
            let first = try server.send("GET", "/v1/policies", as: "compliance")
            #expect(first.status == 200)
            let revision = try #require(first.json["current"]?["revision"]?.string)
            #expect(revision == server.policies.status.revision && first.json["kept"]?.array?.count == 1)
            let name = try #require(first.json["current"]?["files"]?.array?.first?["name"]?.string)
            #expect(name.hasSuffix("policies/house.yaml"))
            let changed = RunningServer.policy.replacing("limit: 1", with: "limit: 2")
            try changed.write(toFile: name, atomically: true, encoding: .utf8)
            server.policies.reloadIfChanged(at: server.governor.clock.now())
            let second = try server.send("GET", "/v1/policies")
            #expect(second.json["kept"]?.array?.count == 2 && second.json["current"]?["revision"]?.string != revision)
            for (asked, text) in [(revision, RunningServer.policy), (server.policies.status.revision, changed)] {
                let answer = try server.send("GET", "/v1/policies/\(asked)", as: "compliance")
                #expect(answer.status == 200 && answer.json["revision"]?.string == asked)
                #expect(answer.json["files"]?.array?.first?["text"]?.string == text)
            }
            #expect(try server.send("GET", "/v1/policies/0123").code == "policy.unknown")
            for holder in ["dialer", "agent"] {
                #expect(try server.send("GET", "/v1/policies", as: holder).status == 403)
                #expect(try server.send("GET", "/v1/policies/\(revision)", as: holder).status == 403)
            }
            // A text that somebody has changed is not passed off as what decided.
            let texts = server.folder.appending(path: "kept-policies/texts")
            for text in try FileManager.default.contentsOfDirectory(atPath: texts.path) {
                try "changed".write(to: texts.appending(path: text), atomically: true, encoding: .utf8)
            }
            #expect(try server.send("GET", "/v1/policies/\(revision)").code == "policy.unreadable")
        }
    }
}
