import Synchronization

/// Shut while decisions must not be taken although Redis answers: after its history has changed, until the ledgers of
/// all nodes have been replayed.
final class Gate: Sendable {
    private let isShut: Atomic<Bool>
    private let text: Mutex<String>

    init(shutBecause reason: String?) {
        isShut = Atomic(reason != nil)
        text = Mutex(reason ?? "")
    }

    /// Why it is shut; `nil`: it is open.
    var reason: String? {
        if !isShut.load(ordering: .acquiring) { return nil }
        return text.withLock { $0 }
    }

    func shut(_ reason: String) {
        text.withLock { $0 = reason }
        isShut.store(true, ordering: .releasing)
    }

    func open() { isShut.store(false, ordering: .releasing) }
}
