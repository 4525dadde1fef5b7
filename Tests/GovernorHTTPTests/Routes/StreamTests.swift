import Foundation
import GovernorHTTP
import GovernorRuntime
import GovernorTesting
import Testing

@Suite(.serialized) struct StreamTests {
    private static func question(_ phone: String, ref: String? = nil) -> String {
        let ref = ref.map { #", "ref": "\#($0)""# } ?? ""
        return #"{"contact": {"phone": "\#(phone)"}, "channel": "voice", "purpose": "service"\#(ref)}"#
    }

    private static func lively(_ configuration: inout HTTPConfiguration) {
        configuration.heartbeat = .milliseconds(20)
    }

    @Test func eventsComeWithIdsRefsAndNumbers() async throws {
        try await RunningServer.with { server in
            let stream = try await EventStream.open(port: server.port, key: server.keys["dialer"]!)
            #expect(stream.status == 200 && stream.head.lowercased().contains("content-type: text/event-stream"))
            let ready = try #require(try await stream.next())
            #expect(ready.name == "ready" && ready.id != nil)
            let decision = try server.send(
                "POST", "/v1/decisions", Self.question("+12125550100", ref: "job-7"), as: "dialer")
            let id = try #require(decision.json["reservation"]?["id"]?.string)
            let other = try server.send("POST", "/v1/decisions", Self.question("+12125550100"), as: "south")
            #expect(other.status == 200)
            let told = try server.send(
                "POST", "/v1/opt-outs", #"{"id": "o1", "contact": {"phone": "+12125550100"}}"#, as: "dialer")
            #expect(told.json["revoked"]?.array?.count == 2, "\(told.text)")
            let event = try #require(try await stream.next())
            #expect(event.name == "revoked")
            #expect(try RunningServer.Shared.description.get().problems(event.data, schema: "Revocation") == [])
            let reservations = try #require(event.data["reservations"]?.array)
            #expect(reservations.map { $0["id"]?.string } == [id])
            #expect(reservations[0]["ref"]?.string == "job-7" && reservations[0]["agency"]?.string == "north")
            #expect(event.data["cause"]?.string == "opt_out")
            // Later, from where it began, it is told the same again.
            let again = try await EventStream.open(port: server.port, key: server.keys["dialer"]!, lastID: ready.id)
            #expect(try await again.next()?.name == "ready")
            #expect(try await again.next() == event)
            let lost = try await EventStream.open(port: server.port, key: server.keys["dialer"]!, lastID: "1-0")
            #expect(try await lost.next()?.name == "reset")
            let whole = try await EventStream.open(port: server.port, key: server.keys["compliance"]!, lastID: ready.id)
            _ = try await whole.next()
            #expect(try await whole.next()?.data["reservations"]?.array?.count == 2)
        }
    }

    @Test func aQuietStreamShowsSignsOfLifeAndEndsWithTheServer() async throws {
        let ended = try await RunningServer.with(Self.lively) { server in
            let stream = try await EventStream.open(port: server.port, key: server.keys["agent"]!)
            try await stream.waitForComment()
            try await stream.waitForComment()
            server.governor.revocations.close()
            while try await stream.next() != nil {}
            let refused = try server.send("GET", "/v1/stream", as: "agent")
            #expect(refused.status == 503 && refused.code == "stream.closed")
            return stream.hasEnded
        }
        #expect(ended)
    }

    @Test func placesAreGivenBack() async throws {
        try await RunningServer.with(Self.lively) { server in
            var streams: [EventStream] = []
            for _ in 0..<RevocationStream.listenersPerCallerMax {
                streams.append(try await EventStream.open(port: server.port, key: server.keys["agent"]!))
            }
            let refused = try server.send("GET", "/v1/stream", as: "agent")
            #expect(refused.status == 429 && refused.code == "stream.too_many", "\(refused.text)")
            // A head takes no place.
            #expect(try server.send("HEAD", "/v1/stream", as: "agent", isDescribed: false).status == 200)
            streams = []
            let deadline = ContinuousClock.now + .seconds(20)
            while server.governor.revocations.listenerCount > 0, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(server.governor.revocations.listenerCount == 0)
        }
    }
}
