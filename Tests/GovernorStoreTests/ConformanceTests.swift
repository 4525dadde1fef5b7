import GovernorCore
import GovernorStore
import GovernorStoreEmbedded
import GovernorTesting
import Testing

@Suite("Every store keeps its promises")
struct ConformanceTests {
    static let checks = ContactStoreConformance.all + ContactStoreConformance.ofCounters
    static let names = checks.map(\.name)

    private func run(_ name: String, _ store: any ContactStore) throws {
        var generator = SeededGenerator.announced(name)
        let check = try #require(Self.checks.first { $0.name == name })
        try check.run(store, &generator)
    }

    @Test("in memory", arguments: names)
    func inMemory(name: String) throws { try run(name, InMemoryStore()) }

    @Test("embedded", arguments: names)
    func embedded(name: String) throws {
        let folder = try StoreFolder()
        try run(name, folder.open())
    }

    /// So little memory that people come and go all the time, and every transaction meets the file.
    @Test("embedded, with hardly any memory", arguments: names)
    func embeddedCramped(name: String) throws {
        let folder = try StoreFolder()
        var configuration = StoreFolder.configuration
        configuration.cacheBytes = 2 << 20
        configuration.dirtyShareMax = 0.9
        configuration.writeBackInterval = Milliseconds(1)
        configuration.writeBackCount = 1
        configuration.readerCount = 2
        let store = try folder.open(configuration)
        // Others to be remembered, far more than fit.
        var generator = SeededGenerator(seed: 1)
        for i in 0..<800 {
            if i % 50 == 0 { try store.flush() }
            let person = RandomRecords.typical(&generator, now: Timestamp(milliseconds: 1_795_000_000_000))
            _ = try ContactStoreConformance.transact(store, [.person(person.id)]) { set -> Step<Bool> in
                let position = set.create(person.id, at: person.createdAt)
                for identifier in person.identifiers {
                    set.apply(.identifier(identifier), to: position, names: person.names, at: person.createdAt)
                }
                for touch in person.touches {
                    set.apply(.touch(touch), to: position, names: person.names, at: person.createdAt)
                }
                return .done(true)
            }
        }
        try run(name, store)
    }
}
