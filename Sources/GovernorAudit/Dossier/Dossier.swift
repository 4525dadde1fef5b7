import Foundation
package import GovernorCore
package import GovernorLedger
package import GovernorRuntime

/// What ledgers tell of one person, put together for a reader.
package struct Dossier: Sendable {
    /// A ledger that it was made from, and whether its chain is whole.
    package struct Source: Sendable {
        package var node: String
        package var isWhole: Bool
        package var head: String
        package var recordCount: UInt64

        package init(_ audit: LedgerAudit) {
            node = audit.node?.description ?? "unknown"
            isWhole = audit.isWhole
            head = audit.head.description
            recordCount = audit.recordCount
        }
    }

    package struct Revision: Sendable {
        package var revision: String
        package var first: Timestamp
        package var last: Timestamp
        package var decisions = 0
        /// Names of its files, where the installation has kept them.
        package var files: [String] = []
    }

    /// Records that a dossier tells one by one, at most.
    package static let eventsMax = 20_000

    package var madeAt: Timestamp
    package var sources: [Source] = []
    package var persons: [String] = []
    package var from: Timestamp?
    package var to: Timestamp?
    /// In the order of their instants.
    package private(set) var events: [AuditEvent] = []
    package private(set) var identifiers: [AuditEvent.Identifier] = []
    package private(set) var facts: [AuditEvent.FactText] = []
    /// Each as it stood last.
    package private(set) var touches: [AuditEvent.TouchText] = []
    package private(set) var revisions: [Revision] = []
    package private(set) var erasedCount = 0
    /// There are more records than a dossier tells.
    package private(set) var isCut = false

    package init(madeAt: Timestamp) { self.madeAt = madeAt }

    /// Reads the ledgers of some data folders: once for their chains, twice for the person. Blocks while it reads.
    package static func make(
        _ selection: AuditSelection, from folders: [String], at now: Timestamp,
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws -> Dossier {
        var dossier = Dossier(madeAt: now)
        dossier.from = selection.from
        dossier.to = selection.to
        for folder in folders {
            dossier.sources.append(Source(try LedgerReader(dataDirectory: folder).audit(findingsMax: 1)))
        }
        dossier.persons = try selection.forEach(in: folders, progress: progress) { dossier.add($0) }
            .sorted().map(\.hexadecimal)
        let hasArchive = folders.first.map { FileManager.default.fileExists(atPath: $0 + "/kept-policies") } ?? false
        dossier.finish(hasArchive ? try? PolicyArchive(dataDirectory: folders[0]) : nil)
        return dossier
    }

    package mutating func add(_ event: AuditEvent) {
        if event.kind == "erased" { erasedCount += 1 }
        if event.kind == "housekeeping" || event.kind == "summary" || event.kind == "erasure" { return }
        if events.count >= Self.eventsMax {
            isCut = true
        } else {
            events.append(event)
        }
        for identifier in event.identifiers ?? [] {
            identifiers.removeAll { $0.hash == identifier.hash && $0.kind == identifier.kind }
            identifiers.append(identifier)
        }
        for fact in event.facts ?? [] where !facts.contains(fact) { facts.append(fact) }
        for touch in event.touches ?? [] {
            if let place = touches.firstIndex(where: { $0.id == touch.id }) {
                touches[place] = touch
            } else {
                touches.append(touch)
            }
        }
        if event.verdict != nil, let revision = event.policy_revision { count(revision, at: event.instant) }
    }

    private mutating func count(_ revision: String, at instant: Timestamp) {
        if let place = revisions.firstIndex(where: { $0.revision == revision }) {
            revisions[place].first = min(revisions[place].first, instant)
            revisions[place].last = max(revisions[place].last, instant)
            revisions[place].decisions += 1
        } else {
            revisions.append(Revision(revision: revision, first: instant, last: instant, decisions: 1))
        }
    }

    /// Puts everything in order, once all is added; `archive` knows what revisions were made of.
    package mutating func finish(_ archive: PolicyArchive?) {
        events.sort { ($0.instant, $0.sequence) < ($1.instant, $1.sequence) }
        facts.sort { $0.at < $1.at }
        touches.sort { $0.at < $1.at }
        revisions.sort { $0.first < $1.first }
        for place in revisions.indices {
            revisions[place].files = archive?.revision(revisions[place].revision)?.files.map(\.name) ?? []
        }
    }

    package var allowed: Int { events.count { $0.verdict == "allow" && $0.kind == "decision" } }
    package var denied: Int { events.count { $0.verdict == "deny" && $0.kind == "decision" } }
    /// Contacts that were made, as far as anybody reported.
    package var contacts: [AuditEvent.TouchText] {
        touches.filter { $0.state != "released" && $0.state != "revoked" }
    }

    func facts(_ kinds: String...) -> [AuditEvent.FactText] { facts.filter { kinds.contains($0.kind) } }
}
