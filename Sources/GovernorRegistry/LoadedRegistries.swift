public import GovernorCore
import Synchronization

/// The registries in force, as a node asks them; exchanged as a whole.
public final class LoadedRegistries: Sendable {
    private let snapshots: Mutex<[RegistrySnapshot]>
    private let isEmptyNow: Atomic<Bool>

    public init(_ snapshots: [RegistrySnapshot] = []) {
        self.snapshots = Mutex(snapshots)
        isEmptyNow = Atomic(snapshots.isEmpty)
    }

    /// Nobody has to be asked.
    public var isEmpty: Bool { isEmptyNow.load(ordering: .relaxed) }

    public var current: [RegistrySnapshot] { snapshots.withLock { $0 } }

    /// What every list says of a number, one answer each.
    public func answers(for digits: UInt64) -> [RegistryAnswer] {
        isEmpty ? [] : current.map { $0.answer(for: digits) }
    }

    /// Looks into the folder and maps what is new there, reading it in before it is in force; what cannot be read leaves the
    /// snapshot before in force.
    ///
    /// - Returns: what changed and what went wrong, in words.
    public func refresh(from folder: RegistryFolder) -> (changes: [String], troubles: [String]) {
        var changes: [String] = []
        var troubles: [String] = []
        let old = current
        var new: [RegistrySnapshot] = []
        let entries = folder.current()
        for entry in entries {
            if let known = old.first(where: { $0.path == entry.path }) {
                new.append(known)
                continue
            }
            do throws(RegistryError) {
                let snapshot = try RegistrySnapshot(path: entry.path, populating: true)
                guard snapshot.info.name == entry.name else {
                    throw .damaged(path: entry.path, reason: "it is a snapshot of `\(snapshot.info.name)`")
                }
                new.append(snapshot)
                changes.append("\(entry.name): \(snapshot.info.count) numbers as of \(snapshot.info.asOf)")
            } catch {
                troubles.append(error.description)
                if let known = old.first(where: { $0.info.name == entry.name }) { new.append(known) }
            }
        }
        for gone in old where !entries.contains(where: { $0.name == gone.info.name }) {
            changes.append("\(gone.info.name): no longer there")
        }
        if !changes.isEmpty {
            snapshots.withLock { $0 = new }
            isEmptyNow.store(new.isEmpty, ordering: .relaxed)
        }
        return (changes, troubles)
    }
}
