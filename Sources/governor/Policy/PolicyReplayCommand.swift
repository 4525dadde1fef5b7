import ArgumentParser
import Foundation
import GovernorCore
import GovernorLedger
import GovernorWorkbench

extension PolicyCommand {
    /// `governor policy replay`: what changed policies would have decided.
    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide a ledger's requests again under changed policies.",
            discussion: """
                Reads the ledger of a data folder, also while a server writes it, in its order, and counts every contact \
                as the changed policies would have allowed it. Nothing is written. Exit 0: no verdict changes. 1: some \
                do. 2: the ledger cannot be read.
                """)

        @Argument(help: "The changed policy files, or folders of them; together they are one set.")
        var paths: [String]
        @Option(help: "The data folder whose ledger is replayed.")
        var data: String
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (policies, zones) = try WorkbenchSetup.policies(paths)
            let started = ContinuousClock.now
            let isTerminal = isatty(STDERR_FILENO) == 1
            let replay = GovernorWorkbench.Replay(policies: policies, zones: zones)
            let tally: ReplayTally
            do {
                tally = try replay.run(dataDirectory: data) { count in
                    if isTerminal { FileHandle.standardError.write(Data("\r\(count) records".utf8)) }
                }
            } catch {
                throw CommandFailure("the ledger in \(data) cannot be replayed: \(error)")
            }
            let seconds =
                Double((ContinuousClock.now - started).components.attoseconds) / 1e18
                + Double((ContinuousClock.now - started).components.seconds)
            if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
            print(json ? tally.json + "\n" : tally.text, terminator: "")
            let rate = Int(Double(tally.decisions) / max(seconds, 0.001))
            printToStandardError(
                "\(tally.decisions) decisions in \((seconds * 100).rounded() / 100) s, \(rate) a second")
            if tally.flips.total > 0 { throw ExitCode.findings }
        }
    }
}
