public import GovernorCore
import Synchronization

/// A wall clock that stands still until it is moved.
public final class ManualClock: Sendable {
    private let instant: Mutex<Timestamp>

    public init(_ start: Timestamp = Timestamp(milliseconds: 1_795_000_000_000)) { instant = Mutex(start) }

    public func now() -> Timestamp { instant.withLock { $0 } }

    public func set(_ new: Timestamp) { instant.withLock { $0 = new } }

    /// Moves forward, or back by a negative length.
    @discardableResult
    public func advance(by length: Milliseconds) -> Timestamp {
        instant.withLock {
            $0 = $0 + length
            return $0
        }
    }
}
