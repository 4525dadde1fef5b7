package import GovernorCore

/// One person's part of a ledger's entry on its way back into a store.
///
/// Idempotent, and never a step back: what the store holds that is newer stays.
package struct HealingChange: Sendable {
    package let changes: RecordChanges
    let names: NameTable
    let at: Timestamp
    /// The person who took the place of this one after the store had forgotten her.
    package var heir: PersonID?
    /// Makes the person when nobody knows her, even though the entry did not.
    package var mayCreate = false

    package init(changes: RecordChanges, names: NameTable, at: Timestamp) {
        self.changes = changes
        self.names = names
        self.at = at
    }

    package enum Result: Hashable, Sendable {
        case done
        /// The store does not know the person, and the entry does not tell who she is.
        case unknown
        /// Her identifiers lead to somebody else, who got her part.
        case inherited(PersonID)
    }

    private var identifiers: [KnownIdentifier] {
        changes.changes.compactMap { if case .identifier(let known) = $0 { known } else { nil } }
    }

    /// The instant up to which the entry erases the person; `nil`: it does not.
    private var erasedUpTo: Timestamp? {
        changes.changes.reduce(nil) { found, change in
            if case .erase(let instant) = change { max(found ?? instant, instant) } else { found }
        }
    }

    /// The person first, then the identifiers, as many as one transaction takes.
    package var keys: [RecordKey] {
        var keys: [RecordKey] = [.person(heir ?? changes.person)]
        for known in identifiers where keys.count < RecordKey.countMax {
            let key = RecordKey.identifier(known.hash)
            if !keys.contains(key) { keys.append(key) }
        }
        return keys
    }

    package func apply(to set: inout RecordSet) -> Result {
        var position = set.homes[0]
        var result = Result.done
        if position < 0 {
            let own = Set(identifiers.filter { !$0.isShared }.map { RecordKey.identifier($0.hash) })
            if let i = set.keys.indices.first(where: { own.contains(set.keys[$0]) && set.homes[$0] >= 0 }) {
                position = set.homes[i]
                result = .inherited(set.records[position].id)
            } else if changes.isNew || mayCreate || erasedUpTo != nil {
                position = set.create(changes.person, at: at)
            } else {
                return .unknown
            }
        }
        let erased = erasedUpTo
        // What an erasure said again is told with it; whoever inherits was not the one who was erased.
        let isErasure = result == .done && erased.map { $0 >= set.records[position].erasedAt ?? $0 } ?? false
        for change in changes.changes {
            if !isErasure, isErased(change, on: set.records[position]) { continue }
            if let needed = needed(change, at: position, in: set) {
                if case .erase = needed, result != .done { continue }
                set.apply(needed, to: position, names: names, at: at)
            }
        }
        return result
    }

    /// Whether a change tells what was erased since.
    private func isErased(_ change: Change, on record: PersonRecord) -> Bool {
        guard let erasedAt = record.erasedAt else { return false }
        return switch change {
        case .identifier(let told): told.addedAt <= erasedAt
        case .touch(let told): told.recordedAt <= erasedAt
        case .fact(let told): told.receivedAt <= erasedAt
        case .merge(let told): told.at <= erasedAt
        case .forgetTouches, .erase: false
        }
    }

    /// What has to be done for a change to be in force; `nil`: nothing.
    private func needed(_ change: Change, at position: Int, in set: RecordSet) -> Change? {
        let record = set.records[position]
        switch change {
        case .identifier(let told):
            if let known = record.identifiers.first(where: { $0.hash == told.hash }) {
                let merged = known.merged(with: told)
                return merged == known ? nil : .identifier(merged)
            }
            // It may have gone to somebody else since: nobody is moved back.
            let i = set.keys.firstIndex(of: .identifier(told.hash))
            let home = i.map { set.homes[$0] } ?? -1
            return home < 0 || home == position || told.isShared ? .identifier(told) : nil
        case .touch(let told):
            guard let stored = record.touches.first(where: { $0.id == told.id }) else {
                return told.at < record.historyFrom ? nil : .touch(told)
            }
            let merged = stored.merged(with: told)
            return merged == stored ? nil : .touch(merged)
        case .fact(let told): return record.facts.contains { $0.id == told.id } ? nil : .fact(told)
        case .merge(let told):
            let stored = record.merges.first { $0.id == told.id }
            return stored == nil || (stored?.isInForce == true && !told.isInForce) ? change : nil
        case .forgetTouches(let before, _): return before > record.historyFrom ? change : nil
        case .erase(let instant): return record.erasedAt.map { instant > $0 } ?? true ? change : nil
        }
    }
}

/// A counter's bucket of a ledger's entry on its way back: as much is counted as is missing.
package struct HealingCount: Sendable {
    package let state: CounterState
    let at: Timestamp

    package init(state: CounterState, at: Timestamp) {
        self.state = state
        self.at = at
    }

    /// Changes of one transaction, at most; the bound of a bucket that is far behind, too.
    static let changesMax = 10_000

    package func apply(to set: inout RecordSet) {
        let bucket = set.counters.first?.buckets.first {
            $0.start <= state.bucket.start && state.bucket.start < $0.end
        }
        // Put together with others since: it cannot be told apart any more, and it is old.
        if let bucket, bucket.grain > state.bucket.grain { return }
        var left = Self.changesMax
        var missing = max(0, Int(state.bucket.attempts) - Int(bucket?.attempts ?? 0))
        for item in state.bucket.outcomes {
            let stored = bucket?.outcomes.first { $0.outcome == item.outcome }?.count ?? 0
            var count = max(0, Int(item.count) - Int(stored))
            while count > 0 && left > 0 {
                let attempts: Int32 = missing > 0 ? 1 : 0
                set.count(change(attempts, item.outcome), names: state.names, at: at)
                missing -= Int(attempts)
                count -= 1
                left -= 1
            }
        }
        while missing > 0 && left > 0 {
            set.count(change(1, .none), names: state.names, at: at)
            missing -= 1
            left -= 1
        }
    }

    private func change(_ attempts: Int32, _ outcome: EventName) -> CounterChange {
        CounterChange(key: state.key, at: state.bucket.start, attempts: attempts, outcome: outcome)
    }
}
