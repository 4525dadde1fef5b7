import Foundation
import GovernorCore
import GovernorIdentity
import GovernorRuntime
import Logging
import Testing

/// The texts of every revision that decided, on disk before it does.
@Suite struct PolicyArchiveTests {
    private static func text(_ limit: Int) -> String {
        "policy: house\nrules:\n  - { id: cap, kind: frequency_cap, limit: \(limit), window: PT24H }\n"
    }

    private static func with(_ body: (URL, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)")
        let policies = folder.appending(path: "in")
        try FileManager.default.createDirectory(at: policies, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder, policies.appending(path: "house.yaml"))
    }

    private static func service(_ file: URL, at now: Timestamp) throws -> PolicyService {
        try PolicyService(
            directory: file.path, zones: ZoneAtlas(try SystemZones.load()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            at: now)
    }

    private static func at(_ second: Int64) -> Timestamp { Timestamp(milliseconds: 1_795_010_400_000 + second * 1_000) }

    @Test func everyRevisionStays() throws {
        try Self.with { folder, file in
            try Self.text(1).write(to: file, atomically: true, encoding: .utf8)
            let service = try Self.service(file, at: Self.at(0))
            try service.keep(in: PolicyArchive(dataDirectory: folder.path))
            let first = service.status.revision
            try Self.text(22).write(to: file, atomically: true, encoding: .utf8)
            service.reloadIfChanged(at: Self.at(1))
            let second = service.status.revision
            #expect(first != second)
            // A broken text decides nothing and is not kept.
            try "policy: [".write(to: file, atomically: true, encoding: .utf8)
            service.reloadIfChanged(at: Self.at(2))
            #expect(service.status.revision == second && service.status.rejectedAt == Self.at(2))
            try Self.text(1).write(to: file, atomically: true, encoding: .utf8)
            service.reloadIfChanged(at: Self.at(3))
            #expect(service.status.revision == first)

            // As another process finds it.
            let archive = try PolicyArchive(dataDirectory: folder.path)
            #expect(archive.revisions.map(\.revision) == [first, second])
            let kept = try #require(archive.revision(first))
            #expect(kept.firstActivatedAt == Self.at(0) && kept.lastActivatedAt == Self.at(3))
            #expect(try archive.text(kept.files[0]) == Array(Self.text(1).utf8))
            #expect(try archive.text(try #require(archive.revision(second)).files[0]) == Array(Self.text(22).utf8))
            #expect(archive.revision("0123") == nil)
        }
    }

    @Test func whatCannotBeKeptDoesNotDecide() throws {
        try Self.with { folder, file in
            try Self.text(1).write(to: file, atomically: true, encoding: .utf8)
            let service = try Self.service(file, at: Self.at(0))
            try service.keep(in: PolicyArchive(dataDirectory: folder.path))
            let first = service.status.revision
            // A file where the folder of texts was: nothing can be written below it.
            try FileManager.default.removeItem(at: folder.appending(path: "kept-policies/texts"))
            try "x".write(to: folder.appending(path: "kept-policies/texts"), atomically: true, encoding: .utf8)
            try Self.text(3).write(to: file, atomically: true, encoding: .utf8)
            service.reloadIfChanged(at: Self.at(1))
            #expect(
                service.status.revision == first && service.status.rejection.first?.contains("cannot be kept") == true)
            // It is tried again without being touched.
            try FileManager.default.removeItem(at: folder.appending(path: "kept-policies/texts"))
            try FileManager.default.createDirectory(
                at: folder.appending(path: "kept-policies/texts"), withIntermediateDirectories: false)
            service.reloadIfChanged(at: Self.at(2))
            #expect(service.status.revision != first && service.status.rejectedAt == nil)
        }
    }

    @Test func theOldestMakesRoom() throws {
        try Self.with { folder, file in
            try Self.text(1).write(to: file, atomically: true, encoding: .utf8)
            let service = try Self.service(file, at: Self.at(0))
            let archive = try PolicyArchive(dataDirectory: folder.path, revisionsMax: 3)
            try service.keep(in: archive)
            var revisions = [service.status.revision]
            for limit in 2...5 {
                try Self.text(limit * 11).write(to: file, atomically: true, encoding: .utf8)
                service.reloadIfChanged(at: Self.at(Int64(limit)))
                revisions.append(service.status.revision)
            }
            #expect(archive.revisions.map(\.revision) == Array(revisions.suffix(3).reversed()))
            let texts = try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: "kept-policies/texts").path)
            #expect(texts.count == 3)
        }
    }
}
