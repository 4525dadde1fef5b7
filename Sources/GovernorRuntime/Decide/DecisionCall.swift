import GovernorCore
import GovernorStore
import Synchronization

/// One decision on its way: what the store runs, and the answer that is owed within the deadline. One object carries it
/// from the question to the answer.
///
/// `@unchecked Sendable`: `outcome` and `persons` are written by `run` and read by `finished`, which a store calls one after
/// the other; everything else is immutable or atomic.
final class DecisionCall: Transaction, Expiring, @unchecked Sendable {
    private let governor: Governor
    private let plan: Plan
    private let id: DecisionID
    private let completion: @Sendable (Result<DecisionAnswer, DecideError>) -> Void
    private let isAnswered = Atomic(false)
    /// Zero for a call that is not measured: fifteen of sixteen, chosen by their random ids.
    private let startedAt: UInt64
    /// The records judged, when they were several.
    private var persons: [PersonID] = []
    private var outcome = Result<Decision, DecideError>.failure(.store(.unavailable("nothing was decided")))

    init(
        _ governor: Governor, _ plan: Plan, id: DecisionID,
        completion: @escaping @Sendable (Result<DecisionAnswer, DecideError>) -> Void
    ) {
        self.governor = governor
        self.plan = plan
        self.id = id
        self.completion = completion
        startedAt = id.low & 15 == 0 ? monotonicNanoseconds() : 0
    }

    var isSettled: Bool { isAnswered.load(ordering: .acquiring) }

    func run(_ set: inout RecordSet) -> [RecordKey]? {
        if let more = set.partnersMissing { return more }
        outcome = governor.decide(plan, over: &set, id: id)
        if set.records.count > 1 || !persons.isEmpty { persons = set.records.map(\.id) }
        return nil
    }

    func finished(_ result: Result<StoreTicket, StoreError>) {
        switch result {
        case .failure(let error): fail(error)
        case .success(let ticket):
            switch outcome {
            case .failure(let error): answer(.failure(error))
            case .success(let decision):
                governor.metrics.count(decision, plan: plan)
                if persons.count > 1 { governor.conflicts.note(persons, at: decision.evaluatedAt) }
                if let reservation = decision.reservation {
                    governor.openReservations.add(reservation, caller: plan.request.caller)
                }
                // Stop 6: an allow is answered once it is on disk; the rest is recorded without waiting.
                guard decision.verdict == .allow && plan.request.reserve else { return answer(decided(decision)) }
                governor.store.whenDurable(ticket) { [self] durable in
                    switch durable {
                    case .success: answer(decided(decision))
                    case .failure(let error): fail(error)
                    }
                }
            }
        }
    }

    func expire() {
        if isSettled { return }
        governor.metrics.deadlinesMissed.add(1)
        fail(.timedOut(outcome: .unknown))
    }

    private func decided(_ decision: Decision) -> Result<DecisionAnswer, DecideError> {
        .success(DecisionAnswer(id: id, decision: decision, plan: plan))
    }

    /// The answer when the store cannot: deny, unless the policy of this purpose says otherwise and the bound holds.
    private func fail(_ error: StoreError) {
        if isAnswered.exchange(true, ordering: .acquiringAndReleasing) { return }
        settle(governor.failed(plan, id, error))
    }

    /// Answers unless it was answered before.
    private func answer(_ result: Result<DecisionAnswer, DecideError>) {
        if isAnswered.exchange(true, ordering: .acquiringAndReleasing) { return }
        settle(result)
    }

    private func settle(_ result: Result<DecisionAnswer, DecideError>) {
        if startedAt != 0 { governor.metrics.latency.count(nanoseconds: monotonicNanoseconds() &- startedAt) }
        if let key = plan.request.idempotency, plan.request.reserve {
            let isKept = if case .success(let answer) = result { answer.decision.verdict == .allow } else { false }
            governor.idempotency.end(key, isKept: isKept)
        }
        completion(result)
    }
}
