import Foundation
import GovernorCore
import GovernorIdentity
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench
import Testing

/// What every test of the workbench shares.
enum World {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let goldens = repository.appending(path: "Tests/GovernorWorkbenchTests/Goldens")
    static let rewritesGoldens = ProcessInfo.processInfo.environment["GOVERNOR_GOLDEN"] == "rewrite"

    private static let loadedZones = Result { ZoneAtlas(try SystemZones.load()) }
    private static let madeHasher = Result { try IdentifierHasher(secret: Array("a secret for tests".utf8)) }

    static var zones: ZoneAtlas { get throws { try loadedZones.get() } }
    static var hasher: IdentifierHasher { get throws { try madeHasher.get() } }
    static var intake: Intake { get throws { Intake(hasher: try hasher, zones: try zones) } }

    /// Runs the tests of files, given by name and text, in a folder of their own.
    static func run(_ files: [String: String], filter: String? = nil) async throws -> TestReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "workbench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        return try await run([folder.path], filter: filter)
    }

    static func run(_ paths: [String], filter: String? = nil) async throws -> TestReport {
        let suite = try TestSuite(paths: paths, zones: zones, intake: intake)
        return await suite.run(filter: filter, zones: try zones, hasher: try hasher)
    }

    /// Compares a text with the file that holds it, or writes the file when goldens are rewritten.
    static func expectGolden(_ text: String, at url: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
        if rewritesGoldens {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
            return
        }
        let kept = try? String(contentsOf: url, encoding: .utf8)
        #expect(
            kept == text, "\(url.lastPathComponent) differs; `make golden` rewrites it\n\(text)",
            sourceLocation: sourceLocation)
    }
}

extension String {
    /// Without the folder that goldens lie in, and without how long a test took.
    var portable: String {
        replacing(World.goldens.path + "/", with: "").replacing(/time="[0-9.]+"/, with: "time=\"0\"")
    }
}
