import ArgumentParser
import Foundation
import GovernorCore
import GovernorIdentity
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench

/// What the commands of the workbench share.
enum WorkbenchSetup {
    /// Hashes identifiers that live no longer than the command.
    static func hasher() throws(CommandFailure) -> IdentifierHasher {
        do { return try IdentifierHasher(secret: Array("identifiers of the workbench".utf8)) } catch {
            throw CommandFailure("\(error)")
        }
    }

    static func sources(_ paths: [String]) throws(CommandFailure) -> [PolicySource] {
        do throws(PolicyServiceError) { return try PolicyService.sources(paths) } catch {
            if case .missing(let path) = error { throw CommandFailure("there is no file or folder \(path)") }
            throw CommandFailure(error.description)
        }
    }

    /// The policies of the paths, and the tests among and beside them.
    static func sourcesAndTests(
        _ paths: [String]
    ) throws(CommandFailure) -> (policies: [PolicySource], tests: [PolicySource]) {
        var tests = paths.filter { PolicySource.isTest(fileName: $0) }
        let others = paths.filter { !PolicySource.isTest(fileName: $0) }
        for folder in others {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { continue }
            tests += names.filter { PolicySource.isTest(fileName: $0) }.sorted().map {
                folder + (folder.hasSuffix("/") ? "" : "/") + $0
            }
        }
        var read: [PolicySource] = []
        for path in tests {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("\(path) cannot be read")
            }
            read.append(PolicySource(name: path, bytes: [UInt8](data)))
        }
        return (try sources(others), read)
    }

    /// The files as one set; broken ones are told on stderr and exit as findings do.
    static func policies(_ paths: [String]) throws -> (PolicySet, ZoneAtlas) {
        let zones = try SystemSetup.zones()
        let (policies, findings) = PolicyService.loader(zones: zones, at: SystemWallClock().now()).load(
            files: try sources(paths))
        guard let policies else {
            printToStandardError(findings.filter { $0.severity == .error }.report)
            throw ExitCode.findings
        }
        return (policies, zones)
    }
}
