import ArgumentParser
import Foundation
import GovernorCore
import GovernorIdentity
import GovernorPolicy

/// The command line. Results go to stdout, everything else to stderr.
///
/// Exit 0: fine. 1: findings, refused rows, or a denial with `--exit-code`. 2: it could not do its work. 64: usage.
@main
struct GovernorCommand: AsyncParsableCommand {
    static let productVersion = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "governor", abstract: "May we contact this person now?",
        subcommands: [
            ServeCommand.self, CheckCommand.self, ImportCommand.self, PolicyCommand.self, RegistryCommand.self,
            KeysCommand.self, PeopleCommand.self, WhereCommand.self, ScrubCommand.self, LedgerCommand.self,
            BackupCommand.self, RestoreCommand.self, UnsubscribeLinkCommand.self, StatusCommand.self,
        ])

    @Flag(help: "Print the version of the program and of the data it decides by.")
    var version = false

    static func main() async {
        keepFreedMemory()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            printToStandardError("governor: \(failure)")
            Foundation.exit(ExitCode.cannotWork)
        } catch {
            exit(withError: error)
        }
    }

    func run() async throws {
        guard version else { throw CleanExit.helpRequest(self) }
        print(try Self.versions())
    }

    /// What decides: the program, the time zones, the numbering plans, the rules that make identifiers canonical.
    static func versions() throws(CommandFailure) -> String {
        let zones: String
        do throws(SystemZonesError) { zones = try SystemZones.load().version } catch {
            throw CommandFailure("\(error)")
        }
        return """
            governor \(productVersion)
            time zones \(zones)
            places \(Places.version)
            postal codes \(PostalCodes.version)
            normaliser \(IdentifierHasher.normaliserVersion)
            policy language \(PolicyLoader.languageVersion)
            """
    }
}

extension ExitCode {
    /// Findings, refused rows, a denial that was asked about with `--exit-code`.
    static let findings = ExitCode(1)
    /// The tool could not do its work.
    static let cannotWork: Int32 = 2
}

/// Why a command could not do its work: one sentence that names the thing and what to do, without any identifier.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

func printToStandardError(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
