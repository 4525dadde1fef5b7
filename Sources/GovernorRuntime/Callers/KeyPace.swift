import Synchronization

/// How fast one key may ask: so many requests a second, and as many at once after a pause.
///
/// One atomic word, the instant at which everything admitted so far would be paid for (GCRA), so that event loops share
/// it without a lock. Source: ITU-T I.371, annex A.
final class KeyPace: Sendable {
    /// Nanoseconds that one request is paid for in.
    private let interval: Int64
    private let paidAt = Atomic<Int64>(.min / 2)

    /// What may be asked at once after a pause: a second's worth.
    private static let burst: Int64 = 1_000_000_000

    /// - Precondition: `perSecond` is between 1 and a million.
    init(perSecond: Int) {
        precondition((1...KeyLimits.figureMax).contains(perSecond), "a pace out of range")
        interval = Self.burst / Int64(perSecond)
    }

    /// Takes one request, unless it comes too soon.
    /// - Parameter now: nanoseconds of a clock that never steps back.
    /// - Returns: `nil` when it may go on; else nanoseconds after which one may.
    func wait(at now: Int64) -> Int64? {
        var paid = paidAt.load(ordering: .relaxed)
        while true {
            let next = max(paid, now) + interval
            if next - now > Self.burst { return next - now - Self.burst }
            let (isExchanged, original) = paidAt.compareExchange(expected: paid, desired: next, ordering: .relaxed)
            if isExchanged { return nil }
            paid = original
        }
    }

    /// Has `count` more requests paid for that came with one that was admitted; later ones wait for it.
    func charge(_ count: Int) {
        if count > 0 { paidAt.wrappingAdd(Int64(count) * interval, ordering: .relaxed) }
    }
}
