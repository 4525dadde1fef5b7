import Synchronization

/// Answers that come in any order and on any thread, handed on when the last one has come.
package final class Gathered<Value: Sendable>: Sendable {
    private struct State {
        var answers: [Value?]
        var missing: Int
    }

    private let state: Mutex<State>
    private let done: @Sendable ([Value]) -> Void

    /// - Precondition: `count` is positive.
    package init(count: Int, done: @escaping @Sendable ([Value]) -> Void) {
        state = Mutex(State(answers: Array(repeating: nil, count: count), missing: count))
        self.done = done
    }

    package func set(_ index: Int, _ answer: Value) {
        let all = state.withLock { state -> [Value]? in
            state.answers[index] = answer
            state.missing -= 1
            return state.missing == 0 ? state.answers.compactMap { $0 } : nil
        }
        if let all { done(all) }
    }
}
