import ArgumentParser
import GovernorCore
import GovernorRuntime
import GovernorWorkbench

extension PolicyCommand {
    /// `governor policy diff`: what two versions say and decide differently.
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what two versions of policies demand and decide differently.",
            discussion: """
                OLD and NEW are files or folders, or several of them separated by commas; each side is one set. Prints \
                what is written differently, rule by rule, and for every change a question that the two answer \
                differently, found by a search around every edge of the rules. Exit 0: nothing differs. 1: something \
                does. 2: a file cannot be read or has errors.
                """)

        @Argument(help: "The policies before.")
        var old: String
        @Argument(help: "The policies now.")
        var new: String
        @Option(
            name: .customLong("from"),
            help:
                "Where in time the search begins, as an instant; now, without it. The same one gives the same examples."
        )
        var from: String?
        @Option(help: "Questions tried for one rule, at most.")
        var cases: Int = PolicyDiff.casesPerRuleMax
        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if cases < 1 { throw ValidationError("--cases takes a number from 1 on") }
            if let from, (try? Timestamp(parsing: from)) == nil {
                throw ValidationError("--from takes an instant such as 2026-11-22T16:02:11Z")
            }
        }

        func run() throws {
            let (before, zones) = try Self.policies(old)
            let (after, _) = try Self.policies(new)
            let start = from.flatMap { try? Timestamp(parsing: $0) } ?? SystemWallClock().now()
            let diff = PolicyDiff(from: before, to: after, zones: zones, start: start, casesPerRuleMax: cases)
            print(json ? diff.json + "\n" : diff.text, terminator: "")
            if !diff.isSame { throw ExitCode.findings }
        }

        /// Broken policies cannot be compared: that is another thing than a difference.
        private static func policies(_ list: String) throws -> (PolicySet, ZoneAtlas) {
            do { return try WorkbenchSetup.policies(list.split(separator: ",").map(String.init)) } catch is ExitCode {
                throw CommandFailure("the policies of \(list) have errors and cannot be compared")
            }
        }
    }
}
