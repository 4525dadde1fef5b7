import GovernorCore
import GovernorPolicy
import GovernorRuntime

/// One line of a request log: what was asked or told, and the answer as it was given.
struct LoggedAct: Sendable {
    var act: Act
    /// `nil` where the log does not tell it.
    var answer: LoggedAnswer?
}

/// An answer of the API as a log keeps it.
struct LoggedAnswer: Sendable {
    var verdict: Verdict
    var reasons: [RecordedReason]
    var shadow: [RecordedReason]
    var nextAllowedAt: Timestamp?
    var nextBasis: NextBasis
    /// By which later lines speak of the reservation.
    var reservation: String?
}

/// Why a request log cannot be replayed.
package struct RequestLogError: Error, CustomStringConvertible {
    package var file: String
    /// From 1.
    package var line: Int
    package var why: String

    package var description: String { "\(file):\(line): \(why)" }
}

/// Turns lines of a request log into acts: the API's bodies, read as tests of policies read them.
struct RequestLogReader: Sendable {
    let file: String
    let context: TestFileReader.Context

    /// - Throws: `RequestLogError` for a line that the API would refuse or that is no JSON.
    func read(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws(RequestLogError) -> LoggedAct {
        let node: LocatedNode
        do throws(JSONLine.Malformed) { node = try JSONLine.read(bytes) } catch {
            throw RequestLogError(file: file, line: line, why: "column \(error.at + 1): expected \(error.expected)")
        }
        guard case .mapping(var entries) = node.content else {
            throw RequestLogError(file: file, line: line, why: "a line is an object")
        }
        func take(_ name: String) -> LocatedNode? {
            guard let i = entries.firstIndex(where: { $0.name == name }) else { return nil }
            return entries.remove(at: i).value
        }
        let findings = Findings(SourceText(file: file, bytes: []))
        let body = BodyReader(findings: findings, zone: .utc)
        let reader = ActReader(
            context: context, body: body, place: { _ in Place(file: file, line: line, column: 1) }, contact: nil,
            at: nil, expect: Self.nothing, named: { $0 })
        let answer = take("answer").map { Self.answer($0, body) }
        let kind = entries.first { $0.name == "kind" }?.value.text ?? "decision"
        var act: Act?
        switch kind {
        case "decision":
            _ = take("kind")
            act = reader.question(LocatedNode(content: .mapping(entries), span: node.span), order: line)
        case "confirm":
            _ = take("kind")
            if let i = entries.firstIndex(where: { $0.name == "of" }) { entries[i].name = "confirm" }
            act = reader.question(LocatedNode(content: .mapping(entries), span: node.span), order: line)
        default: act = reader.given(LocatedNode(content: .mapping(entries), span: node.span), order: line)
        }
        guard let act, !findings.diagnostics.hasErrors else {
            let why = findings.diagnostics.first { $0.severity == .error }
            throw RequestLogError(
                file: file, line: line,
                why: why.map { $0.message + ($0.hints.first.map { ", \($0)" } ?? "") } ?? "this line says nothing")
        }
        return LoggedAct(act: act, answer: answer)
    }

    private static let nothing = LocatedNode(content: .mapping([]), span: SourceSpan(start: 0, end: 0))

    private static func answer(_ node: LocatedNode, _ body: BodyReader) -> LoggedAnswer {
        func instant(_ node: LocatedNode?) -> Timestamp? {
            guard let node, !node.isNull else { return nil }
            return body.instant(node, "answer")
        }
        func reasons(_ key: String) -> [RecordedReason] {
            (node[key]?.items ?? []).compactMap { item in
                guard let code = ReasonCode.allCases.first(where: { $0.name == item["code"]?.text }) else { return nil }
                return RecordedReason(
                    rule: item["rule"].flatMap { $0.isNull ? nil : $0.text } ?? "", code: code,
                    count: item["count"]?.text.flatMap { UInt32($0) } ?? 0,
                    limit: item["limit"]?.text.flatMap { UInt32($0) } ?? 0, until: instant(item["until"]))
            }
        }
        let bases: [String: NextBasis] = ["act": .act, "never": .never, "horizon": .horizon]
        return LoggedAnswer(
            verdict: node["verdict"]?.text == "allow" ? .allow : .deny, reasons: reasons("reasons"),
            shadow: reasons("shadow"), nextAllowedAt: instant(node["next_allowed_at"]),
            nextBasis: bases[node["next_basis"]?.text ?? ""] ?? .time,
            reservation: node["reservation"]?["id"]?.text)
    }
}
