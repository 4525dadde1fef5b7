/// How a request's identifiers meet the records behind them: who is asked about, what is learnt, what stays apart.
public struct Linking: Sendable {
    /// Identifiers to add to a record, by its position.
    public var additions: [(record: Int, identifier: KnownIdentifier)] = []
    /// Records to make, each with its identifiers.
    public var creations: [[KnownIdentifier]] = []
    /// The identifiers belong to several persons, or some may not be joined: every record is checked, the touch counts
    /// on each.
    public var isConflict = false
}

extension ContactRequest {
    /// What this request teaches about its identifiers: pure, and the same whoever computes it.
    ///
    /// An identifier that nobody is known by joins the one person that the others lead to. Nothing is joined when the
    /// others lead to several persons, when the identifier is a placeholder, when the person already has another one of
    /// a namespace declared unique, or has eight of its kind: then it gets a record of its own.
    /// - Parameter homes: for each identifier the position of its record, or -1.
    public func linking(_ records: [PersonRecord], homes: [Int], at now: Timestamp) -> Linking {
        var linking = Linking()
        var persons: [Int] = []
        for (i, home) in homes.prefix(identifiers.count).enumerated() where home >= 0 {
            if records[home].isShared || identifiers[i].isPlaceholder {
                linking.isConflict = linking.isConflict || identifiers.count > 1
            } else if !persons.contains(home) {
                persons.append(home)
            }
        }
        if persons.count > 1 { linking.isConflict = true }
        let unknown = identifiers.indices.filter { homes[$0] < 0 }
        if unknown.isEmpty { return linking }

        // The record that newcomers join: the one person found, or a new one.
        var joined: [KnownIdentifier] = persons.count == 1 ? records[persons[0]].identifiers : []
        var creation: [KnownIdentifier] = []
        for i in unknown {
            let known = KnownIdentifier(identifiers[i], at: now)
            let mayJoin =
                persons.count <= 1 && !identifiers[i].isPlaceholder
                && !(identifiers[i].isUniqueInNamespace
                    && joined.contains { $0.kind == .key && $0.namespace == known.namespace })
                && !(known.kind != .key
                    && joined.count { $0.kind == known.kind } >= PersonRecord.identifiersPerKindMax)
            if !mayJoin {
                // A placeholder says nothing about anybody: it never leads to a record beside a real identifier.
                if identifiers[i].isPlaceholder && identifiers.count > 1 { continue }
                linking.isConflict = linking.isConflict || identifiers.count > 1
                linking.creations.append([known])
                continue
            }
            joined.append(known)
            if persons.count == 1 {
                linking.additions.append((persons[0], known))
            } else {
                creation.append(known)
            }
        }
        if !creation.isEmpty { linking.creations.insert(creation, at: 0) }
        return linking
    }
}

extension KnownIdentifier {
    init(_ identifier: RequestIdentifier, at now: Timestamp) {
        self.init(
            hash: identifier.hash, kind: identifier.kind, namespace: identifier.namespace, zones: identifier.zones,
            jurisdictions: identifier.jurisdictions, lineType: identifier.lineType, addedAt: now)
    }
}
