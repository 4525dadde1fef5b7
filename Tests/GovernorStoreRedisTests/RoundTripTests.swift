import GovernorCore
import GovernorStore
import GovernorTesting
import NIOCore
import NIOPosix
import Testing

@testable import GovernorStoreRedis

@Suite("How often Redis is asked", .enabled(if: RedisProcess.isInstalled, "redis-server is not installed"))
struct RoundTripTests {
    /// What the server was asked for since the last time.
    private struct Meter {
        let server: RedisProcess
        var before: [Int] = [0, 0, 0]

        mutating func take() throws -> [Int] {
            let now = [try server.calls("get"), try server.calls("mget"), try server.calls("evalsha")]
            defer { before = now }
            return zip(now, before).map { $0 - $1 }
        }
    }

    @Test func oneForNewcomersAndPeopleAtHandTwoForOthersOneForAnyCheck() throws {
        let server = try RedisProcess()
        let (here, there) = (try server.open(), try server.open())
        defer {
            here.close()
            there.close()
        }
        var generator = SeededGenerator.announced("round trips")
        let somebody = Somebody(&generator)
        var meter = Meter(server: server)
        _ = try meter.take()
        #expect(try somebody.check(here) == nil)
        #expect(try meter.take() == [1, 0, 0], "a check of a stranger")
        #expect(try somebody.reserve(here))
        #expect(try meter.take() == [0, 0, 1], "a first contact")
        #expect(try somebody.reserve(here))
        #expect(try meter.take() == [0, 0, 1], "a person at hand")
        #expect(try somebody.check(here)?.touches.count == 2)
        #expect(try meter.take() == [1, 0, 0], "a check of a person at hand")
        #expect(try somebody.check(there)?.touches.count == 2)
        #expect(try meter.take() == [1, 0, 0], "a check of a person who is not")
        #expect(try somebody.reserve(there))
        #expect(try meter.take() == [0, 0, 1], "a person whom a check brought here")
        // The first node's memory is out of date now: the script says so and hands over the record.
        #expect(try somebody.reserve(here))
        #expect(try meter.take()[0] == 0 && here.statistics.conflictCount == 1, "a person whom another node changed")
        #expect(try somebody.touchCount(there) == 4)
        // A denial is an answer that must be true now, too.
        _ = try meter.take()
        #expect(try !somebody.reserve(here, limit: 4))
        #expect(try meter.take() == [1, 0, 0], "a denial")
        let statistics = here.statistics
        #expect(statistics.cachedCount == 1)
    }

    @Test func anotherIdentifierAndThePersonsIDAreOneRoundTripOnceKnown() throws {
        let server = try RedisProcess()
        let (here, there) = (try server.open(), try server.open())
        defer {
            here.close()
            there.close()
        }
        var generator = SeededGenerator.announced("aliases")
        let somebody = Somebody(&generator)
        let second = ContactStoreConformance.phone(&generator, at: Somebody.now)
        try ContactStoreConformance.create(here, somebody.id, [somebody.phone, second], at: Somebody.now)
        var meter = Meter(server: server)
        _ = try meter.take()
        for key in [RecordKey.identifier(second.hash), .person(somebody.id)] {
            let found = try ContactStoreConformance.transact(here, [key]) { .done($0.records.map(\.id)) }.result
            #expect(found == [somebody.id])
            #expect(try meter.take() == [1, 0, 0], "\(key) here")
        }
        // Elsewhere the forwarder comes first; from then on it is remembered.
        for calls in [2, 1] {
            let found = try ContactStoreConformance.transact(there, [.identifier(second.hash)]) {
                .done($0.records.map(\.id))
            }.result
            #expect(found == [somebody.id])
            #expect(try meter.take()[0] == calls)
        }
    }

    /// On a loop of the caller's, everything happens on that loop.
    @Test func answersOnTheLoopThatAsked() throws {
        let server = try RedisProcess()
        let store = try server.open()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        defer {
            store.close()
            try? group.syncShutdownGracefully()
        }
        var generator = SeededGenerator.announced("loops")
        let somebody = Somebody(&generator)
        try somebody.reserve(store)
        for _ in 0..<4 {
            let loop = group.next()
            let promise = loop.makePromise(of: Bool.self)
            loop.execute {
                store.transact([.identifier(somebody.phone.hash)]) { set -> Step<Int> in
                    .done(loop.inEventLoop ? set.records.count : -1)
                } completion: { result in
                    promise.succeed(loop.inEventLoop && (try? result.get().result) == 1)
                }
            }
            #expect(try promise.futureResult.wait())
        }
        #expect(store.statistics.connectionCount == 3)
    }
}
