import Glibc

/// A generator whose whole sequence follows from its seed, so that a random test can be run again.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    public let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// Takes the seed from the environment's `SEED`, else a fresh one, and prints it with the name of the test.
    public static func announced(_ test: String) -> SeededGenerator {
        let seed: UInt64
        if let text = getenv("SEED"), let given = UInt64(String(cString: text)) {
            seed = given
        } else {
            seed = UInt64.random(in: 1...999_999_999)
        }
        print("\(test): SEED=\(seed)")
        return SeededGenerator(seed: seed)
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A generator of its own for one part of a test, so that parts do not disturb each other.
    public mutating func split() -> SeededGenerator { SeededGenerator(seed: next()) }

    /// True once in `n` times.
    public mutating func oneIn(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }

    public mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &self)] }
}
