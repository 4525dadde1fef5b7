import Foundation
import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorStore
import GovernorTesting
import GovernorWorkbench
import Testing

/// Requests that were logged with their answers, put to the same policies and to others.
@Suite struct RequestLogTests {
    /// What a run through the governor logs: bodies of the API with their instants and answers, one object a line.
    private final class Recorder {
        let clock = ReplayTests.Clock()
        let governor: Governor
        private(set) var lines: [[String: Any]] = []
        private var open: [(name: String, Reservation, CallerID)] = []
        private let intake: Intake
        private let caller = Caller(id: "log", role: .admin)

        init() throws {
            intake = try World.intake
            governor = Governor(
                store: InMemoryStore(), policies: PolicyHolder(try ReplayTests.policies(ReplayTests.policy)),
                zones: try World.zones, hasher: try World.hasher, clock: clock)
        }

        private func log(_ kind: String, _ body: [String: Any], _ answer: DecisionAnswer?, _ name: String? = nil) {
            var line = body
            line["kind"] = kind
            line["at"] = clock.now().description
            if let answer {
                func told(_ reasons: [Reason]) -> [[String: Any]] {
                    reasons.map { reason in
                        var told: [String: Any] = ["code": reason.code.name]
                        if let rule = reason.rule { told["rule"] = answer.policies.rules[Int(rule)].id }
                        if reason.limit > 0 {
                            told["count"] = Int(reason.count)
                            told["limit"] = Int(reason.limit)
                        }
                        if let until = reason.until { told["until"] = until.description }
                        return told
                    }
                }
                var json: [String: Any] = [
                    "verdict": answer.decision.verdict == .allow ? "allow" : "deny",
                    "reasons": told(answer.decision.reasons), "shadow": told(answer.decision.shadow),
                    "next_basis": answer.decision.nextBasis.name,
                ]
                json["next_allowed_at"] = answer.decision.nextAllowedAt.map { $0.description as Any } ?? NSNull()
                if let name { json["reservation"] = ["id": name] }
                line["answer"] = json
            }
            lines.append(line)
        }

        private func settled<Value: Sendable>(_ ask: (@escaping @Sendable (Value) -> Void) -> Void) async -> Value {
            await withCheckedContinuation { continuation in ask { continuation.resume(returning: $0) } }
        }

        func step(_ i: Int, _ generator: inout SeededGenerator) async throws {
            clock.manual.advance(by: .seconds(Int64.random(in: 1...3_000, using: &generator)))
            let phone = "+1212555" + String(1_000 + Int.random(in: 0..<60, using: &generator))
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                var fact = FactForm()
                fact.id = "f\(i)"
                fact.contact.phone = phone
                var reader = FactIntake(
                    intake: intake, caller: caller, policies: governor.policies.current, now: clock.now())
                let work = try reader.read(fact, .optOut)
                let _: Result<FactAnswer, FactError> = await settled {
                    governor.take(work, callerText: "log", completion: $0)
                }
                log("opt_out", ["id": fact.id, "contact": ["phone": phone]], nil)
            case 1:
                guard let (name, reservation, caller) = open.popLast() else { return }
                let result: Result<DecisionAnswer, ReservationError> = await settled {
                    governor.confirm(reservation.touch, of: reservation.person, caller: caller, completion: $0)
                }
                if case .success(let answer) = result {
                    log("confirm", ["of": name], answer, answer.decision.reservation == nil ? nil : name)
                    if let again = answer.decision.reservation { open.append((name, again, caller)) }
                }
            case 2:
                guard let (name, reservation, caller) = open.popLast() else { return }
                var names = NameTable()
                let text = generator.pick(["busy", "refused", "no_answer", "opt_out"])
                let outcome: EventName = names.intern(text)
                let (texts, now) = (names, clock.now())
                let _: Result<OutcomeAnswer, ReservationError> = await settled {
                    governor.report(
                        outcome, at: now, on: reservation.touch, of: reservation.person, caller: caller, accounts: nil,
                        isCorrection: false, names: texts, completion: $0)
                }
                log("outcome", ["of": name, "outcome": text], nil)
            default:
                var form = DecisionForm()
                form.contact.phone = phone
                form.channel = generator.pick(["voice", "sms"])
                form.purpose = generator.pick(["marketing", "marketing", "service"])
                form.campaign = generator.pick(["a", "b"])
                form.reserve = !generator.oneIn(6)
                let request = try intake.request(form, by: caller).request
                let result: Result<DecisionAnswer, DecideError> = await settled {
                    governor.decide(request, completion: $0)
                }
                guard case .success(let answer) = result else { return }
                let name = answer.decision.reservation.map { _ in "r\(i)" }
                log(
                    "decision",
                    [
                        "contact": ["phone": phone], "channel": form.channel, "purpose": form.purpose,
                        "campaign": form.campaign ?? "", "reserve": form.reserve,
                    ], answer, name)
                if let reservation = answer.decision.reservation {
                    open.append((name ?? "", reservation, request.caller))
                }
            }
        }
    }

    private static func file(_ lines: [[String: Any]]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString).ndjson").path
        let text = try lines.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) + "\n"
        }
        try text.joined().write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static func replay(_ policy: String, _ path: String, before: String? = nil) throws -> ReplayTally {
        try RequestLogReplay(
            policies: ReplayTests.policies(policy), before: before.map { try ReplayTests.policies($0) },
            zones: World.zones, intake: World.intake
        ).run(file: path)
    }

    @Test func replayEqualsLive() async throws {
        var generator = SeededGenerator.announced("RequestLogTests.replayEqualsLive")
        let recorder = try Recorder()
        for i in 0..<900 { try await recorder.step(i, &generator) }
        recorder.governor.close()
        let path = try Self.file(recorder.lines)
        defer { try? FileManager.default.removeItem(atPath: path) }

        let same = try Self.replay(ReplayTests.policy, path)
        #expect(same.decisions > 400 && same.allowedBefore > 50 && same.decisions - same.allowedBefore > 50)
        #expect(same.flips.total == 0 && same.otherDifferences == 0 && same.withoutAnswer == 0, "\(same.text)")
        let strict = try Self.replay(ReplayTests.policy.replacing("limit: 2,", with: "limit: 1,"), path)
        #expect(strict.flips.toDeny > 0 && strict.byRule["house/one-a-day"]?.toDeny ?? 0 > 0, "\(strict.text)")

        // Without its answers it is compared with other policies, if there are any.
        let bare = try Self.file(
            recorder.lines.map { line in
                var line = line
                if let name = (line["answer"] as? [String: Any])?["reservation"] as? [String: String] {
                    line["name"] = name["id"]
                }
                line["answer"] = nil
                if line["kind"] as? String == "confirm" { line["name"] = nil }
                return line
            })
        defer { try? FileManager.default.removeItem(atPath: bare) }
        let unknown = try Self.replay(ReplayTests.policy, bare)
        #expect(unknown.decisions == 0 && unknown.withoutAnswer == same.decisions && unknown.text.contains("--before"))
        let compared = try Self.replay(
            ReplayTests.policy.replacing("limit: 2,", with: "limit: 1,"), bare, before: ReplayTests.policy)
        #expect(compared.flips.toDeny == strict.flips.toDeny && compared.flips.toAllow == strict.flips.toAllow)
    }

    /// The example of docs/workbench/replay.md is a log, and its answer is the one that is given.
    @Test func theExampleOfThePageIsALog() throws {
        let page = try String(contentsOf: World.repository.appending(path: "docs/workbench/replay.md"), encoding: .utf8)
        let block = try #require(page.components(separatedBy: "```json\n").dropFirst().first)
        let path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString).ndjson").path
        try block.components(separatedBy: "```")[0].write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let tally = try Self.replay(ReplayTests.policy, path)
        #expect(tally.decisions == 1 && tally.flips.total == 0 && tally.otherDifferences == 0, "\(tally.text)")
    }

    /// What is wrong with a log is told with its line.
    @Test(arguments: [
        (#"{"at":"2026-11-18T12:00:00Z"}"#, ":1:"),
        ("{\"at\":", ":1: column 7: expected a value"),
        ("[]", ":1: a line is an object"),
        (
            #"{"at":"2026-11-18T12:00:00Z","contact":{"phone":"+12125550100"},"channel":"voice","purpose":"marketing","x":1}"#,
            "unknown key `x`"
        ),
        (
            #"{"at":"2026-11-18T12:00:00Z","contact":{"phone":"12"},"channel":"voice","purpose":"marketing"}"#,
            "contact.phone"
        ),
        (
            #"{"at":"2026-11-18T12:00:00Z","kind":"outcome","of":"r1","outcome":"nothing"}"#,
            "`outcome` cannot be `nothing`"
        ),
        (
            #"{"at":"yesterday","contact":{"phone":"+12125550100"},"channel":"voice","purpose":"marketing"}"#,
            "`at` takes an instant"
        ),
        (
            #"{"at":"2026-11-18T12:00:00Z","contact":{"phone":"+12125550100"},"channel":"voice","purpose":"marketing"}"#
                + "\n\n"
                + #"{"at":"2026-11-18T11:59:59Z","contact":{"phone":"+12125550100"},"channel":"voice","purpose":"marketing"}"#,
            ":3: 2026-11-18T11:59:59.000Z lies before"
        ),
    ])
    func faultsAreToldWithTheirLine(text: String, says: String) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString).ndjson").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: RequestLogError.self) { try Self.replay(ReplayTests.policy, path) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }
}
