/// A person as a store keeps her: one record with identifiers, touches and facts, and a version.
///
/// Changed only through `apply(_:)`, so that a journal of changes rebuilds the same record.
public struct PersonRecord: Hashable, Sendable {
    public var id: PersonID
    /// A fresh random token at every write; zero only for a record that was never written.
    public var version: UInt64
    public var createdAt: Timestamp
    /// Touches before this instant may have left the record; `distantPast` while none has.
    public var historyFrom: Timestamp
    /// Outcomes whose touches stayed when others left, each with the instant from which none of them has left.
    public var spared: [SparedOutcome]
    /// The newest instant at which anything was decided or told about this person.
    public var lastDecisionAt: Timestamp
    public var identifiers: [KnownIdentifier]
    /// Ascending by `at`; at most `touchesMax`.
    public var touches: [Touch]
    /// Ascending by `at`.
    public var facts: [Fact]
    /// Decisions that this record and others are one person, those undone included; in the order they were taken.
    public var merges: [Merge]
    /// Nothing that was written down up to this instant is kept, unless it was said again then, and nothing of it may come
    /// back; `nil`: never erased.
    public var erasedAt: Timestamp?
    /// The texts of every name above.
    public var names: NameTable

    /// A record with more touches than this denies with `record.full`.
    public static let touchesMax = 1_000
    /// Facts of one person, at most; a further one is refused.
    public static let factsMax = 2_000
    /// Phones and e-mail addresses that linking adds, each at most.
    public static let identifiersPerKindMax = 8
    /// Touches are kept at least this long; see `HistoryKept`.
    public static let historyKept = Milliseconds.days(400)

    public init(id: PersonID, createdAt: Timestamp) {
        self.id = id
        self.createdAt = createdAt
        version = 0
        historyFrom = .distantPast
        spared = []
        lastDecisionAt = createdAt
        identifiers = []
        touches = []
        facts = []
        merges = []
        erasedAt = nil
        names = NameTable()
    }
}

/// An outcome whose touches a record keeps beyond the start of its history.
public struct SparedOutcome: Hashable, Sendable {
    public var outcome: EventName
    /// No touch with this outcome has left the record since.
    public var from: Timestamp

    public init(_ outcome: EventName, from: Timestamp) {
        self.outcome = outcome
        self.from = from
    }
}

extension PersonRecord {
    /// Nothing but that there was somebody who was erased: nobody is known by this record any more.
    public var isVacant: Bool {
        erasedAt != nil && identifiers.isEmpty && touches.isEmpty && facts.isEmpty && merges.isEmpty
    }

    /// The instant from which every touch with one of these outcomes is on the record; none named means all.
    public func completeFrom(_ outcomes: NameSet<EventKind>) -> Timestamp {
        if historyFrom == .distantPast || spared.isEmpty || outcomes.isAny { return historyFrom }
        var from = Timestamp.distantPast
        for outcome in outcomes.names {
            from = max(from, spared.first { $0.outcome == outcome }?.from ?? historyFrom)
        }
        return from
    }
}

/// An identifier that a person is known by, with what a hash cannot give back.
public struct KnownIdentifier: Hashable, Sendable {
    public var hash: IdentifierHash
    public var kind: IdentifierKind
    public var namespace: Name<LabelKind>
    /// Several people use it: it never joins them, and its own record carries its touches.
    public var isShared: Bool
    /// It stands for a household: caps `per: [household]` count on its record.
    public var isHousehold: Bool
    public var zones: [ZoneKey]
    public var jurisdictions: [Jurisdiction]
    public var lineType: LineType
    public var labels: [Name<LabelKind>]
    /// Where it was learnt, as the caller named it (`crm`, `web`, …).
    public var source: Name<LabelKind> = .none
    public var addedAt: Timestamp

    public init(
        hash: IdentifierHash, kind: IdentifierKind, namespace: Name<LabelKind> = .none, zones: [ZoneKey] = [],
        jurisdictions: [Jurisdiction] = [], lineType: LineType = .unknown, addedAt: Timestamp
    ) {
        self.hash = hash
        self.kind = kind
        self.namespace = namespace
        isShared = false
        isHousehold = false
        self.zones = zones
        self.jurisdictions = jurisdictions
        self.lineType = lineType
        labels = []
        self.addedAt = addedAt
    }
}
