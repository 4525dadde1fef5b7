import ArgumentParser
import Foundation
import Glibc
import GovernorCore
import GovernorHTTP
import GovernorLists
import GovernorPages
import GovernorRegistry
import GovernorRuntime
import Logging

/// Sorts a list into who may be contacted and who not, before anybody is called.
struct ScrubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub", abstract: "Sort a list into who may be contacted and who not.",
        discussion: """
            The first row names the columns. Names in several languages are understood; what each column is taken for is \
            shown and, on a terminal, asked about. Rows about the same person count once, whatever the spelling. Nothing is \
            consumed and nobody is taught anything. With --data, and no server owning that folder, the list is judged \
            there; else by the running server.
            Exit 0: the whole list was judged. 2: it was not.
            """)

    @Argument(help: "The CSV file; separated by commas, semicolons or tabs.")
    var file: String
    @Option(help: "voice, sms, email, …") var channel: String
    @Option(help: "marketing, service, collections, …") var purpose: String
    @Option(help: "The campaign.") var campaign: String?
    @Option(help: "What the contact is about.") var subject: String?
    @Option(help: "What the contact sells.") var product: String?
    @Option(help: "The brand.") var brand: String?
    @Option(help: "live, automated or prerecorded.") var method: String?
    @Option(help: "Another instant to ask for, such as 2026-11-23T09:00:00Z.") var at: String?
    @Option(help: "The country of rows that name none, such as US.") var country: String?
    @Option(
        name: [.customShort("o"), .customLong("output")], help: "Write the rows that may be contacted to this file.")
    var output: String?
    @Option(help: "Write the other rows to this file, each with its verdict, reasons and next instant.")
    var dropped: String?
    @Option(help: "Write a report with charts to this HTML file.") var report: String?
    @Option(
        help: """
            COLUMN=FIELD, such as "Mobile 2=phone" or "Customer=ids:crm:" for bare numbers that are `crm:` keys; \
            COLUMN= leaves a column alone. May be repeated.
            """)
    var map: [String] = []
    @Flag(name: [.short, .long], help: "Take the columns as they are guessed, without asking.") var yes = false
    @OptionGroup(title: "Without a server") var installation: InstallationOptions
    @Flag(help: "Print the summary as JSON.") var json = false
    @OptionGroup var server: ServerOptions

    /// Rows that a guess looks at.
    static let samplesMax = 50

    func run() async throws {
        let settings = try server.settings(installation)
        var source = try ListFile(path: file)
        let columns = try confirmed(source)
        let files = try ScrubFiles(
            clean: output, dropped: dropped, header: source.header, separator: source.separator)
        var bar = ProgressBar(source.name)
        defer { bar.end() }
        let began = ContinuousClock.now
        let summary: ScrubSummary
        if installation.data != nil, server.url == nil, let folder = try SystemSetup.folder(settings) {
            defer { folder.close() }
            summary = try await judge(&source, columns, files, &bar, in: folder, settings)
        } else {
            summary = try await ScrubClient(client: ServerClient(settings)).judge(
                file, separator: source.separator, columns, parameters, files, &bar)
        }
        bar.end()
        try files.finish()
        if let report {
            let text = ScrubReport(summary: summary, list: source.name, parameters: parameters, madeAt: Date()).page
                .text
            do { try Data(text.utf8).write(to: URL(fileURLWithPath: report), options: .atomic) } catch {
                throw CommandFailure("\(report) cannot be written")
            }
        }
        let seconds = began.duration(to: .now) / .seconds(1)
        print(json ? String(decoding: summary.json, as: UTF8.self) : summary.text(source.name, seconds: seconds))
    }

    /// The fields that all rows have in common, as the API names them.
    var parameters: [(name: String, value: String)] {
        [
            ("channel", channel), ("purpose", purpose), ("campaign", campaign), ("subject", subject),
            ("product", product), ("brand", brand), ("method", method), ("at", at), ("country", country),
        ].compactMap { name, value in value.map { (name, $0) } }
    }

    // MARK: Columns

    /// What the columns are taken for: as told, else as guessed and confirmed.
    private func confirmed(_ source: ListFile) throws -> ListColumns {
        var reading = source
        var samples: [[String]] = []
        while samples.count < Self.samplesMax, let row = try reading.row() {
            if case .success(let cells) = row.fields { samples.append(cells) }
        }
        var columns = ColumnGuess.columns(source.header, samples: samples)
        for told in map { try Self.apply(told, to: &columns, header: source.header) }
        guard columns.namesSomebody else {
            throw CommandFailure(
                "\(source.name):1: no column says whom a row is about; name one with --map COLUMN=phone, email or ids")
        }
        let isExact = zip(source.header, columns.uses).allSatisfy { name, use in
            if case .field(let column, _) = use { return column.rawValue == name.lowercased() }
            return true
        }
        if yes || isExact || !map.isEmpty { return columns }
        printToStandardError(Self.table(source.header, columns, samples))
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure("say --yes if the columns are right, or --map COLUMN=FIELD where they are not")
        }
        FileHandle.standardError.write(Data("Judge the list like this? [y/N] ".utf8))
        guard let answer = readLine(), ["y", "yes", "j", "ja", "o", "oui"].contains(answer.lowercased()) else {
            throw CommandFailure("nothing was done; --map COLUMN=FIELD corrects a column")
        }
        return columns
    }

    static func apply(_ told: String, to columns: inout ListColumns, header: [String]) throws(CommandFailure) {
        guard let equals = told.lastIndex(of: "=") else {
            throw CommandFailure("--map \(told): write COLUMN=FIELD")
        }
        let (name, field) = (String(told[..<equals]), String(told[told.index(after: equals)...]))
        guard
            let index = header.firstIndex(of: name)
                ?? header.firstIndex(where: { $0.lowercased() == name.lowercased() })
        else {
            throw CommandFailure(
                "--map \(told): there is no column `\(name)`; there are \(header.joined(separator: ", "))")
        }
        if field.isEmpty {
            columns.uses[index] = .carried
            return
        }
        let parts = field.split(separator: ":", maxSplits: 1).map(String.init)
        guard let column = ContactColumn(rawValue: parts[0]), parts.count == 1 || column == .ids else {
            throw CommandFailure(
                "--map \(told): `\(field)` is none of \(ContactColumn.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        for i in columns.uses.indices {
            if case .field(column, _) = columns.uses[i], column != .ids { columns.uses[i] = .carried }
        }
        columns.uses[index] = .field(column, prefix: parts.count == 2 ? parts[1] : "")
    }

    static func table(_ header: [String], _ columns: ListColumns, _ samples: [[String]]) -> String {
        var rows = [["column", "taken as", "first value"]]
        for (index, name) in header.enumerated() {
            let taken =
                switch columns.uses[index] {
                case .field(let column, let prefix): prefix.isEmpty ? column.rawValue : "\(column.rawValue) \(prefix)…"
                case .carried: "–"
                }
            let first = samples.lazy.compactMap { index < $0.count && !$0[index].isEmpty ? $0[index] : nil }.first ?? ""
            rows.append([name, taken, String(first.prefix(30))])
        }
        return String(TextTable.text(rows, leftCount: 3).dropLast())
    }

    // MARK: Without a server

    private func judge(
        _ source: inout ListFile, _ columns: ListColumns, _ files: ScrubFiles, _ bar: inout ProgressBar,
        in folder: DataFolder, _ settings: Settings
    ) async throws -> ScrubSummary {
        let logger = SystemSetup.warningLogger
        let zones = try SystemSetup.zones()
        let clock = SystemWallClock()
        let policies = try SystemSetup.policies(
            settings["policies"] ?? "policies", zones: zones, logger: logger, at: clock.now())
        let governor = Governor(
            store: folder.store, policies: policies.holder, zones: zones, hasher: folder.hasher, clock: clock,
            logger: logger)
        defer { governor.close() }
        let registries = LoadedRegistries()
        let (_, troubles) = registries.refresh(from: RegistryFolder(path: (settings["data"] ?? "data") + "/registries"))
        for trouble in troubles { printToStandardError("warning: \(trouble)") }
        let intake = Intake(hasher: folder.hasher, zones: zones, registries: registries)
        let question: ScrubQuestion
        do throws(FieldErrors) {
            question = try ScrubQuestion(parameters, by: Caller(id: "admin", role: .admin), intake: intake)
        } catch {
            throw CommandFailure(error.errors.map { "--\($0.path): \($0.detail)" }.joined(separator: "\n"))
        }
        var run = ScrubRun(
            governor: governor, intake: intake, question: question, format: CSVScrubFormat(separator: source.separator))
        var judged = 0
        func emit(_ row: JudgedRow) throws {
            judged += 1
            try files.write(row.head, row.verdict, row.tail)
        }
        do {
            var number = 0
            while let row = try source.row() {
                number += 1
                let contact = Result { () throws(FieldErrors) in
                    switch row.fields {
                    case .success(let cells): return try columns.contact(cells, common: question.form.contact)
                    case .failure(let error):
                        throw FieldErrors([FieldError(path: "", code: error.rawValue, detail: error.detail)])
                    }
                }
                try await run.add(ScrubRow(number: number, head: source.encoded(row), contact: contact), emit: emit)
                if number % 1_000 == 0 {
                    bar.show(Double(source.bytesRead) / Double(max(1, source.size)), rows: judged)
                }
            }
            return try await run.finish(emit: emit)
        } catch let error as ScrubError {
            run.cancel()
            throw CommandFailure(error.description)
        }
    }
}
