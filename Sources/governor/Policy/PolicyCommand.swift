import ArgumentParser
import GovernorCore
import GovernorPolicy
import GovernorRuntime

/// The workbench of policy files.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "The workbench of policies: check, test, explain, format.",
        subcommands: [
            Lint.self, Test.self, Explain.self, Format.self, Schema.self, Diff.self, Replay.self, ShadowReport.self,
        ])

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read policy files as the server does and print every finding.",
            discussion: "Exit 0: nothing but notes. 1: errors or warnings. 2: a file cannot be read.")

        @Argument(help: "Policy files, or folders of them; together they are one set.")
        var paths: [String]
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (sources, tests) = try WorkbenchSetup.sourcesAndTests(paths)
            let zones = try SystemSetup.zones()
            let (policies, findings) = PolicyService.loader(zones: zones, at: SystemWallClock().now()).load(
                files: sources, tests: tests)
            if json {
                print(findings.json)
            } else {
                print(findings.report, terminator: "")
                let files = "\(sources.count) file\(sources.count == 1 ? "" : "s")"
                if let policies {
                    let rules = "\(policies.rules.count) rule\(policies.rules.count == 1 ? "" : "s")"
                    printToStandardError("\(files), \(rules)" + (findings.isEmpty ? "" : ": \(findings.summary)"))
                } else {
                    printToStandardError("\(files): \(findings.summary)")
                }
            }
            if findings.hasFindings { throw ExitCode.findings }
        }
    }
}
