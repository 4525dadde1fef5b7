import ArgumentParser
import Foundation
import GovernorCore
import GovernorRuntime

/// Makes, lists, changes and removes the keys of callers. A running server sees a change within a second, and so do all
/// nodes that share its Redis.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make, list, rotate and remove the keys of callers.",
        subcommands: [Add.self, List.self, Rotate.self, Remove.self])

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

        /// The key, which is shown this once.
        func show(_ key: String, _ entry: KeyTable.Entry) {
            if json {
                print(
                    JSONText.object([
                        ("id", .text(entry.id)), ("role", .text(entry.role.rawValue)), ("agency", .text(entry.agency)),
                        ("key", .text(key)), ("expires_at", .optional(entry.expiresAt)),
                        ("limits", .raw((entry.limits ?? KeyLimits()).json)),
                    ]))
            } else {
                printToStandardError("the key of \(entry.id); it is shown this once:")
                print(key)
            }
        }
    }

    /// Whether a text can be the name of a holder, an agency, a channel or a campaign.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= Intake.nameBytesMax && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    /// An instant ahead of now.
    static func expiry(_ text: String?, at now: Timestamp) throws -> Timestamp? {
        guard let text else { return nil }
        guard let instant = try? Timestamp(parsing: text) else {
            throw ValidationError("--expires: `\(text)` is not an instant such as 2027-01-01T00:00:00Z")
        }
        guard instant > now else { throw ValidationError("--expires: \(text) has passed already") }
        return instant
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
        @Option(help: "The SHA-256 of a certificate (DER) that its holder may show instead, with --tls-client-ca.")
        var certificateFingerprint: String?
        @OptionGroup var limits: KeyLimitOptions
        @OptionGroup var folder: Folder

        func run() throws {
            guard let role = Role(rawValue: role) else {
                let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--role: `\(role)` is not one of \(roles)")
            }
            for (name, text) in [("--agency", agency), ("--id", id ?? "x")] {
                guard KeysCommand.isName(text) || text.isEmpty && name == "--agency" else {
                    throw ValidationError(
                        "\(name): write at most \(Intake.nameBytesMax) bytes without spaces and control characters")
                }
            }
            let now = SystemWallClock().now()
            let expiresAt = try KeysCommand.expiry(expires, at: now)
            // As tools print it: with colons between the bytes.
            let fingerprint = certificateFingerprint?.replacing(":", with: "").lowercased()
            do {
                let ring = try folder.ring(mustExist: false)
                let made = try ring.add(
                    role: role, agency: agency, id: id, expiresAt: expiresAt, limits: limits.limits,
                    certificate: fingerprint, at: now)
                if let entry = ring.entries.first(where: { $0.id == made.id }) { folder.show(made.key, entry) }
            } catch let error as KeyRingError { throw CommandFailure(error.description) }
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a holder a new key and print it; the one before holds until the overlap is over.",
            discussion: """
                Both are the same caller: reservations and idempotency keys stay the holder's. --overlap PT0S ends every \
                earlier key at once, for one that others have seen.
                """)

        @Argument(help: "The id, as `keys list` shows it.")
        var id: String
        @Option(help: "How long the key before still holds, an ISO 8601 duration.")
        var overlap: String = "PT24H"
        @Option(help: "When the new key ends: an instant (default: as the one before).")
        var expires: String?
        @OptionGroup var folder: Folder

        static let overlapMax = Milliseconds.hours(24 * 90)

        func run() throws {
            guard let length = ServeSettings.duration(overlap), length.count >= 0, length <= Self.overlapMax else {
                throw ValidationError("--overlap: `\(overlap)` is not a duration from PT0S to P90D, such as PT24H")
            }
            let now = SystemWallClock().now()
            let expiresAt = try KeysCommand.expiry(expires, at: now)
            do {
                let ring = try folder.ring(mustExist: true)
                let key = try ring.rotate(id: id, overlap: length, expiresAt: expiresAt, at: now)
                if let entry = ring.entries.first(where: { $0.id == id }) { folder.show(key, entry) }
            } catch let error as KeyRingError { throw CommandFailure(error.description) }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a holder's keys by its id; in force everywhere within a second.", aliases: ["revoke"])
        @Argument(help: "The id, as `keys list` shows it.")
        var id: String
        @OptionGroup var folder: Folder

        func run() throws {
            do { try folder.ring(mustExist: true).remove(id: id, at: SystemWallClock().now()) } catch let error
                as KeyRingError
            {
                throw CommandFailure(error.description)
            }
            printToStandardError("the key \(id) is removed")
        }
    }
}
