import DequeModule
import GovernorCore
import Synchronization

/// Contacts that a policy let pass while the store could not answer, waiting to be put on record.
final class DegradedContacts: Sendable {
    private let waiting = Mutex(Deque<(ContactRequest, Timestamp)>())
    private let countMax: Int

    init(countMax: Int) { self.countMax = countMax }

    /// `false` when the bound is reached: then the contact must be denied.
    func add(_ request: ContactRequest, at now: Timestamp) -> Bool {
        waiting.withLock { waiting in
            if waiting.count >= countMax { return false }
            waiting.append((request, now))
            return true
        }
    }

    func takeFirst() -> (ContactRequest, Timestamp)? { waiting.withLock { $0.popFirst() } }
    func putBack(_ request: ContactRequest, at now: Timestamp) { waiting.withLock { $0.prepend((request, now)) } }
    var count: Int { waiting.withLock { $0.count } }
}
