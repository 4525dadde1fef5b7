import ArgumentParser
import Foundation
import GovernorAudit
import GovernorCore
import GovernorLedger

extension LedgerCommand {
    /// `governor ledger stats`: what is on record, in numbers.
    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count what is on record: kinds, bytes, files, period, verdicts.",
            discussion: "Reads the files only, also while a server writes them. Does not check the chain.")

        @OptionGroup var folder: Folder
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let data = try folder.path()
            var bar = ProgressBar("reading")
            defer { bar.end() }
            let total = LedgerReader(dataDirectory: data).roughCount
            let summary: LedgerSummary
            do {
                summary = try LedgerSummary(dataDirectory: data) { count in
                    bar.show(Double(count) / total, rows: Int(count))
                }
            } catch {
                throw CommandFailure("the ledger in \(data) cannot be read: \(error)")
            }
            bar.end()
            print(json ? Self.json(summary) : Self.text(summary))
        }

        private static func kinds(_ summary: LedgerSummary) -> [(LedgerKind, LedgerSummary.Kind)] {
            LedgerKind.allCases.compactMap { kind in summary.kinds[kind].map { (kind, $0) } }
        }

        private static func text(_ summary: LedgerSummary) -> String {
            func number(_ value: UInt64) -> String { ProgressBar.grouped(Int(value)) }
            var rows: [[String]] = [["kind", "records", "bytes", "erased"]]
            for (kind, numbers) in kinds(summary) {
                rows.append([kind.word, number(numbers.count), number(numbers.bytes), number(numbers.erased)])
            }
            var text = TextTable.text(rows)
            rows = [["decisions", "reserving", "checks", "confirmed", "summed up", "all"]]
            for (name, verdicts) in [("allowed", summary.allowed), ("denied", summary.denied)] {
                rows.append(
                    [name]
                        + [
                            verdicts.reserving, verdicts.checks, verdicts.confirmations, verdicts.summed,
                            verdicts.total,
                        ].map(number))
            }
            text += "\n" + TextTable.text(rows)
            for (title, counts) in [("facts", summary.facts), ("outcomes", summary.outcomes)] where !counts.isEmpty {
                rows = [[title, "records"]]
                for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                    rows.append([name, number(count)])
                }
                text += "\n" + TextTable.text(rows)
            }
            rows = [["file", "first", "last", "bytes", "begun"]]
            for file in summary.files {
                rows.append([
                    file.name, number(file.first), number(file.last), number(file.bytes), file.createdAt.description,
                ])
            }
            text += "\n" + TextTable.text(rows)
            if let period = summary.period { text += "\nfrom \(period.lowerBound) to \(period.upperBound)\n" }
            if summary.unreadable > 0 { text += "\(number(summary.unreadable)) records are of a newer version\n" }
            return String(text.dropLast())
        }

        private static func json(_ summary: LedgerSummary) -> String {
            func counts(_ counts: [String: UInt64]) -> JSONText.Value {
                .raw(JSONText.object(counts.sorted { $0.key < $1.key }.map { ($0.key, .number(Int($0.value))) }))
            }
            func verdicts(_ verdicts: LedgerSummary.Verdicts) -> JSONText.Value {
                .raw(
                    JSONText.object([
                        ("reserving", .number(Int(verdicts.reserving))), ("checks", .number(Int(verdicts.checks))),
                        ("confirmations", .number(Int(verdicts.confirmations))),
                        ("summed", .number(Int(verdicts.summed))), ("all", .number(Int(verdicts.total))),
                    ]))
            }
            let kinds = kinds(summary).map { kind, numbers in
                (
                    kind.word,
                    JSONText.Value.raw(
                        JSONText.object([
                            ("records", .number(Int(numbers.count))), ("bytes", .number(Int(numbers.bytes))),
                            ("erased", .number(Int(numbers.erased))),
                        ]))
                )
            }
            let files = summary.files.map { file in
                JSONText.object([
                    ("name", .text(file.name)), ("first", .number(Int(file.first))), ("last", .number(Int(file.last))),
                    ("bytes", .number(Int(file.bytes))), ("created_at", .text(file.createdAt.description)),
                ])
            }
            return JSONText.object([
                ("records", .number(Int(summary.recordCount))), ("kinds", .raw(JSONText.object(kinds))),
                ("allowed", verdicts(summary.allowed)), ("denied", verdicts(summary.denied)),
                ("unknown_checks", .number(Int(summary.unknownChecks))), ("facts", counts(summary.facts)),
                ("outcomes", counts(summary.outcomes)), ("unreadable", .number(Int(summary.unreadable))),
                ("from", .optional(summary.period?.lowerBound.description)),
                ("to", .optional(summary.period?.upperBound.description)),
                ("files", .raw("[" + files.joined(separator: ",") + "]")),
            ])
        }
    }
}
