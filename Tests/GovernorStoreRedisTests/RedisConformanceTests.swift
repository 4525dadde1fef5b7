import GovernorCore
import GovernorStore
import GovernorStoreRedis
import GovernorTesting
import Testing

@Suite(
    "Redis keeps the promises of every store", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct RedisConformanceTests {
    static let checks = ContactStoreConformance.all + ContactStoreConformance.ofCounters
    static let names = checks.map(\.name)

    /// - Parameter operations: random ones, when there are to be fewer than the suite's own.
    private func run(_ name: String, _ store: any ContactStore, operations: Int? = nil) throws {
        var generator = SeededGenerator.announced(name)
        if let operations, name.hasPrefix("random operations") {
            return try ContactStoreConformance.agreesWithModel(store, &generator, operations: operations)
        }
        let check = try #require(Self.checks.first { $0.name == name })
        try check.run(store, &generator)
    }

    @Test("one server", arguments: names)
    func oneServer(name: String) throws {
        let server = try RedisProcess()
        let store = try server.open()
        defer { store.close() }
        try run(name, store, operations: 1_000)
        #expect(store.trouble == nil)
    }

    /// So little memory that the node forgets everything at once.
    @Test("one server, with hardly any memory", arguments: names)
    func cramped(name: String) throws {
        let server = try RedisProcess()
        let store = try server.open {
            $0.cacheBytes = 64 << 10
            $0.aliasesMax = 4
        }
        defer { store.close() }
        try run(name, store, operations: 500)
    }

    @Test("three nodes that take turns", arguments: names)
    func threeNodes(name: String) throws {
        let server = try RedisProcess()
        let stores = try (0..<3).map { _ in try server.open() }
        defer { for store in stores { store.close() } }
        try run(name, TakingTurns(stores), operations: 500)
    }
}
