import Foundation
import GovernorCore
import GovernorLists
import GovernorRuntime
import GovernorTesting
import Testing

@testable import GovernorHTTP

/// `POST /v1/scrub` over real connections.
@Suite(.serialized) struct ScrubTests {
    static let query = "/v1/scrub?channel=voice&purpose=marketing&product=term-life&country=US"

    /// One of each verdict, in both layouts: opted out, a duplicate by another spelling, a duplicate by a known person,
    /// unreadable, and fine.
    static let rows: [(contact: String, cells: String, verdict: String)] = [
        (#"{"phone": "+1 212 555 0101"}"#, "+1 212 555 0101,,", "allow"),
        (#"{"phone": "+12125550100"}"#, "+12125550100,,", "deny"),
        (#"{"phone": "(212) 555-0101"}"#, "(212) 555-0101,,", "duplicate 1"),
        (#"{"email": "ana@example.com"}"#, ",ana@example.com,", "invalid"),
        (#"{"phone": "+1 212 555 0102", "ids": ["crm:8841"]}"#, "+1 212 555 0102,,crm:8841", "duplicate 2"),
        (#"{"phone": "12"}"#, "12,,", "invalid"),
        (#"{"phone": "+1 212 555 0103"}"#, "+1 212 555 0103,,", "allow"),
    ]

    private func prepare(_ server: RunningServer) throws {
        _ = try server.send(
            "POST", "/v1/opt-outs",
            #"{"id": "o1", "contact": {"phone": "+1 212 555 0100", "ids": ["crm:8841"]}, "source": "call"}"#)
    }

    @Test func linesOfJSONComeBackWithVerdicts() async throws {
        try await RunningServer.with { server in
            try prepare(server)
            let list = Self.rows.map(\.contact).joined(separator: "\n")
            let answer = try server.send(
                "POST", Self.query, list, contentType: "application/x-ndjson", isDescribed: false)
            #expect(answer.status == 200, "\(answer.text)")
            let lines = try String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map {
                try JSONValue(json: Array($0.utf8))
            }
            #expect(
                lines.dropLast().map { line in
                    line["verdict"]!.string! + (line["duplicate_of"]?.number.map { " \(Int($0))" } ?? "")
                } == Self.rows.map(\.verdict))
            #expect(lines[1]["reasons"]?.array?.first?["rule"]?.string == "house/said-no")
            #expect(lines[1]["next_basis"]?.string == "act")
            #expect(lines[4]["contact"]?["ids"]?.array?.count == 1)
            #expect(lines[5]["reasons"]?.array?.first?["field"]?.string == "phone")
            let summary = try #require(lines.last?["summary"])
            let counts = ["rows", "allow", "deny", "duplicate", "invalid"].map { summary[$0]?.number }
            #expect(counts == [7, 2, 1, 2, 2])
            #expect(summary["denials"]?.array?.first?["reason"]?.string == "house/said-no")
        }
    }

    @Test func commaSeparatedRowsKeepTheirColumns() async throws {
        try await RunningServer.with { server in
            try prepare(server)
            let list =
                "name,phone,email,ids\r\n" + Self.rows.enumerated().map { "\"Row, \($0)\",\($1.cells)\r\n" }.joined()
            let answer = try server.send("POST", Self.query, list, contentType: "text/csv; charset=utf-8")
            #expect(answer.status == 200, "\(answer.text)")
            var parser = CSVParser()
            var rows: [[String]] = []
            parser.feed(answer.body) { row in if case .success(let cells) = row.fields { rows.append(cells) } }
            #expect(rows.first == ["name", "phone", "email", "ids"] + ListColumns.answered)
            #expect(
                rows.dropFirst().dropLast().map { $0[4] + ($0[8].isEmpty ? "" : " " + $0[8]) }
                    == Self.rows.map(\.verdict))
            #expect(rows[2][0] == "Row, 1" && rows[2][5] == "house/said-no" && !rows[2][6].isEmpty)
            #expect(rows.last?.first == "summary" && rows.last?[1].hasPrefix("{\"rows\":7,") == true)
        }
    }

    /// The verdicts are those of the decisions themselves, and asking a whole list consumes nothing.
    @Test func verdictsAreThoseOfDecisions() async throws {
        let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        print("seed \(seed)")
        try await RunningServer.with { server in
            var random = SeededGenerator(seed: seed)
            let phones = (0..<60).map { "+1212555\(String(1_000 + $0))" }
            for phone in phones {
                switch Int.random(in: 0..<4, using: &random) {
                case 0: _ = try server.send("POST", "/v1/decisions", Self.ask(phone, reserve: true))
                case 1:
                    _ = try server.send(
                        "POST", "/v1/opt-outs", #"{"id": "\#(phone)", "contact": {"phone": "\#(phone)"}}"#)
                case 2:
                    _ = try server.send(
                        "POST", "/v1/holdings",
                        #"{"id": "\#(phone)", "contact": {"phone": "\#(phone)"}, "product": "term-life", "status": "active"}"#
                    )
                default: break
                }
            }
            let list = phones.map { #"{"phone": "\#($0)"}"# }.joined(separator: "\n")
            let lines = try String(
                decoding: server.send("POST", Self.query, list, contentType: "application/x-ndjson", isDescribed: false)
                    .body,
                as: UTF8.self
            ).split(separator: "\n").map { try JSONValue(json: Array($0.utf8)) }
            #expect(lines.count == phones.count + 1)
            for (phone, line) in zip(phones, lines) {
                let decision = try server.send("POST", "/v1/decisions", Self.ask(phone, reserve: false)).json
                let isAllowed = decision["verdict"]?.string == "allow"
                for field in isAllowed ? ["verdict"] : ["verdict", "next_allowed_at", "next_basis"] {
                    #expect(line[field] == decision[field], "\(phone) \(field)")
                }
                let rules = [line, decision].map { $0["reasons"]?.array?.map { $0["rule"]?.string ?? "" } }
                #expect(rules[0] == rules[1], "\(phone)")
            }
        }
    }

    /// Two records that were merged are one person: the no of either denies, and a row about each is one too many.
    @Test func mergedPersonsAreOne() async throws {
        try await RunningServer.with { server in
            var persons: [String] = []
            for (id, phone) in [("t1", "+12125550150"), ("t2", "+12125550151")] {
                let answer = try server.send(
                    "POST", "/v1/touches",
                    #"{"id": "\#(id)", "contact": {"phone": "\#(phone)"}, "channel": "voice", "purpose": "service"}"#)
                #expect(answer.status == 200, "\(answer.text)")
                let found = try server.send("POST", "/v1/people/lookup", #"{"contact": {"phone": "\#(phone)"}}"#)
                persons.append(try #require(found.json["people"]?.array?.first?["id"]?.string, "\(found.text)"))
            }
            _ = try server.send("POST", "/v1/opt-outs", #"{"id": "o2", "contact": {"phone": "+12125550151"}}"#)
            let merged = try server.send("POST", "/v1/merges", #"{"id": "m", "persons": \#(persons)}"#)
            #expect(merged.status == 200, "\(merged.text)")
            let answer = try server.send(
                "POST", Self.query, "phone\r\n+12125550150\r\n+12125550151\r\n", contentType: "text/csv")
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.contains("+12125550150,deny,house/said-no"), "\(text)")
            #expect(text.contains("+12125550151,duplicate,,,,1"), "\(text)")
        }
    }

    private static func ask(_ phone: String, reserve: Bool) -> String {
        #"{"contact": {"phone": "\#(phone)", "country": "US"}, "channel": "voice", "purpose": "marketing", "product": "term-life", "reserve": \#(reserve)}"#
    }

    /// The client sends all of its list before it reads the first byte, and its socket holds next to nothing of the answer;
    /// `whoSendsEverythingFirstIsReadToTheEnd` does it with more than all sockets hold.
    @Test func aClientMaySendEverythingFirst() async throws {
        try await RunningServer.with { server in
            let note = String(repeating: "x", count: 30_000)
            var list = "phone,note\r\n"
            for row in 0..<20 { list += "+1212555\(1_000 + row),\(note)\r\n" }
            let head =
                "POST \(Self.query) HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                + "\(server.keys["dialer"] ?? "")\r\ncontent-type: text/csv\r\ncontent-length: \(list.utf8.count)\r\n\r\n"
            let answer = try HTTPAnswer(raw: server.exchange(Array((head + list).utf8), receiveBytes: 4_096))
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.split(separator: "\r\n").count == 22)
            #expect(text.contains("\r\nsummary,"))
        }
    }

    @Test func badListsAreNamed() async throws {
        let csv = "text/csv"
        let rows: [(path: String, type: String?, body: String, status: Int, fault: String)] = [
            (Self.query, "application/json", "{}", 415, "http.media_type"),
            (Self.query, nil, "phone\r\n", 415, "http.media_type"),
            ("/v1/scrub?purpose=marketing", csv, "phone\r\n1\r\n", 400, "channel field.missing"),
            ("/v1/scrub?channel=voice&purpose=marketing&colour=red", csv, "phone\r\n", 400, "colour field.unknown"),
            ("/v1/scrub?channel=voice&channel=sms&purpose=x", csv, "phone\r\n", 400, "channel field.duplicate"),
            ("/v1/scrub?channel=voice&purpose=x&country=QQ", csv, "phone\r\n", 400, "country"),
            ("/v1/scrub?channel=voice&purpose=x&at=noon", csv, "phone\r\n", 400, "at instant.malformed"),
            (Self.query, csv, "", 400, "csv.empty"),
            (Self.query, csv, "name,age\r\nA,3\r\n", 400, "column csv.no_identifier"),
            (Self.query, csv, "phone,Phone\r\n1,2\r\n", 400, "column[1] csv.column_twice"),
            (Self.query, csv, "phone,verdict\r\n1,2\r\n", 400, "column[1] csv.column_taken"),
            (Self.query, csv, "phone\"x\r\n1\r\n", 400, "csv.quote_inside"),
        ]
        try await RunningServer.with { server in
            for row in rows {
                let answer = try server.send("POST", row.path, row.body, contentType: row.type)
                #expect(answer.status == row.status, "\(row): \(answer.text)")
                #expect(
                    answer.code == row.fault || answer.faults.contains { $0.contains(row.fault) },
                    "\(row): \(answer.text)")
            }
        }
    }

    /// Rows that cannot be read get their own answer and the others proceed.
    @Test func badRowsAreNamed() async throws {
        let rows: [(line: String, code: String)] = [
            ("{", "json.truncated"), (#"{"phone": 7}"#, "field.type"), (#"{"fone": "1"}"#, "field.unknown"),
            ("[]", "field.type"), (#"{"phone": "+12125550100"} x"#, "json."), ("{}", "contact.empty"),
            (String(repeating: " ", count: ListReader.lineBytesMax + 1), "json.too_long"),
        ]
        try await RunningServer.with { server in
            let list = rows.map(\.line).joined(separator: "\n") + "\n" + #"{"phone": "+12125550100"}"# + "\n"
            let answer = try server.send(
                "POST", Self.query, list, contentType: "application/x-ndjson", isDescribed: false)
            let lines = try String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map {
                try JSONValue(json: Array($0.utf8))
            }
            #expect(lines.count == rows.count + 2)
            for (row, line) in zip(rows, lines) {
                #expect(line["verdict"]?.string == "invalid", "\(row.line.prefix(40))")
                let code = line["reasons"]?.array?.first?["code"]?.string ?? ""
                #expect(code.hasPrefix(row.code), "\(row.line.prefix(40)): \(code)")
            }
            #expect(lines[rows.count]["verdict"]?.string == "allow")
        }
    }
}

/// What waits for a client: more than memory holds, in order, and without a file left behind.
@Suite struct OutputSpoolTests {
    @Test func whatDoesNotFitIntoMemoryGoesThroughAFile() async throws {
        let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        print("seed \(seed)")
        let folder = URL.temporaryDirectory.appending(path: "governor-spool-\(seed)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let spool = OutputSpool(folder: folder.path(percentEncoded: false), memoryMax: 10_000)
        let writer = Task {
            var random = SeededGenerator(seed: seed)
            var sent: [UInt8] = []
            for _ in 0..<400 {
                let count = Int.random(in: 1...2_000, using: &random)
                let piece = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                sent += piece
                try spool.append(piece)
                if Bool.random(using: &random) { await Task.yield() }
            }
            spool.finish(.success(()))
            return sent
        }
        var got: [UInt8] = []
        while let piece = try await spool.next() { got += piece }
        #expect(try await writer.value == got)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).isEmpty)
    }

    @Test func whatIsWrongIsSaid() async throws {
        let spool = OutputSpool(folder: "/nowhere", memoryMax: 10, bytesMax: 100)
        try spool.append([1, 2, 3])
        #expect(throws: OutputSpool.Failure.disk(ENOENT)) { try spool.append(Array(repeating: 0, count: 20)) }
        #expect(throws: OutputSpool.Failure.full) { try spool.append(Array(repeating: 0, count: 200)) }
        spool.abandon()
        #expect(throws: OutputSpool.Failure.abandoned) { try spool.append([1]) }
    }
}

/// A list of 100,000 rows, made so that what becomes of each is known.
@Suite(.serialized) struct LongListTests {
    @Test(.timeLimit(.minutes(3))) func everyDuplicateOfALongListIsFound() async throws {
        try await RunningServer.with { server in
            var generator = SeededGenerator.announced("everyDuplicateOfALongListIsFound")
            _ = try server.send(
                "POST", "/v1/opt-outs", #"{"id": "o1", "contact": {"phone": "+1 212 555 0100"}, "source": "call"}"#)
            let count = 100_000
            var list = "phone,email,name\r\n"
            var expected: [String] = []
            // Rows by number; each person has a phone, and every third an address too.
            var people: [(row: Int, person: Int)] = []
            for row in 1...count {
                if row == 50_000 {
                    list += "+12125550100,,Ana\r\n"
                    expected.append("deny")
                } else if row > 10, generator.oneIn(8) {
                    let (first, person) = generator.pick(people)
                    let digits = "\(5_560_000 + person)"
                    list +=
                        person % 3 == 0 && generator.oneIn(2)
                        ? "+1212\(2_000_000 + row),P\(person)@EXAMPLE.com,again\r\n"
                        : "+1 (212) \(digits.prefix(3))-\(digits.suffix(4)),,\"again, and again\"\r\n"
                    expected.append("duplicate \(first)")
                } else {
                    let person = people.count
                    people.append((row, person))
                    list += "+1212\(5_560_000 + person),\(person % 3 == 0 ? "p\(person)@example.com" : ""),Ben\r\n"
                    expected.append("allow")
                }
            }
            let answer = try server.send(
                "POST", ScrubTests.query, list, contentType: "text/csv", isDescribed: false)
            var parser = CSVParser()
            var verdicts: [String] = []
            parser.feed(answer.body) { row in
                guard case .success(let cells) = row.fields, cells.count == 8 else { return }
                verdicts.append(cells[7].isEmpty ? cells[3] : cells[3] + " " + cells[7])
            }
            #expect(verdicts.count == count + 1)
            let wrong = zip(verdicts.dropFirst(), expected).enumerated().filter { $1.0 != $1.1 }
            #expect(wrong.isEmpty, "\(wrong.count) rows, first \(wrong.prefix(3))")
        }
    }
}
