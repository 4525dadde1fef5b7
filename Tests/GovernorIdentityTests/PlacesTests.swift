import Foundation
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorIdentity

@Suite struct PlacesTests {
    let places = Places.shared

    private func zones(_ text: String) throws -> Set<String> {
        Set(places.zoneNames(places.entry(of: try PhoneNumber(text))))
    }

    private func jurisdictions(_ text: String) throws -> Set<String> {
        Set(places.jurisdictions(places.entry(of: try PhoneNumber(text))).map(\.description))
    }

    /// Codes that straddle a zone line: the numbering map's own row names one zone, or a zone that does not fit.
    @Test(arguments: [
        ("208", "US-ID", ["America/Boise", "America/Los_Angeles"]),
        ("986", "US-ID", ["America/Boise", "America/Los_Angeles"]),
        ("219", "US-IN", ["America/Chicago", "America/Indiana/Indianapolis"]),
        ("574", "US-IN", ["America/Chicago", "America/Indiana/Indianapolis"]),
        ("812", "US-IN", ["America/Chicago", "America/Indiana/Indianapolis"]),
        ("930", "US-IN", ["America/Chicago", "America/Indiana/Indianapolis"]),
        ("270", "US-KY", ["America/Chicago", "America/Kentucky/Louisville"]),
        ("364", "US-KY", ["America/Chicago", "America/Kentucky/Louisville"]),
        ("308", "US-NE", ["America/Chicago", "America/Denver"]),
        ("423", "US-TN", ["America/Chicago", "America/New_York"]),
        ("541", "US-OR", ["America/Los_Angeles", "America/Boise"]),
        ("458", "US-OR", ["America/Los_Angeles", "America/Boise"]),
        ("605", "US-SD", ["America/Chicago", "America/Denver"]),
        ("620", "US-KS", ["America/Chicago", "America/Denver"]),
        ("785", "US-KS", ["America/Chicago", "America/Denver"]),
        ("701", "US-ND", ["America/Chicago", "America/Denver"]),
        ("775", "US-NV", ["America/Los_Angeles", "America/Denver"]),
        ("850", "US-FL", ["America/New_York", "America/Chicago"]),
        ("448", "US-FL", ["America/New_York", "America/Chicago"]),
        ("906", "US-MI", ["America/Detroit", "America/Menominee"]),
        ("907", "US-AK", ["America/Anchorage", "America/Adak"]),
        ("928", "US-AZ", ["America/Phoenix", "America/Denver"]),
        ("250", "CA-BC", ["America/Vancouver", "America/Edmonton"]),
        ("236", "CA-BC", ["America/Vancouver", "America/Edmonton"]),
        ("672", "CA-BC", ["America/Vancouver", "America/Edmonton"]),
        ("778", "CA-BC", ["America/Vancouver", "America/Edmonton"]),
        ("709", "CA-NL", ["America/St_Johns", "America/Goose_Bay"]),
        ("879", "CA-NL", ["America/St_Johns", "America/Goose_Bay"]),
        ("807", "CA-ON", ["America/Toronto", "America/Winnipeg"]),
        ("867", "CA-YT", ["America/Whitehorse", "America/Inuvik", "America/Iqaluit", "America/Rankin_Inlet"]),
        ("418", "CA-QC", ["America/Toronto", "America/Halifax"]),
        ("581", "CA-QC", ["America/Toronto", "America/Halifax"]),
        ("306", "CA-SK", ["America/Regina", "America/Edmonton"]),
    ])
    func straddlingAreaCodesHaveAllTheirZones(area: String, place: String, expected: [String]) throws {
        #expect(try zones("+1\(area)5550100").isSuperset(of: expected))
        #expect(try jurisdictions("+1\(area)5550100").contains(place))
    }

    @Test(arguments: [
        // Not the zone that the map puts in Labrador's place, nor all of North America for a code that it lacks.
        ("709", ["America/St_Johns", "America/Goose_Bay"], ["CA-NL"]), ("915", ["America/Denver"], ["US-TX"]),
        ("432", ["America/Chicago"], ["US-TX"]), ("689", ["America/New_York"], ["US-FL"]),
        ("357", ["America/Los_Angeles"], ["US-CA"]), ("387", ["America/Toronto"], ["CA-ON"]),
        ("436", ["America/New_York"], ["US-OH"]), ("471", ["America/Chicago"], ["US-MS"]),
        ("837", ["America/Los_Angeles"], ["US-CA"]), ("861", ["America/Chicago"], ["US-IL"]),
        ("227", ["America/New_York"], ["US-MD"]), ("472", ["America/New_York"], ["US-NC"]),
        ("212", ["America/New_York"], ["US-NY"]), ("415", ["America/Los_Angeles"], ["US-CA"]),
        ("202", ["America/New_York"], ["US-DC"]), ("902", ["America/Halifax"], ["CA-NS", "CA-PE"]),
        // Territories have two names: their own country code, and that of the Union's law.
        ("787", ["America/Puerto_Rico"], ["PR", "US-PR"]), ("671", ["Pacific/Guam"], ["GU", "US-GU"]),
        ("876", ["America/Jamaica"], ["JM"]), ("242", ["America/Nassau"], ["BS"]),
    ])
    func areaCodesHaveNoOtherZones(area: String, expected: [String], places: [String]) throws {
        #expect(try zones("+1\(area)5550100") == Set(expected))
        #expect(try jurisdictions("+1\(area)5550100") == Set(places))
    }

    @Test(arguments: ["800", "888", "833", "900", "500", "533", "999"])
    func numbersOfNoPlaceMayBeAnywhere(area: String) throws {
        let found = try zones("+1\(area)5550100")
        #expect(found.isSuperset(of: ["America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"]))
        #expect(
            found.isSuperset(of: ["America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/St_Johns"]))
        #expect(try jurisdictions("+1\(area)5550100") == ["US", "CA"])
    }

    @Test(arguments: [
        ("+442079460018", ["Europe/London"], ["GB"]), ("+441481960194", ["Europe/Guernsey"], ["GG"]),
        ("+447400123456", ["Europe/London"], ["GB"]), ("+447911123456", ["Europe/Guernsey"], ["GG"]),
        ("+34612345678", ["Europe/Madrid", "Atlantic/Canary"], ["ES"]),
        ("+33612345678", ["Europe/Paris"], ["FR"]), ("+33142685300", ["Europe/Paris"], ["FR"]),
        ("+590690001234", ["America/Guadeloupe"], ["GP", "FR-971"]),
        // The map has London, Guernsey and the Isle of Man for Ireland, Bucharest for Russia and New York for Mexico.
        ("+353861234567", ["Europe/Dublin"], ["IE"]), ("+74951234567", ["Europe/Moscow"], ["RU"]),
        ("+77272501234", ["Asia/Almaty"], ["KZ"]), ("+525512345678", ["America/Mexico_City"], ["MX"]),
        ("+5511961234567", ["America/Sao_Paulo"], ["BR"]), ("+61293744000", ["Australia/Sydney"], ["AU"]),
        ("+61891234567", ["Australia/Perth", "Australia/Adelaide"], ["AU"]), ("+4930901820", ["Europe/Berlin"], ["DE"]),
        ("+351912345678", ["Europe/Lisbon", "Atlantic/Azores"], ["PT"]), ("+64211234567", ["Pacific/Auckland"], ["NZ"]),
        // Old names of the map are today's zones.
        ("+919876543210", ["Asia/Kolkata"], ["IN"]), ("+9779812345678", ["Asia/Kathmandu"], ["NP"]),
        ("+299321000", ["America/Nuuk"], ["GL"]), ("+5999123456", ["America/Curacao"], ["CW"]),
        ("+6591234567", ["Asia/Singapore"], ["SG"]), ("+6281212345678", ["Asia/Jakarta", "Asia/Makassar"], ["ID"]),
    ])
    func otherCountries(text: String, expected: [String], places: [String]) throws {
        let found = try zones(text)
        #expect(found.isSuperset(of: expected), "\(found)")
        let candidates = try jurisdictions(text)
        #expect(candidates.isSuperset(of: places), "\(candidates)")
    }

    @Test(arguments: [
        ("+74951234567", "Europe/Bucharest"), ("+525512345678", "America/New_York"), ("+353861234567", "Europe/London"),
        ("+17095550100", "America/Puerto_Rico"), ("+442079460018", "Europe/Jersey"),
    ])
    func foreignZonesAreLeftOut(text: String, zone: String) throws {
        #expect(try !zones(text).contains(zone))
    }

    /// A Russian mobile number tells nothing of where in Russia it is; nothing is left out then.
    @Test func mobileNumbersOfWideCountriesHaveAllZones() throws {
        #expect(try zones("+79161234567").isSuperset(of: ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka"]))
        #expect(try zones("+61412345678").isSuperset(of: ["Australia/Perth", "Australia/Sydney", "Australia/Darwin"]))
    }

    @Test(
        arguments: [
            ("+800 1234 5678", []), ("+881 6123 45678", []),
        ] as [(String, [String])])
    func numbersOfNoCountryAreUnknown(text: String, expected: [String]) throws {
        #expect(try zones(text) == Set(expected))
        #expect(try jurisdictions(text) == ["unknown"])
    }

    @Test(arguments: [
        ("US-NY", ["America/New_York"], ["US-NY"]), ("US-FL", ["America/New_York", "America/Chicago"], ["US-FL"]),
        ("US-PR", ["America/Puerto_Rico"], ["PR", "US-PR"]), ("PR", ["America/Puerto_Rico"], ["PR", "US-PR"]),
        ("CA-NL", ["America/St_Johns", "America/Goose_Bay"], ["CA-NL"]),
        ("DE", ["Europe/Berlin", "Europe/Busingen"], ["DE"]),
        ("DE-BY", ["Europe/Berlin", "Europe/Busingen"], ["DE-BY"]), ("GP", ["America/Guadeloupe"], ["GP", "FR-971"]),
        ("FR-971", ["America/Guadeloupe"], ["GP", "FR-971"]), ("us-ny", ["America/New_York"], ["US-NY"]),
        ("US-AZ", ["America/Phoenix", "America/Denver"], ["US-AZ"]),
    ])
    func addresses(text: String, expected: [String], places: [String]) throws {
        let place = try #require(Jurisdiction(text))
        let found = try #require(self.places.address(place))
        #expect(Set(found.zones) == Set(expected.map { ZoneKey(name: $0) }))
        #expect(Set(found.jurisdictions.map(\.description)) == Set(places))
    }

    @Test(arguments: ["ZZ", "XX-YY", "US-XX", "CA-NY", "QQ"])
    func unknownAddresses(text: String) throws {
        let place = try #require(Jurisdiction(text))
        #expect(places.address(place) == nil)
    }

    @Test func everyStateAndProvinceHasAnAddress() throws {
        let states =
            "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
            + "OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP"
        for state in states.split(separator: " ") {
            let place = try #require(Jurisdiction("US-\(state)"))
            #expect(try #require(places.address(place)).zones.isEmpty == false)
        }
        for province in ["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"] {
            let place = try #require(Jurisdiction("CA-\(province)"))
            #expect(try #require(places.address(place)).zones.isEmpty == false)
        }
    }

    @Test func whereaboutsAreTheUnionAndStatedZonesReplaceZonesOnly() throws {
        let phones = [try PhoneNumber("+12125550100"), try PhoneNumber("+442079460018")]
        let address = places.address(try #require(Jurisdiction("US-CA")))
        let derived = Whereabouts(address: address, phones: phones)
        #expect(
            Set(derived.zones)
                == Set(["America/New_York", "America/Los_Angeles", "Europe/London"].map { ZoneKey(name: $0) }))
        #expect(derived.jurisdictions.map(\.description) == ["GB", "US-CA", "US-NY"])
        let stated = Whereabouts(stated: [ZoneKey(name: "Asia/Tokyo")], address: address, phones: phones)
        #expect(stated.zones == [ZoneKey(name: "Asia/Tokyo")])
        #expect(stated.jurisdictions == derived.jurisdictions)
        #expect(Whereabouts(phones: []).zones.isEmpty)
        #expect(Whereabouts(phones: []).jurisdictions == [.unknown])
    }

    @Test func everyZoneIsInTheSystemsDatabaseAndKeysAreDistinct() {
        let names = places.allZoneNames
        #expect(names.count > 300)
        for name in names {
            #expect(FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/\(name)"), "\(name)")
        }
        #expect(Set(names.map { ZoneKey(name: $0) }).count == names.count)
    }

    @Test(arguments: [
        ("+14155550123", LineType.fixedOrMobile), ("+18005550199", .tollFree), ("+19005550199", .premium),
        ("+447400123456", .mobile), ("+442079460018", .fixed), ("+33612345678", .mobile), ("+33142685300", .fixed),
        ("+393471234567", .mobile), ("+491711234567", .mobile), ("+80012345678", .tollFree),
    ])
    func lineTypes(text: String, expected: LineType) throws {
        #expect(places.lineType(places.entry(of: try PhoneNumber(text))) == expected)
    }

    /// Where both the plan and the library know a number, the plan's line type and places never contradict the library.
    @Test func agreesWithTheLibrary() throws {
        var random = SeededGenerator.announced("agreesWithTheLibrary")
        let codes = places.data.dialling.map { Int($0.callingCode) }
        var valid = 0
        var odd: [String] = []
        for round in 0..<60_000 {
            var text = "+\(codes[round % codes.count])"
            let length = text.utf8.count + Int.random(in: 6...10, using: &random)
            while text.utf8.count < length { text += "\(Int.random(in: 0...9, using: &random))" }
            guard let number = try? PhoneNumber(text) else { continue }
            let details = number.details()
            guard details.isValid else { continue }
            valid += 1
            let entry = places.entry(of: number)
            let isTypeRight = places.lineType(entry).mayBe(details.lineType)
            let isPlaceRight = places.jurisdictions(entry).contains { details.region.covers(candidate: $0) }
            if !isTypeRight || !isPlaceRight {
                odd.append("\(number.e164): \(places.lineType(entry)) for \(details)")
            }
        }
        #expect(valid > 2_000)
        // Two versions of the plan, years apart: ranges move from one type to another.
        #expect(odd.count * 50 < valid, "\(odd.prefix(20))")
    }

    @Test func namesItsSources() {
        #expect(Places.version.contains("phonenumbers"))
        #expect(Places.version.contains("tz database"))
    }
}
