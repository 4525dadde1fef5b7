import GovernorCore
import GovernorPolicy
import GovernorRuntime
import Synchronization

/// Earlier revisions, compiled again so that a decision can be explained as it was then.
final class Revisions: Sendable {
    typealias Revision = (policies: PolicySet, texts: [(file: PolicyArchive.File, bytes: [UInt8])])

    /// Revisions that stay in memory.
    static let keptMax = 4

    private let kept = Mutex<[(name: String, revision: Revision)]>([])

    /// `nil` when no revision of that name decided on this node, or its text is lost.
    func policies(_ name: String, of console: Console) -> Revision? {
        let current = console.governor.policies.current
        if name == current.revision { return (current, console.policies.texts) }
        if let known = kept.withLock({ $0.first { $0.name == name }?.revision }) { return known }
        guard let archive = console.policies.archive, let revision = archive.revision(name) else { return nil }
        var texts: [(file: PolicyArchive.File, bytes: [UInt8])] = []
        do throws(PolicyArchiveError) {
            for file in revision.files { texts.append((file, try archive.text(file))) }
        } catch {
            return nil
        }
        let sources = texts.map { PolicySource(name: $0.file.name, bytes: $0.bytes) }
        let loader = PolicyService.loader(zones: console.governor.zones, at: revision.lastActivatedAt)
        guard let policies = loader.load(files: sources).policies else { return nil }
        let made = (policies, texts)
        kept.withLock { kept in
            kept.append((name, made))
            if kept.count > Self.keptMax { kept.removeFirst() }
        }
        return made
    }
}
