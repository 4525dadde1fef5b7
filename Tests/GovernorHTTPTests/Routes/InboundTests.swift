import Foundation
import GovernorHTTP
import GovernorRuntime
import GovernorTesting
import Testing

@Suite(.serialized) struct InboundTests {
    private static func message(
        _ server: RunningServer, _ text: String, id: String = "m1", more: String = "", from: String = "+12125550100"
    ) throws -> HTTPAnswer {
        try server.send(
            "POST", "/v1/inbound-messages",
            #"{"id": "\#(id)", "channel": "sms", "from": "\#(from)", "to": "+18885550123", "text": "\#(text)"\#(more)}"#,
            as: "dialer")
    }

    private static func verdict(
        _ server: RunningServer, _ channel: String, _ purpose: String = "marketing", more: String = "",
        reserve: Bool = false
    ) throws -> String? {
        try server.send(
            "POST", "/v1/decisions",
            #"{"contact": {"phone": "+12125550100"}, "channel": "\#(channel)", "purpose": "\#(purpose)", "reserve": \#(reserve)\#(more)}"#,
            as: "dialer"
        ).json["verdict"]?.string
    }

    @Test func aStopEndsEverythingAndIsConfirmedOnce() async throws {
        try await RunningServer.with { server in
            try """
            policy: house
            rules:
              - { id: said-no, kind: opt_out, except: [stop_confirmation] }
            """.write(to: server.folder.appending(path: "policies/house.yaml"), atomically: true, encoding: .utf8)
            server.policies.reloadIfChanged(at: server.governor.clock.now())
            let held = try server.send(
                "POST", "/v1/decisions",
                #"{"contact": {"phone": "+12125550100"}, "channel": "sms", "purpose": "marketing"}"#, as: "dialer")
            let reservation = try #require(held.json["reservation"]?["id"]?.string)
            let answer = try Self.message(server, "Stop!", more: #", "brand": null"#)
            #expect(answer.status == 200 && answer.json["meaning"]?.string == "stop", "\(answer.text)")
            #expect(answer.json["revoked"]?.array?.compactMap(\.string) == [reservation])
            #expect(answer.json["reply"]?["exemption"]?.string == "stop_confirmation")
            #expect(answer.json["reply"]?["text"]?.string?.contains("START") == true)
            for channel in ["sms", "voice", "whatsapp"] {
                #expect(try Self.verdict(server, channel) == "deny", "\(channel)")
            }
            // The one confirmation, once.
            let exempt = #", "exemption": "stop_confirmation""#
            #expect(try Self.verdict(server, "sms", "service", more: exempt, reserve: true) == "allow")
            #expect(try Self.verdict(server, "sms", "service", more: exempt, reserve: true) == "deny")
            // The gateway sends it again: the same message, the same answer.
            let again = try Self.message(server, "Stop!")
            #expect(again.json["status"]?.string == "duplicate" && again.json["reply"]?["text"] != nil, "\(again.text)")
            // Back again, for texts alone.
            let back = try Self.message(server, "START", id: "m2")
            #expect(back.json["meaning"]?.string == "start", "\(back.text)")
            #expect(try Self.verdict(server, "sms") == "allow")
            #expect(try Self.verdict(server, "voice") == "deny")
        }
    }

    @Test func theScopeAndTheLanguageCanBeSaid() async throws {
        try await RunningServer.with { server in
            let scoped = try Self.message(
                server, "BAJA", more: #", "scope": {"purposes": ["marketing"], "channels": ["sms"]}, "brand": "acme""#)
            #expect(scoped.json["language"]?.string == "es", "\(scoped.text)")
            #expect(scoped.json["reply"]?["text"]?.string?.hasPrefix("acme: Se ha dado de baja") == true)
            #expect(try Self.verdict(server, "sms", more: #", "brand": "acme""#) == "deny")
            #expect(try Self.verdict(server, "sms", more: #", "brand": "zenith""#) == "allow")
            #expect(try Self.verdict(server, "sms", "service", more: #", "brand": "acme""#) == "allow")
            let german = try Self.message(server, "stop", id: "m3", more: #", "language": "de""#)
            #expect(german.json["reply"]?["text"]?.string?.hasPrefix("Sie sind abgemeldet") == true, "\(german.text)")
        }
    }

    @Test func whatIsNoKeywordIsRecordedAndAnswered() async throws {
        try await RunningServer.with { server in
            let help = try Self.message(server, "help")
            #expect(
                help.json["meaning"]?.string == "help" && help.json["reply"]?["exemption"]?.string == "reply_to_inbound"
            )
            let other = try Self.message(server, "is my order on its way?", id: "m2")
            #expect(other.json["meaning"]?.string == "none" && other.json["reply"] == .null, "\(other.text)")
            #expect(try Self.verdict(server, "sms") == "allow")
            let people = try server.send("POST", "/v1/people/lookup", #"{"contact": {"phone": "+12125550100"}}"#)
            let touches = try #require(people.json["people"]?.array?.first?["touches"]?.array)
            #expect(touches.count == 2 && touches.allSatisfy { $0["direction"]?.string == "inbound" }, "\(people.text)")
            #expect(!people.text.contains("order"), "the text is not kept")
        }
    }

    @Test func wholeMeansTheWholeMessage() async throws {
        func strict(_ configuration: inout HTTPConfiguration) { configuration.inboundKeywords = .whole }
        try await RunningServer.with(strict) { server in
            let sentence = try Self.message(server, "please stop texting me")
            let word = try Self.message(server, "stop", id: "m2")
            #expect(sentence.json["meaning"]?.string == "none")
            #expect(word.json["meaning"]?.string == "stop")
        }
    }

    @Test(arguments: [
        (#"{}"#, "$.id field.missing"),
        (#"{"id": "1", "channel": "voice", "from": "+12125550100", "text": "stop"}"#, "$.channel value.unknown"),
        (#"{"id": "1", "channel": "sms", "from": "12", "text": "stop"}"#, "$.from"),
        (#"{"id": "1", "channel": "sms", "from": "+12125550100", "text": ""}"#, "$.text field.empty"),
        (
            #"{"id": "1", "channel": "sms", "from": "+12125550100", "text": "x", "language": "xx"}"#,
            "$.language value.unknown"
        ),
        (
            #"{"id": "1", "channel": "sms", "from": "+12125550100", "text": "stop", "at": "soon"}"#,
            "$.at instant.malformed"
        ),
        (#"{"id": "1", "channel": "sms", "from": "+12125550100", "text": "x", "colour": 1}"#, "$.colour field.unknown"),
        (
            #"{"id": "1", "channel": "sms", "from": "+12125550100", "text": "stop", "scope": {"channels": []}}"#,
            "$.scope.channels field.empty"
        ),
    ])
    func mistakesAreNamed(body: String, fault: String) async throws {
        try await RunningServer.with { server in
            let answer = try server.send("POST", "/v1/inbound-messages", body, as: "dialer")
            #expect(answer.status == 400 && answer.faults.first?.hasPrefix(fault) == true, "\(answer.text)")
        }
    }
}
