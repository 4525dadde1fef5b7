import Foundation
import GovernorCore
import GovernorLists
import GovernorRuntime
import GovernorTesting
import Synchronization
import Testing

/// What a node keeps of its jobs, and for how long.
@Suite struct JobCenterTests {
    /// A clock of the test's, as the runtime wants it.
    private struct Clock: WallClock {
        let manual = ManualClock()
        func now() -> Timestamp { manual.now() }
    }

    /// Counts rows up to its goal, or until it is told to stop.
    private struct Counting: JobWork {
        let goal: Int

        func run(_ handle: JobHandle) async throws {
            while handle.job?.rows ?? goal < goal {
                try Task.checkCancellation()
                handle.update { $0.rows += 1 }
                try handle.save()
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    private struct Broken: Error, CustomStringConvertible { let description = "it broke" }

    private struct Breaking: JobWork {
        func run(_ handle: JobHandle) async throws { throw Broken() }
    }

    private let clock = Clock()
    private let caller: Caller = {
        var limits = KeyLimits()
        limits.channels = ["voice"]
        return Caller(id: "k1", role: .dialer, agency: "north", bounds: CallerBounds(limits))
    }()

    private func folder() -> String { FileManager.default.temporaryDirectory.path + "/jobs-\(UUID().uuidString)" }

    private func files(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private func post(_ center: JobCenter, _ list: String, _ work: any JobWork) throws -> (job: JobView, isNew: Bool) {
        let upload = try center.open(.imports, "people", by: caller)
        try Array(list.utf8).withUnsafeBytes { try upload.append($0) }
        return try center.submit(upload, again: false, isSame: [.running, .done]) { _ in work }
    }

    private func ended(_ center: JobCenter, _ id: String) async throws -> JobView {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let view = try #require(center.view(id))
            if view.job.state.hasEnded, center.part(.list, of: id) == nil { return view }
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test func aStoppedJobGoesOnInTheNextProcess() async throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = JobCenter(folder: folder, bounds: JobBounds(), clock: clock)
        let posted = try post(first, "a list", Counting(goal: .max))
        let half = try first.open(.imports, "people", by: caller)
        try Array("half a list".utf8).withUnsafeBytes { try half.append($0) }
        while first.job(posted.job.job.id)?.rows == 0 { try await Task.sleep(for: .milliseconds(1)) }
        await first.stop()
        let rows = try #require(first.job(posted.job.job.id)?.rows)
        #expect(throws: JobRefusal.closing) { try first.open(.imports, "people", by: caller) }

        let second = JobCenter(folder: folder, bounds: JobBounds(), clock: clock)
        second.start { _ in Counting(goal: rows + 10) }
        let done = try await ended(second, posted.job.job.id)
        #expect(done.job.state == .done && done.job.rows == rows + 10 && done.job.restarts == 1)
        #expect(done.job.caller == caller)
        // What had not come whole is as if it had never begun.
        #expect(second.view(half.id) == nil && files(folder) == ["\(done.job.id).job"])
        await second.stop()
    }

    @Test func whatFailsSaysWhyAndMayBeBegunAnew() async throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let center = JobCenter(folder: folder, bounds: JobBounds(), clock: clock)
        let posted = try post(center, "a list", Breaking())
        let failed = try await ended(center, posted.job.job.id)
        #expect(failed.job.state == .failed && failed.job.detail == "it broke")
        let again = try post(center, "a list", Counting(goal: 3))
        #expect(again.isNew)
        _ = try await ended(center, again.job.job.id)
        let same = try post(center, "a list", Breaking())
        #expect(!same.isNew && same.job.job.id == again.job.job.id)
        #expect(try post(center, "another list", Counting(goal: 3)).isNew)
        await center.stop()
    }

    @Test func jobsAreForgotten() async throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var bounds = JobBounds()
        bounds.keptFor = .days(2)
        bounds.keptMax = 3
        let center = JobCenter(folder: folder, bounds: bounds, clock: clock)
        var ids: [String] = []
        for i in 0..<5 {
            let posted = try post(center, "list \(i)", Counting(goal: 1))
            ids.append(try await ended(center, posted.job.job.id).job.id)
            clock.manual.advance(by: .hours(10))
        }
        center.clean()
        #expect(center.views(.imports, for: caller).map(\.job.id) == [ids[4], ids[3], ids[2]])
        // 10 hours after the last: the third ended 30 hours ago.
        clock.manual.advance(by: Milliseconds(18 * 3_600_000 - 1))
        center.clean()
        #expect(center.view(ids[2]) != nil)
        clock.manual.advance(by: Milliseconds(1))
        center.clean()
        #expect(center.view(ids[2]) == nil && center.view(ids[3]) != nil)
        #expect(files(folder).count == 2)
        await center.stop()
    }

    @Test func boundsOfOneAndOfAll() async throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var bounds = JobBounds()
        bounds.atOnceMax = 2
        bounds.listBytesMax = 10
        let center = JobCenter(folder: folder, bounds: bounds, clock: clock)
        let upload = try center.open(.imports, "people", by: caller)
        try Array("0123456789".utf8).withUnsafeBytes { try upload.append($0) }
        #expect(throws: JobRefusal.tooLong(bytesMax: 10)) { try [0].withUnsafeBytes { try upload.append($0) } }
        let running = try post(center, "x", Counting(goal: .max))
        #expect(throws: JobRefusal.tooMany(2)) { try center.open(.scrubs, "text/csv", by: caller) }
        upload.abandon()
        let cancelled = await center.end(running.job.job.id)
        #expect(cancelled?.job.state == .cancelled)
        #expect(throws: Never.self) { try center.open(.scrubs, "text/csv", by: caller).abandon() }
        #expect(await center.end(running.job.job.id) != nil && center.view(running.job.job.id) == nil)
        #expect(files(folder).isEmpty)
        await center.stop()
    }

    /// The same for any pieces, as `governor import` makes it of the file.
    @Test func aDigestDoesNotDependOnPieces() throws {
        var generator = SeededGenerator.announced("aDigestDoesNotDependOnPieces")
        let bytes = (0..<700_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let whole = try ImportFile(path: path).digest
        var digest = ContentDigest()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(Int.random(in: 1...200_000, using: &generator)))
            piece.withUnsafeBytes { digest.update($0) }
            rest = rest.dropFirst(piece.count)
        }
        #expect(digest.finish() == whole && whole.count == 32)
    }
}
