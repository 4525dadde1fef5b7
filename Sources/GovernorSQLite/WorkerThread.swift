import Glibc
import Synchronization

/// Why the system gave no thread.
package struct ThreadFailure: Error, Hashable {
    package let reason: String
}

/// A thread of its own for blocking C.
package final class WorkerThread: Sendable {
    private final class Start {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    // Held while joining, so that every caller of `join` returns after the thread has ended.
    private let thread: Mutex<pthread_t?>

    package init(_ body: sending @escaping () -> Void) throws(ThreadFailure) {
        let start = Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            throw ThreadFailure(reason: String(cString: strerror(status)))
        }
        self.thread = Mutex(thread)
    }

    /// Waits for the end of the thread. May be called more than once.
    package func join() {
        thread.withLock { thread in
            guard let handle = thread else { return }
            thread = nil
            // The last reference may go away on the thread itself.
            if pthread_equal(handle, pthread_self()) != 0 {
                pthread_detach(handle)
            } else {
                pthread_join(handle, nil)
            }
        }
    }
}
