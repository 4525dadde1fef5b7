import Foundation
import GovernorCore
import GovernorIdentity
import GovernorRuntime
import Logging
import Testing

/// Several folders and files of policies at once.
@Suite struct PolicyPathsTests {
    private static let zones = Result { ZoneAtlas(try SystemZones.load()) }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "policies-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "packs"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (file, policy) in [("house", "house"), ("packs/one", "one"), ("packs/two", "two")] {
            let text = "policy: \(policy)\nrules:\n  - { id: no, kind: opt_out, because: b }\n"
            try text.write(to: folder.appending(path: "\(file).yaml"), atomically: true, encoding: .utf8)
        }
        try body(folder.path)
    }

    private func ids(_ paths: String) throws -> [String] {
        let (policies, _) = try PolicyService.load(
            paths, zones: try Self.zones.get(), at: Timestamp(milliseconds: 1_795_300_000_000))
        return try #require(policies).rules.map(\.id).filter { !$0.hasPrefix("builtin") }
    }

    @Test func pathsAreSeparatedByCommas() throws {
        try withFolder { folder in
            let one = try ids(folder)
            #expect(one == ["house/no"], "a folder inside is named or left alone")
            let two = try ids("\(folder), \(folder)/packs/two.yaml")
            #expect(two == ["house/no", "two/no"])
            let three = try ids("\(folder),\(folder)/packs")
            #expect(three == ["house/no", "one/no", "two/no"])
            #expect(throws: PolicyServiceError.self) { try ids("\(folder),\(folder)/nowhere") }
            #expect(throws: PolicyServiceError.self) { try ids(",") }
        }
    }

    @Test func aChangeInAnyOfThemIsSeen() throws {
        try withFolder { folder in
            let service = try PolicyService(
                directory: "\(folder),\(folder)/packs/two.yaml", zones: try Self.zones.get(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                at: Timestamp(milliseconds: 1_795_300_000_000))
            try "policy: two\n".write(toFile: folder + "/packs/two.yaml", atomically: true, encoding: .utf8)
            service.reloadIfChanged(at: Timestamp(milliseconds: 1_795_300_001_000))
            #expect(service.status.reloads == 1)
            #expect(!service.holder.current.rules.contains { $0.id == "two/no" })
        }
    }
}
