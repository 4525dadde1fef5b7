/// What a request needs decided: the rules its names select, found by index, and the zones of the world to do it in.
///
/// Immutable, and an object so that handing it on copies nothing.
public final class Plan: Sendable {
    public let request: ContactRequest
    public let policies: PolicySet
    public let zones: ZoneAtlas
    /// The family that the policies declare for the request's product.
    public let family: Family
    /// Positions in `policies.rules`, ascending: those that the request's own names and places select.
    public let rules: ContiguousArray<UInt16>
    /// The counters of the campaign guards among them, to be loaded with the records; nearly always none.
    public let counters: [CounterKey]
    public let now: Timestamp
    /// The request names an instant of its own to be judged at (`at`), which no record moves forward.
    public let isHypothetical: Bool

    init(
        request: ContactRequest, policies: PolicySet, zones: ZoneAtlas, family: Family,
        rules: ContiguousArray<UInt16>, counters: [CounterKey], now: Timestamp, isHypothetical: Bool
    ) {
        self.request = request
        self.policies = policies
        self.zones = zones
        self.family = family
        self.rules = rules
        self.counters = counters
        self.now = now
        self.isHypothetical = isHypothetical
    }
}

extension PolicySet {
    /// Stop 3 of 6: pure: the rules that apply to this request by its names, and everything else that is known before a
    /// record is read.
    ///
    /// Cost: a look-up per place, and there per dimension of scope that any rule restricts, and a scope test per rule found.
    public func plan(
        for request: ContactRequest, zones: ZoneAtlas, at now: Timestamp, isHypothetical: Bool = false
    ) -> Plan {
        let family = families.isEmpty || request.product.isNone ? .none : families[request.product] ?? .none
        return Plan(
            request: request, policies: self, zones: zones, family: family, rules: rules(for: request, family),
            counters: counters(for: request, family), now: now, isHypothetical: isHypothetical)
    }

    /// The counters of the guards whose names admit `request`, in their order; only the records tell whether in their places.
    func counters(for request: ContactRequest, _ family: Family) -> [CounterKey] {
        if !index.table.hasGuards { return [] }
        return index.guards(for: request, family: family).compactMap { position in
            let rule = rules[Int(position)]
            guard case .campaignGuard(let body) = rule.body else { return nil }
            let name =
                switch body.per {
                case .campaign: request.names.text(request.campaign)
                case .agency: request.names.text(request.agency)
                }
            return CounterKey(rule: rule.id, unit: body.per, name: name ?? "")
        }
    }

    /// Those for the places that the request itself tells; a record may tell more.
    private func rules(for request: ContactRequest, _ family: Family) -> ContiguousArray<UInt16> {
        var count = request.whereabouts.addressJurisdictions.count
        for i in request.identifiers.indices { count += request.identifiers[i].jurisdictions.count }
        return withUnsafeTemporaryAllocation(of: Jurisdiction.self, capacity: index.hasPlaces ? count : 0) { places in
            var known = 0
            func add(_ place: Jurisdiction) {
                for i in 0..<known where places[i] == place { return }
                places.initializeElement(at: known, to: place)
                known += 1
            }
            if index.hasPlaces {
                for place in request.whereabouts.addressJurisdictions { add(place) }
                for i in request.identifiers.indices {
                    for place in request.identifiers[i].jurisdictions { add(place) }
                }
            }
            return index.rules(for: request, family: family, at: UnsafeBufferPointer(rebasing: places[..<known]))
        }
    }
}

/// The zones of the world by the keys that records and requests carry.
public final class ZoneAtlas: Sendable {
    /// By key, with linear probing; a power of two, at most half full.
    private let slots: ContiguousArray<Slot>
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
        var size = 64
        while size < tables.count * 2 { size *= 2 }
        var slots = ContiguousArray(repeating: Slot(key: ZoneKey(bits: 0), table: nil), count: size)
        for (key, table) in tables {
            var i = Int(key.bits) & (size - 1)
            while slots[i].table != nil { i = (i + 1) & (size - 1) }
            slots[i] = Slot(key: key, table: table)
        }
        self.slots = slots
        self.catalogue = catalogue
        anywhere = (-12...14).map { ZoneTable(fixedOffsetSeconds: $0 * 3_600) }
    }

    public subscript(key: ZoneKey) -> ZoneTable? {
        let mask = slots.count - 1
        var i = Int(key.bits) & mask
        while let table = slots[i].table {
            if slots[i].key == key { return table }
            i = (i + 1) & mask
        }
        return nil
    }

    private struct Slot {
        var key: ZoneKey
        var table: ZoneTable?
    }
}
