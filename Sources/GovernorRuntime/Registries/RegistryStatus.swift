public import GovernorCore
public import GovernorRegistry

/// An outside list, and what the rules that ask it think of its age.
public struct RegistryStatus: Sendable {
    /// A rule that asks the list.
    public struct Asking: Sendable {
        public var rule: String
        /// From when on it denies everybody, because the list is too old; `nil`: never.
        public var staleAt: Timestamp?
    }

    public var name: String
    /// `nil`: not loaded, so that the rules that ask it deny.
    public var info: RegistryInfo?
    public var asking: [Asking]

    /// The first instant at which a rule can no longer rely on the list.
    public var staleAt: Timestamp? { asking.compactMap(\.staleAt).min() }

    /// The lists that are loaded, and those that rules ask though nobody has loaded them, by name.
    public static func all(_ snapshots: [RegistrySnapshot], _ policies: PolicySet) -> [RegistryStatus] {
        var found = snapshots.map { RegistryStatus(name: $0.info.name, info: $0.info, asking: []) }
        for rule in policies.rules {
            guard case .registry(let body) = rule.body else { continue }
            let name = policies.names.text(body.registry) ?? "?"
            let index = found.firstIndex { $0.name == name } ?? found.count
            if index == found.count { found.append(RegistryStatus(name: name, asking: [])) }
            let staleAt = found[index].info.flatMap { info in body.maxAge.flatMap { $0.end(from: info.asOf) } }
            found[index].asking.append(Asking(rule: rule.id, staleAt: staleAt))
        }
        return found.sorted { $0.name < $1.name }
    }
}

extension Wait {
    /// When it has ended for somebody in UTC, business days taken for days, so rather too soon; a person's own zone is a
    /// day apart at most.
    fileprivate func end(from start: Timestamp) -> Timestamp? {
        let zone = ZoneTable(fixedOffsetSeconds: 0)
        switch self {
        case .elapsed(let length): return start + length
        case .steps(let steps): return zone.adding(steps, to: start)
        case .localDays(let days, let isCounted), .businessDays(let days, _, let isCounted):
            return zone.firstInstant(notBefore: zone.date(at: start).adding(days: Int(days) + (isCounted ? 0 : 1)))
        case .forever: return nil
        }
    }
}
