import ArgumentParser
import Foundation
import GovernorPolicy

extension PolicyCommand {
    /// `governor policy format`: one layout for all.
    struct Format: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lay out policy files in one way; comments stay.",
            discussion: """
                Writes the files in place and prints the names of those that changed. Exit 0: done, or with --check \
                nothing to do. 1: with --check a file would change, or a file has errors. 2: a file cannot be read or \
                written.
                """)

        @Argument(help: "Policy files, or folders of them.")
        var paths: [String]
        @Flag(help: "Change nothing; print the names of the files that would change and exit with 1 if there are any.")
        var check = false

        func run() throws {
            var isChanged = false
            var findings: [Diagnostic] = []
            for source in try WorkbenchSetup.sources(paths) {
                let (text, found) = PolicyFormatter.format(source)
                findings += found
                guard let text, Array(text.utf8) != source.bytes else { continue }
                isChanged = true
                print(source.name)
                if check { continue }
                do { try text.write(toFile: source.name, atomically: true, encoding: .utf8) } catch {
                    throw CommandFailure("\(source.name) cannot be written: \(error.localizedDescription)")
                }
            }
            if !findings.isEmpty { printToStandardError(findings.report) }
            if findings.hasErrors || check && isChanged { throw ExitCode.findings }
        }
    }

    /// `governor policy schema`: what editors check policy files with.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of policy files, for editors.",
            discussion: "docs/editors.md says how editors use it.")

        func run() { print(PolicySchema.text, terminator: "") }
    }
}
