import ArgumentParser
import Foundation
import GovernorLedger
import GovernorStoreEmbedded

extension LedgerCommand {
    /// `governor ledger verify`: calculates the chain again.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Calculate the chain of hashes again and name every record that is not as it was written.",
            discussion: """
                Reads the files only, also while a server writes them. A chain cannot tell by itself that its end was cut \
                off: note the head that is printed, elsewhere, and give it back with --head. \
                Exit 0: everything is as it was written. 1: it is not. 2: the ledger cannot be read.
                """)

        @OptionGroup var folder: Folder
        @Option(help: "A head that was noted earlier, as NUMBER:HASH; may be repeated.")
        var head: [String] = []
        @Option(help: "A file of checkpoints, as `ledger checkpoint` makes them.")
        var checkpoints: String?
        @Option(help: "The public key that the checkpoints must be signed with, in PEM.")
        var publicKey: String?
        @Option(help: "How many findings to print.")
        var findings = 100
        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard (checkpoints == nil) == (publicKey == nil) else {
                throw ValidationError("--checkpoints and --public-key belong together")
            }
            guard findings >= 1 else { throw ValidationError("--findings: at least 1") }
            for text in head where LedgerHead(text) == nil {
                throw ValidationError("--head: `\(text)` is not NUMBER:HASH, as `ledger verify` prints it")
            }
        }

        func run() throws {
            let data = try folder.path()
            let reader = LedgerReader(dataDirectory: data)
            let total = reader.roughCount
            let started = ContinuousClock.now
            var bar = ProgressBar("verifying")
            var count = 0
            var audit: LedgerAudit
            let (heads, untrusted) = try signedHeads(reader)
            do throws(LedgerError) {
                audit = try reader.audit(findingsMax: findings, heads: head.compactMap { LedgerHead($0) } + heads) {
                    more in
                    count += more
                    bar.show(Double(count) / total, rows: count)
                }
            } catch {
                bar.end()
                throw CommandFailure("the ledger in \(data) cannot be read: \(error)")
            }
            bar.end()
            if let reflected = EmbeddedStore.reflectedSequence(directory: data), reflected > audit.head.sequence,
                !audit.isCut
            {
                audit.findings.append(.cutOff(after: audit.head.sequence, reaching: reflected, in: data))
            }
            audit.findings += untrusted
            let seconds = max(0.000_001, (ContinuousClock.now - started) / .seconds(1))
            print(json ? Self.json(audit, seconds) : Self.text(audit))
            printToStandardError(
                "\(ProgressBar.grouped(Int(audit.recordCount))) records in \((seconds * 1_000).rounded() / 1_000) s, "
                    + "\(ProgressBar.grouped(Int(Double(audit.recordCount) / seconds))) a second")
            if !audit.isWhole { throw ExitCode.findings }
        }

        /// The heads that were signed with the key, and what is wrong with the other checkpoints.
        private func signedHeads(
            _ reader: LedgerReader
        ) throws(CommandFailure) -> (heads: [LedgerHead], findings: [LedgerFinding]) {
            guard let checkpoints, let publicKey else { return ([], []) }
            let key = try SigningKeyFile.publicKey(publicKey)
            let node = try? reader.files().first?.node
            var heads: [LedgerHead] = []
            var findings: [LedgerFinding] = []
            for checkpoint in try CheckpointFile.read(checkpoints) {
                let name = "the checkpoint at record \(checkpoint.head.sequence)"
                if !checkpoint.isSigned(by: key) {
                    findings.append(.badCheckpoint("\(name) is not signed with this key", in: checkpoints))
                } else if let node, checkpoint.node != node {
                    findings.append(.badCheckpoint("\(name) is another node's", in: checkpoints))
                } else {
                    heads.append(checkpoint.head)
                }
            }
            return (heads, findings)
        }

        private static func text(_ audit: LedgerAudit) -> String {
            var lines = audit.findings.map(\.description)
            if audit.isCut { lines.append("there is more; --findings says how much is printed") }
            lines.append(
                (audit.isWhole ? "whole: " : "NOT whole: ")
                    + "\(ProgressBar.grouped(Int(audit.recordCount))) records in "
                    + "\(ProgressBar.grouped(Int(audit.groupCount))) groups and \(audit.files.count) files, "
                    + "\(audit.erasedCount) erased")
            lines.append("head \(audit.head)")
            return lines.joined(separator: "\n")
        }

        private static func json(_ audit: LedgerAudit, _ seconds: Double) -> String {
            let findings = audit.findings.map { finding in
                JSONText.object([
                    ("what", .text(finding.what.rawValue)), ("file", .text(finding.file)),
                    ("group", .raw(finding.group.map { "\($0)" } ?? "null")),
                    ("record", .raw(finding.record.map { "\($0)" } ?? "null")), ("reason", .text(finding.reason)),
                ])
            }
            let files = audit.files.map { file in
                JSONText.object([
                    ("name", .text(file.name)), ("first", .number(Int(file.first))), ("last", .number(Int(file.last))),
                    ("records", .number(Int(file.recordCount))),
                ])
            }
            return JSONText.object([
                ("whole", .flag(audit.isWhole)), ("records", .number(Int(audit.recordCount))),
                ("groups", .number(Int(audit.groupCount))), ("erased", .number(Int(audit.erasedCount))),
                ("node", .optional(audit.node?.description)), ("head", .text(audit.head.description)),
                ("seconds", .raw("\((seconds * 1_000_000).rounded() / 1_000_000)")),
                ("files", .raw("[" + files.joined(separator: ",") + "]")),
                ("findings", .raw("[" + findings.joined(separator: ",") + "]")),
                ("more_findings", .flag(audit.isCut)),
            ])
        }
    }
}
