import ArgumentParser
import Foundation
import GovernorLedger

/// Reads and looks after the ledger of a data folder.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Prove, count, tell, bring back and prune what is on record.",
        subcommands: [Verify.self, Stats.self, Export.self, Restore.self, Checkpoint.self, Prune.self])

    struct Folder: ParsableArguments {
        @Option(help: "The data folder (default: GOVERNOR_DATA, then data).")
        var data: String?

        /// The folder, which must hold a ledger.
        func path() throws(CommandFailure) -> String { try Self.path(data) }

        static func path(_ data: String?) throws(CommandFailure) -> String {
            let path = try Settings(flags: ["data": data])["data"] ?? "data"
            guard FileManager.default.fileExists(atPath: path + "/ledger") else {
                throw CommandFailure("there is no ledger in \(path); name the data folder with --data")
            }
            return path
        }
    }
}

extension LedgerReader {
    /// The number of records, as far as it can be told without reading them; 1 at least.
    var roughCount: Double {
        guard let files = try? files(), let first = files.first, let last = files.last else { return 1 }
        return max(1, Double(last.last) - Double(first.first) + 1)
    }
}
