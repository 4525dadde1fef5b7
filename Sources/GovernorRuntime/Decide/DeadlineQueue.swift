import DequeModule
import GovernorCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// An answer that is still owed: given exactly once, by whoever comes first.
final class Owed<Value: Sendable>: Sendable {
    private let isGiven = Atomic(false)
    private let give: @Sendable (Value) -> Void

    init(_ give: @escaping @Sendable (Value) -> Void) { self.give = give }

    /// Gives the answer unless one was given before.
    func callAsFunction(_ value: @autoclosure () -> Value) {
        if !isGiven.exchange(true, ordering: .acquiringAndReleasing) { give(value()) }
    }

    var isSettled: Bool { isGiven.load(ordering: .acquiring) }
}

/// What ends when its deadline has passed; does nothing when it was answered meanwhile.
protocol Expiring: AnyObject, Sendable {
    func expire()
}

/// The same as a closure.
final class Expiry: Expiring {
    private let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    func expire() { body() }
}

/// Ends what waits too long. One thread looks every few milliseconds at the oldest entries of two queues, one per length
/// of deadline, so that a waiting request costs an append and nothing else.
final class DeadlineQueue: Sendable {
    private struct Entry {
        var due: Int64
        var waiting: any Expiring
    }

    private struct State {
        /// By length of deadline, so that each queue is ascending.
        var queues: [Int64: Deque<Entry>] = [:]
        var isClosed = false
        var isRunning = false
    }

    private let state = Mutex(State())
    /// How late a deadline may be noticed.
    static let tickMicroseconds: UInt32 = 5_000

    /// Calls `expire` of `waiting` once `length` has passed.
    func add(after length: Milliseconds, _ waiting: any Expiring) {
        let due = monotonicMilliseconds() + length.count
        let mustStart = state.withLock { state in
            if state.isClosed { return false }
            state.queues[length.count, default: []].append(Entry(due: due, waiting: waiting))
            if state.isRunning { return false }
            state.isRunning = true
            return true
        }
        if mustStart { startThread { [self] in run() } }
    }

    func close() { state.withLock { $0.isClosed = true } }

    private func run() {
        var idleTicks = 0
        while true {
            usleep(Self.tickMicroseconds)
            let now = monotonicMilliseconds()
            let (expired, isEmpty, isClosed) = state.withLock { state in
                var expired: [Entry] = []
                // Over a copy of the keys: iterating the dictionary itself would copy every queue at its first change.
                for key in Array(state.queues.keys) {
                    while let first = state.queues[key]!.first, first.due <= now {
                        expired.append(state.queues[key]!.removeFirst())
                    }
                }
                return (expired, state.queues.values.allSatisfy(\.isEmpty), state.isClosed)
            }
            for entry in expired { entry.waiting.expire() }
            if isClosed { return }
            // With nothing waiting for a second the thread goes; the next entry starts another.
            idleTicks = isEmpty ? idleTicks + 1 : 0
            if idleTicks > 200 {
                let mayGo = state.withLock { state in
                    guard state.queues.values.allSatisfy(\.isEmpty) else { return false }
                    state.isRunning = false
                    return true
                }
                if mayGo { return }
            }
        }
    }
}

/// Starts a thread of its own for work that waits or blocks.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let status = pthread_create(
        &thread, nil,
        { raw in
            Unmanaged<Box>.fromOpaque(raw!).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    precondition(status == 0, "the system has no thread left")
    pthread_detach(thread)
}
