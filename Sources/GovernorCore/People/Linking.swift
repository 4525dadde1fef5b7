/// How a request's identifiers meet the records behind them: who is asked about, what is learnt, what stays apart.
public struct Linking: Sendable {
    /// Identifiers to add to a record, by its position.
    public var additions: [(record: Int, identifier: KnownIdentifier)] = []
    /// Records to make, each with its identifiers.
    public var creations: [[KnownIdentifier]] = []
    /// Why some of the identifiers are not joined.
    public var conflict: IdentityConflict = []
    /// The identifiers belong to several persons, or some may not be joined: every record is checked, the touch counts
    /// on each.
    public var isConflict: Bool { !conflict.isEmpty }
}

/// Why identifiers named together are not taken for one person's.
public struct IdentityConflict: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// They already belong to different persons: somebody may merge them.
    public static let differentPersons = IdentityConflict(rawValue: 1)
    /// Several people use one of them.
    public static let shared = IdentityConflict(rawValue: 2)
    /// One of them stands for nobody (`none@none.com`).
    public static let placeholder = IdentityConflict(rawValue: 4)
    /// The person has another one of a namespace that holds one for each person.
    public static let uniqueNamespace = IdentityConflict(rawValue: 8)
    /// The person has the most phones or addresses that linking adds.
    public static let tooMany = IdentityConflict(rawValue: 16)

    /// In the API's words, in a fixed order.
    public var names: [String] {
        let all: [(IdentityConflict, String)] = [
            (.differentPersons, "different_persons"), (.shared, "shared"), (.placeholder, "placeholder"),
            (.uniqueNamespace, "unique_namespace"), (.tooMany, "too_many"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
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
        // By the first record of each: merged ones are one person. Nearly always nothing is merged.
        let merged = records.allSatisfy { $0.merges.isEmpty } ? nil : records.persons
        func first(_ position: Int) -> Int { merged?[position] ?? position }
        var persons: [Int] = []
        /// Where newcomers go: the record that the request itself led to.
        var entry = -1
        for (i, home) in homes.prefix(identifiers.count).enumerated() where home >= 0 {
            if identifiers[i].isPlaceholder {
                if namesSeveral { linking.conflict.insert(.placeholder) }
                continue
            }
            if records[home].isShared && !records[home].isMerged {
                if namesSeveral { linking.conflict.insert(.shared) }
                continue
            }
            if entry < 0 { entry = home }
            if !persons.contains(first(home)) { persons.append(first(home)) }
        }
        if persons.count > 1 { linking.conflict.insert(.differentPersons) }
        let unknown = identifiers.indices.filter { homes[$0] < 0 }
        if unknown.isEmpty { return linking }

        // The record that newcomers join: the one person found, or a new one.
        var joined: [KnownIdentifier] = []
        if persons.count == 1 {
            joined =
                merged == nil
                ? records[persons[0]].identifiers
                : records.indices.filter { first($0) == persons[0] }.flatMap { records[$0].identifiers }
        }
        var creation: [KnownIdentifier] = []
        /// Where the last one went.
        var place = Place.nowhere
        for i in unknown {
            var known = KnownIdentifier(identifiers[i], at: now)
            // Two forms of one address stay together, whatever else is in the way.
            if let other = otherForm(of: i) {
                if homes[other] >= 0 {
                    known.take(flagsOf: identifiers[other].hash, in: records[homes[other]])
                    linking.additions.append((homes[other], known))
                    continue
                }
                if identifiers[i].isAlias {
                    switch place {
                    case .nowhere: break
                    case .own(let index): linking.creations[index].append(known)
                    case .joined where persons.count == 1: linking.additions.append((entry, known))
                    case .joined: creation.append(known)
                    }
                    continue
                }
            }
            var obstacle: IdentityConflict = []
            if identifiers[i].isPlaceholder { obstacle.insert(.placeholder) }
            if identifiers[i].isUniqueInNamespace
                && joined.contains(where: { $0.kind == .key && $0.namespace == known.namespace })
            {
                obstacle.insert(.uniqueNamespace)
            }
            if known.kind != .key
                && joined.count(where: { $0.kind == known.kind }) >= PersonRecord.identifiersPerKindMax
            {
                obstacle.insert(.tooMany)
            }
            if persons.count > 1 || !obstacle.isEmpty {
                // A placeholder says nothing about anybody: it never leads to a record beside a real identifier.
                if identifiers[i].isPlaceholder && namesSeveral {
                    linking.conflict.insert(.placeholder)
                    place = .nowhere
                    continue
                }
                if namesSeveral { linking.conflict.formUnion(obstacle) }
                place = .own(linking.creations.count)
                linking.creations.append([known])
                continue
            }
            place = .joined
            joined.append(known)
            if persons.count == 1 {
                linking.additions.append((entry, known))
            } else {
                creation.append(known)
            }
        }
        if !creation.isEmpty { linking.creations.insert(creation, at: 0) }
        return linking
    }

    private enum Place {
        case nowhere
        /// A record of its own among those to make.
        case own(Int)
        case joined
    }

    /// Whether more than one identifier is named, forms of the same one aside.
    public var namesSeveral: Bool { identifiers.count > 1 && identifiers.count { !$0.isAlias } > 1 }

    /// The position of another form of the same address: an alias stands behind what it is an alias of.
    private func otherForm(of i: Int) -> Int? {
        if identifiers[i].isAlias { return i > 0 ? i - 1 : nil }
        return i + 1 < identifiers.count && identifiers[i + 1].isAlias ? i + 1 : nil
    }
}

extension KnownIdentifier {
    init(_ identifier: RequestIdentifier, at now: Timestamp) {
        self.init(
            hash: identifier.hash, kind: identifier.kind, namespace: identifier.namespace, zones: identifier.zones,
            jurisdictions: identifier.jurisdictions, lineType: identifier.lineType, addedAt: now)
        // It stands for nobody, so whatever is told of it is nobody's in particular.
        isShared = identifier.isPlaceholder
    }

    /// Is shared, or a household's, as another form of it is.
    fileprivate mutating func take(flagsOf other: IdentifierHash, in record: PersonRecord) {
        guard let known = record.identifiers.first(where: { $0.hash == other }) else { return }
        isShared = isShared || known.isShared
        isHousehold = isHousehold || known.isHousehold
        labels = known.labels
    }
}
