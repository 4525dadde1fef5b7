import Foundation
import GovernorHTTP
import GovernorLists

/// Rows to a running governor.
struct ServerSink: ImportSink {
    let client: ServerClient

    func take(_ items: [ImportItem], _ header: ImportHeader) async throws -> [ImportOutcome] {
        var outcomes = [ImportOutcome](repeating: .recorded, count: items.count)
        var waiting = Array(items.indices)
        var began = ContinuousClock.now
        while true {
            let answer = try await client.post(header.kind.path, Self.body(waiting.map { items[$0] }, header))
            var pause = ImportPatience.pauseMilliseconds
            if answer.status == 503 {
                if began.duration(to: .now) > ImportPatience.most {
                    throw ServerProblem.failure(answer, at: client.base)
                }
                pause = max(pause, min(answer.retryAfterSeconds ?? 0, 5) * 1_000)
            } else {
                guard answer.status == 200 else { throw ServerProblem.failure(answer, at: client.base) }
                guard let read = try? JSONDecoder().decode(Answers.self, from: answer.body),
                    read.answers.count == waiting.count
                else { throw CommandFailure("\(client.base) answered something that is no answer to facts") }
                var again: [Int] = []
                for (index, answer) in zip(waiting, read.answers) {
                    if answer.type == nil {
                        outcomes[index] = answer.status == .some(.text("duplicate")) ? .repeated : .recorded
                    } else if answer.status == .some(.number(503)) {
                        again.append(index)
                    } else {
                        outcomes[index] = .refused(answer.faults)
                    }
                }
                if again.isEmpty { return outcomes }
                if again.count < waiting.count { began = .now }
                if began.duration(to: .now) > ImportPatience.most {
                    throw CommandFailure("\(client.base) takes no facts: its store is not available")
                }
                waiting = again
            }
            try? await Task.sleep(for: .milliseconds(pause))
        }
    }

    private static func body(_ items: [ImportItem], _ header: ImportHeader) -> Data {
        var body = Data("{\"items\":[".utf8)
        for (i, item) in items.enumerated() {
            if i > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: header.json(item))
        }
        body.append(contentsOf: "]}".utf8)
        return body
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
