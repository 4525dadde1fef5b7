import GovernorCore
import GovernorRuntime
import GovernorTesting
import Testing

/// What rules remember longer than a record keeps its touches.
@Suite struct HistoryTests {
    private static let policy = """
        policy: house
        rules:
          - id: after-refusal
            kind: cool_off
            scope: { purposes: [marketing] }
            after: [refused]
            for: forever
            count: all
          - id: one-a-day
            kind: frequency_cap
            limit: 1
            window: PT24H
        """

    @Test func aRefusalBindsLongAfterItsTouchIsOld() async throws {
        let test = try TestGovernor(Self.policy)
        let (refuser, other) = ("+12125550100", "+12125550101")
        for (phone, outcome) in [(refuser, "refused"), (other, "no_answer")] {
            let answer = try await test.decide(test.form(phone))
            _ = try await test.report(outcome, on: try #require(answer.decision.reservation))
        }
        for _ in 0..<6 {
            test.clock.manual.advance(by: .days(100))
            for phone in [refuser, other] {
                let service = try await test.decide(test.form(phone) { $0.purpose = "service" })
                #expect(service.decision.verdict == .allow)
            }
        }
        #expect(try await test.record(refuser).touches.count == 6, "the refusal and the last 400 days")
        #expect(try await test.record(other).touches.count == 5)
        #expect(try await test.record(other).historyFrom > .distantPast)
        test.clock.manual.advance(by: .days(2))
        let denied = try await test.decide(test.form(refuser)).decision
        #expect(denied.reasons.map(\.code) == [.coolingOff])
        #expect(denied.nextBasis == .act)
        #expect(try await test.decide(test.form(other)).decision.verdict == .allow)
    }

    @Test func aFullRecordTakesTouchesAgain() async throws {
        let test = try TestGovernor(
            "policy: house\nrules:\n  - { id: a, kind: frequency_cap, limit: 2, window: PT1M }\n")
        for _ in 0..<PersonRecord.touchesMax {
            #expect(try await test.decide(test.form()).decision.verdict == .allow)
            test.clock.manual.advance(by: .minutes(1))
        }
        let denied = try await test.decide(test.form()).decision
        #expect(denied.reasons.map(\.code) == [.recordFull])
        let opens = try #require(denied.nextAllowedAt)
        test.clock.manual.advance(by: Milliseconds((opens - test.clock.now()).count - 1))
        #expect(try await test.decide(test.form()).decision.verdict == .deny)
        test.clock.manual.advance(by: Milliseconds(1))
        #expect(try await test.decide(test.form()).decision.verdict == .allow)
        #expect(try await test.record("+12125550100").touches.count == PersonRecord.touchesMax)
    }

    @Test func whereThingsWereLearntIsKept() async throws {
        let test = try TestGovernor(Self.policy)
        var contact = ContactForm()
        contact.phone = "+12125550100"
        contact.ids = ["crm:8841"]
        let about = try test.intake.contact(contact, by: TestGovernor.north)
        var note = IdentifierNote()
        note.source = Name("crm")
        var answers: [FactAnswer] = []
        for _ in 0..<2 {
            answers.append(
                try await withCheckedThrowingContinuation { continuation in
                    test.governor.link(about, note, evidence: nil, callerText: "north-1") {
                        continuation.resume(with: $0.mapError { $0 as any Error })
                    }
                })
            test.clock.manual.advance(by: .minutes(1))
        }
        #expect(answers.map(\.isDuplicate) == [false, true])
        #expect(answers[0].recordedAt == answers[1].recordedAt)
        let known = try await test.record("+12125550100").identifiers
        #expect(known.map(\.source) == [Name("crm"), Name("crm")])
    }
}
