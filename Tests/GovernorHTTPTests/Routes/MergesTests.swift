import GovernorTesting
import Testing

/// Merging, undoing, conflicts and keeping apart over HTTP: what every role may, what every answer says.
@Suite(.serialized) struct MergesTests {
    private static let phones = ["+12125550150", "+12125550151", "+12125550152"]

    /// Makes a person known by a phone and a key, and gives her id.
    private static func person(_ server: RunningServer, _ phone: String, key: String) throws -> String {
        let linked = try server.send(
            "POST", "/v1/links",
            #"{"id": "l \#(phone)", "contact": {"phone": "\#(phone)", "ids": ["\#(key)"]}}"#)
        #expect(linked.status == 200 && linked.json["link"]?.string == "linked", "\(linked.text)")
        return try id(server, phone)
    }

    private static func id(_ server: RunningServer, _ phone: String) throws -> String {
        let found = try server.send("POST", "/v1/people/lookup", #"{"contact": {"phone": "\#(phone)"}}"#)
        return try #require(found.json["people"]?.array?.first?["id"]?.string, "\(found.text)")
    }

    private static func verdict(_ server: RunningServer, _ phone: String) throws -> String? {
        try server.send(
            "POST", "/v1/decisions",
            #"{"contact": {"phone": "\#(phone)", "country": "US"}, "channel": "voice", "purpose": "marketing", "product": "x", "reserve": false}"#
        ).json["verdict"]?.string
    }

    @Test func aMergeIsToldShownAndTakenBack() async throws {
        try await RunningServer.with { server in
            let ids = [
                try Self.person(server, Self.phones[0], key: "crm:1"),
                try Self.person(server, Self.phones[1], key: "crm:2"),
            ].sorted()
            _ = try server.send("POST", "/v1/opt-outs", #"{"id": "o", "contact": {"phone": "\#(Self.phones[1])"}}"#)
            #expect(try Self.verdict(server, Self.phones[0]) == "allow")

            let body = #"{"id": "m1", "persons": \#(ids), "source": "crm", "evidence": "same birthday and address"}"#
            let merged = try server.send("POST", "/v1/merges", body, as: "agent")
            #expect(merged.status == 200 && merged.json["status"]?.string == "merged", "\(merged.text)")
            let name = try #require(merged.json["merge"]?.string)
            #expect(try Self.verdict(server, Self.phones[0]) == "deny", "the other record's no binds")
            let again = try server.send("POST", "/v1/merges", body, as: "agent")
            #expect(again.json["status"]?.string == "already" && again.json["merge"]?.string == name, "\(again.text)")

            let shown = try server.send("GET", "/v1/people/\(ids[0])").json["merges"]?.array?.first
            #expect(shown?["merge"]?.string == name && shown?["source"]?.string == "crm")
            #expect(shown?["persons"]?.array?.compactMap(\.string).sorted() == ids)
            #expect(shown?["undone_at"] == .null)

            #expect(try server.send("DELETE", "/v1/merges/\(name)", as: "agent").status == 403)
            let undone = try server.send("DELETE", "/v1/merges/\(name)", as: "compliance")
            #expect(undone.status == 200 && undone.json["status"]?.string == "undone", "\(undone.text)")
            #expect(try Self.verdict(server, Self.phones[0]) == "allow")
            #expect(try Self.verdict(server, Self.phones[1]) == "deny")
            #expect(
                try server.send("GET", "/v1/people/\(ids[0])").json["merges"]?.array?.first?["undone_at"]?.string != nil
            )
        }
    }

    /// One row for each way to be wrong; the placeholders A, B and C stand for three known persons.
    @Test func whatCannotBeMergedSaysWhy() async throws {
        let rows: [(body: String, status: Int, code: String)] = [
            (#"{"id": "1", "persons": ["A"]}"#, 400, "$.persons merge.single"),
            (#"{"id": "2", "persons": ["A", "A"]}"#, 400, "$.persons merge.single"),
            (#"{"id": "3", "persons": ["A", "+12125550150"]}"#, 400, "$.persons[1] person.malformed"),
            (#"{"persons": ["A", "B"]}"#, 400, "$.id field.missing"),
            (#"{"id": "4", "persons": ["A", "B"], "why": "x"}"#, 400, "$.why field.unknown"),
            (#"{"id": "5", "persons": ["A", "00000000000000000000000000000001"]}"#, 404, "person.unknown"),
            (#"{"id": "m", "persons": ["A", "C"]}"#, 409, "fact.mismatch"),
            (#"{"id": "6", "persons": ["A", "D"]}"#, 409, "merge.shared"),
        ]
        try await RunningServer.with { server in
            var ids: [Character: String] = [:]
            for (letter, (phone, key)) in zip("ABC", zip(Self.phones, ["crm:1", "crm:2", "crm:3"])) {
                ids[letter] = try Self.person(server, phone, key: key)
            }
            _ = try server.send(
                "POST", "/v1/identifiers",
                #"{"id": "s", "contact": {"phone": "+12125550159"}, "shared": true}"#)
            ids["D"] = try Self.id(server, "+12125550159")
            let first = ["A", "B"].compactMap { ids[Character($0)] }
            #expect(try server.send("POST", "/v1/merges", #"{"id": "m", "persons": \#(first)}"#).status == 200)
            for row in rows {
                var body = row.body
                for (letter, id) in ids { body = body.replacing("\"\(letter)\"", with: "\"\(id)\"") }
                let answer = try server.send("POST", "/v1/merges", body)
                #expect(answer.status == row.status, "\(row.body): \(answer.text)")
                #expect(answer.faults.first ?? answer.code == row.code, "\(row.body): \(answer.text)")
            }
            for name in [String(repeating: "0", count: 48), "x", "m"] {
                let answer = try server.send("DELETE", "/v1/merges/\(name)")
                #expect(answer.status == 404 && answer.code == "merge.unknown", "\(name): \(answer.text)")
            }
        }
    }

    @Test func conflictsWaitUntilSomebodyDecides() async throws {
        try await RunningServer.with { server in
            // By their ids, so that the one who is merged in comes before the one who was decided about.
            let known = try zip(Self.phones, ["crm:1", "crm:2", "crm:3"]).map { phone, key in
                (id: try Self.person(server, phone, key: key), phone: phone, key: key)
            }.sorted { $0.id < $1.id }
            let ids = known.map(\.id)
            func waiting() throws -> [[String]] {
                let page = try server.send("GET", "/v1/people/conflicts", as: "agent")
                return (page.json["conflicts"]?.array ?? []).map { conflict in
                    (conflict["persons"]?.array ?? []).compactMap { $0["id"]?.string }.sorted()
                }
            }
            #expect(try waiting().isEmpty)
            for (number, other) in [(0, 1), (1, 2), (1, 2)] {
                let answer = try server.send(
                    "POST", "/v1/links",
                    #"{"id": "c\#(number)\#(UInt32.random(in: 0...(.max)))", "contact": {"phone": "\#(known[number].phone)", "ids": ["\#(known[other].key)"]}}"#
                )
                #expect(answer.json["link"]?.string == "conflict", "\(answer.text)")
                #expect(answer.json["why"]?.array?.first?.string == "different_persons", "\(answer.text)")
            }
            let pairs = [[ids[1], ids[2]].sorted(), [ids[0], ids[1]].sorted()]
            #expect(try waiting() == pairs, "newest first")
            // A page at a time.
            let first = try server.send("GET", "/v1/people/conflicts?limit=1")
            let next = try #require(first.json["next"]?.string)
            #expect(first.json["conflicts"]?.array?.first?["count"] == .number(2), "\(first.text)")
            let second = try server.send("GET", "/v1/people/conflicts?limit=1&after=\(next)")
            #expect(second.json["conflicts"]?.array?.count == 1, "\(second.text)")
            #expect(second.json["next"] == .null)

            #expect(
                try server.send("POST", "/v1/people/apart", #"{"persons": \#(pairs[0])}"#, as: "agent").status == 403)
            let apart = try server.send("POST", "/v1/people/apart", #"{"persons": \#(pairs[0])}"#, as: "compliance")
            #expect(apart.status == 200 && apart.json["persons"]?.array?.count == 2, "\(apart.text)")
            #expect(try waiting() == [pairs[1]])
            #expect(try server.send("POST", "/v1/merges", #"{"id": "m", "persons": \#(pairs[1])}"#).status == 200)
            #expect(try waiting().isEmpty)
            for query in ["limit=0", "limit=1001", "limit=x", "after=x", "more=1"] {
                let answer = try server.send("GET", "/v1/people/conflicts?" + query)
                #expect(answer.status == 400, "\(query): \(answer.text)")
            }
        }
    }
}
