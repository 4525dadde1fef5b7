import Foundation
import GovernorCore
import GovernorIdentity
import Testing

@testable import GovernorRegistry

/// Snapshots against sets of numbers.
@Suite struct RegistryTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "governor-registry-\(UUID().uuidString)"
        var registries: RegistryFolder { RegistryFolder(path: path) }
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let asOf = Timestamp(milliseconds: 1_790_000_000_000)

    /// Dense blocks, sparse ones, single numbers, both edges of a block, in random order and with repetitions.
    @Test(arguments: [false, true]) func everyNumberIsFoundAndNoOther(hasDates: Bool) throws {
        let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededNumbers(state: seed)
        let folder = try Folder()
        var expected: [UInt64: UInt16] = [:]
        let builder = RegistryBuilder(hasDates: hasDates)
        func add(_ digits: UInt64, _ day: UInt16) {
            builder.add(digits, day: day)
            expected[digits] = expected[digits].map { min($0, day) } ?? day
        }
        for block in 0..<40 {
            let base = (1_212_000 + UInt64(block) * 7) * 10_000
            let density = [1, 3, 300, 627, 628, 629, 5_000, 10_000][block % 8]
            for _ in 0..<density {
                add(base + .random(in: 0..<10_000, using: &random), .random(in: 0...9_000, using: &random))
            }
            add(base, 1)
            add(base + 9_999, 0)
        }
        add(390_612_345_678, 77)
        let info = try folder.registries.install(builder, as: "us-dnc", asOf: Self.asOf, builtAt: Self.asOf)
        #expect(info.count == expected.count && info.sequence == 1 && info.addedCount == expected.count)
        let snapshot = try #require(try folder.registries.snapshot(of: "us-dnc"))
        #expect(snapshot.info == info)
        try snapshot.verify()
        for (digits, day) in expected {
            let since = !hasDates || day == 0 ? nil : Timestamp(milliseconds: Int64(day) * 86_400_000)
            #expect(snapshot.listing(of: digits) == .listed(since: since), "\(digits)")
        }
        for _ in 0..<20_000 {
            let digits = UInt64.random(in: 12_120_000_000...12_122_900_000, using: &random)
            if expected[digits] == nil { #expect(snapshot.listing(of: digits) == .notListed, "\(digits)") }
        }
        #expect(snapshot.listing(of: 0) == .notListed && snapshot.listing(of: .max) == .notListed)
        // Written again from itself it is the same, to the byte.
        let again = try folder.registries.install(
            RegistryBuilder(snapshot), as: "us-dnc", asOf: Self.asOf, builtAt: Self.asOf)
        #expect(
            again.version == info.version && again.addedCount == 0 && again.removedCount == 0 && again.sequence == 2)
    }

    @Test func changesAreCountedAndTheOneBeforeIsKept() throws {
        let folder = try Folder()
        func install(_ numbers: [UInt64], shrinking: Bool = false) throws -> RegistryInfo {
            let builder = RegistryBuilder(hasDates: false)
            for digits in numbers { builder.add(digits) }
            return try folder.registries.install(
                builder, as: "uk-tps", asOf: Self.asOf, builtAt: Self.asOf, acceptsShrinking: shrinking)
        }
        let first = (0..<1_000).map { 442_079_460_000 + UInt64($0) * 3 }
        _ = try install(first)
        let second = try install(Array(first.dropFirst(10)) + [442_079_469_998])
        #expect(second.addedCount == 1 && second.removedCount == 10 && second.sequence == 2)
        #expect(throws: RegistryError.shrinks(name: "uk-tps", from: 991, to: 100)) {
            try install(Array(first.prefix(100)))
        }
        let third = try install(Array(first.prefix(100)), shrinking: true)
        #expect(third.sequence == 3)
        #expect(folder.registries.entries().map(\.sequence) == [3, 2])
        try folder.registries.remove("uk-tps", all: false)
        #expect(try folder.registries.snapshot(of: "uk-tps")?.info == second)
        try folder.registries.remove("uk-tps", all: true)
        #expect(folder.registries.entries().isEmpty)
        #expect(throws: RegistryError.unknown(name: "uk-tps", known: [])) {
            try folder.registries.remove("uk-tps", all: true)
        }
    }

    @Test func aDeltaAddsAndTakesAway() throws {
        let folder = try Folder()
        let builder = RegistryBuilder(hasDates: true)
        for i in 0..<2_000 { builder.add(12_125_550_000 + UInt64(i), day: UInt16(100 + i)) }
        _ = try folder.registries.install(builder, as: "us-dnc", asOf: Self.asOf, builtAt: Self.asOf)
        let changed = RegistryBuilder(try #require(try folder.registries.snapshot(of: "us-dnc")))
        changed.remove(12_125_550_007)
        changed.remove(12_125_559_999)
        changed.remove(4)
        changed.add(12_125_558_000, day: 9)
        let info = try folder.registries.install(changed, as: "us-dnc", asOf: Self.asOf, builtAt: Self.asOf)
        #expect(info.count == 2_000 && info.addedCount == 1 && info.removedCount == 1)
        let snapshot = try #require(try folder.registries.snapshot(of: "us-dnc"))
        #expect(snapshot.listing(of: 12_125_550_007) == .notListed)
        #expect(snapshot.listing(of: 12_125_550_008) == .listed(since: Timestamp(milliseconds: 108 * 86_400_000)))
        #expect(snapshot.listing(of: 12_125_558_000) == .listed(since: Timestamp(milliseconds: 9 * 86_400_000)))
    }

    /// Every byte of the first page and of the table changed, and the file cut anywhere: an error or a snapshot, no crash.
    @Test func aDamagedFileIsRefused() throws {
        let folder = try Folder()
        let builder = RegistryBuilder(hasDates: true)
        for i in 0..<700 { builder.add(12_125_550_000 + UInt64(i * 13), day: 5) }
        for i in 0..<20 { builder.add(12_135_550_000 + UInt64(i * 13), day: 5) }
        _ = try folder.registries.install(builder, as: "us-dnc", asOf: Self.asOf, builtAt: Self.asOf)
        let path = try #require(folder.registries.entries().first).path
        let good = try Data(contentsOf: URL(filePath: path))
        let bad = folder.path + "/bad"
        for i in stride(from: 0, to: good.count, by: i_step(good.count)) {
            var bytes = good
            bytes[i] ^= 0x55
            try bytes.write(to: URL(filePath: bad))
            do throws(RegistryError) {
                let snapshot = try RegistrySnapshot(path: bad)
                for k in 0..<700 { _ = snapshot.listing(of: 12_125_550_000 + UInt64(k)) }
                _ = snapshot.listing(of: 12_135_550_013)
                #expect(i >= 4_096, "the first page was changed at \(i)")
                #expect(throws: RegistryError.self) { try snapshot.verify() }
            } catch {}
            try good.prefix(i).write(to: URL(filePath: bad))
            #expect(throws: RegistryError.self, "cut at \(i)") { try RegistrySnapshot(path: bad) }
        }
        #expect(throws: RegistryError.file(path: folder.path + "/none", reason: "No such file or directory")) {
            try RegistrySnapshot(path: folder.path + "/none")
        }
    }

    private func i_step(_ count: Int) -> Int { max(1, count / 900) }

    @Test func theFolderIsMadeWithThoseItLiesIn() throws {
        let folder = try Folder()
        let registries = RegistryFolder(path: folder.path + "/data/registries")
        #expect(registries.entries().isEmpty)
        let builder = RegistryBuilder(hasDates: false)
        builder.add(12_125_550_100)
        #expect(try registries.install(builder, as: "x", asOf: Self.asOf, builtAt: Self.asOf).count == 1)
        #expect(registries.entries().map(\.name) == ["x"])
        #expect(throws: RegistryError.empty(name: "y")) {
            try registries.install(RegistryBuilder(hasDates: false), as: "y", asOf: Self.asOf, builtAt: Self.asOf)
        }
        #expect(throws: RegistryError.badName("A")) {
            try registries.install(builder, as: "A", asOf: Self.asOf, builtAt: Self.asOf)
        }
    }

    @Test func aNodeSeesWhatIsNewAndKeepsWhatIsGood() throws {
        let folder = try Folder()
        let loaded = LoadedRegistries()
        #expect(loaded.refresh(from: folder.registries) == ([], []))
        #expect(loaded.answers(for: 12_125_550_100).isEmpty)
        let builder = RegistryBuilder(hasDates: false)
        builder.add(12_125_550_100)
        let info = try folder.registries.install(builder, as: "us-dnc", asOf: Self.asOf, builtAt: Self.asOf)
        #expect(loaded.refresh(from: folder.registries).changes.count == 1)
        #expect(loaded.refresh(from: folder.registries) == ([], []))
        let answer = try #require(loaded.answers(for: 12_125_550_100).first)
        #expect(answer.registry == "us-dnc" && answer.snapshotAt == Self.asOf && answer.listing == .listed(since: nil))
        #expect(answer.version == Name(info.version))
        try Data("rubbish".utf8).write(to: URL(filePath: folder.path + "/us-dnc.2.registry"))
        let after = loaded.refresh(from: folder.registries)
        #expect(after.changes.isEmpty && after.troubles.count == 1)
        #expect(loaded.answers(for: 12_125_550_100).count == 1)
        try folder.registries.remove("us-dnc", all: true)
        #expect(loaded.refresh(from: folder.registries).changes == ["us-dnc: no longer there"])
        #expect(loaded.isEmpty)
    }
}

/// SplitMix64.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
