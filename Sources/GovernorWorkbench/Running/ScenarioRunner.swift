package import GovernorCore
package import GovernorIdentity
import GovernorRuntime
import GovernorStore

/// What became of one scenario.
package struct ScenarioResult: Sendable {
    package var scenario: Scenario
    package var policies: PolicySet
    /// Empty exactly when it passed.
    package var mismatches: [Mismatch]
    /// What happened, in order, for the timeline.
    package var steps: [Step]
    package var coverage: Coverage
    package var duration: Duration

    package var isPassed: Bool { mismatches.isEmpty }
}

/// One thing that is not as it was expected.
package struct Mismatch: Sendable {
    package var place: Place
    /// The position of its act in the scenario.
    package var act: Int
    /// `verdict`, `rules`, `next_allowed_at`, …
    package var what: String
    package var expected: String
    package var actual: String
}

/// One act as it went.
package struct Step: Sendable {
    package var at: Timestamp
    package var summary: String
    package var isQuestion: Bool
    /// `deny by house/one-call-a-day; next at …`; `nil` when there is nothing to say.
    package var result: String?
    package var reasons: [String] = []
    package var nextAllowedAt: Timestamp?
}

/// Runs scenarios through the governor itself, over a store of memory and under a clock that each act sets.
package struct ScenarioRunner: Sendable {
    private let zones: ZoneAtlas
    private let hasher: IdentifierHasher

    package init(zones: ZoneAtlas, hasher: IdentifierHasher) {
        self.zones = zones
        self.hasher = hasher
    }

    package func run(_ scenario: Scenario, under policies: PolicySet) async -> ScenarioResult {
        let started = ContinuousClock.now
        var configuration = GovernorConfiguration()
        configuration.ledgerChecks = .summary
        let clock = ScenarioClock()
        let governor = Governor(
            store: InMemoryStore(), policies: PolicyHolder(policies), zones: zones, hasher: hasher, clock: clock,
            configuration: configuration)
        defer { governor.close() }
        var run = Run(governor: governor, scenario: scenario, policies: policies)
        for (position, act) in scenario.acts.enumerated() {
            clock.set(act.at)
            await run.perform(act, position)
        }
        return ScenarioResult(
            scenario: scenario, policies: policies, mismatches: run.mismatches, steps: run.steps,
            coverage: run.coverage, duration: ContinuousClock.now - started)
    }
}

/// One scenario under way.
private struct Run {
    let governor: Governor
    let scenario: Scenario
    let policies: PolicySet
    var mismatches: [Mismatch] = []
    var steps: [Step] = []
    var coverage = Coverage()
    /// By the name of the question that got it.
    private var reservations: [String: (Reservation, CallerID)] = [:]

    init(governor: Governor, scenario: Scenario, policies: PolicySet) {
        self.governor = governor
        self.scenario = scenario
        self.policies = policies
    }

    mutating func perform(_ act: Act, _ position: Int) async {
        steps.append(Step(at: act.at, summary: act.summary, isQuestion: act.isQuestion))
        switch act.body {
        case .fact(let work, let callerText):
            let answer: Result<FactAnswer, FactError> = await settled {
                governor.take(work, callerText: callerText, completion: $0)
            }
            note(answer, act, position)
        case .ask(let request, let expectation):
            await cover(request, act.at, excluding: nil)
            let answer: Result<DecisionAnswer, DecideError> = await settled {
                governor.decide(request, completion: $0)
            }
            switch answer {
            case .success(let answer):
                keep(answer, act.name, CallerID(request.caller.name))
                judge(answer, expectation, position)
            case .failure(let error):
                fail(act, position, "answer", "a decision", "\(error)")
            }
        case .confirm(let of, let expectation):
            guard let (reservation, caller) = reservation(of, act, position) else { return }
            let answer: Result<DecisionAnswer, ReservationError> = await settled {
                governor.confirm(reservation.touch, of: reservation.person, caller: caller, completion: $0)
            }
            switch answer {
            case .success(let answer):
                await cover(answer.request, act.at, excluding: reservation.touch)
                keep(answer, of, caller)
                keep(answer, act.name, caller)
                judge(answer, expectation, position)
            case .failure(let error): fail(act, position, "confirmation", "an answer", "\(error)")
            }
        case .release(let of):
            guard let (reservation, caller) = reservation(of, act, position) else { return }
            let answer: Result<ReleaseAnswer, ReservationError> = await settled {
                governor.release(reservation.touch, of: reservation.person, caller: caller, completion: $0)
            }
            if case .failure(let error) = answer { fail(act, position, "release", "to be taken", "\(error)") }
        case .outcome(let of, let report):
            guard let (reservation, caller) = reservation(of, act, position) else { return }
            let answer: Result<OutcomeAnswer, ReservationError> = await settled {
                governor.report(
                    report.outcome, at: report.at, on: reservation.touch, of: reservation.person, caller: caller,
                    accounts: report.accounts, isCorrection: report.isCorrection, names: report.names, completion: $0)
            }
            switch answer {
            case .success(let answer):
                if !answer.overruns.isEmpty {
                    let rules = answer.overruns.map { policies.rules[Int($0.rule)].id }
                    steps[steps.count - 1].result = "passes \(rules.joined(separator: ", "))"
                }
            case .failure(let error): fail(act, position, "outcome", "to be taken", "\(error)")
            }
        }
    }

    private mutating func note(_ answer: Result<FactAnswer, FactError>, _ act: Act, _ position: Int) {
        switch answer {
        case .success(let answer):
            var notes: [String] = []
            if answer.isDuplicate { notes.append("known already") }
            if !answer.revoked.isEmpty { notes.append("takes back \(answer.revoked.count) reservation(s)") }
            if answer.isIdentityConflict { notes.append("concerns \(answer.persons.count) persons") }
            if !answer.overruns.isEmpty {
                notes.append("passes \(answer.overruns.map(\.rule).joined(separator: ", "))")
            }
            if !notes.isEmpty { steps[steps.count - 1].result = notes.joined(separator: "; ") }
        case .failure(let error): fail(act, position, "fact", "to be taken", "\(error)")
        }
    }

    /// Counts the branches that a question takes, over the records as it finds them.
    private mutating func cover(_ request: ContactRequest, _ at: Timestamp, excluding touch: TouchID?) async {
        let found: Result<[PersonRecord], StoreError> = await settled { governor.lookUp(request, completion: $0) }
        guard case .success(let records) = found else { return }
        let now = records.reduce(at) { max($0, $1.lastDecisionAt) }
        let plan = policies.plan(for: request, zones: governor.zones, at: now)
        let counters = (governor.store as? InMemoryStore)?.counters ?? []
        for (rule, outcome) in ruleOutcomes(plan, records, counters: counters, at: now, excluding: touch) {
            coverage.count(outcome, of: policies.rules[Int(rule)])
        }
    }

    private mutating func keep(_ answer: DecisionAnswer, _ name: String?, _ caller: CallerID) {
        if let name, let reservation = answer.decision.reservation { reservations[name] = (reservation, caller) }
    }

    private mutating func reservation(_ name: String, _ act: Act, _ position: Int) -> (Reservation, CallerID)? {
        if let found = reservations[name] { return found }
        fail(act, position, "reservation", "one of \(name)", "none: it was denied or reserved nothing")
        return nil
    }

    private mutating func fail(_ act: Act, _ position: Int, _ what: String, _ expected: String, _ actual: String) {
        steps[steps.count - 1].result = actual
        mismatches.append(Mismatch(place: act.place, act: position, what: what, expected: expected, actual: actual))
    }

    private mutating func judge(_ answer: DecisionAnswer, _ expectation: Expectation?, _ position: Int) {
        let telling = AnswerTelling(answer: answer, zone: scenario.zone)
        steps[steps.count - 1].result = telling.line
        steps[steps.count - 1].reasons = telling.reasons
        steps[steps.count - 1].nextAllowedAt =
            answer.decision.verdict == .deny ? answer.decision.nextAllowedAt : nil
        guard let expectation else { return }
        mismatches += expectation.differences(from: answer, zone: scenario.zone).map { difference in
            Mismatch(
                place: difference.place, act: position, what: difference.what, expected: difference.expected,
                actual: difference.actual)
        }
    }
}

/// Waits for an answer that comes through a completion.
private func settled<Value: Sendable>(_ ask: (@escaping @Sendable (Value) -> Void) -> Void) async -> Value {
    await withCheckedContinuation { continuation in ask { continuation.resume(returning: $0) } }
}
