public import GovernorCore

/// Where a number or an address may be: candidate zones, candidate jurisdictions, and the kind of line.
///
/// North American area codes have every zone of the area they serve, overlays included; elsewhere a number has the
/// zones of its area where a country keeps several and its numbers tell, else those of all regions that share the
/// calling code. A port is invisible: these are candidates, never facts.
/// Source: Scripts/make-places.py and Scripts/places.md.
public final class Places: Sendable {
    public static let shared = Places(.builtIn())

    /// The sources and their versions, for `governor --version`.
    public static var version: String { shared.data.version }

    let data: PlacesData
    private let trie: [UInt16]
    private let zonesOfSet: [[ZoneKey]]
    private let jurisdictionsOfSet: [[Jurisdiction]]

    init(_ data: PlacesData) {
        self.data = data
        trie = data.trie
        zonesOfSet = data.zoneSets.map { set in set.map { ZoneKey(name: data.zoneNames[Int($0)]) } }
        jurisdictionsOfSet = data.jurisdictionSets.map { set in set.map { data.jurisdictions[Int($0)] } }
    }

    /// What the number's prefix tells. A few nanoseconds a digit, no allocation.
    public func entry(of phone: PhoneNumber) -> PlaceEntry {
        var node = 0
        var rest = phone.digits
        var unit = powersOfTen[phone.digitCount - 1]
        return trie.withUnsafeBufferPointer { trie in
            while unit > 0 {
                let (digit, below) = rest.quotientAndRemainder(dividingBy: unit)
                let cell = trie[node &* 10 &+ Int(truncatingIfNeeded: digit)]
                if cell & 0x8000 != 0 { return PlaceEntry(index: cell & 0x7fff) }
                node = Int(cell)
                rest = below
                unit /= 10
            }
            return .unknown
        }
    }

    /// What a stated country, or country and region, tells; `nil` when there is no such country, or no such state or
    /// province of the United States or Canada. Regions of other countries are taken as they are, with all their
    /// country's zones.
    public func address(_ place: Jurisdiction) -> AddressPlace? {
        if let entry = addressEntry(place.bits) {
            return AddressPlace(zones: zones(entry), jurisdictions: jurisdictions(entry))
        }
        guard place.hasRegion, let entry = addressEntry(place.country.bits), !Self.hasAllRegions(place.country) else {
            return nil
        }
        return AddressPlace(zones: zones(entry), jurisdictions: [place])
    }

    /// The same with a postal code, which narrows a country to states and a split state to its part; `nil` when there is
    /// no such country, state or province.
    ///
    /// A code of a state that is not the one stated contradicts it: then the person may be in either.
    public func address(_ place: Jurisdiction, postalCode: UnsafeRawBufferPointer?) -> AddressPlace? {
        guard let known = address(place) else { return nil }
        guard let postalCode, place.country == PostalCodes.unitedStates,
            let told = PostalCodes.shared.place(postalCode)
        else { return known }
        if !place.hasRegion { return told }
        if told.jurisdictions.contains(place) { return AddressPlace(zones: told.zones, jurisdictions: [place]) }
        return AddressPlace(
            zones: known.zones + told.zones.filter { !known.zones.contains($0) },
            jurisdictions: known.jurisdictions + told.jurisdictions)
    }

    /// Shared storage: taking it allocates nothing. Empty when nothing is known.
    public func zones(_ entry: PlaceEntry) -> [ZoneKey] {
        zonesOfSet[Int(data.entries[Int(entry.index)].zoneSet)]
    }

    /// Shared storage; never empty: `[.unknown]` when nothing is known.
    public func jurisdictions(_ entry: PlaceEntry) -> [Jurisdiction] {
        jurisdictionsOfSet[Int(data.entries[Int(entry.index)].jurisdictionSet)]
    }

    /// What the numbering plan says; ports and new ranges are invisible to it.
    public func lineType(_ entry: PlaceEntry) -> LineType { data.entries[Int(entry.index)].lineType }

    /// The names of an entry's zones, for people to read.
    public func zoneNames(_ entry: PlaceEntry) -> [String] {
        data.zoneSets[Int(data.entries[Int(entry.index)].zoneSet)].map { data.zoneNames[Int($0)] }
    }

    /// Every zone that any entry names.
    public var allZoneNames: [String] { data.zoneNames }

    private func addressEntry(_ bits: UInt64) -> PlaceEntry? {
        var low = 0
        var high = data.addresses.count
        while low < high {
            let middle = (low + high) / 2
            if data.addresses[middle].bits < bits { low = middle + 1 } else { high = middle }
        }
        guard low < data.addresses.count, data.addresses[low].bits == bits else { return nil }
        return PlaceEntry(index: data.addresses[low].entry)
    }

    private static func hasAllRegions(_ country: Jurisdiction) -> Bool {
        country == Jurisdiction("US") || country == Jurisdiction("CA")
    }
}

/// What is known of a number's prefix or of an address; meaningful to the `Places` that gave it.
public struct PlaceEntry: Hashable, Sendable {
    let index: UInt16

    init(index: UInt16) { self.index = index }

    /// Nothing is known: no zones, the unknown jurisdiction.
    public static let unknown = PlaceEntry(index: 0)
}

/// What an address tells.
public struct AddressPlace: Hashable, Sendable {
    public var zones: [ZoneKey]
    public var jurisdictions: [Jurisdiction]
}

/// Where a person may be, from all that is known of her.
public struct Whereabouts: Hashable, Sendable {
    /// Sorted, without repetition; empty when nothing is known.
    public private(set) var zones: [ZoneKey] = []
    /// Sorted, without repetition; `[.unknown]` when nothing is known.
    public private(set) var jurisdictions: [Jurisdiction] = [.unknown]

    public init() {}

    /// Stated zones replace all others; they never replace a jurisdiction.
    public init(
        stated: [ZoneKey] = [], address: AddressPlace? = nil, phones: [PhoneNumber] = [], places: Places = .shared
    ) {
        var zones = stated
        var jurisdictions: [Jurisdiction] = []
        if let address {
            if stated.isEmpty { zones += address.zones }
            jurisdictions += address.jurisdictions
        }
        for phone in phones {
            let entry = places.entry(of: phone)
            if stated.isEmpty { zones += places.zones(entry) }
            jurisdictions += places.jurisdictions(entry)
        }
        self.zones = Self.distinct(zones)
        self.jurisdictions = jurisdictions.isEmpty ? [.unknown] : Self.distinct(jurisdictions)
    }

    private static func distinct<Element: Comparable>(_ values: [Element]) -> [Element] {
        var result = values.sorted()
        var kept = 0
        for value in result where kept == 0 || result[kept - 1] != value {
            result[kept] = value
            kept += 1
        }
        result.removeLast(result.count - kept)
        return result
    }
}

let powersOfTen: [UInt64] = (0..<20).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }
