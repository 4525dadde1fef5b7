import GovernorCore
import GovernorRuntime
import Synchronization

/// The clock of a scenario: it stands still until the next act moves it.
final class ScenarioClock: WallClock {
    private let instant = Mutex(Timestamp(milliseconds: 0))

    func now() -> Timestamp { instant.withLock { $0 } }
    func set(_ new: Timestamp) { instant.withLock { $0 = new } }
}
