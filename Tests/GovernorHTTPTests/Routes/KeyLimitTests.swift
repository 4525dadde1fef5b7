import Glibc
import GovernorCore
import GovernorTesting
import Testing

/// What a key is limited to besides its role, on every route where it matters.
@Suite(.serialized) struct KeyLimitTests {
    private static let ana = #""contact": {"phone": "+1 212 555 0100", "email": "ana@example.com"}"#

    private static func ask(_ channel: String, _ campaign: String?) -> String {
        let named = campaign.map { #", "campaign": "\#($0)""# } ?? ""
        return #"{\#(ana), "channel": "\#(channel)", "purpose": "service", "reserve": false\#(named)}"#
    }

    private static func fact(_ fields: String) -> String {
        #"{"id": "\#(UInt32.random(in: 0 ... .max))", \#(ana)\#(fields)}"#
    }

    @Test func aKeyAsksForItsChannelsAndCampaigns() async throws {
        let rows: [(path: String, body: String, status: Int, faults: [String])] = [
            ("/v1/decisions", Self.ask("sms", "q4"), 200, []),
            ("/v1/decisions", Self.ask("email", "q4"), 200, []),
            ("/v1/decisions", Self.ask("voice", "q4"), 403, ["$.channel key.channel"]),
            ("/v1/decisions", Self.ask("sms", "spring"), 403, ["$.campaign key.campaign"]),
            ("/v1/decisions", Self.ask("sms", nil), 403, ["$.campaign key.campaign"]),
            ("/v1/decisions", Self.ask("voice", nil), 403, ["$.channel key.channel", "$.campaign key.campaign"]),
            // What is wrong with the request itself is said first.
            ("/v1/decisions", #"{\#(Self.ana), "channel": "voice"}"#, 400, ["$.purpose field.missing"]),
            ("/v1/status", #"{\#(Self.ana), "campaign": "q4"}"#, 200, []),
            ("/v1/status", #"{\#(Self.ana)}"#, 403, ["$.campaign key.campaign"]),
            (
                "/v1/status", #"{\#(Self.ana), "campaign": "q4", "channels": ["voice"]}"#, 403,
                ["$.channels key.channel"]
            ),
            ("/v1/touches", Self.fact(#", "channel": "sms", "purpose": "service", "campaign": "q4""#), 200, []),
            (
                "/v1/touches", Self.fact(#", "channel": "voice", "purpose": "service", "campaign": "q4""#), 403,
                ["$.channel key.channel"]
            ),
            // A no is always heard; a yes opens no more than the key may use.
            ("/v1/opt-outs", Self.fact(""), 200, []),
            ("/v1/opt-outs", Self.fact(#", "scope": {"channels": ["voice"]}"#), 200, []),
            ("/v1/consents/withdrawals", Self.fact(#", "name": "written""#), 200, []),
            ("/v1/events", Self.fact(#", "event": "complaint""#), 200, []),
            (
                "/v1/consents", Self.fact(#", "name": "written""#), 403,
                ["$.scope.channels key.channel", "$.scope.campaigns key.campaign"]
            ),
            (
                "/v1/consents",
                Self.fact(#", "name": "written", "scope": {"channels": ["sms", "voice"], "campaigns": ["q4"]}"#), 403,
                ["$.scope.channels key.channel"]
            ),
            (
                "/v1/consents",
                Self.fact(#", "name": "written", "scope": {"channels": ["sms"], "campaigns": ["q4"]}"#), 200, []
            ),
            (
                "/v1/opt-ins", Self.fact(#", "evidence": "form 7", "scope": {"channels": ["voice"]}"#), 403,
                ["$.scope.channels key.channel", "$.scope.campaigns key.campaign"]
            ),
            (
                "/v1/inbound-messages",
                #"{"id": "m1", "channel": "whatsapp", "from": "+12125550100", "text": "STOP"}"#, 200, []
            ),
            ("/v1/people/lookup", #"{\#(Self.ana)}"#, 200, []),
        ]
        try await RunningServer.with { server in
            for row in rows {
                let answer = try server.send("POST", row.path, row.body, as: "limited")
                #expect(answer.status == row.status && answer.faults == row.faults, "\(row): \(answer.text)")
                if row.status == 403 {
                    #expect(answer.code == row.faults[0].split(separator: " ").last.map(String.init))
                }
                // The same is fine for a key without limits.
                if row.status == 403 {
                    let other = try server.send("POST", row.path, row.body)
                    #expect(other.status == 200, "\(row): \(other.text)")
                }
            }
            let statuses = try server.send("POST", "/v1/status", #"{\#(Self.ana), "campaign": "q4"}"#, as: "limited")
            let channels = statuses.json["statuses"]?.array?.compactMap { $0["channel"]?.string } ?? []
            #expect(Set(channels) == ["sms", "email"], "\(statuses.text)")
            let none = try server.send(
                "POST", "/v1/status", #"{"contact": {"ids": ["crm:1"]}, "campaign": "q4"}"#, as: "limited")
            #expect(none.status == 403 && none.code == "key.channel", "\(none.text)")
            let list = "phone\n+12125550100\n"
            let wrong = try server.send(
                "POST", "/v1/scrub?channel=voice&purpose=service&campaign=q4", list, as: "limited",
                contentType: "text/csv")
            #expect(wrong.status == 403 && wrong.faults == ["channel key.channel"], "\(wrong.text)")
            let right = try server.send(
                "POST", "/v1/scrub?channel=sms&purpose=service&campaign=q4", list, as: "limited",
                contentType: "text/csv")
            #expect(right.status == 200, "\(right.text)")
        }
    }

    /// As many questions about one person as a batch may hold, each waiting for the one before.
    @Test func aBatchAboutOnePersonIsNoDeeperThanAnother() async throws {
        try await RunningServer.with { server in
            let items = Array(repeating: Self.ask("sms", "q4"), count: 1_000).joined(separator: ",")
            let answer = try server.send("POST", "/v1/decisions/batch", #"{"requests": [\#(items)]}"#)
            let verdicts = answer.json["decisions"]?.array?.compactMap { $0["verdict"]?.string } ?? []
            #expect(answer.status == 200 && verdicts == Array(repeating: "allow", count: 1_000))
        }
    }

    @Test func aBatchHasTheSizeOfItsKey() async throws {
        try await RunningServer.with { server in
            func batch(_ channels: [String]) -> String {
                #"{"requests": [\#(channels.map { Self.ask($0, "q4") }.joined(separator: ","))]}"#
            }
            let mixed = try server.send("POST", "/v1/decisions/batch", batch(["sms", "voice"]), as: "limited")
            let items = mixed.json["decisions"]?.array ?? []
            #expect(mixed.status == 200 && items.count == 2, "\(mixed.text)")
            #expect(items.first?["verdict"]?.string == "allow" && items.last?["code"]?.string == "key.channel")
            let large = try server.send(
                "POST", "/v1/decisions/batch", batch(["sms", "sms", "sms"]), as: "limited")
            #expect(large.status == 403 && large.faults == ["$.requests key.batch"], "\(large.text)")
        }
    }

    /// Three a second, on whatever route: the others are told when to come back, and never that they may contact.
    @Test func aKeyHasItsPace() async throws {
        try await RunningServer.with { server in
            var seen: [Int: Int] = [:]
            for number in 0..<40 {
                let answer =
                    number % 2 == 0
                    ? try server.send("POST", "/v1/decisions", Self.ask("sms", nil), as: "slow")
                    : try server.send("POST", "/v1/people/lookup", #"{\#(Self.ana)}"#, as: "slow")
                seen[answer.status, default: 0] += 1
                guard answer.status == 429 else { continue }
                #expect(answer.fields["retry-after"] == "1" && answer.code == "key.rate", "\(answer.text)")
                #expect((answer.json["verdict"]?.string == "deny") == (number % 2 == 0), "\(answer.text)")
            }
            #expect(seen[200, default: 0] >= 3 && seen[429, default: 0] >= 1 && seen.count == 2, "\(seen)")
            // A batch costs what it holds.
            let items = Array(repeating: Self.ask("sms", nil), count: 30).joined(separator: ",")
            var batch = try server.send("POST", "/v1/decisions/batch", #"{"requests": [\#(items)]}"#, as: "slow")
            let deadline = ContinuousClock.now + .seconds(20)
            while batch.status == 429, ContinuousClock.now < deadline {
                batch = try server.send("POST", "/v1/decisions/batch", #"{"requests": [\#(items)]}"#, as: "slow")
            }
            #expect(batch.status == 200, "\(batch.text)")
            let next = try server.send("POST", "/v1/decisions", Self.ask("sms", nil), as: "slow")
            #expect(next.status == 429 && Int(next.fields["retry-after"] ?? "") ?? 0 >= 8, "\(next.fields)")
        }
    }

    /// One under way: a list whose rows are still coming keeps everything else of the key out, until it has ended.
    @Test func aKeyHasItsShareAtOnce() async throws {
        try await RunningServer.with { server in
            let key = try #require(server.keys["alone"])
            let ask = Self.ask("sms", nil)
            let socket = try server.idleConnection()
            defer { close(socket) }
            let head =
                "POST /v1/scrub?channel=sms&purpose=service HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(key)\r\n"
                + "content-type: text/csv\r\ncontent-length: 40\r\n\r\nphone\n"
            #expect(Glibc.send(socket, head, head.utf8.count, Int32(MSG_NOSIGNAL)) == head.utf8.count)
            var limit = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var answer = [UInt8](repeating: 0, count: 12)
            #expect(recv(socket, &answer, answer.count, Int32(MSG_WAITALL)) == answer.count)
            #expect(String(decoding: answer, as: UTF8.self) == "HTTP/1.1 200")
            func until(_ status: Int) throws -> HTTPAnswer {
                let deadline = ContinuousClock.now + .seconds(20)
                while true {
                    let answer = try server.send("POST", "/v1/decisions", ask, as: "alone")
                    if answer.status == status || ContinuousClock.now > deadline { return answer }
                }
            }
            let refused = try until(429)
            #expect(refused.code == "key.concurrent" && refused.fields["retry-after"] == "1", "\(refused.text)")
            #expect(try server.send("POST", "/v1/decisions", ask).status == 200, "others are not kept out")
            // The client leaves: its list is given up, and the key has its place again.
            shutdown(socket, Int32(SHUT_RDWR))
            let allowed = try until(200)
            #expect(allowed.status == 200, "\(allowed.text)")
            for _ in 0..<5 { #expect(try server.send("POST", "/v1/decisions", ask, as: "alone").status == 200) }
        }
    }
}
