/// A zone of one `ZoneCatalogue`. The index lives in memory only: records keep the name, for the next catalogue.
public struct ZoneID: Hashable, Comparable, Sendable {
    public let index: UInt16

    @inlinable public init(index: UInt16) { self.index = index }

    @inlinable public static func < (a: ZoneID, b: ZoneID) -> Bool { a.index < b.index }
}

/// All zones that are known: those of the tz database under every one of their names, and fixed offsets.
///
/// Immutable. Ids are given in the order of names, fixed offsets last; an alias has an id of its own and shares its
/// target's table.
public struct ZoneCatalogue: Sendable {
    /// The release of the tz database, such as `2026f`; `unknown` where the files do not say.
    public let version: String

    @usableFromInline let tables: ContiguousArray<ZoneTable>
    private let names: ContiguousArray<String>
    /// The names again, one after the other, for look-ups without a string.
    private let nameBytes: ContiguousArray<UInt8>
    private let nameEnds: ContiguousArray<UInt32>
    private let canonical: ContiguousArray<UInt16>
    /// Names of the tz database, which come first.
    private let nameCount: Int
    /// Ids by the hash of their names, with linear probing; a power of two, `UInt16.max` where empty.
    private let slots: ContiguousArray<UInt16>

    /// Fixed offsets come in quarters of an hour from -14:00 to +14:00.
    static let fixedStep = 900
    static let fixedMax = 14 * 3_600
    static let namesMax = 60_000

    /// Builds every table; about 50 µs for a zone that changes its clock twice a year.
    /// - Parameter links: other names for zones of `zones`; links to links are not followed.
    public init(
        version: String, zones: [(name: String, tzfile: [UInt8])], links: [(name: String, target: String)] = []
    ) throws(ZoneError) {
        var tableOfName: [String: ZoneTable] = [:]
        var entries: [(name: String, table: ZoneTable)] = []
        entries.reserveCapacity(zones.count + links.count)
        for zone in zones {
            let table = try ZoneTable(name: zone.name, tzfile: zone.tzfile)
            guard tableOfName.updateValue(table, forKey: zone.name) == nil else {
                throw ZoneError(zone: zone.name, problem: .duplicate)
            }
            entries.append((zone.name, table))
        }
        for link in links {
            guard let table = tableOfName[link.target] else {
                throw ZoneError(zone: link.name, problem: .unknownTarget(link.target))
            }
            entries.append((link.name, table))
        }
        entries.sort { $0.name < $1.name }
        if let long = entries.first(where: { $0.name.utf8.count > 255 }) ?? entries.dropFirst(Self.namesMax).first {
            throw ZoneError(zone: long.name, problem: .tooManyNames)
        }

        var names: ContiguousArray<String> = []
        var tables: ContiguousArray<ZoneTable> = []
        var indexOfName: [String: UInt16] = [:]
        for entry in entries {
            guard indexOfName.updateValue(UInt16(names.count), forKey: entry.name) == nil else {
                throw ZoneError(zone: entry.name, problem: .duplicate)
            }
            names.append(entry.name)
            tables.append(entry.table)
        }
        nameCount = names.count
        var canonical = ContiguousArray(tables.map { indexOfName[$0.name] ?? 0 })
        for seconds in stride(from: -Self.fixedMax, through: Self.fixedMax, by: Self.fixedStep) {
            let table = ZoneTable(fixedOffsetSeconds: seconds)
            canonical.append(UInt16(names.count))
            names.append(table.name)
            tables.append(table)
        }

        var size = 64
        while size < nameCount * 3 { size *= 2 }
        var slots = ContiguousArray(repeating: UInt16.max, count: size)
        for index in 0..<nameCount {
            var name = names[index]
            var slot = name.withUTF8 { Self.hash(UnsafeRawBufferPointer($0)) } & (size - 1)
            while slots[slot] != .max { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt16(index)
        }
        var nameBytes: ContiguousArray<UInt8> = []
        self.nameEnds = ContiguousArray(
            names.map { name in
                nameBytes.append(contentsOf: name.utf8)
                return UInt32(nameBytes.count)
            })
        self.nameBytes = nameBytes
        self.version = version
        self.names = names
        self.tables = tables
        self.canonical = canonical
        self.slots = slots
    }

    /// The zone of an id that this catalogue gave.
    @inlinable public subscript(id: ZoneID) -> ZoneTable { tables[Int(id.index)] }

    /// Every name of the tz database, in order; fixed offsets are not among them.
    public var ids: some RandomAccessCollection<ZoneID> & Sendable {
        (0..<UInt16(nameCount)).lazy.map { ZoneID(index: $0) }
    }

    /// The name under which the id was found; an alias keeps its own.
    public func name(of id: ZoneID) -> String { names[Int(id.index)] }

    /// The id of the zone itself for an alias, so that a set of zones has each clock once.
    public func canonical(_ id: ZoneID) -> ZoneID { ZoneID(index: canonical[Int(id.index)]) }

    /// The zone of exactly this name of the tz database; capital letters count. Does not allocate.
    public func id(of name: UnsafeRawBufferPointer) -> ZoneID? {
        guard name.count <= 255 else { return nil }
        let mask = slots.count - 1
        var slot = Self.hash(name) & mask
        while slots[slot] != .max {
            let index = slots[slot]
            if isName(Int(index), name) { return ZoneID(index: index) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func isName(_ index: Int, _ name: UnsafeRawBufferPointer) -> Bool {
        let start = index == 0 ? 0 : Int(nameEnds[index - 1])
        guard Int(nameEnds[index]) - start == name.count else { return false }
        for offset in 0..<name.count where nameBytes[start + offset] != name[offset] { return false }
        return true
    }

    /// The zone of exactly this name of the tz database; capital letters count.
    public func id(of name: String) -> ZoneID? {
        var name = name
        return name.withUTF8 { id(of: UnsafeRawBufferPointer($0)) }
    }

    /// The zone named `UTC`, `UTC-06:00` or `UTC+05:30`: quarters of an hour, at most 14 hours from UTC.
    public func fixedID(of name: String) -> ZoneID? {
        if name == "UTC" { return fixedID(offsetSeconds: 0) }
        let bytes = Array(name.utf8)
        guard bytes.count == 9, name.hasPrefix("UTC"), bytes[6] == UInt8(ascii: ":") else { return nil }
        var value: [Int] = []
        for index in [4, 5, 7, 8] {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            value.append(Int(bytes[index] - 0x30))
        }
        let minutes = value[2] * 10 + value[3]
        guard minutes < 60 else { return nil }
        let seconds = (value[0] * 10 + value[1]) * 3_600 + minutes * 60
        switch bytes[3] {
        case UInt8(ascii: "+"): return fixedID(offsetSeconds: seconds)
        case UInt8(ascii: "-"): return fixedID(offsetSeconds: -seconds)
        default: return nil
        }
    }

    /// Nil for what is not a quarter of an hour at most 14 hours from UTC.
    public func fixedID(offsetSeconds: Int) -> ZoneID? {
        guard abs(offsetSeconds) <= Self.fixedMax, offsetSeconds % Self.fixedStep == 0 else { return nil }
        return ZoneID(index: UInt16(nameCount + (offsetSeconds + Self.fixedMax) / Self.fixedStep))
    }

    /// FNV-1a.
    private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
