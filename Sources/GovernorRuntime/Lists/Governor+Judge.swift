public import GovernorCore
public import GovernorStore
import Synchronization

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
    /// Answers rows of a list as `decide` answers the same requests with `reserve: false`, and says whom they are about.
    ///
    /// Nothing is counted or taught; the ledger gets sums, not a record for each row. The store is asked for all rows at
    /// once and only hands out records: they are evaluated in the caller's task, so that several tasks use several cores.
    /// - Parameter requests: each with another instant to ask for; `nil`: now.
    public func judge(
        _ requests: [(request: ContactRequest, asked: Timestamp?)]
    ) async -> [Result<Judgement, StoreError>] {
        if requests.isEmpty { return [] }
        let policies = self.policies.current
        let plans = requests.map { request, asked in
            var request = request
            request.reserve = false
            if !request.registryAnswers.isEmpty {
                request.registryAnswers.removeAll { !policies.registries.contains($0.registry) }
            }
            return policies.plan(for: request, zones: zones, at: asked ?? clock.now(), isHypothetical: asked != nil)
        }
        let read = await withCheckedContinuation { continuation in
            let group = ReadGroup(count: plans.count) { continuation.resume(returning: $0) }
            for (i, plan) in plans.enumerated() {
                var keys = plan.request.identifiers.map { RecordKey.identifier($0.hash) }
                for counter in plan.counters { keys.append(.counter(counter)) }
                store.transact(keys, ReadCall(group, i))
            }
            if !group.isAnswered { deadlines.add(after: configuration.factDeadline, group) }
        }
        return zip(plans, read).map { plan, set in
            set.map { judgement(of: plan, over: $0, id: DecisionID(random.pair())) }
        }
    }

    private func judgement(of plan: Plan, over set: RecordSet, id: DecisionID) -> Judgement {
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

/// What the store says of many rows: answered once, when the last has come or the deadline has passed.
private final class ReadGroup: Expiring {
    private struct State {
        var answers: [Result<RecordSet, StoreError>?]
        var missing: Int
    }

    private let state: Mutex<State>
    private let done: @Sendable ([Result<RecordSet, StoreError>]) -> Void

    init(count: Int, done: @escaping @Sendable ([Result<RecordSet, StoreError>]) -> Void) {
        state = Mutex(State(answers: Array(repeating: nil, count: count), missing: count))
        self.done = done
    }

    var isAnswered: Bool { state.withLock { $0.missing == 0 } }

    /// The answer to one row; nothing happens once all of them were given.
    func set(_ index: Int, _ answer: Result<RecordSet, StoreError>) {
        let all = state.withLock { state -> [Result<RecordSet, StoreError>]? in
            guard state.missing > 0, state.answers[index] == nil else { return nil }
            state.answers[index] = answer
            state.missing -= 1
            return state.missing == 0 ? Self.taken(&state) : nil
        }
        if let all { done(all) }
    }

    func expire() {
        let all = state.withLock { state -> [Result<RecordSet, StoreError>]? in
            guard state.missing > 0 else { return nil }
            state.missing = 0
            return Self.taken(&state)
        }
        if let all { done(all) }
    }

    /// The records are not held until the deadline comes by.
    private static func taken(_ state: inout State) -> [Result<RecordSet, StoreError>] {
        defer { state.answers = [] }
        return state.answers.map { $0 ?? .failure(.timedOut(outcome: .notStored)) }
    }
}

/// One row on its way through the store.
///
/// `@unchecked Sendable`: `set` is written by `run` and read by `finished`, which a store calls one after the other.
private final class ReadCall: Transaction, @unchecked Sendable {
    private let group: ReadGroup
    private let index: Int
    private var set: RecordSet?

    init(_ group: ReadGroup, _ index: Int) {
        self.group = group
        self.index = index
    }

    func run(_ set: inout RecordSet) -> [RecordKey]? {
        if let more = set.partnersMissing { return more }
        self.set = set
        return nil
    }

    func finished(_ result: Result<StoreTicket, StoreError>) {
        switch (result, set) {
        case (.success, let set?): group.set(index, .success(set))
        case (.success, nil): group.set(index, .failure(.unavailable("nothing was read")))
        case (.failure(let error), _): group.set(index, .failure(error))
        }
        set = nil
    }
}
