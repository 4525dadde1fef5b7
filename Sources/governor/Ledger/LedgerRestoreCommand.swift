import ArgumentParser
import Foundation
import GovernorAudit
import GovernorCore
import GovernorIdentity
import GovernorLedger
import GovernorRuntime
import GovernorStore
import GovernorStoreEmbedded
import GovernorStoreRedis
import Logging

extension LedgerCommand {
    /// `governor ledger restore`: brings back into a store what ledgers tell.
    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring back into an empty or damaged store what ledgers tell.",
            discussion: """
                --from names the data folders of all nodes, in any order; running it again changes nothing. What the store \
                holds that is newer stays. With Redis nothing is written but Redis. With the embedded store the data folder \
                of --data is opened, so no server may own it; what other ledgers tell goes into its own ledger too, and \
                --rebuild makes its file of people anew from that ledger first.
                """)

        @Option(help: "A data folder whose ledger is read; may be repeated (default: the data folder itself).")
        var from: [String] = []
        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Set the embedded store's file of people aside and make it again from its own ledger.")
        var rebuild = false
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let settings = try Settings(flags: installation.flags)
            let data = settings["data"] ?? "data"
            let folders = from.isEmpty ? [data] : from
            for folder in folders { _ = try Folder.path(folder) }
            let location = try StoreLocation(settings["store"] ?? "sqlite:\(data)/people.db")
            var logger = Logger(label: "governor") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = .warning
            let report: LedgerRestore.Report
            switch location {
            case .redis(let address):
                if rebuild { throw ValidationError("--rebuild belongs to the embedded store") }
                report = try redis(address, folders, data, settings, logger)
            case .embedded(let directory):
                if rebuild { try setAside(directory) }
                report = try embedded(data, location, folders, settings, logger)
            }
            if json {
                print(
                    JSONText.object([
                        ("records", .number(Int(report.records))), ("changes", .number(Int(report.changes))),
                        ("applied", .number(Int(report.applied))), ("erased", .number(Int(report.erased))),
                    ]))
            } else {
                print(
                    "\(ProgressBar.grouped(Int(report.records))) records read, "
                        + "\(ProgressBar.grouped(Int(report.applied))) of them brought something back"
                        + (report.erased > 0 ? ", \(report.erased) are erased" : ""))
            }
        }

        private func redis(
            _ address: RedisAddress, _ folders: [String], _ data: String, _ settings: Settings, _ logger: Logger
        ) throws -> LedgerRestore.Report {
            let hasSecret = FileManager.default.fileExists(atPath: data + "/secret")
            let hasher = try DataFolder.hasher(data: hasSecret ? data : folders[0], secret: settings["secret"])
            try check(folders, hasher)
            let clock = SystemWallClock()
            let store: RedisStore
            do throws(RedisStoreError) {
                // What is brought back is on record already: nothing is recorded again.
                store = try RedisStore(
                    RedisConfiguration(
                        address: address, secretFingerprint: DataFolder.bytes(of: hasher),
                        normaliserVersion: IdentifierHasher.normaliserVersion),
                    journal: NoJournal(), now: { clock.now() }, logger: logger)
            } catch {
                throw CommandFailure(error.description)
            }
            defer { store.close() }
            return try restore(folders, into: store)
        }

        private func embedded(
            _ data: String, _ location: StoreLocation, _ folders: [String], _ settings: Settings, _ logger: Logger
        ) throws -> LedgerRestore.Report {
            let folder: DataFolder
            do {
                folder = try DataFolder(data: data, store: location, secret: settings["secret"], logger: logger)
            } catch let error as DataFolder.InUse { throw CommandFailure(error.description) }
            defer { folder.close() }
            try check(folders, folder.hasher)
            // Opening has replayed the folder's own ledger.
            let others = folders.filter { other in
                (try? LedgerReader(dataDirectory: other).files().first?.node) != folder.ledger.node
            }
            return try restore(others, into: folder.store)
        }

        private func restore(_ folders: [String], into store: any ContactStore) throws -> LedgerRestore.Report {
            var bar = ProgressBar("restoring")
            defer { bar.end() }
            do {
                return try LedgerRestore(store: store).run(folders) { done, total in
                    bar.show(Double(done) / Double(max(1, total)), rows: Int(done))
                }
            } catch {
                bar.end()
                throw CommandFailure("not everything was brought back; run it again: \(error)")
            }
        }

        /// Hashes under another secret would lead to nobody.
        private func check(_ folders: [String], _ hasher: IdentifierHasher) throws {
            for folder in folders {
                for file in try LedgerReader(dataDirectory: folder).files()
                where file.identity.secretFingerprint != DataFolder.bytes(of: hasher) {
                    throw CommandFailure(
                        "`\(file.path)` was written with another identifier secret than this store's: give the secret "
                            + "that it was written with")
                }
            }
        }

        private func setAside(_ directory: String) throws(CommandFailure) {
            let path = directory + "/people.db"
            var number = 1
            while FileManager.default.fileExists(atPath: "\(path).aside-\(number)") { number += 1 }
            guard FileManager.default.fileExists(atPath: path) else { return }
            for suffix in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: path + suffix) {
                do {
                    try FileManager.default.moveItem(atPath: path + suffix, toPath: "\(path).aside-\(number)\(suffix)")
                } catch {
                    throw CommandFailure("\(path + suffix) cannot be set aside")
                }
            }
        }
    }
}
