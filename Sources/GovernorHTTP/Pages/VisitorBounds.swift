import GovernorCore
import Synchronization

/// Bounds on what may be asked without a key: for one link, and for all together. Whoever sends more is told to wait;
/// nothing is written for her.
final class VisitorBounds: Sendable {
    private struct State {
        var all = Bucket(left: VisitorBounds.burst)
        var byLink: [UInt64: Bucket] = [:]
    }

    private struct Bucket {
        var left: Double
        var filledAt = Timestamp.distantPast

        /// Takes one, after filling up at `rate` a second to at most `most`.
        mutating func take(rate: Double, most: Double, at now: Timestamp) -> Bool {
            if filledAt == .distantPast {
                left = most
            } else {
                left = min(most, left + rate * Double(max(0, (now - filledAt).count)) / 1_000)
            }
            filledAt = now
            if left < 1 { return false }
            left -= 1
            return true
        }
    }

    /// Requests a second, and at once, of all visitors of a node.
    static let rate = 500.0
    static let burst = 2_000.0
    /// Of one link: a person and a mail provider together need a few.
    static let linkRate = 0.5
    static let linkBurst = 30.0
    /// Links remembered; past it all begin anew.
    static let linksMax = 20_000

    private let state = Mutex(State())

    /// Whether a request with this link may be served now.
    func admits(_ token: Substring, at now: Timestamp) -> Bool {
        let link = nameBits(String(token))
        return state.withLock { state in
            guard state.all.take(rate: Self.rate, most: Self.burst, at: now) else { return false }
            if state.byLink.count >= Self.linksMax, state.byLink[link] == nil { state.byLink = [:] }
            return state.byLink[link, default: Bucket(left: 0)].take(
                rate: Self.linkRate, most: Self.linkBurst, at: now)
        }
    }
}
