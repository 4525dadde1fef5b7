public import GovernorCore

/// The records that a transaction is about, as its body sees and changes them.
public struct RecordSet: Sendable {
    /// What was asked for, in the order asked.
    public let keys: [RecordKey]
    /// The persons found, without repetition, ascending by id; new ones at the end.
    public private(set) var records: [PersonRecord]
    /// For each key the position of its person in `records`, or -1 when nobody is known by it.
    public private(set) var homes: [Int]
    /// What was changed, by position in `records`.
    public private(set) var changes: [RecordChanges] = []
    /// What the journal keeps beside the changes: the decision or the fact in full.
    public private(set) var journal: JournalEntry?
    /// The instant of the changes.
    public private(set) var changedAt = Timestamp.distantPast

    public init(keys: [RecordKey], records: [PersonRecord], homes: [Int]) {
        self.keys = keys
        self.records = records
        self.homes = homes
    }

    /// Adds a person who is not known yet and gives her position.
    public mutating func create(_ id: PersonID, at now: Timestamp) -> Int {
        records.append(PersonRecord(id: id, createdAt: now))
        changes.append(RecordChanges(person: id, isNew: true, changes: []))
        changedAt = max(changedAt, now)
        return records.count - 1
    }

    /// Changes one record; `names` holds the texts of the change's names.
    public mutating func apply(_ change: Change, to position: Int, names: NameTable, at now: Timestamp) {
        records[position].apply(change, names: names, at: now)
        changedAt = max(changedAt, now)
        let person = records[position].id
        if let i = changes.firstIndex(where: { $0.person == person }) {
            changes[i].changes.append(change)
        } else {
            changes.append(RecordChanges(person: person, isNew: false, changes: [change]))
        }
    }

    /// Puts an entry into the journal together with the changes, or alone (a denial that is to be on record).
    public mutating func record(_ entry: JournalEntry) { journal = entry }
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
}
