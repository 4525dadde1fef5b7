import Foundation
import GovernorCore
import GovernorRegistry

/// What a registry costs without files and rows: nanoseconds of processor time for adding a number and for asking one.
@main struct RegistryBenchmarks {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: RegistryBenchmarks FOLDER\n".utf8))
            exit(64)
        }
        // Every eighth number of 2,500 blocks in each of 10 area codes.
        let numbers: [UInt64] = (0..<10).flatMap { area in
            (0..<3_125_000).map { 12_010_000_000 + UInt64(area) * 10_000_000 + UInt64($0) * 8 % 10_000_000 }
        }
        let builder = RegistryBuilder(hasDates: false)
        let begin = processorNanoseconds()
        for number in numbers { builder.add(number) }
        let adding = (processorNanoseconds() - begin) / Double(numbers.count)

        let folder = RegistryFolder(path: CommandLine.arguments[1])
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let info = try folder.install(builder, as: "bench", asOf: now, builtAt: now)
        guard let entry = folder.current().first else { exit(1) }
        let snapshot = try RegistrySnapshot(path: entry.path, populating: true)
        // Anywhere in the list, in no order; one in eight is on it.
        var state: UInt64 = 1
        let asked = (0..<2_000_000).map { _ -> UInt64 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return 12_010_000_000 + (state >> 33) % 100_000_000
        }
        var rounds: [Double] = []
        var hits = 0
        for _ in 0..<5 {
            let begin = processorNanoseconds()
            for number in asked where snapshot.listing(of: number) != .notListed { hits += 1 }
            rounds.append((processorNanoseconds() - begin) / Double(asked.count))
        }
        guard hits > 0 else { exit(1) }
        print(
            "{\"numbers\":\(info.count),\"add_ns\":\(adding),\"lookup_ns\":\(rounds.sorted()[2]),\"bytes\":\(info.byteCount)}"
        )
    }

    /// Processor time of this thread so far.
    private static func processorNanoseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
