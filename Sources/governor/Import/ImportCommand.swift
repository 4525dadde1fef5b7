import ArgumentParser
import Foundation
import GovernorCore
import GovernorHTTP
import GovernorLists
import GovernorRuntime
import Logging

/// Reads a CSV file into a running governor, or into a data folder that no server owns.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import people, holdings, opt-outs, touches and other facts from a CSV file.",
        discussion: """
            The first row names the columns, like the fields of the API: phone, email, ids, country, region, at, product, \
            status, … Several values in one cell have spaces between them. A row is taken whole or not at all; importing a \
            file twice changes nothing. With --data, and no server owning that folder, the rows go straight into it; \
            --policies then names the files that declare outcomes and families.
            Exit 0: every row was taken. 1: some were refused. 2: the import could not be done.
            """)

    @Argument(help: "people, holdings, opt-outs, opt-ins, consents, withdrawals, touches or events.")
    var kind: String
    @Argument(help: "The CSV file.")
    var file: String
    @Option(help: "Write the refused rows to this CSV file: line, column, code and reason.")
    var refused: String?
    @Flag(help: "Hand the whole file over and let the server import it, also when this command is ended.")
    var job = false
    @Flag(help: "With --job: import a file anew that was imported before.")
    var again = false
    @OptionGroup(title: "Without a server") var installation: InstallationOptions
    @Flag(help: "Print the summary as JSON.")
    var json = false
    @OptionGroup var server: ServerOptions

    /// Batches under way at once.
    static let batchesMax = 4
    /// Refused rows that are printed one by one.
    static let printedMax = 20

    func run() async throws {
        guard let kind = ImportKind(rawValue: kind) else {
            throw ValidationError(
                "`\(kind)` is none of \(ImportKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let settings = try server.settings(installation)
        let name = (file as NSString).lastPathComponent
        do {
            var source = try ImportFile(path: file)
            guard let first = try source.row() else { throw CommandFailure("\(name) is empty") }
            let header = try ImportHeader(first.row, kind: kind)
            if job {
                try await ImportJobClient(client: ServerClient(settings)).run(
                    file, kind, again: again, name: name, refused: refused, json: json)
                return
            }
            let report = try RefusedRows(path: refused, file: name, printedMax: json ? 0 : Self.printedMax)
            if installation.data != nil, server.url == nil, let folder = try SystemSetup.folder(settings) {
                defer { folder.close() }
                try await load(source, header, into: try sink(folder, settings), name, report)
            } else {
                try await load(source, header, into: ServerSink(client: ServerClient(settings)), name, report)
            }
        } catch let error as FieldErrors {
            throw CommandFailure("\(name):1: \(error.errors.first?.detail ?? "")")
        } catch let failure as ImportFailure { throw CommandFailure(failure.description) }
    }

    private func sink(_ folder: DataFolder, _ settings: Settings) throws -> FactSink {
        let logger = SystemSetup.warningLogger
        let zones = try SystemSetup.zones()
        let clock = SystemWallClock()
        var set = PolicySet(rules: [])
        if let directory = settings["policies"] {
            set = try SystemSetup.policies(directory, zones: zones, logger: logger, at: clock.now()).holder.current
        }
        let identity = try IdentitySettings(settings)
        let governor = Governor(
            store: folder.store, policies: PolicyHolder(set), zones: zones, hasher: folder.hasher, clock: clock,
            logger: logger)
        // The same caller as the first key's, so that a file is known again however it is imported.
        return FactSink(
            importer: FactImporter(
                governor: governor,
                intake: Intake(
                    hasher: folder.hasher, zones: zones, uniqueNamespaces: identity.uniqueNamespaces,
                    folding: identity.folding),
                caller: Caller(id: "admin", role: .admin)))
    }

    private func load(
        _ file: ImportFile, _ header: ImportHeader, into sink: some ImportSink, _ name: String, _ report: RefusedRows
    ) async throws {
        var file = file
        let began = ContinuousClock.now
        let size = max(1, file.size)
        var tally = Tally()
        var bar = ProgressBar(name)
        defer { bar.end() }
        try await ImportRun.run(&file, header, into: sink, groupsMax: Self.batchesMax) { group in
            for (line, outcome) in group.outcomes {
                tally.count(outcome)
                if case .refused(let faults) = outcome { try report.add(line, faults) }
            }
            bar.show(Double(group.bytesRead) / Double(size), rows: tally.all)
        }
        bar.end()
        try report.finish()
        let seconds = began.duration(to: .now) / .seconds(1)
        print(json ? tally.json(seconds: seconds) : tally.text(name, seconds: seconds))
        if tally.refused > 0 { throw ExitCode.findings }
    }
}

/// How many rows came to what.
struct Tally {
    var recorded = 0
    var duplicates = 0
    var refused = 0
    var all: Int { recorded + duplicates + refused }

    mutating func count(_ outcome: ImportOutcome) {
        switch outcome {
        case .recorded: recorded += 1
        case .repeated: duplicates += 1
        case .refused: refused += 1
        }
    }

    func text(_ name: String, seconds: Double) -> String {
        var text =
            "\(name): \(ProgressBar.grouped(all)) row\(all == 1 ? "" : "s"), \(ProgressBar.grouped(recorded)) recorded"
        if duplicates > 0 { text += ", \(ProgressBar.grouped(duplicates)) known already" }
        if refused > 0 { text += ", \(ProgressBar.grouped(refused)) refused" }
        let tenths = Int((seconds * 10).rounded())
        return text + " in \(tenths / 10).\(tenths % 10) s (\(ProgressBar.grouped(rate(seconds))) rows/s)"
    }

    func json(seconds: Double) -> String {
        JSONText.object([
            ("rows", .number(all)), ("recorded", .number(recorded)), ("duplicates", .number(duplicates)),
            ("refused", .number(refused)), ("rows_per_second", .number(rate(seconds))),
        ])
    }

    private func rate(_ seconds: Double) -> Int { seconds > 0 ? Int(Double(all) / seconds) : all }
}

/// The rows that were refused: the first ones on stderr, all of them in a file if one was asked for.
final class RefusedRows {
    private let file: String
    private let printedMax: Int
    private let handle: FileHandle?
    private let path: String?
    private var count = 0

    init(path: String?, file: String, printedMax: Int) throws(CommandFailure) {
        self.file = file
        self.path = path
        self.printedMax = printedMax
        if let path {
            guard FileManager.default.createFile(atPath: path, contents: Data(ImportFault.csvHeader)),
                let handle = FileHandle(forWritingAtPath: path)
            else { throw CommandFailure("\(path) cannot be written; name another file with --refused") }
            handle.seekToEndOfFile()
            self.handle = handle
        } else {
            handle = nil
        }
    }

    func add(_ line: Int, _ faults: [ImportFault]) throws(CommandFailure) {
        count += 1
        for fault in faults {
            if count <= printedMax {
                printToStandardError("\(file):\(line): \(fault.field.isEmpty ? "" : fault.field + ": ")\(fault.detail)")
            }
            guard let handle else { continue }
            var row: [UInt8] = []
            fault.appendRow(of: line, to: &row)
            do { try handle.write(contentsOf: Data(row)) } catch {
                throw CommandFailure("\(path ?? "") cannot be written")
            }
        }
        if count == printedMax + 1 && printedMax > 0 {
            printToStandardError(
                path.map { "the other refused rows are in \($0)" }
                    ?? "more refused rows are not printed; --refused FILE keeps them")
        }
    }

    func finish() throws(CommandFailure) {
        do { try handle?.close() } catch { throw CommandFailure("\(path ?? "") cannot be written") }
    }
}
