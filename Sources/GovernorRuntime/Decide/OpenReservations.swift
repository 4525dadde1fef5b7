import DequeModule
public import GovernorCore
import Synchronization

/// The reservations that this node gave to each caller since it started, so that a caller can list its own.
///
/// Only a hint of where to look: whether one is still open is for its record to say. Bounded, so that a caller who never
/// lists loses the oldest.
final class OpenReservations: Sendable {
    private struct State {
        var byCaller: [CallerID: Deque<OpenReservation>] = [:]
        var count = 0
        var sequence: UInt64 = 0
    }

    private let state = Mutex(State())
    /// Reservations kept per caller, and of all callers together.
    static let perCallerMax = 10_000
    static let countMax = 200_000

    func add(_ reservation: Reservation, caller: CallerID) {
        state.withLock { state in
            state.sequence += 1
            let entry = OpenReservation(
                sequence: state.sequence, touch: reservation.touch, person: reservation.person)
            let held = state.byCaller[caller]?.count ?? 0
            if held >= Self.perCallerMax || state.count >= Self.countMax && held > 0 {
                state.byCaller[caller]?.removeFirst()
                state.count -= 1
            }
            if state.count >= Self.countMax { return }
            state.byCaller[caller, default: []].append(entry)
            state.count += 1
        }
    }

    /// Newest first, those given before `sequence`.
    func list(of caller: CallerID, before sequence: UInt64?) -> [OpenReservation] {
        state.withLock { state in
            (state.byCaller[caller] ?? []).reversed().filter { sequence == nil || $0.sequence < sequence ?? 0 }
        }
    }
}

/// Where a reservation of a caller's stands on record.
public struct OpenReservation: Hashable, Sendable {
    /// Rises with every reservation of this node.
    public var sequence: UInt64
    public var touch: TouchID
    public var person: PersonID
}

extension Governor {
    /// The reservations that this node gave to a caller since it started, newest first, at most 10,000; those given before
    /// `sequence`. Whether one is still open is for its record to say.
    public func reservations(of caller: CallerID, before sequence: UInt64?) -> [OpenReservation] {
        openReservations.list(of: caller, before: sequence)
    }
}
