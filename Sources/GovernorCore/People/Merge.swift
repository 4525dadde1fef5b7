/// A decision by somebody that several records are one person, and perhaps that they are not after all.
///
/// Nothing moves: each record keeps its identifiers, touches and facts, and names the others. While the merge is in force
/// they are loaded, judged and written together; undone, each is what it was.
public struct Merge: Hashable, Sendable {
    /// From the caller's own id for it, hashed together with the caller.
    public var id: FactID
    /// Ascending, without repetition; 2…`personsMax`.
    public var persons: [PersonID]
    public var at: Timestamp
    /// Who decided it: the key or token.
    public var caller: CallerID
    /// Where it was decided, as the caller named it.
    public var source: Name<LabelKind>
    /// `nil` while it is in force.
    public var undoneAt: Timestamp?
    /// Who undid it.
    public var undoneBy: CallerID

    /// Records that may stand for one person.
    public static let personsMax = 8
    /// Merges that one record remembers, those undone included; a further one is refused.
    public static let perRecordMax = 32

    public init(
        id: FactID, persons: [PersonID], at: Timestamp, caller: CallerID = CallerID(.none),
        source: Name<LabelKind> = .none
    ) {
        self.id = id
        self.persons = persons
        self.at = at
        self.caller = caller
        self.source = source
        undoneAt = nil
        undoneBy = CallerID(.none)
    }

    public var isInForce: Bool { undoneAt == nil }
}

extension PersonRecord {
    /// The records that are the same person by the merges in force on this one; it itself is not among them.
    public var partners: [PersonID] {
        if merges.isEmpty { return [] }
        var found: [PersonID] = []
        for merge in merges where merge.isInForce {
            for person in merge.persons where person != id && !found.contains(person) { found.append(person) }
        }
        return found
    }

    var isMerged: Bool { merges.contains { $0.isInForce } }
}

extension [PersonRecord] {
    /// For each record the position of the first one that is the same person; its own when no merge says otherwise.
    ///
    /// Cost: a look at each record when nothing is merged.
    public var persons: [Int] {
        var first = [Int](indices)
        if allSatisfy({ $0.merges.isEmpty }) { return first }
        // At most a handful of records: until nothing changes any more.
        var isSettled = false
        while !isSettled {
            isSettled = true
            for i in indices {
                let partners = self[i].partners
                for j in indices where partners.contains(self[j].id) {
                    let least = Swift.min(first[i], first[j])
                    if first[i] != least || first[j] != least { isSettled = false }
                    first[i] = least
                    first[j] = least
                }
            }
        }
        return first
    }

    /// What is judged of these records: each by itself, and merged ones also with what the others bring against them.
    ///
    /// A merged person is contacted only if each record alone permits it, and each again with the touches of all counted
    /// and everything that any of them was told against it. So consents, relationships and other permissions hold only
    /// where every record has them, and a merge never turns a denial into an allowance.
    /// What was told of a partner since is a record's own as long as both are merged; later it only counts against it.
    func judged() -> [PersonRecord] {
        let persons = self.persons
        var judged: [PersonRecord] = []
        judged.reserveCapacity(count * 2)
        for i in indices {
            if self[i].merges.isEmpty {
                judged.append(self[i])
                continue
            }
            let others = indices.filter { $0 != i && persons[$0] == persons[i] }
            var own = self[i]
            own.facts.removeAll { fact in
                fact.isBorrowed
                    && !others.contains { self[$0].facts.contains { $0.id == fact.id && !$0.isBorrowed } }
            }
            own.touches.removeAll { touch in
                touch.isBorrowed
                    && !others.contains { self[$0].touches.contains { $0.id == touch.id && !$0.isBorrowed } }
            }
            judged.append(own)
            var all = self[i]
            for other in others { all.take(against: self[other]) }
            if all != own { judged.append(all) }
        }
        return judged
    }
}

extension PersonRecord {
    /// Adds what `other` says against a contact: its touches, and what restricts or ends a permission.
    fileprivate mutating func take(against other: PersonRecord) {
        let completeFrom = (spared + other.spared).map(\.outcome).map {
            SparedOutcome($0, from: Swift.max(self.completeFrom([$0]), other.completeFrom([$0])))
        }
        historyFrom = Swift.max(historyFrom, other.historyFrom)
        spared = completeFrom.reduce(into: []) { list, item in
            if !list.contains(where: { $0.outcome == item.outcome }) { list.append(item) }
        }
        let knownTouches = Set(touches.map(\.id))
        let newTouches = other.touches.filter { !knownTouches.contains($0.id) }
        if !newTouches.isEmpty { touches = (touches + newTouches).ascending(by: \.at) }
        let knownFacts = Set(facts.map(\.id))
        let newFacts = other.facts.filter { !knownFacts.contains($0.id) && $0.body.restricts }
        if !newFacts.isEmpty { facts = (facts + newFacts).ascending(by: \.at) }
    }
}

extension FactBody {
    /// Whether it may forbid a contact, or end what permits one.
    fileprivate var restricts: Bool {
        switch self {
        case .optOut, .withdrawal, .event, .quietTime: true
        // What somebody holds forbids by her own record; beside another's it could end what that one forbids.
        case .optIn, .consent, .holding, .appointment: false
        }
    }
}
