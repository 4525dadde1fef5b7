import ArgumentParser
import Foundation
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorStoreEmbedded

/// Copies a data folder while a server uses it.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a data folder, also while a server uses it.",
        discussion: """
            DIR must not exist, or be empty. It gets the file of people, the ledger, the keys, the secret and the texts of \
            the policies: whoever holds it can find everybody in it. Lists of numbers (registries) are left out, because \
            they can be loaded again. `governor restore` puts it back.
            """)

    @Argument(help: "The folder to make.")
    var directory: String
    @OptionGroup var installation: InstallationOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let settings = try Settings(flags: installation.flags)
        let data = try LedgerCommand.Folder.path(installation.data)
        let people = try StoreLocation(settings["store"] ?? "sqlite:\(data)/people.db").directory
        let backup = BackupFolder(path: directory)
        try backup.begin()
        var bar = ProgressBar("copying")
        defer { bar.end() }
        do {
            var hasPeople = false
            if let people {
                hasPeople = try EmbeddedStore.copyPeople(from: people, to: directory) { bar.show($0, rows: 0) }
            }
            // After the people, so that it holds everything that they reflect.
            try LedgerReader(dataDirectory: data).copy(toDataDirectory: directory) { bar.show($1, rows: 0) }
            try backup.copyFiles(from: data)
            let audit = try LedgerReader(dataDirectory: directory).audit(findingsMax: 1)
            if let finding = audit.findings.first {
                throw CommandFailure("the ledger is not whole, so the backup is not either: \(finding)")
            }
            let note = BackupFolder.Note(
                made_at: SystemWallClock().now().description, node: audit.node?.description ?? "",
                head: audit.head.description, records: audit.recordCount, people: hasPeople)
            try backup.finish(note)
            bar.end()
            if json {
                print(
                    JSONText.object([
                        ("directory", .text(directory)), ("node", .text(note.node)), ("head", .text(note.head)),
                        ("records", .number(Int(note.records))), ("people", .flag(hasPeople)),
                    ]))
            } else {
                print("\(directory): \(ProgressBar.grouped(Int(note.records))) records, head \(note.head)")
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("the backup cannot be made: \(error)")
        }
    }
}

/// Puts a backup back where nothing is.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup of a data folder back.",
        discussion: """
            The data folder must hold no ledger and no people. The chain of the backup is calculated first; the next start \
            replays what the file of people does not reflect. What was recorded after the backup is in the ledgers of the \
            machine that made it, or of other nodes: `governor ledger restore` brings it back.
            """)

    @Argument(help: "The folder that `governor backup` made.")
    var directory: String
    @OptionGroup var installation: InstallationOptions

    func run() throws {
        let settings = try Settings(flags: installation.flags)
        let data = settings["data"] ?? "data"
        let people = try StoreLocation(settings["store"] ?? "sqlite:\(data)/people.db").directory
        let backup = BackupFolder(path: directory)
        let note = try backup.note()
        for folder in Set([data, people ?? data]) {
            for name in ["ledger", "people.db"] where FileManager.default.fileExists(atPath: folder + "/" + name) {
                throw CommandFailure(
                    "\(folder)/\(name) exists already: move it away, or choose another folder with --data")
            }
        }
        do {
            let audit = try LedgerReader(dataDirectory: directory).audit(
                findingsMax: 1, heads: LedgerHead(note.head).map { [$0] } ?? [])
            if let finding = audit.findings.first {
                throw CommandFailure("the backup is not as it was made: \(finding)")
            }
            try DataFolder.make(data)
            if let people, note.people {
                try DataFolder.make(people)
                _ = try EmbeddedStore.copyPeople(from: directory, to: people)
            }
            try LedgerReader(dataDirectory: directory).copy(toDataDirectory: data)
            try backup.copyFiles(to: data)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("the backup cannot be put back: \(error)")
        }
        print("\(data): \(ProgressBar.grouped(Int(note.records))) records, made at \(note.made_at), head \(note.head)")
    }
}
