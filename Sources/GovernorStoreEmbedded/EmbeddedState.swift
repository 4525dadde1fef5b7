import GovernorCore
package import GovernorLedger
package import GovernorStore

/// What the store's lock guards, and the one place where a transaction runs.
struct EmbeddedState: ~Copyable {
    var cache: PeopleCache
    var filter: IdentifierFilter
    /// Whether the filter knows everything in the file; until then it says nothing.
    var isFilterComplete = false
    /// Identifiers in the file and the cache, about.
    var identifierCount: Int64 = 0
    /// The highest row given to anybody.
    var rowMax: Int64 = 0
    /// Completed write-backs; what was read from the file before the latest one may be stale.
    var epoch: UInt64 = 0
    /// The newest journal entry of this store.
    var lastSequence: UInt64 = 0
    /// What the file of people reflects.
    var appliedSequence: UInt64 = 0
    var dirtyBytesMax: Int
    var tokens: UInt64
    var counters = EmbeddedCounters()
    /// What campaign guards count: all of it is in memory, since there are as many as guards and campaigns.
    var tallies = GuardTallies()
    /// Why nothing is taken any more.
    var isClosed = false
    var failure: String?
    /// The writer was woken and has not gone back to sleep.
    var isWriteBackAwake = false

    // Kept from one transaction to the next, so that a transaction allocates nothing for them.
    private var set = RecordSet(reusable: ())
    private var found: [Int32] = []
    private var slots: [Int32] = []

    init(configuration: EmbeddedConfiguration) {
        cache = PeopleCache(bytesMax: configuration.cacheBytes)
        filter = IdentifierFilter(capacity: 1, bytesMax: configuration.filterBytesMax)
        dirtyBytesMax = Int(Double(configuration.cacheBytes) * configuration.dirtyShareMax)
        tokens = .random(in: .min ... .max)
    }

    enum Outcome: Sendable {
        /// The journal's place of what was written; 0 when nothing was.
        case done(sequence: UInt64)
        case failed(StoreError)
        /// `missing` of `keys` must be read from the file first.
        case missing([RecordKey], of: [RecordKey], epoch: UInt64)
    }

    /// Runs `transaction` over the records of `keys`, again and again while it asks for more, and puts its changes into the
    /// journal and the cache; all under the store's lock, so that the order of the journal is the order of the changes.
    mutating func run(
        _ firstKeys: [RecordKey], loaded: Loaded?, ledger: Ledger, _ transaction: any Transaction
    ) -> Outcome {
        if isClosed { return .failed(.unavailable("it is closed")) }
        if let failure { return .failed(.unavailable(failure)) }
        // Something was written back since the reading began: what was read may be stale, so it is read again.
        let loaded = loaded?.epoch == epoch ? loaded : nil
        if let loaded { install(loaded) }
        var keys = firstKeys
        while true {
            if keys.count > RecordKey.countMax {
                return .failed(.overloaded("a transaction over \(keys.count) records"))
            }
            if let missing = find(keys, absent: loaded?.absent ?? []) {
                counters.missCount += 1
                return .missing(missing, of: keys, epoch: epoch)
            }
            gather(keys)
            if let more = transaction.run(&set) {
                set.rollBack()
                putBack()
                let before = keys.count
                for key in more where !keys.contains(key) { keys.append(key) }
                if keys.count == before {
                    return .failed(.overloaded("a transaction asked for the same records again"))
                }
                continue
            }
            counters.hitCount += 1
            let outcome = commit(ledger)
            putBack()
            cache.trim()
            return outcome
        }
    }

    private mutating func install(_ loaded: Loaded) {
        for person in loaded.people where cache.slot(of: person.record.id) < 0 {
            cache.add(person.record, row: person.row, isInFile: true, homes: person.homes)
        }
    }

    /// Finds the slots of `keys` into `found`; the keys that only the file can tell, if any.
    ///
    /// With them come those that it has told to be `absent`: the next answer is the only one that is believed, and else
    /// two that are absent in turn would be asked for without end.
    private mutating func find(_ keys: [RecordKey], absent: [RecordKey]) -> [RecordKey]? {
        var missing: [RecordKey]?
        found.removeAll(keepingCapacity: true)
        for key in keys {
            switch key {
            case .identifier(let hash):
                let slot = cache.slot(of: hash)
                if slot >= 0 && cache.isGone(hash, from: slot) {
                    found.append(-1)
                    continue
                }
                found.append(slot)
                if slot >= 0 || (isFilterComplete && !filter.mayContain(hash)) { continue }
            case .person(let id):
                let slot = cache.slot(of: id)
                found.append(slot)
                if slot >= 0 { continue }
            case .counter:
                found.append(-1)
                continue
            }
            if absent.contains(key) { continue }
            if missing == nil { missing = [key] } else { missing?.append(key) }
        }
        missing?.append(contentsOf: absent)
        return missing
    }

    /// Moves the records found out of the cache into the set, ascending by id.
    private mutating func gather(_ keys: [RecordKey]) {
        set.begin(keys)
        slots.removeAll(keepingCapacity: true)
        for slot in found where slot >= 0 && !slots.contains(slot) { slots.append(slot) }
        // Nearly always one; at most `RecordKey.countMax`.
        var i = 1
        while i < slots.count {
            var j = i
            while j > 0 && cache.id(in: slots[j]) < cache.id(in: slots[j - 1]) {
                slots.swapAt(j, j - 1)
                j -= 1
            }
            i += 1
        }
        for slot in found { set.addHome(slot < 0 ? -1 : slots.firstIndex(of: slot) ?? -1) }
        for slot in slots { cache.take(slot, into: &set) }
        for case .counter(let key) in keys {
            if let counter = tallies[key] { set.add(counter) }
        }
    }

    private mutating func putBack() {
        for (position, slot) in slots.enumerated() { cache.put(position, of: &set, back: slot) }
        set.end()
    }

    /// Appends what the body left to the journal and notes the changes; takes them back when the journal refuses.
    private mutating func commit(_ ledger: Ledger) -> Outcome {
        // What was only read may not be on disk yet: whoever repeats an answer waits for what it was read from.
        if !set.isChanged && set.journal == nil {
            return .done(sequence: slots.reduce(0) { max($0, cache.sequence(of: $1)) })
        }
        if !set.changes.isEmpty && cache.dirtyBytes > dirtyBytesMax {
            set.rollBack()
            counters.refusedCount += 1
            return .failed(.overloaded("\(cache.dirtyCount) changed records wait to be written to the file of people"))
        }
        if set.counterChanges.contains(where: { tallies.isFull(for: $0.key) }) {
            set.rollBack()
            counters.refusedCount += 1
            return .failed(.overloaded("\(GuardTallies.countMax) counters of campaign guards"))
        }
        let sequence: UInt64
        let counted = tallies.apply(&set)
        do throws(LedgerError) { sequence = try append(counted, to: ledger).sequence } catch {
            tallies.takeBack(set.counterChanges, at: set.changedAt)
            set.rollBack()
            counters.refusedCount += 1
            switch error {
            case .full, .tooLarge: return .failed(.overloaded(error.description))
            default: return .failed(.unavailable(error.description))
            }
        }
        lastSequence = sequence
        tallies.changed(counted, sequence: sequence)
        if set.changes.isEmpty { return .done(sequence: sequence) }
        counters.writeCount += 1
        for changes in set.changes {
            guard let position = set.records.firstIndex(where: { $0.id == changes.person }) else { continue }
            set.setVersion(nextToken(), of: position)
        }
        // New records take their slots first, then every changed record is where it belongs.
        for position in set.foundCount..<set.records.count {
            rowMax += 1
            slots.append(cache.add(set.records[position], row: rowMax, isInFile: false, homes: []))
        }
        for changes in set.changes {
            guard let position = set.records.firstIndex(where: { $0.id == changes.person }) else { continue }
            let slot = slots[position]
            for case .identifier(let identifier) in changes.changes
            where RecordSet.movesHome(identifier, to: set.records[position]) { setHome(identifier.hash, to: slot) }
            vacate(set.vacated(by: position), slot)
        }
        let touched = set.changes.compactMap { changes in set.records.firstIndex { $0.id == changes.person } }
        putBack()
        for position in touched { cache.changed(slots[position], sequence: sequence) }
        slots.removeAll(keepingCapacity: true)
        return .done(sequence: sequence)
    }

    private mutating func setHome(_ hash: IdentifierHash, to slot: Int32) {
        let known = cache.slot(of: hash)
        let isGone = known >= 0 && cache.isGone(hash, from: known)
        if known == slot && !isGone { return }
        if known < 0 || isGone { identifierCount += 1 }
        cache.setHome(hash, to: slot)
        filter.insert(hash)
    }

    /// Identifiers that led to the record in `slot` lead to nobody.
    private mutating func vacate(_ hashes: [IdentifierHash], _ slot: Int32) {
        for hash in hashes where cache.slot(of: hash) == slot && !cache.isGone(hash, from: slot) {
            cache.removeHome(hash, from: slot)
            identifierCount -= 1
        }
    }

    private mutating func nextToken() -> UInt64 {
        // Source: SplitMix64, as in Steele, Lea and Flood (2014); the start is from the system's generator.
        tokens &+= 0x9e37_79b9_7f4a_7c15
        var z = tokens
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        return z == 0 ? 1 : z
    }

    private func append(_ counted: [CounterState], to ledger: Ledger) throws(LedgerError) -> LedgerTicket {
        let kind = LedgerKind(set.journal?.kind)
        let at = set.journal?.at ?? set.changedAt
        let records = set.records
        let changes = set.changes
        let entry = set.journal?.body ?? []
        let body = JournalBody.encoded(
            entry: entry, changedAt: set.changedAt, changes: changes, counters: counted
        ) { i in
            let person = changes[i].person
            return records.first { $0.id == person }?.names ?? NameTable()
        }
        if records.count <= 1 {
            let person = records.first?.id
            return try body.withUnsafeBufferPointer { (buffer) throws(LedgerError) in
                try ledger.append(kind: kind, at: at, person: person, body: UnsafeRawBufferPointer(buffer))
            }
        }
        return try ledger.append(LedgerEntry(kind: kind, at: at, persons: records.map(\.id), body: body))
    }

    // MARK: replay

    /// Applies what the journal says of one transaction; its people are at hand or new.
    mutating func replay(_ body: JournalBody, sequence: UInt64) {
        for changes in body.changes {
            var slot = cache.slot(of: changes.person)
            if slot < 0 {
                rowMax += 1
                let record = PersonRecord(id: changes.person, createdAt: body.changedAt)
                slot = cache.add(record, row: rowMax, isInFile: false, homes: [])
            }
            let token = nextToken()
            var known: [IdentifierHash] = []
            if changes.erases { cache.modify(slot) { known = $0.identifiers.map(\.hash) } }
            cache.modify(slot) { record in
                for change in changes.changes { record.apply(change, names: body.names, at: body.changedAt) }
                record.version = token
            }
            for case .identifier(let identifier) in changes.changes
            where cache.homeMoves(identifier, to: slot) { setHome(identifier.hash, to: slot) }
            cache.modify(slot) { record in
                known.removeAll { hash in record.identifiers.contains { $0.hash == hash } }
            }
            vacate(known, slot)
            cache.changed(slot, sequence: sequence)
        }
        for state in body.counters { tallies.replay(state, at: body.changedAt, sequence: sequence) }
        lastSequence = sequence
    }

    /// Those of `persons` that are not at hand.
    func missing(_ persons: some Sequence<PersonID>) -> [RecordKey] {
        persons.filter { cache.slot(of: $0) < 0 }.map { .person($0) }
    }

    mutating func installForReplay(_ loaded: Loaded) { install(loaded) }
}

extension LedgerKind {
    /// Changes without an entry of their own (housekeeping) count as facts with an empty entry.
    package init(_ kind: JournalKind?) {
        switch kind {
        case .decision: self = .decision
        case .reservation: self = .reservationChange
        case .fact, nil: self = .fact
        case .link: self = .link
        case .summary: self = .summary
        }
    }

    /// Whether entries of this kind carry a `JournalBody` of the store's.
    package var isStores: Bool {
        switch self {
        case .decision, .reservationChange, .fact, .link, .summary: true
        case .policy, .key, .erased, .checkpoint, .other: false
        }
    }
}

/// Counts since the store was opened.
public struct EmbeddedCounters: Hashable, Sendable {
    /// Transactions whose records were all at hand.
    public internal(set) var hitCount: UInt64 = 0
    /// Times that a transaction had to wait for the file.
    public internal(set) var missCount: UInt64 = 0
    /// Transactions that changed records.
    public internal(set) var writeCount: UInt64 = 0
    /// Transactions refused because a bound was reached.
    public internal(set) var refusedCount: UInt64 = 0
    /// Records read from the file and written back to it.
    public internal(set) var loadCount: UInt64 = 0
    public internal(set) var writeBackCount: UInt64 = 0
    /// Write-backs that failed.
    public internal(set) var writeBackFailureCount: UInt64 = 0

    public init() {}
}
