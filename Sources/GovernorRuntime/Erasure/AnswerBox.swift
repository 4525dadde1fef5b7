import Dispatch
import Synchronization

/// One answer on its way to a thread that waits for it.
final class AnswerBox<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func put(_ answer: Value) {
        value.withLock { $0 = answer }
        isThere.signal()
    }

    func take() -> Value {
        isThere.wait()
        return value.withLock { value in
            guard let value else { preconditionFailure("an answer was announced and not given") }
            return value
        }
    }
}
