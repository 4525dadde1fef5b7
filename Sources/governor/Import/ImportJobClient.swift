import ArgumentParser
import AsyncHTTPClient
import Foundation
import GovernorLists
import NIOCore
import NIOHTTP1

/// Has a running governor import a file as a job, and watches it to its end.
struct ImportJobClient {
    let client: ServerClient

    private static let pieceBytes = 256 << 10
    private static let askEvery = Duration.milliseconds(500)
    private static let sendingMax = TimeAmount.hours(24)

    /// What the API says of a job, as far as it is shown.
    private struct Answer: Decodable {
        var id: String
        var state: String
        var detail: String?
        var rows: Int
        var recorded: Int
        var repeated: Int
        var refused: Int
        var bytes: Int
        var bytes_done: Int
    }

    func run(
        _ path: String, _ kind: ImportKind, again: Bool, name: String, refused: String?, json: Bool
    ) async throws {
        let began = ContinuousClock.now
        var bar = ProgressBar(name)
        defer { bar.end() }
        var job = try await send(path, kind, again: again)
        printToStandardError("\(name): \(job.id)")
        while job.state == "running" {
            bar.show(Double(job.bytes_done) / Double(max(1, job.bytes)), rows: job.rows)
            try await Task.sleep(for: Self.askEvery)
            job = try Self.read(try await client.send("GET", "/v1/imports/\(job.id)"), at: client.base)
        }
        bar.end()
        if job.refused > 0, let refused {
            let answer = try await client.send("GET", "/v1/imports/\(job.id)/refused")
            guard answer.status == 200 else { throw ServerProblem.failure(answer, at: client.base) }
            do { try answer.body.write(to: URL(fileURLWithPath: refused)) } catch {
                throw CommandFailure("\(refused) cannot be written; name another file with --refused")
            }
        }
        var tally = Tally()
        (tally.recorded, tally.duplicates, tally.refused) = (job.recorded, job.repeated, job.refused)
        let seconds = began.duration(to: .now) / .seconds(1)
        print(json ? tally.json(seconds: seconds) : tally.text(name, seconds: seconds))
        guard job.state == "done" else {
            throw CommandFailure("\(job.id) is \(job.state): \(job.detail ?? "the server does not say why")")
        }
        if job.refused > 0 { throw ExitCode.findings }
    }

    private func send(_ path: String, _ kind: ImportKind, again: Bool) async throws -> Answer {
        guard let file = FileHandle(forReadingAtPath: path),
            let size = try? file.seekToEnd(), (try? file.seek(toOffset: 0)) != nil
        else { throw CommandFailure("\(path) cannot be read") }
        var request = HTTPClientRequest(
            url: client.base + "/v1/imports/\(kind.rawValue)" + (again ? "?again=true" : ""))
        request.method = .POST
        request.headers = ["content-type": "text/csv", "authorization": client.authorization]
        let pieces = Pieces(file)
        request.body = .stream(
            AsyncThrowingStream { try await pieces.next(Self.pieceBytes) }, length: .known(Int64(size)))
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let response = try await http.execute(request, timeout: Self.sendingMax)
            let body = try await response.body.collect(upTo: 1 << 20)
            try await http.shutdown()
            return try Self.read(
                ServerClient.Answer(status: Int(response.status.code), body: Data(body.readableBytesView)),
                at: client.base)
        } catch {
            try? await http.shutdown()
            if error is CommandFailure { throw error }
            throw CommandFailure("\(client.base) did not take the file: \(error)")
        }
    }

    private static func read(_ answer: ServerClient.Answer, at base: String) throws(CommandFailure) -> Answer {
        guard answer.status == 200 || answer.status == 202 else { throw ServerProblem.failure(answer, at: base) }
        guard let job = try? JSONDecoder().decode(Answer.self, from: answer.body) else {
            throw CommandFailure("\(base) answered something that is no job")
        }
        return job
    }

    private actor Pieces {
        private let file: FileHandle
        init(_ file: FileHandle) { self.file = file }

        func next(_ bytes: Int) throws -> ByteBuffer? {
            guard let piece = try file.read(upToCount: bytes), !piece.isEmpty else { return nil }
            return ByteBuffer(bytes: piece)
        }
    }
}
