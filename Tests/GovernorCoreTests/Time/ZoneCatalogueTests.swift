import GovernorCore
import Testing

@Suite struct ZoneCatalogueTests {
    @Test func everyNameIsFound() throws {
        let catalogue = try TestZones.catalogue.get()
        #expect(catalogue.ids.count == TestZones.files.count)
        #expect(catalogue.version == TestZones.version)
        for file in TestZones.files {
            let id = try #require(catalogue.id(of: file.name))
            #expect(catalogue.name(of: id) == file.name)
            #expect(catalogue[id].name == file.name)
        }
        #expect(Array(catalogue.ids).map(catalogue.name(of:)) == TestZones.files.map(\.name).sorted())
    }

    @Test(arguments: [
        "", "europe/berlin", "Europe/berlin", "Europe/Berlin ", "Europe/Berlin\0", "Europe", "GMT+5", "UTC-06:00",
        "UTC+5",
        "Mars/Olympus", "../../etc/passwd", "posix/Europe/Berlin", "Factory", String(repeating: "a", count: 300),
    ])
    func unknownNames(name: String) throws {
        #expect(try TestZones.catalogue.get().id(of: name) == nil)
    }

    @Test func linksShareTheTable() throws {
        let berlin = TZFileBuilder().bytes
        let catalogue = try ZoneCatalogue(
            version: "1", zones: [("Europe/Berlin", berlin)], links: [("Arctic/Oslo", "Europe/Berlin")])
        let link = try #require(catalogue.id(of: "Arctic/Oslo"))
        let zone = try #require(catalogue.id(of: "Europe/Berlin"))
        #expect(link != zone)
        #expect(catalogue[link] === catalogue[zone])
        #expect(catalogue.name(of: link) == "Arctic/Oslo")
        #expect(catalogue.canonical(link) == zone && catalogue.canonical(zone) == zone)
    }

    @Test(arguments: [
        ("UTC", 0 as Int?), ("UTC+00:00", 0), ("UTC-00:00", 0), ("UTC-06:00", -21_600), ("UTC+05:30", 19_800),
        ("UTC+14:00", 50_400), ("UTC-14:00", -50_400), ("UTC+14:15", nil), ("UTC+05:31", nil), ("UTC+5:30", nil),
        ("UTC+0530", nil), ("GMT+05:30", nil), ("UTC 05:30", nil), ("UTC+05:60", nil), ("UTC+05-30", nil), ("utc", nil),
        ("", nil),
        ("UTC+٠٥:00", nil),
    ])
    func fixedOffsets(name: String, seconds: Int?) throws {
        let catalogue = try TestZones.catalogue.get()
        let id = catalogue.fixedID(of: name)
        #expect(id.map { catalogue[$0].offset(at: Timestamp(milliseconds: 0)) } == seconds)
        if let id {
            #expect(catalogue.canonical(id) == id)
            #expect(catalogue.fixedID(of: catalogue.name(of: id)) == id)
        }
    }

    @Test func refused() {
        let file = TZFileBuilder().bytes
        #expect(throws: ZoneError(zone: "A", problem: .duplicate)) {
            try ZoneCatalogue(version: "1", zones: [("A", file), ("A", file)])
        }
        #expect(throws: ZoneError(zone: "A", problem: .duplicate)) {
            try ZoneCatalogue(version: "1", zones: [("A", file)], links: [("A", "A")])
        }
        #expect(throws: ZoneError(zone: "B", problem: .unknownTarget("C"))) {
            try ZoneCatalogue(version: "1", zones: [("A", file)], links: [("B", "C")])
        }
        #expect(throws: ZoneError(zone: "A", problem: .notATZFile)) {
            try ZoneCatalogue(version: "1", zones: [("A", [])])
        }
    }
}
