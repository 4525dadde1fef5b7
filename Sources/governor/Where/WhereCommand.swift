import ArgumentParser
import Foundation
import GovernorCore
import GovernorIdentity

/// Explains where a person may be, as decisions see it: candidate zones and jurisdictions, and which data say so.
struct WhereCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where", abstract: "Explain where a person may be, and which data say so.",
        discussion: """
            Asks no server and keeps nothing. Every candidate counts: hours must be open in all of the zones, and a rule \
            for any of the places applies. A number that was ported away still has its old prefix: state the zones and \
            the line type of one that you know about.
            """)

    @Argument(help: "Phones in any common spelling; none at all when an address is given.") var phone: [String] = []
    @Option(help: "The country of the person, and of phones without a calling code, such as US.") var country: String?
    @Option(help: "The state or province, such as FL.") var region: String?
    @Option(help: "The postal code; those of the United States tell states and zones.") var postalCode: String?
    @Option(help: "A zone that is known for sure, such as America/Chicago; may be repeated. It replaces all others.")
    var timeZone: [String] = []
    @Option(help: "The kind of line when it is known, such as mobile.") var lineType: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if phone.isEmpty && country == nil && timeZone.isEmpty {
            throw ValidationError("name a phone, or a country with --country")
        }
        if country == nil && (region != nil || postalCode != nil) {
            throw ValidationError("state the country too: --country")
        }
        if let lineType, LineType(name: lineType) == nil {
            throw ValidationError(
                "`\(lineType)` is not a kind of line; write one of \(LineType.allCases.map(\.name).joined(separator: ", "))"
            )
        }
    }

    func run() throws {
        let report = try WhereReport(self, at: Date())
        print(json ? report.json : report.text, terminator: json ? "\n" : "")
    }
}

/// What is known of one person's place.
struct WhereReport {
    struct Line {
        /// `1st phone`, `address`, `stated`: never the number itself, so that a report can be shown around.
        var name: String
        var zones: [ZoneKey]
        var places: [Jurisdiction]
        var lineType: LineType?
        /// Which data told it.
        var source: String
        var notes: [String]
    }

    let lines: [Line]
    let zones: [ZoneKey]
    let places: [Jurisdiction]
    private let names: [ZoneKey: String]
    private let clock: (String) -> String
    private let versions: [(String, String)]

    init(_ asked: WhereCommand, at now: Date) throws {
        let catalogue: ZoneCatalogue
        let zoneData: String
        do throws(SystemZonesError) {
            catalogue = try SystemZones.load()
            zoneData = catalogue.version
        } catch { throw CommandFailure("\(error)") }
        names = Dictionary(
            catalogue.ids.map { (ZoneKey(name: catalogue.name(of: $0)), catalogue.name(of: $0)) },
            uniquingKeysWith: { first, _ in first })
        let instant = Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1_000))
        clock = { name in
            guard let id = catalogue.ids.first(where: { catalogue.name(of: $0) == name }) else { return "" }
            let local = catalogue[id].local(at: instant)
            return "\(local.hour < 10 ? "0" : "")\(local.hour):\(local.minute < 10 ? "0" : "")\(local.minute)"
        }
        versions = [
            ("places", Places.version), ("postal_codes", PostalCodes.version), ("time_zones", zoneData),
        ]
        var lines: [Line] = []
        var country = Jurisdiction.unknown
        var address: AddressPlace?
        if let text = asked.country {
            guard text.utf8.count == 2, let place = Jurisdiction(text) else {
                throw CommandFailure("`\(text)` is no country: write the two letters of ISO 3166-1, such as US")
            }
            country = place
            var whole = place
            if let region = asked.region {
                guard let inner = Jurisdiction("\(text)-\(region)"), inner.hasRegion else {
                    throw CommandFailure("`\(region)` is no region: write what stands after the hyphen in ISO 3166-2")
                }
                whole = inner
            }
            var code = asked.postalCode ?? ""
            let known = code.withUTF8 {
                Places.shared.address(whole, postalCode: asked.postalCode == nil ? nil : UnsafeRawBufferPointer($0))
            }
            guard let known else { throw CommandFailure("no country or region has the code \(whole)") }
            address = known
            var notes: [String] = []
            let told = asked.postalCode.flatMap { place == Jurisdiction("US") ? PostalCodes.shared.place($0) : nil }
            if asked.postalCode != nil && told == nil { notes.append("the postal code tells nothing here") }
            if let told, whole.hasRegion, !told.jurisdictions.contains(whole) {
                notes.append("the postal code is of another state: either may be right")
            }
            lines.append(
                Line(
                    name: "address \(whole)", zones: known.zones, places: known.jurisdictions, lineType: nil,
                    source: told == nil ? "the zones of \(whole)" : "the first three digits of the postal code",
                    notes: notes))
        }
        var phones: [PhoneNumber] = []
        for (i, text) in asked.phone.enumerated() {
            let phone: PhoneNumber
            do throws(IdentifierError) { phone = try PhoneNumber(text, country: country) } catch {
                throw CommandFailure("phone \(i + 1): \(error)")
            }
            phones.append(phone)
            let entry = Places.shared.entry(of: phone)
            let details = phone.details()
            var notes: [String] = []
            if !details.isValid { notes.append("no range that the numbering data know: it may be new, or nobody's") }
            if phones.dropLast().contains(phone) { notes.append("the same number in another spelling") }
            lines.append(
                Line(
                    name: asked.phone.count == 1 ? "phone" : "phone \(i + 1)", zones: Places.shared.zones(entry),
                    places: Places.shared.jurisdictions(entry),
                    lineType: asked.lineType.flatMap { LineType(name: $0) } ?? Places.shared.lineType(entry),
                    source: "its prefix in the numbering plan", notes: notes))
        }
        var stated: [ZoneKey] = []
        for zone in asked.timeZone {
            guard names[ZoneKey(name: zone)] != nil else {
                throw CommandFailure("`\(zone)` is no zone of the tz database; capital letters count")
            }
            stated.append(ZoneKey(name: zone))
        }
        if !stated.isEmpty {
            lines.append(
                Line(
                    name: "stated", zones: stated, places: [], lineType: nil, source: "--time-zone",
                    notes: ["replaces every other zone, and no place"]))
        }
        let all = Whereabouts(stated: stated, address: address, phones: phones)
        zones = all.zones
        places = all.jurisdictions
        self.lines = lines
    }

    private func sorted(_ zones: [ZoneKey]) -> [String] { zones.compactMap { names[$0] }.sorted() }
    private func sorted(_ places: [Jurisdiction]) -> [String] {
        places.filter { !$0.isUnknown }.map(\.description).sorted()
    }

    var text: String {
        var text = ""
        for line in lines {
            text += "\(line.name): by \(line.source)\n"
            if let type = line.lineType { text += "  line    \(type.name)\n" }
            if !line.places.isEmpty { text += "  places  \(list(sorted(line.places)))\n" }
            text += "  zones   \(list(sorted(line.zones)))\n"
            for note in line.notes { text += "  note    \(note)\n" }
        }
        text += "together\n  places  \(list(sorted(places)))\n"
        if zones.isEmpty {
            text += "  zones   none is known: every rule on hours denies\n"
        } else {
            for (i, name) in sorted(zones).enumerated() {
                text += "  \(i == 0 ? "zones " : "      ")  \(name), now \(clock(name))\n"
            }
        }
        text += "  Hours must be open in \(zones.count == 1 ? "this zone" : "every one of these zones"); a rule for "
        text += "any of these places applies.\n"
        text += "data: \(versions.map { "\($0.0.replacing("_", with: " ")) \($0.1)" }.joined(separator: "; "))\n"
        return text
    }

    private func list(_ names: [String]) -> String { names.isEmpty ? "unknown" : names.joined(separator: ", ") }

    var json: String {
        let lines = lines.map { line in
            JSONText.object([
                ("from", .text(line.name)), ("by", .text(line.source)), ("line_type", .optional(line.lineType?.name)),
                ("jurisdictions", .texts(sorted(line.places))), ("time_zones", .texts(sorted(line.zones))),
                ("notes", .texts(line.notes)),
            ])
        }
        return JSONText.object([
            ("sources", .raw("[\(lines.joined(separator: ","))]")), ("jurisdictions", .texts(sorted(places))),
            ("time_zones", .texts(sorted(zones))),
            ("data", .raw(JSONText.object(versions.map { ($0.0, .text($0.1)) }))),
        ])
    }
}
