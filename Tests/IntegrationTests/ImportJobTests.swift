import Foundation
import GovernorTesting
import Testing

/// Kills the server with `kill -9` in the midst of imports and scrubs: they go on, and no row counts twice.
@Suite(.serialized) struct ImportJobTests {
    static let policy = """
        policy: test
        rules:
          - { id: said-no, kind: opt_out }
        """

    @Test(.timeLimit(.minutes(3))) func anImportSurvivesSuddenDeaths() async throws {
        try await survive(try ServerProcess(policy: Self.policy))
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
    func anImportIntoRedisSurvivesSuddenDeaths() async throws {
        let redis = try RedisProcess()
        defer { redis.stop() }
        try await survive(try ServerProcess(policy: Self.policy, store: redis.url))
    }

    private func survive(_ server: ServerProcess) async throws {
        var generator = SeededGenerator.announced("imports and sudden deaths")
        try await server.start()
        // A busy machine may let an import end before it is killed.
        for attempt in 0..<4 where try await survive(server, attempt, &generator) > 0 {
            return #expect(server.stop() == 0)
        }
        Issue.record("no import was killed in its midst")
    }

    /// - Returns: how many deaths the import saw.
    private func survive(
        _ server: ServerProcess, _ attempt: Int, _ generator: inout SeededGenerator
    ) async throws -> Int {
        let (people, each) = (600, 8)
        var list = "phone,channel,purpose,at\n"
        var badLines: Set<Int> = []
        for touch in 0..<each {
            for person in 0..<people {
                let isBad = generator.oneIn(40)
                if isBad { badLines.insert(touch * people + person + 2) }
                let day = "2026-01-\(10 + touch)"
                list += "+121\(2 + attempt)555\(1_000 + person),\(isBad ? "" : "voice"),marketing,\(day)T16:00:00Z\n"
            }
        }
        let (status, posted) = try await server.post("/v1/imports/touches", csv: list)
        #expect(status == 202, "\(posted)")
        let id = try #require(posted["id"] as? String)
        var deaths = 0
        for _ in 0..<2 {
            let least = Int.random(in: 0...people * each * (deaths + 1) / 3, using: &generator)
            let job = try await job(server, "/v1/imports/\(id)") { $0["rows"] as? Int ?? 0 >= least }
            if job["state"] as? String != "running" { break }
            server.killHard()
            deaths += 1
            try await server.start()
        }
        let done = try await job(server, "/v1/imports/\(id)") { $0["state"] as? String != "running" }
        #expect(done["state"] as? String == "done", "\(done)")
        let restarts = try #require(done["restarts"] as? Int)
        #expect(restarts <= deaths)
        #expect(done["rows"] as? Int == people * each)
        #expect(done["refused"] as? Int == badLines.count)
        let (recorded, repeated) = (done["recorded"] as? Int ?? 0, done["repeated"] as? Int ?? 0)
        #expect(recorded + repeated == people * each - badLines.count, "\(done)")
        print("killed \(deaths) times; \(repeated) of \(people * each) rows were told twice")

        // Every bad row is there once, every good one on record once.
        let refused = try await server.text("/v1/imports/\(id)/refused").split(separator: "\r\n").dropFirst()
        #expect(refused.compactMap { Int($0.prefix { $0 != "," }) }.sorted() == badLines.sorted())
        for person in stride(from: 0, to: people, by: 97) {
            let good = (0..<each).count { !badLines.contains($0 * people + person + 2) }
            let (_, found) = try await server.post(
                "/v1/people/lookup", ["contact": ["phone": "+121\(2 + attempt)555\(1_000 + person)"]])
            let record = try #require((found["people"] as? [[String: Any]])?.first, "\(found)")
            #expect((record["touches"] as? [Any])?.count == good)
        }

        // The same file is that job; another process may look at nothing of the list any more.
        let (again, same) = try await server.post("/v1/imports/touches", csv: list)
        #expect(again == 200 && same["id"] as? String == id)
        let files = try FileManager.default.contentsOfDirectory(atPath: server.folder.path + "/data/jobs")
        #expect(Set(files).isSuperset(of: ["\(id).job", "\(id).refused"]) && !files.contains("\(id).list"))
        return restarts
    }

    /// Told to stop, a server leaves its jobs to the next one; a scrub begins again with its first row.
    @Test(.timeLimit(.minutes(2))) func jobsGoOnAfterARestart() async throws {
        let server = try ServerProcess(policy: Self.policy)
        try await server.start()
        let count = 4_000
        var list = "phone\n"
        for i in 0..<count { list += "+1212\(5_550_000 + i)\n" }
        let (status, posted) = try await server.post("/v1/imports/opt-outs", csv: list)
        #expect(status == 202)
        let id = try #require(posted["id"] as? String)
        _ = try await job(server, "/v1/imports/\(id)") { $0["rows"] as? Int ?? 0 > 0 }
        #expect(server.stop() == 0)
        try await server.start()
        let imported = try await job(server, "/v1/imports/\(id)") { $0["state"] as? String != "running" }
        #expect(imported["state"] as? String == "done" && imported["rows"] as? Int == count, "\(imported)")

        let (begun, scrub) = try await server.post(
            "/v1/scrubs?channel=voice&purpose=marketing", csv: list + "+12125549999\n")
        #expect(begun == 202)
        let path = "/v1/scrubs/\(try #require(scrub["id"] as? String))"
        _ = try await job(server, path) { $0["rows"] as? Int ?? 0 > 0 }
        server.killHard()
        try await server.start()
        let judged = try await job(server, path) { $0["state"] as? String != "running" }
        #expect(judged["rows"] as? Int == count + 1, "\(judged)")
        #expect((judged["summary"] as? [String: Any])?["deny"] as? Int == count)
        #expect(try await server.text(path + "/kept").split(separator: "\r\n") == ["phone", "+12125549999"])
        #expect(server.stop() == 0)
    }

    private func job(
        _ server: ServerProcess, _ path: String, until isThere: ([String: Any]) -> Bool
    ) async throws -> [String: Any] {
        let deadline = Date().addingTimeInterval(60)
        while true {
            let (_, job) = try await server.get(path)
            if isThere(job) { return job }
            if job["state"] as? String != "running" { return job }
            try #require(Date() < deadline, "\(job)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
