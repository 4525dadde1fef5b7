/// What a request needs decided: the rules its names select, found by index, and the zones of the world to do it in.
public struct Plan: Sendable {
    public let request: ContactRequest
    public let policies: PolicySet
    public let zones: ZoneAtlas
    /// The family that the policies declare for the request's product.
    public let family: Family
    /// Positions in `policies.rules`, ascending.
    public let rules: ContiguousArray<UInt16>
    public let now: Timestamp
    /// The request names an instant of its own to be judged at (`at`), which no record moves forward.
    public let isHypothetical: Bool
}

extension PolicySet {
    /// Stop 3 of 6: pure: the rules that apply to this request by its names, and everything else that is known before a
    /// record is read.
    ///
    /// Cost: a look-up per dimension of scope that any rule restricts, and a scope test per rule found.
    public func plan(
        for request: ContactRequest, zones: ZoneAtlas, at now: Timestamp, isHypothetical: Bool = false
    ) -> Plan {
        let family = families.isEmpty || request.product.isNone ? .none : families[request.product] ?? .none
        return Plan(
            request: request, policies: self, zones: zones, family: family,
            rules: index.rules(for: request, family: family), now: now, isHypothetical: isHypothetical)
    }
}

/// The zones of the world by the keys that records and requests carry.
public final class ZoneAtlas: Sendable {
    private let tables: [ZoneKey: ZoneTable]
    /// Whole-hour offsets from UTC-12 to UTC+14: where somebody may be of whom nothing is known.
    let anywhere: [ZoneTable]
    public let catalogue: ZoneCatalogue

    /// - Precondition: no two names of the catalogue share a key; a collision in a new release is ours to solve.
    public init(_ catalogue: ZoneCatalogue) {
        var tables: [ZoneKey: ZoneTable] = [:]
        for id in catalogue.ids {
            let name = catalogue.name(of: id)
            let previous = tables.updateValue(catalogue[id], forKey: ZoneKey(name: name))
            precondition(previous == nil, "two zones share the key of \(name)")
        }
        for quarter in -56...56 {
            guard let id = catalogue.fixedID(offsetSeconds: quarter * 900) else { continue }
            tables[ZoneKey(name: catalogue.name(of: id))] = catalogue[id]
        }
        self.tables = tables
        self.catalogue = catalogue
        anywhere = (-12...14).map { ZoneTable(fixedOffsetSeconds: $0 * 3_600) }
    }

    public subscript(key: ZoneKey) -> ZoneTable? { tables[key] }
}
