import Foundation
import GovernorCore
import GovernorLists
import GovernorTesting
import Testing

@testable import GovernorHTTP

/// Imports and scrubs that run in the background, over real connections.
@Suite(.serialized) struct JobTests {
    /// One row of each kind: fine, fine with an id of its own, the same once more, no number, a field too many, no CSV.
    static let optOuts = """
        phone,id,source\r
        +1 212 555 0100,,call\r
        +1 212 555 0101,o-17,call\r
        +1 212 555 0101,o-17,call\r
        12,,call\r
        +1 212 555 0102,,call,more\r
        "+1 212" 5,,\r

        """

    private func post(
        _ server: RunningServer, _ path: String, _ list: String, as holder: String = "admin"
    ) throws -> HTTPAnswer {
        try server.send("POST", path, list, as: holder, contentType: "text/csv")
    }

    /// The job once it is in one of the states.
    private func job(
        _ server: RunningServer, _ path: String, in states: Set<String> = ["done", "failed", "cancelled"]
    ) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let answer = try server.send("GET", path)
            if let state = answer.json["state"]?.string, states.contains(state) { return answer.json }
            try #require(ContinuousClock.now < deadline, "\(answer.text)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func numbers(_ job: JSONValue, _ names: String...) -> [Int?] {
        names.map { job[$0]?.number.map { Int($0) } }
    }

    private func files(_ server: RunningServer) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: server.folder.path + "/jobs")) ?? []).sorted()
    }

    private func isDenied(_ server: RunningServer, _ phone: String) throws -> Bool {
        try server.send(
            "POST", "/v1/decisions",
            #"{"contact": {"phone": "\#(phone)"}, "channel": "voice", "purpose": "service", "reserve": false}"#
        ).json["verdict"]?.string == "deny"
    }

    @Test func aFileBecomesFacts() async throws {
        try await RunningServer.with { server in
            let posted = try post(server, "/v1/imports/opt-outs", Self.optOuts)
            #expect(posted.status == 202, "\(posted.text)")
            let path = try #require(posted.fields["location"])
            let done = try await job(server, path)
            #expect(done["state"]?.string == "done" && done["kind"]?.string == "opt-outs", "\(done)")
            #expect(numbers(done, "rows", "recorded", "repeated", "refused") == [6, 2, 1, 3])
            #expect(numbers(done, "bytes", "bytes_done") == [Self.optOuts.utf8.count, Self.optOuts.utf8.count])
            #expect(try isDenied(server, "+1 212 555 0100") && isDenied(server, "+1 212 555 0101"))
            #expect(try !isDenied(server, "+1 212 555 0102"))

            let refused = try server.send("GET", path + "/refused")
            let lines = String(decoding: refused.body, as: UTF8.self).components(separatedBy: "\r\n")
            #expect(
                lines.map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).prefix(3).joined(separator: ",")
                }
                    == [
                        "line,column,code", "5,phone,phone.country_missing", "6,,csv.field_count",
                        "7,,csv.text_after_quote",
                        "",
                    ], "\(refused.text)")
            #expect(refused.fields["content-disposition"]?.contains("-refused.csv") == true)

            // The list itself is gone; what stays names nobody.
            let id = try #require(done["id"]?.string)
            #expect(files(server) == ["\(id).job", "\(id).refused"])
            for file in files(server) {
                let text = try String(contentsOfFile: server.folder.path + "/jobs/" + file, encoding: .utf8)
                #expect(!text.contains("212"), "\(text)")
            }

            // The same again is the same job; wanted again, every row is known; for another caller it is another file.
            let same = try post(server, "/v1/imports/opt-outs", Self.optOuts)
            #expect(same.status == 200 && same.json["id"]?.string == id, "\(same.text)")
            let again = try post(server, "/v1/imports/opt-outs?again=true", Self.optOuts)
            #expect(again.status == 202)
            let repeated = try await job(server, #require(again.fields["location"]))
            #expect(numbers(repeated, "recorded", "repeated", "refused") == [0, 3, 3])
            let other = try post(server, "/v1/imports/opt-outs", Self.optOuts, as: "agent")
            #expect(other.status == 202)
            #expect(numbers(try await job(server, #require(other.fields["location"])), "recorded") == [2])

            let list = try server.send("GET", "/v1/imports").json["jobs"]?.array ?? []
            #expect(list.count == 3 && list.last?["id"]?.string == id)
        }
    }

    @Test func whatIsWrongIsSaidAtOnce() async throws {
        let rows: [(path: String, list: String, status: Int, code: String)] = [
            ("/v1/imports/opt-outs", "", 400, "csv.empty"),
            ("/v1/imports/opt-outs", "\n\n", 400, "csv.empty"),
            ("/v1/imports/opt-outs", "phone,colour\n1,red\n", 400, "csv.column_unknown"),
            ("/v1/imports/opt-outs", "phone,phone\n1,2\n", 400, "csv.column_twice"),
            ("/v1/imports/opt-outs", "source\ncall\n", 400, "csv.no_identifier"),
            ("/v1/imports/consents", "phone\n1\n", 400, "csv.column_missing"),
            ("/v1/imports/opt-outs", "pho\"ne\n1\n", 400, "csv.quote_inside"),
            ("/v1/imports/opt-outs?again=yes", "phone\n1\n", 400, "value.unknown"),
            ("/v1/imports/opt-outs?channel=voice", "phone\n1\n", 400, "field.unknown"),
            ("/v1/imports/opt-outs", "phone\n" + String(repeating: "1", count: 200), 413, "http.body_too_large"),
            ("/v1/scrubs?channel=voice", "phone\n1\n", 400, "field.missing"),
            ("/v1/scrubs?channel=voice&purpose=marketing", "name\nAna\n", 400, "csv.no_identifier"),
        ]
        try await RunningServer.with {
            $0.jobs.listBytesMax = 100
        } _: { server in
            for row in rows {
                let answer = try post(server, row.path, row.list)
                #expect(answer.status == row.status && answer.code == row.code, "\(row): \(answer.text)")
            }
            let chunked = try server.exchange(
                Array(
                    ("POST /v1/imports/people HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                        + "\(server.keys["admin"]!)\r\ncontent-type: text/csv\r\ntransfer-encoding: chunked\r\n\r\n"
                        + "c\r\nphone,email\n\r\nc8\r\n" + String(repeating: "x", count: 200) + "\r\n0\r\n\r\n").utf8))
            #expect(try HTTPAnswer(raw: chunked).status == 413)
            // Cut off in the middle: as if it had never begun.
            _ = try server.exchange(
                Array(
                    ("POST /v1/imports/people HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(server.keys["admin"]!)\r\n"
                        + "content-type: text/csv\r\nconnection: close\r\ncontent-length: 90\r\n\r\nphone,email\n").utf8
                ),
                closesEarly: true)
            let deadline = ContinuousClock.now + .seconds(10)
            while !files(server).isEmpty && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(files(server).isEmpty)
            #expect(try server.send("GET", "/v1/imports").json["jobs"]?.array?.count == 0)
        }
    }

    @Test func boundsAreKept() async throws {
        try await RunningServer.with {
            $0.jobs.freeBytesMin = .max
        } _: { server in
            let answer = try post(server, "/v1/imports/opt-outs", Self.optOuts)
            #expect(answer.status == 507 && answer.code == "jobs.disk_full", "\(answer.text)")
            #expect(files(server).isEmpty)
        }
        try await RunningServer.with {
            $0.jobs.atOnceMax = 0
        } _: { server in
            let answer = try post(server, "/v1/imports/opt-outs", Self.optOuts)
            #expect(answer.status == 503 && answer.code == "jobs.busy" && answer.fields["retry-after"] != nil)
        }
    }

    /// What was imported stays, and the file posted again goes on behind it.
    @Test func aCancelledImportCanBeGoneOnWith() async throws {
        try await RunningServer.with { server in
            let count = 20_000
            var list = "phone\n"
            for i in 0..<count { list += "+1212\(5_000_000 + i)\n" }
            let posted = try post(server, "/v1/imports/opt-outs", list, as: "dialer")
            let path = try #require(posted.fields["location"])
            let deadline = ContinuousClock.now + .seconds(30)
            while try server.send("GET", path).json["rows"]?.number == 0 {
                try #require(ContinuousClock.now < deadline)
            }
            let cancelled = try server.send("DELETE", path, as: "dialer").json
            #expect(cancelled["state"]?.string == "cancelled", "\(cancelled)")
            #expect(cancelled["detail"]?.string?.contains("stays") == true)
            let recorded = try #require(cancelled["recorded"]?.number.map { Int($0) })
            #expect(recorded > 0 && recorded < count && recorded % 1_000 == 0)
            #expect(try isDenied(server, "+12125000000"))

            let again = try post(server, "/v1/imports/opt-outs", list, as: "dialer")
            #expect(again.status == 202)
            let done = try await job(server, #require(again.fields["location"]))
            #expect(numbers(done, "rows", "recorded", "repeated") == [count, count - recorded, recorded], "\(done)")
            #expect(try isDenied(server, "+1212\(5_000_000 + count - 1)"))

            // Others do not see it, but those who answer for the company do; ended, it can be forgotten.
            #expect(try server.send("GET", path, as: "agent").status == 404)
            #expect(try server.send("DELETE", path, as: "south").code == "job.unknown")
            #expect(try server.send("GET", path, as: "compliance").status == 200)
            #expect(try server.send("GET", "/v1/imports", as: "agent").json["jobs"]?.array?.count == 0)
            #expect(try server.send("DELETE", path, as: "dialer").status == 200)
            #expect(try server.send("GET", path, as: "dialer").status == 404)
        }
    }

    /// A list as a job comes to what it comes to while one waits.
    @Test(arguments: ["text/csv", "application/x-ndjson"])
    func aListIsJudgedInTheBackground(type: String) async throws {
        try await RunningServer.with { server in
            _ = try server.send(
                "POST", "/v1/opt-outs", #"{"id": "o1", "contact": {"phone": "+1 212 555 0100", "ids": ["crm:8841"]}}"#)
            let isCSV = type == "text/csv"
            let list =
                isCSV
                ? "name,phone,email,ids\r\n" + ScrubTests.rows.map { "\"Doe, A\",\($0.cells)\r\n" }.joined()
                : ScrubTests.rows.map(\.contact).joined(separator: "\n")
            let query = ScrubTests.query.split(separator: "?")[1]
            let streamed = try server.send("POST", "/v1/scrub?\(query)", list, contentType: type, isDescribed: isCSV)
            let posted = try server.send("POST", "/v1/scrubs?\(query)", list, contentType: type)
            #expect(posted.status == 202, "\(posted.text)")
            let path = try #require(posted.fields["location"])
            let done = try await job(server, path)
            #expect(done["state"]?.string == "done" && done["parameters"]?["country"]?.string == "US", "\(done)")
            #expect(done["summary"]?["allow"]?.number == 2 && done["summary"]?["duplicate"]?.number == 2)
            #expect(numbers(done, "rows") == [7])

            let kept = try server.send("GET", path + "/kept", isDescribed: isCSV)
            let dropped = try server.send("GET", path + "/dropped", isDescribed: isCSV)
            let ending = isCSV ? "\r\n" : "\n"
            func lines(_ answer: HTTPAnswer) -> [String] {
                String(decoding: answer.body, as: UTF8.self).components(separatedBy: ending).filter { !$0.isEmpty }
            }
            let whole = lines(streamed).dropLast()
            if isCSV {
                #expect(
                    lines(kept) == [
                        "name,phone,email,ids", "\"Doe, A\",+1 212 555 0101,,", "\"Doe, A\",+1 212 555 0103,,",
                    ])
                #expect(lines(dropped) == whole.filter { !$0.contains(",allow,") })
            } else {
                // Judged at another instant.
                func untimed(_ lines: [String]) -> [Substring] { lines.map { $0.prefix { $0 != "T" } } }
                #expect(untimed(lines(kept)) == untimed(whole.filter { $0.contains(#""verdict":"allow""#) }))
                #expect(lines(dropped) == whole.filter { !$0.contains(#""verdict":"allow""#) })
            }
            // An import is no scrub.
            let id = path.split(separator: "/").last ?? ""
            #expect(try server.send("GET", "/v1/imports/\(id)").status == 404)
            #expect(try server.send("GET", "/v1/scrubs").json["jobs"]?.array?.count == 1)
        }
    }
}
