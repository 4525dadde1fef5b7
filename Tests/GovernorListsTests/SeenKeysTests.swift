import Foundation
import GovernorTesting
import Testing

@testable import GovernorLists

/// Who was in a list before, in memory and on disk, against a plain dictionary.
@Suite struct SeenKeysTests {
    @Test(arguments: [3, 50, 1_000_000]) func theFirstRowIsFoundHoweverMuchIsSpilled(memoryMax: Int) throws {
        let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var seen = SeenKeys(memoryMax: memoryMax)
        var model: [ListKey: UInt32] = [:]
        for row in 1...2_000 as ClosedRange<UInt32> {
            let keys = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                ListKey(high: .random(in: 0...700, using: &random), low: .max)
            }
            let expected = keys.compactMap { model[$0] }.min() ?? row
            for key in keys { model[key] = expected }
            #expect(try seen.first(of: keys, row: row) == expected)
        }
    }
}
