import GovernorCore
import GovernorStore

/// What a transaction writes: which keys are compared and which get which value. No Redis, no clock.
///
/// Invariant: an identifier is at home in a record exactly when the record lists it and does not count it among those
/// away, and then its own key holds that record or a forwarder to it. So at most one record is anybody's home.
struct WritePlan {
    struct Item {
        let place: RecordKey
        /// The version that must still be there, 0 for none; `nil`: not compared.
        var expected: UInt64?
        /// `nil`: only compared.
        var value: StoredValue?
        var expiry: Timestamp?
        /// The forwarder of a person's id who becomes known with this very transaction.
        var isNewcomers = false
        /// The key is to go: an erasure left nothing there.
        var isDeletion = false
    }

    private(set) var items: [Item] = []
    /// What was counted, as it stands afterwards.
    private(set) var counted: [CounterState] = []

    /// Works out the writes of `set`, whose first records came from the entries `origins` of the gathering.
    ///
    /// `used` are the entries that the answer rests on; `now` is this node's clock. Keys that nobody asked
    /// for are assumed not to exist; if they do, the script says so, and the transaction runs again over what it found.
    /// - Returns: `nil` when something has to be at hand first, which `missing` then names.
    init?(
        _ set: RecordSet, origins: [Int], used: [Int], gathering: inout Gathering, retention: Retention,
        now: Timestamp, missing: inout [RecordKey], nextVersion: () -> UInt64
    ) {
        var draft = Draft(gathering: gathering, compared: used)
        var forwarders: [(id: PersonID, place: RecordKey, isNewcomers: Bool)] = []
        for changes in set.changes {
            guard let position = set.records.firstIndex(where: { $0.id == changes.person }) else { continue }
            let record = set.records[position]
            let own: Int
            if position < origins.count {
                own = origins[position]
            } else {
                own = draft.place(forNew: record)
                let place = draft.places[own]
                if place != .person(record.id) { forwarders.append((record.id, place, true)) }
            }
            guard draft.put(record, changes.changes, at: own) else { break }
        }
        for change in set.counterChanges {
            counted.append(draft.count(change, names: set.counterNames, at: set.changedAt))
        }
        // What was assumed beyond the keys asked for is part of the gathering from now on.
        for i in gathering.entries.count..<draft.places.count {
            gathering.put(.absent, at: draft.places[i], .assumed)
        }
        missing = draft.missing
        if !missing.isEmpty { return nil }

        for i in draft.compared {
            var item = Item(place: draft.places[i], expected: gathering.entries[i].value.version)
            if draft.isChanged[i] {
                let version = nextVersion()
                draft.values[i].version = version
                draft.values[i].record?.version = version
                item.expiry = retention.expiry(of: draft.values[i], writtenAt: now)
                item.value = draft.values[i]
                item.isDeletion = draft.values[i].isEmpty
                // The forwarder of her id lives as long as the record; it is written again in large steps only.
                if let id = draft.values[i].record?.id, item.place != .person(id),
                    let before = gathering.entries[i].value.record?.id, before == id,
                    retention.forwarderExpiry(of: gathering.entries[i].value)
                        != retention.forwarderExpiry(of: draft.values[i])
                {
                    forwarders.append((id, item.place, false))
                }
            }
            items.append(item)
        }
        for (id, place, isNewcomers) in forwarders
        where !items.contains(where: { $0.place == .person(id) && $0.value?.record != nil }) {
            var value = StoredValue()
            value.version = nextVersion()
            value.forward = place
            let expiry = items.first { $0.place == place }?.expiry.map(Retention.forwarderExpiry(for:))
            if let i = items.firstIndex(where: { $0.place == .person(id) }) {
                items[i].value = value
                items[i].expiry = expiry
            } else {
                items.append(
                    Item(
                        place: .person(id), expected: nil, value: value, expiry: expiry, isNewcomers: isNewcomers))
            }
        }
    }
}

/// The values as they will be.
private struct Draft {
    var places: [RecordKey]
    var values: [StoredValue]
    var isChanged: [Bool]
    var compared: [Int]
    var missing: [RecordKey] = []

    init(gathering: Gathering, compared: [Int]) {
        places = gathering.entries.map(\.place)
        values = gathering.entries.map(\.value)
        isChanged = Array(repeating: false, count: places.count)
        self.compared = compared
    }

    /// The entry of a key, assumed not to exist when nothing is known of it.
    private mutating func entry(_ place: RecordKey) -> Int {
        if let i = places.firstIndex(of: place) { return i }
        places.append(place)
        values.append(.absent)
        isChanged.append(false)
        return places.count - 1
    }

    mutating func count(_ change: CounterChange, names: NameTable, at now: Timestamp) -> CounterState {
        let i = entry(.counter(change.key))
        var counter = values[i].counter ?? CounterRecord(key: change.key)
        let state = counter.apply(change, names: names, at: now)
        values[i].counter = counter
        touch(i)
        return state
    }

    private mutating func touch(_ i: Int) {
        if !compared.contains(i) { compared.append(i) }
        isChanged[i] = true
    }

    /// The key of her first identifier that holds no record yet, else that of her id.
    mutating func place(forNew record: PersonRecord) -> Int {
        for identifier in record.identifiers {
            let i = entry(.identifier(identifier.hash))
            if values[i].record == nil { return i }
        }
        return entry(.person(record.id))
    }

    /// Where a key leads by what is planned so far.
    private mutating func home(of key: RecordKey) -> Int? {
        let i = entry(key)
        guard let forward = values[i].forward, forward != key else { return values[i].isHome(of: key) ? i : nil }
        guard let target = places.firstIndex(of: forward) else {
            missing.append(forward)
            return nil
        }
        return values[target].isHome(of: key) ? target : nil
    }

    /// Puts the changed record into its entry, and its identifiers' homes where the changes leave them.
    /// - Returns: false when something is missing.
    mutating func put(_ record: PersonRecord, _ changes: [Change], at own: Int) -> Bool {
        var own = own
        let before = values[own].record
        var moved: [(identifier: KnownIdentifier, from: Int?)] = []
        for case .identifier(let identifier) in changes {
            let isHere =
                before?.identifiers.contains { $0.hash == identifier.hash } ?? false
                && !values[own].away.contains(identifier.hash)
            if isHere || moved.contains(where: { $0.identifier.hash == identifier.hash }) { continue }
            moved.append((identifier, home(of: .identifier(identifier.hash))))
        }
        if changes.contains(where: { if case .erase = $0 { true } else { false } }) {
            guard let home = vacate(record, at: own) else { return false }
            own = home
        } else {
            values[own].record = record
            touch(own)
        }
        for (identifier, from) in moved {
            let hash = identifier.hash
            let moves = changes.contains { change in
                if case .identifier(let said) = change, said.hash == hash {
                    RecordSet.movesHome(said, to: record)
                } else {
                    false
                }
            }
            guard moves else {
                if !values[own].away.contains(hash) { values[own].away.append(hash) }
                continue
            }
            if let from, from != own {
                if !values[from].away.contains(hash) { values[from].away.append(hash) }
                touch(from)
            }
            values[own].away.removeAll { $0 == hash }
            let at = entry(.identifier(hash))
            values[at].forward = at == own ? nil : places[own]
            touch(at)
        }
        return missing.isEmpty
    }

    /// Puts a record that was erased into its entry: identifiers that it has lost lead to nobody, and where its own key is
    /// one of them, it moves to the key of her id.
    /// - Returns: its entry from now on; `nil` when something is missing.
    private mutating func vacate(_ record: PersonRecord, at own: Int) -> Int? {
        let place = places[own]
        let kept = Set(record.identifiers.map(\.hash))
        let lost = values[own].record?.identifiers.map(\.hash).filter { !kept.contains($0) } ?? []
        let ownHash: IdentifierHash? = if case .identifier(let hash) = place { hash } else { nil }
        let moves = ownHash.map { !kept.contains($0) } ?? false
        let home = moves ? RecordKey.person(record.id) : place
        // Everything that leads here has to be at hand.
        let leading = (moves ? lost + record.identifiers.map(\.hash) : lost).map { RecordKey.identifier($0) }
        for key in leading + [home] where !places.contains(key) && !missing.contains(key) { missing.append(key) }
        if !missing.isEmpty { return nil }
        let away = values[own].away.filter { kept.contains($0) }
        values[own].away = []
        values[own].record = nil
        touch(own)
        for key in leading {
            guard let i = places.firstIndex(of: key) else { continue }
            if i == own || values[i].forward == place {
                let isKept = if case .identifier(let hash) = key { kept.contains(hash) } else { false }
                values[i].forward = isKept ? home : i == own ? values[i].forward : nil
                touch(i)
            } else if !compared.contains(i) {
                compared.append(i)
            }
        }
        guard let target = places.firstIndex(of: home) else { return nil }
        if target != own { values[target].forward = nil }
        values[target].record = record
        values[target].away = away
        touch(target)
        return target
    }
}
