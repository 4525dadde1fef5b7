public import GovernorCore
import Synchronization

/// Which records were named together by one contact, newest last: what may be an identity conflict.
///
/// A projection of the ledger that each node keeps in memory and fills again from the ledger's tail when it starts.
/// Whether two of them still wait for somebody's decision only the store can tell; see `Governor.identityConflicts`.
public final class ConflictBook: Sendable {
    /// Sets of records that are remembered; the oldest leave first.
    public static let countMax = 10_000
    /// Records of one set, at most; more are never one person.
    static let personsMax = 20

    struct Entry: Sendable {
        var persons: [PersonID]
        var firstAt: Timestamp
        var lastAt: Timestamp
        var count: UInt64
        /// Greater for what was met first later.
        var sequence: UInt64
    }

    private struct Pair: Hashable {
        let a: PersonID
        let b: PersonID
        init(_ a: PersonID, _ b: PersonID) { (self.a, self.b) = a < b ? (a, b) : (b, a) }
    }

    private struct State {
        var entries: [[PersonID]: Entry] = [:]
        var apart: Set<Pair> = []
        var sequence: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// These records were named together.
    public func note(_ persons: [PersonID], at: Timestamp) {
        let persons = Set(persons).sorted()
        guard (2...Self.personsMax).contains(persons.count) else { return }
        state.withLock { state in
            if var known = state.entries[persons] {
                known.lastAt = max(known.lastAt, at)
                known.firstAt = min(known.firstAt, at)
                known.count += 1
                state.entries[persons] = known
                return
            }
            if state.entries.count >= Self.countMax {
                // A tenth at a time, so that it is looked for seldom.
                let oldest = state.entries.values.sorted { $0.sequence < $1.sequence }.prefix(Self.countMax / 10)
                for entry in oldest { state.entries[entry.persons] = nil }
            }
            state.sequence += 1
            state.entries[persons] = Entry(
                persons: persons, firstAt: at, lastAt: at, count: 1, sequence: state.sequence)
        }
    }

    /// Somebody decided that these are different persons.
    public func keepApart(_ persons: [PersonID]) {
        guard persons.count <= Self.personsMax else { return }
        state.withLock { state in
            if state.apart.count > Self.countMax * 10 { state.apart.removeAll() }
            for (i, a) in persons.enumerated() {
                for b in persons[..<i] where a != b { state.apart.insert(Pair(a, b)) }
            }
        }
    }

    /// Whether nobody has decided yet about some two of these people, each with all her records: what was decided of one
    /// record holds for those that were merged with it since.
    func isWaiting(_ people: [[PersonID]]) -> Bool {
        state.withLock { state in
            func isDecided(_ a: [PersonID], _ b: [PersonID]) -> Bool {
                a.contains { x in b.contains { y in state.apart.contains(Pair(x, y)) } }
            }
            return people.indices.contains { i in
                people[..<i].contains { !isDecided($0, people[i]) }
            }
        }
    }

    /// What was met before the entry of that number, newest first; `nil`: all.
    func entries(before sequence: UInt64?) -> [Entry] {
        state.withLock { state in
            state.entries.values.filter { sequence == nil || $0.sequence < sequence ?? 0 }
                .sorted { $0.sequence > $1.sequence }
        }
    }
}
