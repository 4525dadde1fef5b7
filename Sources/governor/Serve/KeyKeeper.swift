import GovernorCore
import GovernorRuntime
import Logging
import ServiceLifecycle

/// Keeps the ring of keys in step with its file and, where nodes share a store, with the other nodes: a key that is
/// removed anywhere is refused everywhere within a second.
struct KeyKeeper: Service {
    let ring: KeyRing
    let shared: SharedKeys?
    let logger: Logger

    /// Twice this, and the way through the store, is what a change takes to reach every node.
    static let interval = Duration.milliseconds(250)
    /// How old `lastUsed` may be.
    static let useEvery = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let clock = SystemWallClock()
            var log = TroubleLog(logger: logger)
            var useKept = ContinuousClock.now
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                do throws(KeyRingError) {
                    try ring.reload()
                    log.note("reading the keys, which stay as they were,", nil)
                } catch {
                    log.note("reading the keys, which stay as they were,", error.description)
                }
                if let shared {
                    do {
                        try await shared.exchange(at: clock.now())
                        log.note("sharing keys with other nodes", nil)
                    } catch {
                        if !Task.isCancelled { log.note("sharing keys with other nodes", "\(error)") }
                    }
                }
                if useKept.duration(to: .now) >= Self.useEvery {
                    useKept = .now
                    ring.forgetAdmissions()
                    ring.keepLastUsed()
                }
            }
            ring.keepLastUsed()
        }
    }
}
