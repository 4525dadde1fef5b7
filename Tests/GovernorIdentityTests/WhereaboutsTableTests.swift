import Foundation
import GovernorCore
import GovernorIdentity
import Testing

/// A number for every prefix of the zone map of PyPI's `phonenumbers`, and the system's tz database beside it: no candidate
/// zone is left out that both find right.
@Suite struct WhereaboutsTableTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Whereabouts")

    /// Rows of the map that lag behind the world: overlays that got the zone of another place, the north of Canada by the
    /// clocks of the south (which differ since Yukon, British Columbia and Manitoba went ways of their own), Labrador by
    /// an island's clock, and Unalaska by Hawaii's.
    private static let mistaken: [(prefix: String, zone: String)] = [
        ("+1474", "America/Winnipeg"), ("+1689", "America/Chicago"), ("+1867", "America/Vancouver"),
        ("+1867645", "America/Winnipeg"), ("+1879", "America/Puerto_Rico"), ("+1907581", "Pacific/Honolulu"),
    ]

    /// Two zones are one where their clocks have shown the same through the last year and will through the next.
    private struct Clock: Hashable {
        let offsets: [Int64]

        init(_ table: ZoneTable) {
            offsets = (0..<104).map { week in
                table.offsetMilliseconds(at: Timestamp(milliseconds: 1_735_689_600_000 + week * 7 * 86_400_000))
            }
        }
    }

    @Test func everyZoneOfTheMapIsACandidate() throws {
        let catalogue = try SystemZones.load()
        var clocks: [String: Clock] = [:]
        for id in catalogue.ids { clocks[catalogue.name(of: id)] = Clock(catalogue[id]) }
        let countries = try Self.countries()
        let table = try String(contentsOf: Self.folder.appending(path: "whereabouts.tsv"), encoding: .utf8)
        var compared = 0
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == 3, "\(line)")
            let number = try PhoneNumber(fields[0])
            let places = Places.shared
            let names = places.zoneNames(places.entry(of: number))
            // What ISO 3166-1 has no code for, such as Ascension, is nowhere: every rule on hours denies.
            #expect(!names.isEmpty || countries[fields[1]] == nil, "\(line): no zone at all")
            for name in names { #expect(clocks[name] != nil, "\(line): `\(name)` is no zone here") }
            let ours = Set(names.compactMap { clocks[$0] })
            // Every candidate zone lies in the number's country, else it would not be one.
            let home = countries[fields[1]] ?? []
            for zone in fields[2].split(separator: ",").map(String.init) {
                // Old names have the clock of today's name.
                guard let clock = clocks[zone], home.contains(where: { clocks[$0] == clock }) else { continue }
                compared += 1
                if Self.mistaken.contains(where: { fields[0].hasPrefix($0.prefix) && zone == $0.zone }) { continue }
                #expect(ours.contains(clock), "\(line): \(zone) is left out, there are \(names)")
            }
        }
        #expect(compared > 3_000)
    }

    /// The zones of every country. Source: `zone.tab` of the tz database.
    private static func countries() throws -> [String: [String]] {
        var zones: [String: [String]] = [:]
        let text = try String(contentsOfFile: "/usr/share/zoneinfo/zone.tab", encoding: .utf8)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t")
            if fields.count >= 3 { zones[String(fields[0]), default: []].append(String(fields[2])) }
        }
        return zones
    }
}
