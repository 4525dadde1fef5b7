import GovernorCore
import Synchronization

/// Bounds how often somebody may try keys: a few wrong ones a minute from one address, and many from all together.
final class SignInLimiter: Sendable {
    static let perClientMax = 10
    static let allMax = 300
    static let window = Milliseconds.minutes(1)
    /// Addresses that are watched at once.
    static let clientsMax = 10_000

    private struct State {
        var minute: Int64 = 0
        var byClient: [String: Int] = [:]
        var all = 0
    }

    private let state = Mutex(State())

    /// Seconds to wait before the next attempt; `nil` when there is none.
    func wait(_ client: String, at now: Timestamp) -> Int? {
        state.withLock { state in
            turn(&state, now)
            guard state.byClient[client, default: 0] >= Self.perClientMax || state.all >= Self.allMax else {
                return nil
            }
            return Int((Self.window.count - now.milliseconds % Self.window.count) / 1_000) + 1
        }
    }

    func noteFailure(_ client: String, at now: Timestamp) {
        state.withLock { state in
            turn(&state, now)
            state.all += 1
            if state.byClient[client] != nil || state.byClient.count < Self.clientsMax {
                state.byClient[client, default: 0] += 1
            }
        }
    }

    private func turn(_ state: inout State, _ now: Timestamp) {
        let minute = now.milliseconds / Self.window.count
        if state.minute != minute { state = State(minute: minute) }
    }
}
