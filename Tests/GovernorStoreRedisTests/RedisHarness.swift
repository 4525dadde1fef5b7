import Foundation
import GovernorCore
import GovernorStore
import GovernorStoreRedis
import GovernorTesting
import Testing

/// Stores over a server of the test's own.
enum Harness {
    static let secret: [UInt8] = [1, 2, 3, 4]

    static func wallClock() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    static func configuration(_ url: String) throws -> RedisConfiguration {
        var configuration = RedisConfiguration(
            address: try RedisAddress(parsing: url), secretFingerprint: secret, normaliserVersion: 1)
        // Six builders may share the machine: tests that are about deadlines set their own.
        configuration.commandTimeout = .seconds(10)
        configuration.connectTimeout = .seconds(10)
        configuration.transactionTimeout = .seconds(30)
        return configuration
    }

    static func open(
        _ url: String, journal: any StoreJournal = NoJournal(), _ change: (inout RedisConfiguration) -> Void = { _ in }
    ) throws -> RedisStore {
        var configuration = try configuration(url)
        change(&configuration)
        return try RedisStore(configuration, journal: journal, now: wallClock)
    }

    /// The error that opening ends in.
    static func refusal(_ url: String, _ change: (inout RedisConfiguration) -> Void = { _ in }) throws
        -> RedisStoreError?
    {
        do {
            let store = try open(url) { configuration in
                configuration.startPatience = Milliseconds(500)
                change(&configuration)
            }
            store.close()
            return nil
        } catch let error as RedisStoreError { return error }
    }
}

extension RedisProcess {
    func open(_ change: (inout RedisConfiguration) -> Void = { _ in }) throws -> RedisStore {
        try Harness.open("redis+unix://\(socket)", change)
    }
}
