import ArgumentParser
import Foundation
import GovernorCore
import GovernorRuntime

/// Makes, lists and removes the keys of callers. A running server sees a change within a second.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make, list and remove the keys of callers.",
        subcommands: [Add.self, List.self, Remove.self])

    struct Folder: ParsableArguments {
        @Option(help: "The data folder (default: GOVERNOR_DATA, then data).")
        var data: String?
        @Flag(help: "Print JSON.")
        var json = false

        func ring(mustExist: Bool) throws -> KeyRing {
            let data = try Settings(flags: ["data": data])["data"] ?? "data"
            if mustExist, !FileManager.default.fileExists(atPath: data) {
                throw CommandFailure("there is no data folder \(data); name it with --data")
            }
            do throws(KeyRingError) { return try KeyRing(dataDirectory: data) } catch {
                throw CommandFailure(error.description)
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it; it is never shown again.")

        @Option(help: "dialer, agent, compliance or admin.")
        var role: String
        @Option(help: "The agency that its holder calls for; none for the company itself.")
        var agency: String = ""
        @Option(help: "The name under which the ledger knows its holder; made when left out.")
        var id: String?
        @Option(help: "When it ends: an instant such as 2027-01-01T00:00:00Z.")
        var expires: String?
        @OptionGroup var folder: Folder

        func run() throws {
            guard let role = Role(rawValue: role) else {
                let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--role: `\(role)` is not one of \(roles)")
            }
            for (name, text) in [("--agency", agency), ("--id", id ?? "x")] {
                let isName = text.utf8.count <= Intake.nameBytesMax && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
                guard isName, name == "--agency" || !text.isEmpty else {
                    throw ValidationError(
                        "\(name): write at most \(Intake.nameBytesMax) bytes without spaces and control characters")
                }
            }
            let now = SystemWallClock().now()
            var expiresAt: Timestamp?
            if let expires {
                guard let instant = try? Timestamp(parsing: expires) else {
                    throw ValidationError("--expires: `\(expires)` is not an instant such as 2027-01-01T00:00:00Z")
                }
                guard instant > now else { throw ValidationError("--expires: \(expires) has passed already") }
                expiresAt = instant
            }
            do {
                let made = try folder.ring(mustExist: false).add(
                    role: role, agency: agency, id: id, expiresAt: expiresAt, at: now)
                if folder.json {
                    print(
                        JSONText.object([
                            ("id", .text(made.id)), ("role", .text(role.rawValue)), ("agency", .text(agency)),
                            ("key", .text(made.key)),
                        ]))
                } else {
                    printToStandardError("the key of \(made.id); it is shown this once:")
                    print(made.key)
                }
            } catch let error as KeyRingError { throw CommandFailure(error.description) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys; not the secrets themselves.")
        @OptionGroup var folder: Folder

        func run() throws {
            let entries = try folder.ring(mustExist: true).entries
            if folder.json {
                let items = entries.map { entry in
                    JSONText.object([
                        ("id", .text(entry.id)), ("role", .text(entry.role.rawValue)), ("agency", .text(entry.agency)),
                        ("created_at", .text(entry.createdAt)), ("expires_at", .optional(entry.expiresAt)),
                    ])
                }
                return print("[\(items.joined(separator: ","))]")
            }
            if entries.isEmpty { return printToStandardError("there are no keys") }
            let width = entries.map(\.id.count).max() ?? 0
            for entry in entries {
                var line = entry.id.padding(toLength: width, withPad: " ", startingAt: 0)
                line += "  " + entry.role.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
                line += "  " + (entry.agency.isEmpty ? "-" : entry.agency)
                if let end = entry.expiresAt { line += "  until \(end)" }
                print(line)
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a key by its id.")
        @Argument(help: "The id, as `keys list` shows it.")
        var id: String
        @OptionGroup var folder: Folder

        func run() throws {
            do { try folder.ring(mustExist: true).remove(id: id) } catch let error as KeyRingError {
                throw CommandFailure(error.description)
            }
            printToStandardError("the key \(id) is removed")
        }
    }
}
