public import GovernorCore

/// The records that a transaction is about, as its body sees and changes them.
public struct RecordSet: Sendable {
    /// What was asked for, in the order asked.
    public private(set) var keys: [RecordKey]
    /// The persons found, without repetition, ascending by id; new ones at the end.
    public private(set) var records: [PersonRecord]
    /// For each key the position of its person in `records`, or -1 when nobody is known by it; -1 for a counter.
    public private(set) var homes: [Int]
    /// The counters asked for that exist.
    public private(set) var counters: [CounterRecord] = []
    /// What is to be counted; made real when the set is stored, so `counters` do not show it.
    public private(set) var counterChanges: [CounterChange] = []
    /// The texts of the outcomes in `counterChanges`.
    public private(set) var counterNames = NameTable()
    /// What was changed, by position in `records`.
    public private(set) var changes: [RecordChanges] = []
    /// What the journal keeps beside the changes: the decision or the fact in full.
    public private(set) var journal: JournalEntry?
    /// The instant of the changes.
    public private(set) var changedAt = Timestamp.distantPast
    /// Identifiers that erasures took from records; some may have been given back by later changes.
    private var taken: [(person: PersonID, hashes: [IdentifierHash])] = []
    /// How to take the changes back, newest last; empty unless the store asked for it.
    private var inverses: [InverseChange] = []
    private var keepsInverses = false
    /// How many of `records` were there before the body ran.
    package private(set) var foundCount: Int

    public init(keys: [RecordKey], records: [PersonRecord], homes: [Int], counters: [CounterRecord] = []) {
        self.keys = keys
        self.records = records
        self.homes = homes
        self.counters = counters
        foundCount = records.count
    }

    /// Adds a person who is not known yet and gives her position.
    public mutating func create(_ id: PersonID, at now: Timestamp) -> Int {
        records.append(PersonRecord(id: id, createdAt: now))
        changes.append(RecordChanges(person: id, isNew: true, changes: []))
        changedAt = max(changedAt, now)
        return records.count - 1
    }

    /// Changes one record; `names` holds the texts of the change's names.
    ///
    /// A touch that is borrowed on a record stays so, whatever becomes of it.
    public mutating func apply(_ change: Change, to position: Int, names: NameTable, at now: Timestamp) {
        var change = change
        if !records[position].merges.isEmpty, case .touch(var touch) = change,
            let known = records[position].touches.last(where: { $0.id == touch.id })
        {
            touch.isBorrowed = known.isBorrowed
            change = .touch(touch)
        }
        if keepsInverses { inverses.append(InverseChange(of: change, to: position, in: records[position])) }
        if case .erase = change { taken.append((records[position].id, records[position].identifiers.map(\.hash))) }
        records[position].apply(change, names: names, at: now)
        changedAt = max(changedAt, now)
        let person = records[position].id
        if let i = changes.firstIndex(where: { $0.person == person }) {
            changes[i].changes.append(change)
        } else {
            changes.append(RecordChanges(person: person, isNew: false, changes: [change]))
        }
    }

    /// Counts in a counter that was asked for, together with the changes of records.
    ///
    /// - Precondition: the change's key is among `keys`.
    public mutating func count(_ change: CounterChange, names: NameTable, at now: Timestamp) {
        precondition(keys.contains(.counter(change.key)), "a counter is asked for before something is counted in it")
        counterChanges.append(change)
        counterNames.adopt(change.outcome, from: names)
        counterNames.adopt(change.outcomeBefore, from: names)
        changedAt = max(changedAt, now)
    }

    /// The other records of merged persons that were not asked for yet: with them a transaction runs again.
    ///
    /// `nil` when there is nothing to add, which costs a look at each record.
    public var partnersMissing: [RecordKey]? {
        var missing: [RecordKey] = []
        for i in records.indices where !records[i].merges.isEmpty {
            for partner in records[i].partners where !records.contains(where: { $0.id == partner }) {
                let key = RecordKey.person(partner)
                // Asked for and not there: she was erased.
                if !keys.contains(key) && !missing.contains(key) { missing.append(key) }
            }
        }
        return missing.isEmpty ? nil : missing
    }

    /// The positions with those of the same persons' other records after them: what is told of one is told of all.
    public func withPartners(_ positions: [Int]) -> [Int] {
        if records.allSatisfy({ $0.merges.isEmpty }) { return positions }
        let first = records.persons
        return positions
            + records.indices.filter { i in
                !positions.contains(i) && positions.contains { first[$0] == first[i] }
            }
    }

    /// Identifiers that a record had before it was erased and has no more.
    package func vacated(by position: Int) -> [IdentifierHash] {
        if taken.isEmpty { return [] }
        let record = records[position]
        return taken.filter { $0.person == record.id }.flatMap(\.hashes).filter { hash in
            !record.identifiers.contains { $0.hash == hash }
        }
    }

    /// Whether storing the set changes anything.
    public var isChanged: Bool { !changes.isEmpty || !counterChanges.isEmpty }

    /// Puts an entry into the journal together with the changes, or alone (a denial that is to be on record).
    public mutating func record(_ entry: JournalEntry) { journal = entry }
}

extension RecordSet {
    /// A set that a store uses again and again, so that a transaction allocates nothing for it; it knows how to take its
    /// changes back, so that records need not be copied before they are changed.
    package init(reusable: Void) {
        self.init(keys: [], records: [], homes: [])
        keepsInverses = true
    }

    package mutating func begin(_ keys: [RecordKey]) {
        self.keys = keys
        records.removeAll(keepingCapacity: true)
        homes.removeAll(keepingCapacity: true)
        if !counters.isEmpty { counters.removeAll(keepingCapacity: true) }
        foundCount = 0
    }

    package mutating func add(_ counter: CounterRecord) { counters.append(counter) }
    /// Lets the counters go, so that they are changed where they are kept and not copied.
    package mutating func dropCounters() { counters.removeAll(keepingCapacity: true) }

    /// Moves a record in from where it is kept, leaving what was in `record`'s place to the caller.
    package mutating func take(_ record: inout PersonRecord, leaving placeholder: PersonRecord) {
        records.append(placeholder)
        swap(&records[records.count - 1], &record)
        foundCount = records.count
    }

    package mutating func addHome(_ position: Int) { homes.append(position) }

    /// Moves a record back to where it is kept.
    package mutating func put(_ position: Int, back record: inout PersonRecord) { swap(&records[position], &record) }

    package mutating func setVersion(_ version: UInt64, of position: Int) { records[position].version = version }

    /// Takes every change back: the records found are as they were, but for texts of names that nothing uses.
    package mutating func rollBack() {
        while let inverse = inverses.popLast() { inverse.apply(to: &records[inverse.position]) }
        records.removeSubrange(foundCount...)
        forgetChanges()
    }

    /// Ready for the next transaction.
    package mutating func end() {
        keys = []
        records.removeAll(keepingCapacity: true)
        homes.removeAll(keepingCapacity: true)
        if !counters.isEmpty { counters.removeAll(keepingCapacity: true) }
        foundCount = 0
        forgetChanges()
    }

    private mutating func forgetChanges() {
        changes.removeAll(keepingCapacity: true)
        if !counterChanges.isEmpty {
            counterChanges.removeAll(keepingCapacity: true)
            counterNames = NameTable()
        }
        inverses.removeAll(keepingCapacity: true)
        if !taken.isEmpty { taken.removeAll() }
        journal = nil
        changedAt = .distantPast
    }

    /// Where a change leaves an identifier's home: the record it is applied to becomes its home, unless the identifier
    /// is shared and stands there beside others, which moves nothing.
    package static func movesHome(_ identifier: KnownIdentifier, to record: PersonRecord) -> Bool {
        !identifier.isShared || record.identifiers.count == 1
    }
}

/// What the journal keeps of one transaction besides its changes.
public struct JournalEntry: Sendable {
    public var kind: JournalKind
    public var at: Timestamp
    /// Encoded by whoever recorded it, with a version byte of its own.
    public var body: [UInt8]
    /// The answer need not wait for it to be on disk, and a full queue may turn it into a summary.
    public var isAdvisory: Bool

    public init(kind: JournalKind, at: Timestamp, body: [UInt8], isAdvisory: Bool = false) {
        self.kind = kind
        self.at = at
        self.body = body
        self.isAdvisory = isAdvisory
    }
}

public enum JournalKind: UInt8, Sendable {
    case decision = 1
    case reservation = 2
    case fact = 3
    case link = 4
    /// Decisions that were counted rather than recorded one by one.
    case summary = 5
}
