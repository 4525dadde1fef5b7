import GovernorCore
import Synchronization

/// What a node remembers of idempotency keys besides the records: which are in flight, and with which request each came.
///
/// A repeated key finds its touch on the person's record, whatever node it reaches. This window only tells that the same
/// key came with a different request about somebody else, as far back as it reaches.
final class IdempotencyWindow: Sendable {
    enum Entry {
        case fresh
        case inFlight
        case mismatch
    }

    private struct State {
        var inFlight: Set<IdempotencyKey> = []
        var recent: [UInt64: UInt64] = [:]
        var previous: [UInt64: UInt64] = [:]
    }

    private let state = Mutex(State())
    private let countMax: Int

    init(countMax: Int) { self.countMax = countMax }

    func begin(_ key: IdempotencyKey) -> Entry {
        state.withLock { state in
            let id = key.high ^ key.low
            if let seen = state.recent[id] ?? state.previous[id], seen != key.fingerprint { return .mismatch }
            guard state.inFlight.insert(key).inserted else { return .inFlight }
            return .fresh
        }
    }

    /// `isKept`: the request was allowed, so that its key is taken.
    func end(_ key: IdempotencyKey, isKept: Bool) {
        state.withLock { state in
            state.inFlight.remove(key)
            guard isKept else { return }
            if state.recent.count >= countMax / 2 {
                state.previous = state.recent
                state.recent = [:]
            }
            state.recent[key.high ^ key.low] = key.fingerprint
        }
    }
}
