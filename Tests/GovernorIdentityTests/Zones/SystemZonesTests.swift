import Foundation
import GovernorCore
import GovernorIdentity
import Testing

@Suite struct SystemZonesTests {
    /// A folder of zones, removed afterwards.
    static func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zones-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.data(using: .isoLatin1)?.write(to: file)
        }
        try body(folder.path)
    }

    /// A zone that stays at UTC.
    static var zone: String {
        let header = "TZif2" + String(repeating: "\0", count: 15)
        func counts(_ list: [Int]) -> String { list.map { "\0\0\0" + String(UnicodeScalar(UInt8($0))) }.joined() }
        let block = header + counts([0, 0, 0, 0, 1, 4]) + "\0\0\0\0\0\0" + "UTC\0"
        return block + block + "\nUTC0\n"
    }

    @Test func theSystemHasThemAll() throws {
        let zones = try SystemZones.load()
        #expect(zones.version.hasPrefix("20"))
        #expect(zones.ids.count > 400)
        for name in ["Europe/Berlin", "America/New_York", "US/Pacific", "Asia/Calcutta", "EST5EDT", "Etc/GMT+5", "UTC"]
        {
            #expect(zones.id(of: name) != nil, "\(name)")
        }
        for name in [
            "Factory", "posixrules", "localtime", "posix/UTC", "right/UTC", "leapseconds", "tzdata.zi", "GMT+5",
        ] {
            #expect(zones.id(of: name) == nil, "\(name)")
        }
        let alias = try #require(zones.id(of: "US/Pacific"))
        let zone = try #require(zones.id(of: "America/Los_Angeles"))
        #expect(zones[alias] === zones[zone])
        #expect(zones.canonical(alias) == zone)
    }

    @Test func linksOfEveryKind() throws {
        let index =
            "# version 2030z\n# redo posix_only\nZ Area/Town 0 - UTC\nL Area/Town Old/Listed\nL Area/Gone Old/Gone\n"
        try Self.withFolder(["Area/Town": Self.zone, "tzdata.zi": index, "zone.tab": "x", "Area/README": "x"]) {
            folder in
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/Soft", withDestinationPath: "Area/Town")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/Loop", withDestinationPath: "Loop")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/Gone", withDestinationPath: "Nowhere")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/Area/Up", withDestinationPath: "..")
            try FileManager.default.linkItem(atPath: "\(folder)/Area/Town", toPath: "\(folder)/Hard")
            let zones = try SystemZones.load(directory: folder)
            #expect(zones.version == "2030z")
            #expect(zones.ids.map(zones.name(of:)) == ["Area/Town", "Hard", "Old/Listed", "Soft"])
            let first = try #require(zones.ids.first)
            #expect(zones.ids.allSatisfy { zones[$0] === zones[first] })
        }
    }

    @Test func withoutAnIndex() throws {
        for (files, version) in [
            (["Town": Self.zone], "unknown"), (["Town": Self.zone, "+VERSION": "2030a\n"], "2030a"),
        ] {
            try Self.withFolder(files) { folder in
                let zones = try SystemZones.load(directory: folder)
                #expect(zones.version == version)
            }
        }
    }

    @Test(
        arguments: [
            ([:], "no time zones in"), (["zone.tab": "x"], "no time zones in"),
            (["Town": "TZif2"], "time zone `Town` ends too early"),
            (["Town": "", "tzdata.zi": "# version 1\nZ Town 0 - UTC\n"], "time zone `Town` is not a tzfile"),
        ] as [([String: String], String)])
    func refused(files: [String: String], message: String) throws {
        try Self.withFolder(files) { folder in
            let error = #expect(throws: SystemZonesError.self) { try SystemZones.load(directory: folder) }
            #expect(error.map { "\($0)".contains(message) } == true, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test func noFolder() {
        let error = #expect(throws: SystemZonesError.self) { try SystemZones.load(directory: "/nonexistent/zones") }
        #expect(error.map { "\($0)".contains("/nonexistent/zones") } == true)
    }
}
