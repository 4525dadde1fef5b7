import ArgumentParser
import Foundation
import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorPolicy
import GovernorRuntime
import GovernorStore
import Logging

extension LedgerCommand {
    /// `governor ledger prune`: lets go what need not be kept any longer.
    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the contents of old records go; the chain stays whole.",
            discussion: """
                Says what would go; --apply does it. What is still in force (opt-outs, consents, holdings, links, contacts \
                that count) is put on record anew first, so that a store can be restored from the pruned ledger as before. \
                Files in which nothing is left go whole. The `retention` of policies is kept in any case. No server may own \
                the data folder meanwhile.
                """)

        enum Kind: String, ExpressibleByArgument, CaseIterable { case decisions, reservations, facts, links, summaries }

        @Option(help: "What is older goes, such as P5Y or P400D.")
        var olderThan: String
        @Option(help: "decisions, reservations, facts, links or summaries; may be repeated (default: all).")
        var kind: [Kind] = []
        @Flag(help: "Do it. Without, only say what would go.")
        var apply = false
        @Flag(help: "Print JSON.")
        var json = false
        @OptionGroup var installation: InstallationOptions

        func run() throws {
            guard let age = try? ISODuration(parsing: olderThan), !age.isZero else {
                throw ValidationError("--older-than: `\(olderThan)` is not a span such as P5Y or P400D")
            }
            let settings = try Settings(flags: installation.flags)
            let data = settings["data"] ?? "data"
            _ = try Folder.path(data)
            guard let folder = try SystemSetup.folder(settings) else {
                throw CommandFailure("a server uses \(data): stop it, prune, and start it again")
            }
            defer { folder.close() }
            let clock = SystemWallClock()
            let zones = try SystemSetup.zones()
            let directory = settings["policies"] ?? "policies"
            let service = try SystemSetup.policies(
                directory, zones: zones, logger: SystemSetup.warningLogger, at: clock.now())
            defer { service.close() }
            let governor = Governor(
                store: folder.store, policies: service.holder, zones: zones, hasher: folder.hasher, clock: clock,
                logger: SystemSetup.warningLogger)
            defer { governor.close() }
            let limits = Self.limits(
                kind.isEmpty ? Kind.allCases : kind, age, service.holder.current.retention, at: clock.now())
            let pruning = LedgerPruning(governor: governor, ledger: folder.ledger, limits: limits) {
                try folder.settleErasures()
            }
            let plan = try planned(pruning, folder.ledger)
            if apply { try done(plan, pruning) }
            print(json ? Self.json(plan, isDone: apply) : Self.text(plan, isDone: apply))
        }

        private func planned(_ pruning: LedgerPruning, _ ledger: Ledger) throws -> LedgerPruning.Plan {
            var bar = ProgressBar("reading")
            defer { bar.end() }
            let total = ledger.reader.roughCount
            var read = 0
            do {
                return try pruning.plan { count in
                    read += count
                    bar.show(Double(read) / total, rows: read)
                }
            } catch {
                throw CommandFailure("the ledger cannot be read: \(error)")
            }
        }

        private func done(_ plan: LedgerPruning.Plan, _ pruning: LedgerPruning) throws {
            var bar = ProgressBar("pruning")
            defer { bar.end() }
            var steps = 0
            do {
                try pruning.apply(plan) { count in
                    steps += count
                    bar.show(Double(steps) / Double(max(1, plan.steps)), rows: steps)
                }
            } catch {
                throw CommandFailure("not everything was pruned; nothing is lost, run it again: \(error)")
            }
        }

        /// Per kind the instant before which records go: the age asked for, and never within what a policy keeps.
        static func limits(
            _ kinds: [Kind], _ age: ISODuration, _ retention: [RecordKind: ISODuration], at now: Timestamp
        ) -> [LedgerKind: Timestamp] {
            var limits: [LedgerKind: Timestamp] = [:]
            for kind in kinds {
                let kept = kind.recordKinds.compactMap { retention[$0] }
                limits[kind.ledgerKind] = ([age] + kept).map { now - $0.longest }.min()
            }
            return limits
        }

        private static func text(_ plan: LedgerPruning.Plan, isDone: Bool) -> String {
            var rows = [["kind", "records", "bytes"]]
            for kind in LedgerKind.allCases {
                guard let count = plan.counts[kind] else { continue }
                rows.append([
                    kind.word, ProgressBar.grouped(Int(count.records)), ProgressBar.grouped(Int(count.bytes)),
                ])
            }
            let number = ProgressBar.grouped(plan.recordCount)
            if plan.recordCount == 0 && plan.files.isEmpty { return "Nothing is old enough to go." }
            var text = TextTable.text(rows)
            text += isDone ? "\(number) records are pruned" : "\(number) records would go"
            text += "; what is in force of \(ProgressBar.grouped(plan.personCount)) persons "
            text += isDone ? "is on record anew" : "would be put on record anew"
            if !plan.files.isEmpty { text += "; \(plan.files.count) files \(isDone ? "went" : "would go") whole" }
            return text + (isDone ? "." : ".\nThis was only a look; --apply does it.")
        }

        private static func json(_ plan: LedgerPruning.Plan, isDone: Bool) -> String {
            let kinds = LedgerKind.allCases.compactMap { kind in
                plan.counts[kind].map { count in
                    (
                        kind.word,
                        JSONText.Value.raw(
                            JSONText.object([
                                ("records", .number(Int(count.records))), ("bytes", .number(Int(count.bytes))),
                            ]))
                    )
                }
            }
            return JSONText.object([
                ("applied", .flag(isDone)), ("records", .number(plan.recordCount)),
                ("kinds", .raw(JSONText.object(kinds))), ("persons", .number(plan.personCount)),
                ("files", .texts(plan.files.map(\.name))),
            ])
        }
    }
}

extension LedgerCommand.Prune.Kind {
    fileprivate var ledgerKind: LedgerKind {
        switch self {
        case .decisions: .decision
        case .reservations: .reservationChange
        case .facts: .fact
        case .links: .link
        case .summaries: .summary
        }
    }

    /// Whose retention in policies it has to keep.
    fileprivate var recordKinds: [RecordKind] {
        switch self {
        case .decisions, .summaries: [.decisions]
        // What a decision led to is part of the account of it.
        case .reservations: [.touches, .decisions]
        case .facts: [.optOuts, .consents, .holdings, .events, .touches]
        case .links: []
        }
    }
}

extension ISODuration {
    /// Never shorter than the span, whatever the calendar does.
    fileprivate var longest: Milliseconds {
        Milliseconds((366 * Int64(years) + 31 * Int64(months) + Int64(days)) * 86_400_000 + milliseconds)
    }
}
