import Foundation
import GovernorHTTP
import GovernorLists
import GovernorRuntime

/// Takes rows in batches; several batches may be under way at once.
protocol ImportSink: Sendable {
    /// Rows of one batch, at most.
    static var batchMax: Int { get }
    /// What became of each, in order.
    /// - Throws: `CommandFailure` when no row can be taken any more.
    func take(_ batch: [ImportItem], _ header: ImportHeader) async throws(CommandFailure) -> [ImportOutcome]
}

/// What became of one row.
enum ImportOutcome: Sendable {
    case recorded
    case duplicate
    case refused([ImportFault])
}

/// One thing wrong with a row: never the value of an identifier.
struct ImportFault: Sendable, Equatable {
    /// The column, or the field of the API.
    var field: String
    var code: String
    var detail: String

    /// `$.items[3].contact.phone` is `phone` to the reader of the file.
    init(path: String, code: String, detail: String) {
        var field = Substring(path)
        if field.hasPrefix("$") { field = field.dropFirst() }
        if field.hasPrefix(".items["), let end = field.firstIndex(of: "]") { field = field[field.index(after: end)...] }
        if field.hasPrefix(".") { field = field.dropFirst() }
        if field.hasPrefix("contact.") { field = field.dropFirst(8) }
        if field.hasPrefix("scope.") { field = field.dropFirst(6) }
        if let bracket = field.firstIndex(of: "[") { field = field[..<bracket] }
        self.field = String(field)
        self.code = code
        self.detail = detail
    }

    init(_ error: CSVError) {
        field = ""
        code = error.rawValue
        detail = error.detail
    }
}

/// How long an import waits for a store or a server that is busy and takes nothing, before it gives up.
private enum Patience {
    static let pauseMilliseconds = 25
    static let most = Duration.seconds(120)
}

/// Rows into the data folder itself, where no server owns it.
struct DirectSink: ImportSink {
    static let batchMax = 1_000

    let importer: FactImporter

    func take(_ batch: [ImportItem], _ header: ImportHeader) async throws(CommandFailure) -> [ImportOutcome] {
        var outcomes = [ImportOutcome](repeating: .recorded, count: batch.count)
        var waiting = Array(batch.indices)
        var began = ContinuousClock.now
        while true {
            let answers = await tell(waiting.map { batch[$0] }, header)
            var again: [Int] = []
            var why = ""
            for (index, answer) in zip(waiting, answers) {
                switch answer {
                case .recorded: outcomes[index] = .recorded
                case .duplicate: outcomes[index] = .duplicate
                case .refused(let errors):
                    outcomes[index] = .refused(
                        errors.map { ImportFault(path: $0.path, code: $0.code, detail: $0.detail) })
                case .busy(let reason):
                    again.append(index)
                    why = reason
                }
            }
            if again.isEmpty { return outcomes }
            if again.count < waiting.count { began = .now }
            if began.duration(to: .now) > Patience.most { throw CommandFailure(why) }
            // Facts have ids, so one that was stored after all is found to be there.
            try? await Task.sleep(for: .milliseconds(Patience.pauseMilliseconds))
            waiting = again
        }
    }

    private func tell(_ items: [ImportItem], _ header: ImportHeader) async -> [FactImporter.Answer] {
        await withCheckedContinuation { continuation in
            let gathered = Gathered<FactImporter.Answer>(count: items.count) { continuation.resume(returning: $0) }
            for (index, item) in items.enumerated() {
                if let form = header.form(item) {
                    importer.take(form, header.kind.fact) { gathered.set(index, $0) }
                    continue
                }
                var json = header.json(item)
                json.withUTF8 { bytes in
                    importer.take(UnsafeRawBufferPointer(bytes), header.kind.fact) { gathered.set(index, $0) }
                }
            }
        }
    }
}

/// Rows to a running governor.
struct ServerSink: ImportSink {
    static let batchMax = 1_000

    let client: ServerClient

    func take(_ batch: [ImportItem], _ header: ImportHeader) async throws(CommandFailure) -> [ImportOutcome] {
        var outcomes = [ImportOutcome](repeating: .recorded, count: batch.count)
        var waiting = Array(batch.indices)
        var began = ContinuousClock.now
        while true {
            let items = waiting.map { header.json(batch[$0]) }.joined(separator: ",")
            let answer = try await client.post(header.kind.path, Data("{\"items\":[\(items)]}".utf8))
            var pause = Patience.pauseMilliseconds
            if answer.status == 503 {
                if began.duration(to: .now) > Patience.most { throw ServerProblem.failure(answer, at: client.base) }
                pause = max(pause, min(answer.retryAfterSeconds ?? 0, 5) * 1_000)
            } else {
                guard answer.status == 200 else { throw ServerProblem.failure(answer, at: client.base) }
                guard let read = try? JSONDecoder().decode(Answers.self, from: answer.body),
                    read.answers.count == waiting.count
                else { throw CommandFailure("\(client.base) answered something that is no answer to facts") }
                var again: [Int] = []
                for (index, answer) in zip(waiting, read.answers) {
                    if answer.type == nil {
                        outcomes[index] = answer.status == .some(.text("duplicate")) ? .duplicate : .recorded
                    } else if answer.status == .some(.number(503)) {
                        again.append(index)
                    } else {
                        outcomes[index] = .refused(answer.faults)
                    }
                }
                if again.isEmpty { return outcomes }
                if again.count < waiting.count { began = .now }
                if began.duration(to: .now) > Patience.most {
                    throw CommandFailure("\(client.base) takes no facts: its store is not available")
                }
                waiting = again
            }
            try? await Task.sleep(for: .milliseconds(pause))
        }
    }

    private struct Answers: Decodable {
        var answers: [Answer]
    }

    /// An answer to a fact, or a problem, whose `status` is a number.
    private struct Answer: Decodable {
        enum Status: Decodable, Equatable {
            case text(String)
            case number(Int)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }

        var type: String?
        var status: Status?
        var code: String?
        var title: String?
        var detail: String?
        var errors: [ServerProblem.Field]?

        var faults: [ImportFault] {
            if let errors, !errors.isEmpty {
                return errors.map {
                    ImportFault(path: $0.path ?? "", code: $0.code ?? "", detail: $0.detail ?? "")
                }
            }
            return [ImportFault(path: "", code: code ?? "", detail: detail ?? title ?? "")]
        }
    }
}
