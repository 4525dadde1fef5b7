import Foundation
import GovernorCore
import GovernorRegistry
import GovernorRuntime
import GovernorTesting
import Testing

@testable import GovernorHTTP

/// `GET /v1/registries`: fresh, too old for one of its rules, asked by none, and missing.
@Suite(.serialized) struct RegistriesTests {
    private static let rules = """
        policy: lists
        rules:
          - { id: weekly, kind: registry, registry: us-dnc, max_age: P7D }
          - { id: monthly, kind: registry, registry: us-dnc, max_age: P31D }
          - { id: daily, kind: registry, registry: fresh, max_age: { local_days: 2 } }
          - { id: never-loaded, kind: registry, registry: absent }
        """

    @Test func everyListIsToldWithItsAge() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/registries-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let registries = RegistryFolder(path: folder)
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        let lists: [(name: String, numbers: [UInt64], age: Milliseconds)] = [
            ("us-dnc", [12_125_550_100], .days(12)), ("us-dnc", [12_125_550_101, 12_125_550_102], .days(10)),
            ("fresh", [12_125_550_100], .hours(1)), ("unasked", [12_125_550_100], .days(900)),
        ]
        for list in lists {
            let builder = RegistryBuilder(hasDates: false)
            for number in list.numbers { builder.add(number) }
            _ = try registries.install(builder, as: list.name, asOf: now - list.age, builtAt: now)
        }
        let snapshots = try registries.current().map { try RegistrySnapshot(path: $0.path) }
        try await RunningServer.with(registries: snapshots) { server in
            try Self.rules.write(
                to: server.folder.appending(path: "policies/lists.yaml"), atomically: true, encoding: .utf8)
            server.policies.reloadIfChanged(at: Timestamp(milliseconds: now.milliseconds + 5_000))
            let answer = try server.send("GET", "/v1/registries", as: "dialer")
            let told = answer.json["registries"]?.array ?? []
            #expect(told.map { $0["registry"]?.string } == ["absent", "fresh", "unasked", "us-dnc"], "\(answer.text)")
            #expect(told.map { $0["state"]?.string } == ["missing", "fresh", "fresh", "stale"])
            let old = try #require(told.last)
            #expect(old["rules"]?.array?.map { $0["rule"]?.string } == ["lists/weekly", "lists/monthly"])
            #expect(old["stale_at"]?.string == (now - .days(3)).description)
            let snapshot = try #require(old["snapshot"])
            #expect(snapshot["numbers"]?.number == 2 && snapshot["added"]?.number == 2)
            #expect(snapshot["removed"]?.number == 1 && snapshot["sequence"]?.number == 2)
            #expect(snapshot["age_seconds"]?.number.map { abs($0 - 864_000) < 600 } == true)
            #expect(told[2]["stale_at"] == .null && told[2]["rules"]?.array?.isEmpty == true)
        }
    }
}
