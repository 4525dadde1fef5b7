import ArgumentParser
import Foundation
import GovernorCore
import GovernorIdentity
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench

extension PolicyCommand {
    /// `governor policy test`: unit tests of policies.
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the tests of policies: scenarios with a history, at instants of their own.",
            discussion: """
                Reads *.test.yaml (docs/policy-tests.md). The policies are those that a test file names, or the file \
                beside it. Exit 0: every test passed. 1: a test failed, a file has errors, or the coverage is too low. \
                2: a file cannot be read.
                """)

        @Argument(help: "Test files, folders of them, or policy files that have tests beside them.")
        var paths: [String]
        @Option(help: "Run only the tests whose file or name holds this.")
        var filter: String?
        @Option(
            name: .customLong("min-coverage"),
            help: "Fail when less than this percentage of the rules' branches is covered.")
        var minCoverage: Double?
        @Flag(help: "Print what the tests do with every rule.")
        var coverage = false
        @Option(help: "Also write a JUnit report into this file.")
        var junit: String?
        @Flag(help: "Print passed tests too.")
        var verbose = false
        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if let minCoverage, !(0...100).contains(minCoverage) {
                throw ValidationError("--min-coverage takes a percentage from 0 to 100")
            }
        }

        func run() async throws {
            let zones = try SystemSetup.zones()
            let hasher = try WorkbenchSetup.hasher()
            let suite: TestSuite
            do throws(TestSuite.Failure) {
                suite = try TestSuite(paths: paths, zones: zones, intake: Intake(hasher: hasher, zones: zones))
            } catch {
                throw CommandFailure(error.description)
            }
            let report = await suite.run(filter: filter, zones: zones, hasher: hasher)
            if let junit {
                do { try report.junit.write(toFile: junit, atomically: true, encoding: .utf8) } catch {
                    throw CommandFailure("\(junit) cannot be written: \(error.localizedDescription)")
                }
            }
            let isTooLow = minCoverage.map { report.coverage.percent < $0 } ?? false
            if json {
                print(report.json)
            } else {
                print(report.text(isVerbose: verbose, showsCoverage: coverage || isTooLow), terminator: "")
                printToStandardError(report.summary)
            }
            if suite.files.isEmpty {
                throw CommandFailure("there is no *.test.yaml in \(paths.joined(separator: ", "))")
            }
            if let filter, report.results.isEmpty, report.isGood {
                throw CommandFailure("no test's file or name holds `\(filter)`")
            }
            if isTooLow, let minCoverage { printToStandardError("the coverage is below \(minCoverage) %") }
            if !report.isGood || isTooLow { throw ExitCode.findings }
        }
    }
}
