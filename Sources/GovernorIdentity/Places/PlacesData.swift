import CPhoneNumber
import GovernorCore

/// The tables of places.bin, checked once when they are first needed.
///
/// The file is part of the program and made by Scripts/make-places.py; a damaged one is our mistake.
struct PlacesData: Sendable {
    static let format: UInt32 = 1

    let version: String
    let zoneNames: [String]
    let jurisdictions: [Jurisdiction]
    /// Positions in `zoneNames` and `jurisdictions`.
    let zoneSets: [[UInt16]]
    let jurisdictionSets: [[UInt16]]
    let entries: [Entry]
    /// Ten cells a node: an entry with the high bit set, or another node.
    let trie: [UInt16]
    /// Sorted by jurisdiction.
    let addresses: [(bits: UInt64, entry: UInt16)]
    let dialling: [Dialling]

    struct Entry: Sendable {
        let zoneSet: UInt16
        let jurisdictionSet: UInt16
        let lineType: LineType
    }

    /// What is known of the numbers of one calling code.
    struct Dialling: Sendable {
        let callingCode: UInt16
        /// Bit n: numbers of n digits are possible to every version of the library that the table was made from.
        let surely: UInt32
        /// Bit n: numbers of n digits are possible to some version.
        let possibly: UInt32
        /// Bit 10a+b: the library may rewrite a national number that starts with the digits a, b.
        let rewritten: (UInt64, UInt64)
    }

    /// The file that is compiled into the program.
    static func builtIn() -> PlacesData {
        PlacesData(Array(UnsafeRawBufferPointer(start: governor_places_bytes(), count: governor_places_count())))
    }

    init(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        precondition(reader.take(8).elementsEqual("GVPLACES".utf8), "places.bin: not a places file")
        precondition(reader.u32() == Self.format, "places.bin: another format")
        precondition(reader.u32() == 9, "places.bin: sections are missing")
        func section() -> Reader {
            let count = Int(reader.u32())
            return Reader(bytes: Array(reader.take(count)))
        }
        version = String(decoding: section().bytes, as: UTF8.self)
        zoneNames = String(decoding: section().bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        var places = section()
        var jurisdictions: [Jurisdiction] = []
        while !places.isEmpty {
            guard let place = Jurisdiction(bits: places.u64()) else {
                preconditionFailure("places.bin: a jurisdiction")
            }
            jurisdictions.append(place)
        }
        self.jurisdictions = jurisdictions
        func sets(below bound: Int) -> [[UInt16]] {
            var rows = section()
            var result: [[UInt16]] = []
            while !rows.isEmpty {
                let set = (0..<rows.u16()).map { _ in rows.u16() }
                precondition(set.allSatisfy { $0 < bound }, "places.bin: a set")
                result.append(set)
            }
            return result
        }
        zoneSets = sets(below: zoneNames.count)
        jurisdictionSets = sets(below: jurisdictions.count)
        var rows = section()
        var entries: [Entry] = []
        while !rows.isEmpty {
            let (zones, places, kind) = (rows.u16(), rows.u16(), rows.u16())
            guard zones < zoneSets.count, places < jurisdictionSets.count, let type = LineType(rawValue: UInt8(kind))
            else {
                preconditionFailure("places.bin: an entry")
            }
            entries.append(Entry(zoneSet: zones, jurisdictionSet: places, lineType: type))
        }
        self.entries = entries
        var cells = section()
        var trie: [UInt16] = []
        trie.reserveCapacity(cells.bytes.count / 2)
        while !cells.isEmpty { trie.append(cells.u16()) }
        precondition(
            trie.allSatisfy { $0 & 0x8000 == 0 ? Int($0) * 10 + 10 <= trie.count : Int($0 & 0x7fff) < entries.count },
            "places.bin: a cell")
        self.trie = trie
        var table = section()
        var addresses: [(bits: UInt64, entry: UInt16)] = []
        while !table.isEmpty {
            let bits = table.u64()
            let entry = table.u32()
            _ = table.u32()
            precondition(entry < entries.count, "places.bin: an address")
            addresses.append((bits, UInt16(entry)))
        }
        self.addresses = addresses
        var codes = section()
        var dialling: [Dialling] = []
        while !codes.isEmpty {
            let code = codes.u16()
            _ = codes.u16()
            let (surely, possibly) = (codes.u32(), codes.u32())
            dialling.append(
                Dialling(callingCode: code, surely: surely, possibly: possibly, rewritten: (codes.u64(), codes.u64())))
        }
        self.dialling = dialling
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isEmpty: Bool { at == bytes.count }

        mutating func take(_ count: Int) -> ArraySlice<UInt8> {
            precondition(count <= bytes.count - at, "places.bin: cut short")
            defer { at += count }
            return bytes[at..<(at + count)]
        }
        mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: number(2)) }
        mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: number(4)) }
        mutating func u64() -> UInt64 { number(8) }
        private mutating func number(_ count: Int) -> UInt64 {
            take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
