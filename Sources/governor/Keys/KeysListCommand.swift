import ArgumentParser
import Foundation
import GovernorCore
import GovernorRuntime

extension KeysCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys with their limits and when they were last used here; not the secrets themselves.")
        @OptionGroup var folder: Folder

        func run() throws {
            let ring = try folder.ring(mustExist: true)
            let entries = ring.entries
            let lastUsed = ring.lastUsed
            let now = SystemWallClock().now()
            func overlapping(_ entry: KeyTable.Entry) -> [KeyTable.Previous] {
                (entry.previous ?? []).filter { $0.until > now.description }
            }
            if folder.json {
                let items = entries.map { entry in
                    JSONText.object([
                        ("id", .text(entry.id)), ("role", .text(entry.role.rawValue)), ("agency", .text(entry.agency)),
                        ("created_at", .text(entry.createdAt)), ("expires_at", .optional(entry.expiresAt)),
                        ("earlier_until", .texts(overlapping(entry).map(\.until))),
                        ("last_used_at", .optional(lastUsed[entry.id]?.description)),
                        ("certificate_fingerprint", .optional(entry.certificate)),
                        ("limits", .raw((entry.limits ?? KeyLimits()).json)),
                    ])
                }
                return print("[\(items.joined(separator: ","))]")
            }
            if entries.isEmpty { return printToStandardError("there are no keys") }
            let width = entries.map(\.id.count).max() ?? 0
            let agencyWidth = max(1, entries.map(\.agency.count).max() ?? 0)
            for entry in entries {
                var parts = [
                    entry.id.padding(toLength: width, withPad: " ", startingAt: 0),
                    entry.role.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0),
                    (entry.agency.isEmpty ? "-" : entry.agency)
                        .padding(toLength: agencyWidth, withPad: " ", startingAt: 0),
                    lastUsed[entry.id].map { "used \($0)" } ?? "never used here",
                ]
                if let end = entry.expiresAt { parts.append(end > now.description ? "until \(end)" : "ended \(end)") }
                for old in overlapping(entry) { parts.append("earlier key until \(old.until)") }
                if entry.certificate != nil { parts.append("certificate") }
                if let limits = entry.limits { parts.append(limits.sentence) }
                print(parts.joined(separator: "  "))
            }
        }
    }
}
