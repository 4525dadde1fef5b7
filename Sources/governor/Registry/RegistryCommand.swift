import ArgumentParser
import Foundation
import GovernorCore
import GovernorIdentity
import GovernorRegistry
import GovernorRuntime

/// Loads, lists and asks the lists of others: national do-not-call registers and the like.
struct RegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "Load and ask lists of numbers that others keep.",
        discussion: "A running server has a new list in force within a second.",
        subcommands: [Load.self, Change.self, List.self, Look.self, Verify.self, Remove.self])

    struct Place: ParsableArguments {
        @Option(help: "The data folder (default: GOVERNOR_DATA, then data).")
        var data: String?
        @Flag(help: "Print JSON.")
        var json = false

        func folder() throws -> RegistryFolder {
            RegistryFolder(path: (try Settings(flags: ["data": data])["data"] ?? "data") + "/registries")
        }
    }

    /// How the rows of files are read.
    struct Rows: ParsableArguments {
        @Option(help: "Where numbers without a calling code are dialled from: two letters of ISO 3166-1.")
        var country: String?
        @Option(help: "The column of the number: its name, or its place from 1 (default: found in the first rows).")
        var column: String?
        @Option(help: "The column of the date since when a number is listed, as 2020-05-01 (default: found, or none).")
        var dateColumn: String?
        @Option(help: "When the list was fetched: a date or an instant (default: when the oldest file was written).")
        var asOf: String?
        @Option(help: "Write the rows that could not be read to this file.")
        var refused: String?
        @Flag(help: "Load the list though more than one row in a hundred could not be read.")
        var acceptRefused = false
        @Flag(help: "Load the list though it is less than half as long as the one before.")
        var acceptShrink = false
    }

    struct Load: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a list of files, plain or gzip, and put it in force in place of the one before.")
        @Argument(help: "As rules name it, such as us-dnc.")
        var name: String
        @Argument(help: "Files of numbers: one a row, or columns.")
        var files: [String]
        @OptionGroup var rows: Rows
        @OptionGroup var place: Place

        func run() throws {
            guard !files.isEmpty else { throw ValidationError("name at least one file") }
            guard RegistryInfo.isName(name) else { throw CommandFailure(RegistryError.badName(name).description) }
            var source = try RegistrySource(files, rows)
            let builder = RegistryBuilder(hasDates: source.layout.dateColumn != nil)
            try source.readAll(name) { builder.add($0, day: $1) }
            try source.finish(builder, as: name, in: place)
        }
    }

    struct Change: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add numbers to a list and take numbers out of it, and put the result in force.")
        @Argument(help: "The list.")
        var name: String
        @Option(help: "A file of numbers to add.")
        var add: [String] = []
        @Option(help: "A file of numbers to take out.")
        var remove: [String] = []
        @OptionGroup var rows: Rows
        @OptionGroup var place: Place

        func run() throws {
            guard !(add + remove).isEmpty else { throw ValidationError("name a file with --add or --remove") }
            do throws(RegistryError) {
                let folder: RegistryFolder
                do { folder = try place.folder() } catch { throw .file(path: place.data ?? "data", reason: "\(error)") }
                guard let before = try folder.snapshot(of: name) else {
                    throw .unknown(name: name, known: folder.current().map(\.name))
                }
                let builder = RegistryBuilder(before)
                do {
                    var last: RegistrySource?
                    for (files, adds) in [(remove, false), (add, true)] where !files.isEmpty {
                        var source = try RegistrySource(files, rows)
                        try source.readAll(name) { adds ? builder.add($0, day: $1) : builder.remove($0) }
                        last = source.after(last)
                    }
                    try last?.finish(builder, as: name, in: place)
                } catch let error as RegistryError { throw error } catch let failure as CommandFailure {
                    throw .file(path: name, reason: "\(failure)")
                } catch { throw .file(path: name, reason: "\(error)") }
            } catch { throw CommandFailure(error.description) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what is loaded: versions, ages, counts, changes.")
        @OptionGroup var place: Place

        func run() throws {
            let now = SystemWallClock().now()
            var infos: [RegistryInfo] = []
            var troubles: [String] = []
            for entry in try place.folder().current() {
                do throws(RegistryError) { infos.append(try RegistrySnapshot(path: entry.path).info) } catch {
                    troubles.append(error.description)
                }
            }
            if place.json {
                print("[\(infos.map { $0.json(at: now) }.joined(separator: ","))]")
            } else if infos.isEmpty && troubles.isEmpty {
                print("no registry is loaded")
            } else {
                let head = ["registry", "version", "as of", "age", "numbers", "added", "removed", "size"]
                print(TextTable.text([head] + infos.map { $0.row(at: now) }, leftCount: 3), terminator: "")
            }
            for trouble in troubles { printToStandardError("governor: \(trouble)") }
            if !troubles.isEmpty { throw ExitCode.failure }
        }
    }

    struct Look: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Ask every list for a number.")
        @Argument(help: "The number, in any spelling.")
        var number: String
        @Option(help: "Where a number without a calling code is dialled from.")
        var country: String?
        @OptionGroup var place: Place

        func run() throws {
            let country = try RegistrySource.country(country)
            let number: PhoneNumber
            do throws(IdentifierError) {
                number = try PhoneNumber(self.number, country: country)
            } catch { throw CommandFailure("\(self.number): \(error.description)") }
            var items: [String] = []
            for entry in try place.folder().current() {
                do throws(RegistryError) {
                    let snapshot = try RegistrySnapshot(path: entry.path)
                    let listing = snapshot.listing(of: number.digits)
                    let words: String
                    var since: Timestamp?
                    switch listing {
                    case .notListed: words = "not listed"
                    case .listed(nil): words = "listed"
                    case .listed(let date?):
                        since = date
                        words = "listed since \(date.description.prefix(10))"
                    }
                    if place.json {
                        let fields: [(String, JSONText.Value)] = [
                            ("registry", .text(entry.name)), ("listed", .flag(listing != .notListed)),
                            ("since", .optional(since.map { String($0.description.prefix(10)) })),
                            ("as_of", .text("\(snapshot.info.asOf)")),
                        ]
                        items.append(JSONText.object(fields))
                    } else {
                        print("\(entry.name): \(words) (as of \(snapshot.info.asOf.description.prefix(10)))")
                    }
                } catch { throw CommandFailure(error.description) }
            }
            if place.json { print("[\(items.joined(separator: ","))]") }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read every list and compare it with its own hash.")
        @OptionGroup var place: Place

        func run() throws {
            var isGood = true
            for entry in try place.folder().entries() {
                do throws(RegistryError) {
                    try RegistrySnapshot(path: entry.path).verify()
                    print("\(entry.path): good")
                } catch {
                    isGood = false
                    print(error.description)
                }
            }
            if !isGood { throw ExitCode.failure }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the newest version of a list away; the one before is in force again.")
        @Argument(help: "The list.")
        var name: String
        @Flag(help: "Take every version away; rules that ask for the list then deny.")
        var all = false
        @OptionGroup var place: Place

        func run() throws {
            do { try place.folder().remove(name, all: all) } catch let error as RegistryError {
                throw CommandFailure(error.description)
            }
        }
    }
}

extension RegistryInfo {
    private func age(at now: Timestamp) -> String {
        let hours = (now - asOf).count / 3_600_000
        return hours < 48 ? "\(hours) h" : "\(hours / 24) days"
    }

    func row(at now: Timestamp) -> [String] {
        [
            name, version, String(asOf.description.prefix(16)), age(at: now), ProgressBar.grouped(count),
            "+" + ProgressBar.grouped(addedCount), "-" + ProgressBar.grouped(removedCount),
            ByteCountFormatter.string(fromByteCount: Int64(byteCount), countStyle: .file),
        ]
    }

    func json(at now: Timestamp) -> String {
        JSONText.object([
            ("registry", .text(name)), ("version", .text(version)), ("sequence", .number(sequence)),
            ("as_of", .text("\(asOf)")), ("age_seconds", .number(Int((now - asOf).count / 1_000))),
            ("numbers", .number(count)), ("added", .number(addedCount)), ("removed", .number(removedCount)),
            ("has_dates", .flag(hasDates)), ("bytes", .number(byteCount)),
        ])
    }
}
