public import GovernorCore
public import GovernorStore

/// What a row of a list comes to, and whom it is about.
public struct Judgement: Sendable {
    public var answer: DecisionAnswer
    /// The persons that the row's identifiers lead to and those merged with them; those behind shared ones left out.
    public var persons: [PersonID]
    /// By position among the request's identifiers: whether it says who the row is about. A placeholder and a shared
    /// address do not.
    public var tellsWho: [Bool]
}

extension Governor {
    /// Answers a row of a list as `decide` answers the same request with `reserve: false`, and says whom it is about.
    ///
    /// Nothing is counted or taught; the ledger gets sums, not a record for each row. `completion` runs once, on the
    /// calling thread when the store has the records at hand.
    /// - Parameter asked: another instant to ask for; `nil`: now.
    public func judge(
        _ request: ContactRequest, asked: Timestamp? = nil,
        completion: @escaping @Sendable (Result<Judgement, StoreError>) -> Void
    ) {
        let policies = self.policies.current
        var request = request
        request.reserve = false
        if !request.registryAnswers.isEmpty {
            request.registryAnswers.removeAll { !policies.registries.contains($0.registry) }
        }
        let plan = policies.plan(for: request, zones: zones, at: asked ?? clock.now(), isHypothetical: asked != nil)
        let call = JudgeCall(self, plan, id: DecisionID(random.pair()), completion: completion)
        var keys = request.identifiers.map { RecordKey.identifier($0.hash) }
        for counter in plan.counters { keys.append(.counter(counter)) }
        store.transact(keys, call)
        if !call.isSettled { deadlines.add(after: configuration.factDeadline, call) }
    }

    fileprivate func judgement(of plan: Plan, over set: RecordSet, id: DecisionID) -> Judgement {
        let request = plan.request
        let now = plan.isHypothetical ? plan.now : set.records.reduce(plan.now) { max($0, $1.lastDecisionAt) }
        var decision = evaluate(
            plan, set.records, counters: set.counters, at: now, touchID: TouchID(bits: random.next())
        ).decision
        decision.isIdentityConflict = request.linking(set.records, homes: set.homes, at: now).isConflict
        summaries.count(decision, request)
        var judgement = Judgement(
            answer: DecisionAnswer(id: id, decision: decision, plan: plan),
            persons: set.records.filter { !$0.isShared }.map(\.id), tellsWho: [])
        for (i, identifier) in request.identifiers.enumerated() {
            let home = set.homes[i]
            let isShared = home >= 0 && set.records[home].isShared
            judgement.tellsWho.append(!identifier.isPlaceholder && !isShared)
        }
        return judgement
    }
}

/// One row on its way through the store.
///
/// `@unchecked Sendable`: `judgement` is written by `run` and read by `finished`, which a store calls one after the other.
private final class JudgeCall: Transaction, Expiring, @unchecked Sendable {
    private let governor: Governor
    private let plan: Plan
    private let id: DecisionID
    private let owed: Owed<Result<Judgement, StoreError>>
    private var judgement: Judgement?

    init(
        _ governor: Governor, _ plan: Plan, id: DecisionID,
        completion: @escaping @Sendable (Result<Judgement, StoreError>) -> Void
    ) {
        self.governor = governor
        self.plan = plan
        self.id = id
        owed = Owed(completion)
    }

    var isSettled: Bool { owed.isSettled }

    func run(_ set: inout RecordSet) -> [RecordKey]? {
        if let more = set.partnersMissing { return more }
        judgement = governor.judgement(of: plan, over: set, id: id)
        return nil
    }

    func finished(_ result: Result<StoreTicket, StoreError>) {
        switch (result, judgement) {
        case (.success, let judgement?): owed(.success(judgement))
        case (.success, nil): owed(.failure(.unavailable("nothing was judged")))
        case (.failure(let error), _): owed(.failure(error))
        }
    }

    func expire() { owed(.failure(.timedOut(outcome: .notStored))) }
}
