import ArgumentParser
import Foundation
import GovernorCore
import GovernorLedger
import GovernorRuntime
import GovernorWorkbench

extension PolicyCommand {
    /// `governor policy replay`: what changed policies would have decided.
    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide recorded requests again under changed policies.",
            discussion: """
                With --data reads the ledger of a data folder, also while a server writes it; with --log a request log, one \
                JSON object a line (docs/workbench/replay.md). Either in its order, and with every contact counted as the \
                changed policies would have allowed it. Nothing is written. Exit 0: no verdict changes. 1: some do. 2: it \
                cannot be read.
                """)

        @Argument(help: "The changed policy files, or folders of them; together they are one set.")
        var paths: [String]
        @Option(help: "The data folder whose ledger is replayed.")
        var data: String?
        @Option(help: "The request log that is replayed.")
        var log: String?
        @Option(help: "For a log without answers: the policies before, files or folders separated by commas.")
        var before: String?
        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if (data == nil) == (log == nil) { throw ValidationError("name either --data or --log") }
            if before != nil && log == nil { throw ValidationError("--before belongs to --log") }
        }

        func run() throws {
            let (policies, zones) = try WorkbenchSetup.policies(paths)
            let started = ContinuousClock.now
            let tally: ReplayTally
            if let data {
                tally = try ledger(data, policies, zones)
            } else {
                tally = try requests(log ?? "", policies, zones)
            }
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            print(json ? tally.json + "\n" : tally.text, terminator: "")
            let count = tally.decisions + tally.withoutAnswer
            printToStandardError(
                "\(count) decisions in \((seconds * 100).rounded() / 100) s, "
                    + "\(Int(Double(count) / max(seconds, 0.001))) a second")
            if tally.flips.total > 0 { throw ExitCode.findings }
        }

        private func ledger(_ data: String, _ policies: PolicySet, _ zones: ZoneAtlas) throws -> ReplayTally {
            var bar = ProgressBar("replaying")
            defer { bar.end() }
            do {
                let newest = max(1, try LedgerReader(dataDirectory: data).newestSequence())
                return try GovernorWorkbench.Replay(policies: policies, zones: zones).run(dataDirectory: data) {
                    count in
                    bar.show(Double(count) / Double(newest), rows: Int(count))
                }
            } catch {
                throw CommandFailure("the ledger in \(data) cannot be replayed: \(error)")
            }
        }

        private func requests(_ log: String, _ policies: PolicySet, _ zones: ZoneAtlas) throws -> ReplayTally {
            let old = try before.map { try WorkbenchSetup.policies($0.split(separator: ",").map(String.init)).0 }
            let intake = Intake(hasher: try WorkbenchSetup.hasher(), zones: zones)
            var bar = ProgressBar("replaying")
            defer { bar.end() }
            do {
                return try RequestLogReplay(policies: policies, before: old, zones: zones, intake: intake)
                    .run(file: log) { share, lines in bar.show(share, rows: lines) }
            } catch {
                throw CommandFailure("\(error)")
            }
        }
    }
}
