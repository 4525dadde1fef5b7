/// When to try a server again, and whether requests may wait for it meanwhile: no clock, no socket.
///
/// Closed: it answers. After a failure the next attempt waits a little longer each time, with jitter, up to a bound. From
/// `failuresToOpen` failures in a row on it is open: requests are refused at once until an attempt succeeds.
struct Breaker: ~Copyable {
    let failuresToOpen: Int
    let backoffMinMilliseconds: Int64
    let backoffMaxMilliseconds: Int64
    private(set) var failureCount = 0
    /// How often it went from closed to open.
    private(set) var openCount: UInt64 = 0

    init(failuresToOpen: Int, backoffMinMilliseconds: Int64, backoffMaxMilliseconds: Int64) {
        self.failuresToOpen = failuresToOpen
        self.backoffMinMilliseconds = backoffMinMilliseconds
        self.backoffMaxMilliseconds = backoffMaxMilliseconds
    }

    var isOpen: Bool { failureCount >= failuresToOpen }

    mutating func succeeded() { failureCount = 0 }

    /// Notes a failure; returns how long to wait before the next attempt, in milliseconds.
    ///
    /// Half of the delay is left to chance, so that nodes do not come back in step.
    mutating func failed(_ generator: inout some RandomNumberGenerator) -> Int64 {
        failureCount += 1
        if failureCount == failuresToOpen { openCount += 1 }
        let doublings = min(failureCount - 1, 20)
        let delay = min(backoffMaxMilliseconds, backoffMinMilliseconds << Int64(doublings))
        return delay - Int64.random(in: 0...(delay / 2), using: &generator)
    }
}
