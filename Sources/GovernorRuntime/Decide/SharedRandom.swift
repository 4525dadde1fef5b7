import Synchronization

/// Random ids for persons, touches and decisions: xoshiro256**, seeded from the system once.
///
/// The ids must not repeat; nothing is kept secret by them (reservation ids are encrypted with the identifier secret).
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
final class SharedRandom: Sendable {
    private let state: Mutex<(UInt64, UInt64, UInt64, UInt64)>

    init() {
        var system = SystemRandomNumberGenerator()
        state = Mutex((system.next() | 1, system.next(), system.next(), system.next()))
    }

    /// Two words at once: most ids are 128 bits.
    func pair() -> (UInt64, UInt64) {
        state.withLock { s in (Self.step(&s), Self.step(&s)) }
    }

    func next() -> UInt64 { state.withLock { Self.step(&$0) } }

    private static func step(_ s: inout (UInt64, UInt64, UInt64, UInt64)) -> UInt64 {
        let result = rotate(s.1 &* 5, 7) &* 9
        let t = s.1 << 17
        s.2 ^= s.0
        s.3 ^= s.1
        s.1 ^= s.2
        s.0 ^= s.3
        s.2 ^= t
        s.3 = rotate(s.3, 45)
        return result
    }

    private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
}
