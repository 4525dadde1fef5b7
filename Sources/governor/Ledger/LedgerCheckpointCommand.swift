import ArgumentParser
import Foundation
import GovernorCore
import GovernorLedger
import GovernorRuntime

extension LedgerCommand {
    /// `governor ledger checkpoint`: signs where the chain ends.
    struct Checkpoint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Calculate the chain again and sign where it ends.",
            discussion: """
                Prints one line of JSON, or appends it to a file with --out. Keep it where whoever can write the ledger \
                cannot: `ledger verify --checkpoints FILE --public-key FILE` then proves that the chain still passes through \
                it. The key is Ed25519 in PEM, as `openssl genpkey -algorithm ed25519` makes it. Reads the ledger only. \
                Exit 1: the ledger is not whole, and nothing was signed.
                """)

        @OptionGroup var folder: Folder
        @Option(help: "The private key.")
        var key: String
        @Option(help: "Append to this file instead of printing.")
        var out: String?

        func run() throws {
            let data = try folder.path()
            let key = try SigningKeyFile.privateKey(self.key)
            let audit: LedgerAudit
            do throws(LedgerError) { audit = try LedgerReader(dataDirectory: data).audit(findingsMax: 1) } catch {
                throw CommandFailure("the ledger in \(data) cannot be read: \(error)")
            }
            if let finding = audit.findings.first {
                printToStandardError("not signed: \(finding)")
                throw ExitCode.findings
            }
            guard let node = audit.node else { throw CommandFailure("the ledger in \(data) has no file yet") }
            let checkpoint: LedgerCheckpoint
            do throws(LedgerCheckpoint.KeyError) {
                checkpoint = try LedgerCheckpoint(
                    node: node, head: audit.head, at: SystemWallClock().now(), privateKey: key)
            } catch {
                throw CommandFailure("the key \(self.key) cannot sign: \(error)")
            }
            let line = try CheckpointFile.line(checkpoint)
            guard let out else { return print(line) }
            let descriptor = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw CommandFailure("\(out) cannot be written") }
            defer { close(descriptor) }
            let text = line + "\n"
            guard text.withCString({ write(descriptor, $0, strlen($0)) }) == text.utf8.count, fsync(descriptor) == 0
            else { throw CommandFailure("\(out) cannot be written") }
            print("head \(audit.head) is signed in \(out)")
        }
    }
}
