import ArgumentParser
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
