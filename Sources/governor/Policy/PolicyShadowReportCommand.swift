import ArgumentParser
import Foundation
import GovernorCore
import GovernorLedger
import GovernorWorkbench

extension PolicyCommand {
    /// `governor policy shadow-report`: what rules in shadow would have done.
    struct ShadowReport: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "shadow-report",
            abstract: "Sum up what rules in shadow would have denied, so that they can be switched on with numbers.",
            discussion: """
                Reads the ledger of a data folder, also while a server writes it, and writes nothing. For every rule: how \
                often it would have denied, how many of these contacts were allowed – what the switch changes –, by \
                channel, campaign, agency and day, with examples. Exit 0: done. 2: the ledger cannot be read.
                """)

        @Option(help: "The data folder whose ledger is read.")
        var data: String
        @Option(help: "Decisions from this instant on.")
        var since: String?
        @Option(help: "Decisions before this instant.")
        var until: String?
        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            for (name, text) in [("since", since), ("until", until)] {
                if let text, (try? Timestamp(parsing: text)) == nil {
                    throw ValidationError("--\(name) takes an instant such as 2026-11-22T16:02:11Z")
                }
            }
        }

        func run() throws {
            let isTerminal = isatty(STDERR_FILENO) == 1
            let report: GovernorWorkbench.ShadowReport
            do {
                report = try GovernorWorkbench.ShadowReport(
                    dataDirectory: data, since: since.flatMap { try? Timestamp(parsing: $0) },
                    until: until.flatMap { try? Timestamp(parsing: $0) }
                ) { count in
                    if isTerminal { FileHandle.standardError.write(Data("\r\(count) records".utf8)) }
                }
            } catch {
                throw CommandFailure("the ledger in \(data) cannot be read: \(error)")
            }
            if isTerminal { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
            print(json ? report.json + "\n" : report.text, terminator: "")
        }
    }
}
